//! A conversion that drops a blank cell between figures moves those behind it to the left: the sums of the table say where
//! they belong, and the document reads as before.

use mingzhang::base::finding::Severity;
use mingzhang::emit::facts;
use mingzhang::extract;
use mingzhang::model::Disclosure;
use mingzhang::read::Source;
use mingzhang::spec::Specs;

fn read(text: &str, specs: &Specs) -> Disclosure {
    let bytes = std::sync::Arc::new(text.as_bytes().to_vec());
    extract(&Source { name: "clean.txt".into(), bytes, password: None }, specs).expect("it can be read")
}

/// Table, row, column and printed text of every amount.
fn amounts(disclosure: &Disclosure) -> Vec<[String; 4]> {
    let amount = |fact: &facts::Fact| -> [String; 4] {
        let record = serde_json::to_value(fact).expect("a record");
        ["table", "row", "column", "printed"].map(|key| record[key].to_string())
    };
    facts::disclosure_to_facts(disclosure).iter().map(amount).collect()
}

#[test]
fn every_blank_that_a_conversion_loses_is_put_back() {
    let specs = Specs::builtin().expect("built-in data");
    let path = "corpus/shanxi/changzhi-tunliu/2026/organization-department/clean.txt";
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the corpus");
    let expected = amounts(&read(&text, &specs));
    let lines: Vec<&str> = text.lines().collect();
    let is_figure = |cell: &str| cell.contains('.') && mingzhang::base::amount::parse_figure(cell).is_some();
    let mut lost = 0;
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let blanks = (1..cells.len()).filter(|i| {
            cells[*i].is_empty() && !cells[0].is_empty() && cells.get(i + 1).is_some_and(|next| is_figure(next))
        });
        for blank in blanks {
            let mut without = cells.clone();
            without.remove(blank);
            let mut changed: Vec<String> = lines.iter().map(ToString::to_string).collect();
            changed[at] = without.join("\t");
            let disclosure = read(&changed.join("\n"), &specs);
            assert_eq!(amounts(&disclosure), expected, "line {}: {}", at + 1, changed[at]);
            let said: Vec<&str> = disclosure.findings.iter().map(|finding| finding.code.as_str()).collect();
            assert!(said.contains(&"C141"), "line {}: {said:?}", at + 1);
            assert!(disclosure.findings.iter().all(|finding| finding.severity == Severity::Info), "{said:?}");
            lost += 1;
        }
    }
    assert!(lost >= 20, "only {lost} blanks");
}
