//! Where the real documents are, for the tests that run on them.

use std::io::Write;
use std::path::PathBuf;

/// The folder of real documents: `$MINGZHANG_SHARED`, else `../shared` beside the repository.
///
/// `None` (with a line that says so) where it is absent; a failure where `$MINGZHANG_REQUIRE_SHARED` is set.
pub fn shared(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MINGZHANG_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.join("seed").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("MINGZHANG_REQUIRE_SHARED").is_none(),
        "MINGZHANG_REQUIRE_SHARED is set, but the folder of real documents is not there"
    );
    // Not by a macro: the test program shows what those print of failing tests only.
    let _ = writeln!(std::io::stderr(), "{test}: skipped, the folder of real documents is not there");
    None
}

/// The one text in `seed/`.
#[allow(dead_code, reason = "not every test file reads the seed")]
pub fn seed(test: &str) -> Option<PathBuf> {
    let folder = shared(test)?.join("seed");
    let mut texts: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("seed/ can be listed")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    texts.sort();
    Some(texts.into_iter().next().expect("seed/ holds a text"))
}
