//! Whatever the bytes: no panic, results that fit the schema, and nothing of the text dropped in silence.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mingzhang::base::place::Place;
use mingzhang::base::text::squash;
use mingzhang::model::Disclosure;
use mingzhang::read::{self, Block, Source};
use mingzhang::spec::Specs;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

static SPECS: LazyLock<Specs> = LazyLock::new(|| Specs::builtin().expect("the built-in data is sound"));

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::to_value(mingzhang::emit::schema::schema()).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
});

/// The documents of the corpus, as text.
static CORPUS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts: Vec<String> = files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect();
    texts.sort_by_key(String::len);
    assert!(texts.len() >= 3);
    texts
});

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

fn source(bytes: &[u8]) -> Source {
    Source { name: "a.txt".into(), bytes: std::sync::Arc::new(bytes.to_vec()), password: None }
}

/// Line, first column and width of every place in a result.
fn places(value: &Value, found: &mut BTreeSet<(u64, u64, u64)>) {
    match value {
        Value::Object(fields) => {
            let number = |name: &str| fields.get(name).and_then(Value::as_u64);
            if let (Some(line), Some(column), Some(width)) = (number("line"), number("column"), number("width")) {
                found.insert((line, column, width));
            }
            fields.values().for_each(|value| places(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| places(value, found)),
        _ => {}
    }
}

/// Every text of a result without its blanks, a line each.
fn strings(value: &Value, found: &mut String) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        Value::Array(items) => items.iter().for_each(|value| strings(value, found)),
        Value::String(text) => {
            found.push_str(&squash(text));
            found.push('\n');
        }
        _ => {}
    }
}

/// What the reader found in the text, and the result does not hold anywhere.
fn lost(bytes: &[u8], disclosure: &Disclosure) -> Vec<String> {
    let mut value = serde_json::to_value(disclosure).expect("JSON");
    // What a stage could not bind it reports; findings of checks only look back at what was bound.
    let findings = value["findings"].as_array_mut().expect("findings");
    findings.retain(|finding| finding["code"].as_str().is_some_and(|code| code.starts_with(['S', 'B'])));
    let mut found = BTreeSet::new();
    places(&value, &mut found);
    // A text on two lines is one text with the place of its first.
    let mut texts = String::new();
    strings(&value, &mut texts);
    let document = read::read(&source(bytes), &mut Vec::new()).expect("it was read before");
    let mut lost = Vec::new();
    let mut look = |place: &Place, text: &str| {
        let Place::Text { line, column, width, .. } = place else { return };
        let (line, from, to) = (u64::from(*line), u64::from(*column), u64::from(column + width));
        let of_line = found.range((line, 0, 0)..(line + 1, 0, 0));
        let has_place = of_line.into_iter().any(|(_, column, width)| *column < to && from < column + width);
        if !has_place && !texts.contains(&squash(text)) {
            lost.push(format!("{line}:{from} {text}"));
        }
    };
    for block in &document.blocks {
        match block {
            Block::Line(line) => look(&line.place, &line.text),
            Block::Grid(grid) => grid.cells.iter().for_each(|cell| look(&cell.place, &cell.text)),
        }
    }
    lost
}

/// Everything that holds for every input; false where it was refused.
fn holds(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(disclosure) = mingzhang::extract(&source(bytes), &SPECS) else { return Ok(false) };
    let value = serde_json::to_value(&disclosure).expect("JSON");
    let errors: Vec<String> = SCHEMA.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    prop_assert!(errors.is_empty(), "{errors:#?}");
    let lost = lost(bytes, &disclosure);
    prop_assert!(lost.is_empty(), "{lost:#?}");
    Ok(true)
}

#[test]
fn nothing_of_the_corpus_is_lost() {
    for text in CORPUS.iter() {
        assert!(holds(text.as_bytes()).expect("it holds"));
    }
}

/// What random texts once lost, cut down to the smallest case.
#[test]
fn nothing_is_lost_where_it_once_was() {
    for text in [
        // The number of a part and a short line, a table between them.
        "第一部分\n\t2026年\t2026年\t2026年\n收支总表目录\n目录\t",
        // A line like a unit's that names none, another line that does.
        "部门支出总表\n单a位：万元\n单位：万元\n\n项目\t合计\n甲\t1.00\n乙\t2.00\n",
        // A tab within an entry of the contents list.
        "目录\n一、收入总表.....\t1\n二、支出\t总表.....\t2\n三、收支总表.....\t3\n",
    ] {
        holds(text.as_bytes()).expect("it holds");
    }
}

/// A damage to a text.
#[derive(Clone, Debug)]
enum Damage {
    DropLine(usize),
    DoubleLine(usize),
    SwapLines(usize, usize),
    DropCell(usize, usize),
    Insert(usize, usize, String),
    Feed(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = 0..2000_usize;
    prop_oneof![
        at.clone().prop_map(Damage::DropLine),
        at.clone().prop_map(Damage::DoubleLine),
        (at.clone(), at.clone()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        (at.clone(), 0..9_usize).prop_map(|(line, cell)| Damage::DropCell(line, cell)),
        (at.clone(), 0..40_usize, "\\PC{1,6}|[\t 一二三（）：。0-9.,%]{1,8}")
            .prop_map(|(l, c, t)| Damage::Insert(l, c, t)),
        at.prop_map(Damage::Feed),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for damage in damages {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match damage {
            Damage::DropLine(at) => drop(lines.remove(at % count)),
            Damage::DoubleLine(at) => lines.insert(at % count, lines[at % count].clone()),
            Damage::SwapLines(a, b) => lines.swap(a % count, b % count),
            Damage::DropCell(at, cell) => {
                let mut cells: Vec<&str> = lines[at % count].split('\t').collect();
                let cell = cell % cells.len();
                cells.remove(cell);
                lines[at % count] = cells.join("\t");
            }
            Damage::Insert(at, column, text) => {
                let line: Vec<char> = lines[at % count].chars().collect();
                let (front, back) = line.split_at((*column).min(line.len()));
                lines[at % count] = format!("{}{text}{}", String::from_iter(front), String::from_iter(back));
            }
            Damage::Feed(at) => lines[at % count].insert(0, '\u{c}'),
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn of_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&bytes)?;
    }

    #[test]
    fn of_any_text_of_tables(text in "([一二三合计总收支出表项目年预算决元万（）:：。0-9.,%\\-]|\t|\n|\r| |\u{c}|2026年|单位：万元|部门：|收支总表|续表|注：|目录|第一部分){0,160}") {
        holds(text.as_bytes())?;
    }

    #[test]
    fn of_any_printed_characters(text in "(\\PC|\t|\n){0,120}") {
        holds(text.as_bytes())?;
    }
}

proptest! {
    #![proptest_config(Config { cases: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn of_small_damaged_documents(damages in proptest::collection::vec(damage(), 1..24)) {
        let text = CORPUS.first().expect("a document");
        holds(damaged(text, &damages).as_bytes())?;
    }
}

proptest! {
    #![proptest_config(Config { cases: 12, failure_persistence: None, max_shrink_iters: 40, ..Config::default() })]

    #[test]
    fn of_damaged_documents(damages in proptest::collection::vec(damage(), 1..60)) {
        let text = CORPUS.last().expect("a document");
        prop_assert!(holds(damaged(text, &damages).as_bytes())?, "a damaged disclosure is still one");
    }
}
