//! The corpus comes out as reviewed: `golden/` mirrors `corpus/`, and neither has a file too many.

use std::path::Path;

use mingzhang::{golden, spec::Specs};

#[test]
fn the_corpus_comes_out_as_reviewed() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let specs = Specs::builtin().expect("built-in data");
    let report = golden::compare(&corpus, &specs).expect("the corpus can be read");
    assert!(report.differences.is_empty(), "{}", report.text());
}
