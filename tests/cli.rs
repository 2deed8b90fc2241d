//! The program as it is called: exit status, refusals, several inputs, lists, pipes, schema.

#[path = "common/maker.rs"]
mod maker;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn mingzhang() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mingzhang"))
}

fn run(arguments: &[&str]) -> Output {
    mingzhang().args(arguments).output().expect("it runs")
}

fn corpus(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/shanxi/changzhi-tunliu/2026");
    folder.join(name).to_str().expect("a name").to_string()
}

fn clean() -> String {
    corpus("organization-department/clean.txt")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path.to_str().expect("a name").to_string()
}

/// Calls `check` on a file of these bytes; it must be refused with status 2 and this message.
fn assert_refused(name: &str, bytes: &[u8], message: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, name, bytes);
    let output = run(&["check", &path]);
    assert_eq!(output.status.code(), Some(2), "{name}");
    assert!(output.stdout.is_empty(), "{name}: {}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(said.starts_with(&format!("mingzhang: {path}: ")) && said.contains(message), "{name}: {said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn each_bad_input_has_its_own_message() {
    assert_refused("a.txt", b"", "is empty");
    assert_refused("a.txt", b" \n\t\n\n", "holds nothing but blanks");
    assert_refused("a.png", b"\x89PNG\r\n\x1a\n\0\0", "picture (PNG)");
    assert_refused("a.txt", b"\xFF\xD8\xFF\xE0\0\0", "picture (JPEG)");
    assert_refused("a.txt", &[0, 1, 2, 3, 0xFE, 0xFF, 7, 8].repeat(50), "binary file");
    assert_refused("a.docx", b"PK\x03\x04\0\0word/document.xml", "DOCX) are not supported yet");
    assert_refused("a.pdf", b"<!DOCTYPE html><html><body>404", "web page (HTML) and no disclosure");
    let output = run(&["check", "no/such/file.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "mingzhang: no/such/file.txt: no such file\n");
}

#[test]
fn a_hundred_megabytes_of_tabs_are_refused() {
    assert_refused("tabs.txt", &vec![b'\t'; 100 << 20], "holds nothing but blanks");
    let mut row = vec![b'\t'; 2 << 20];
    row.push(b'x');
    assert_refused("row.txt", &row, "no table is wider");
}

#[test]
fn a_folder_without_documents_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    file(&folder, "notes.md", b"x");
    let output = run(&["check", folder.path().to_str().expect("a name")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is a folder without documents"));
}

#[test]
fn a_bad_call_is_status_2_and_help_is_0() {
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(run(&["check"]).status.code(), Some(2));
    assert_eq!(run(&["check", "--format", "xml", &clean()]).status.code(), Some(2));
    assert_eq!(run(&["check", "--select", "Z9", &clean()]).status.code(), Some(2));
    assert_eq!(run(&["explain", "Z999"]).status.code(), Some(2));
    let parquet = run(&["facts", "--format", "parquet", &clean()]);
    assert_eq!(parquet.status.code(), Some(2));
    assert!(text(&parquet.stderr).contains("Parquet is not built in"));
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    assert_eq!(run(&["--version"]).status.code(), Some(0));
    assert_eq!(run(&["explain"]).status.code(), Some(0));
    assert_eq!(run(&["explain", "R001"]).status.code(), Some(0));
}

#[test]
fn one_bad_input_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = file(&folder, "empty.txt", b"");
    let (first, last) = (clean(), corpus("party-service-center/small.txt"));
    let output = run(&["extract", &first, &bad, &last]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is empty"));
    let documents: Vec<String> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON")["document"].to_string())
        .collect();
    assert_eq!(documents, [format!("{first:?}"), format!("{last:?}")]);
}

#[test]
fn paths_come_from_standard_input() {
    let mut child =
        mingzhang().args(["facts", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    let list = format!("{}\n\n{}\n", clean(), corpus("party-service-center/small.txt"));
    child.stdin.take().expect("a pipe").write_all(list.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.code().is_some_and(|code| code < 2));
    let said = text(&output.stdout);
    assert!(said.contains("clean.txt") && said.contains("small.txt"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let many: Vec<String> = (0..40).map(|_| clean()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    for (index, path) in many.iter().enumerate() {
        std::fs::copy(path, folder.path().join(format!("{index}.txt"))).expect("a copy");
    }
    let mut child = mingzhang()
        .arg("facts")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_exact(&mut [0; 64]).expect("the first bytes");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.code().is_some_and(|code| code < 2), "{:?}", output.status);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn encodings_give_the_same_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = std::fs::read_to_string(clean()).expect("a text");
    let utf16: Vec<u8> = original.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gb = encoding_rs::GB18030.encode(&original).0.into_owned();
    let figures = |bytes: &[u8]| {
        let path = file(&folder, "same.txt", bytes);
        text(&run(&["facts", &path]).stdout)
    };
    let expected = figures(original.as_bytes());
    assert!(expected.lines().count() > 20);
    assert_eq!(figures(&utf16), expected);
    assert_eq!(figures(&gb), expected);
}

#[test]
fn findings_can_be_chosen() {
    let defects = corpus("organization-department/defects.txt");
    let codes = |arguments: &[&str]| -> (Option<i32>, Vec<String>) {
        let output = run(&[&["check", "--format", "jsonl", defects.as_str()], arguments].concat());
        let code = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["code"].to_string();
        (output.status.code(), text(&output.stdout).lines().map(code).collect())
    };
    let (status, all) = codes(&["--severity", "warning"]);
    assert_eq!(status, Some(1));
    let first = all.first().expect("a finding").trim_matches('"').to_string();
    let (_, chosen) = codes(&["--select", &first]);
    assert!(!chosen.is_empty() && chosen.iter().all(|code| code.trim_matches('"') == first));
    let (_, others) = codes(&["--ignore", &first]);
    assert!(others.iter().all(|code| code.trim_matches('"') != first));
    assert_eq!(codes(&["--severity", "warning", "--ignore", "R,B,I,C"]), (Some(0), vec![]), "nothing is left");
    assert_eq!(codes(&["--select", "c503"]), codes(&["--select", "change-rate-differs-from-amounts"]));
    assert_eq!(codes(&["--select", "c503"]).1, [r#""C503""#]);
}

#[test]
fn a_file_each_and_a_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let corpus_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let output =
        mingzhang().arg("extract").arg(&corpus_folder).arg("--out").arg(folder.path()).output().expect("it runs");
    assert!(output.status.code().is_some_and(|code| code < 2));
    let said = text(&output.stdout);
    for word in ["documents", "tables", "amounts", "checks", "findings"] {
        assert!(said.lines().any(|line| line.starts_with(word)), "{word} in {said}");
    }
    let written = folder.path().join("shanxi/changzhi-tunliu/2026/organization-department/clean.json");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(written).expect("a result")).expect("JSON");
    assert_eq!(json["schema_version"], "1");
}

#[test]
fn a_person_gets_tables_by_default() {
    let output = run(&[&clean()]);
    let said = text(&output.stdout);
    assert!(said.contains("一般公共服务支出") && said.lines().any(|line| line.starts_with("t1 ")), "{said}");
    assert_eq!(run(&["show", &clean()]).stdout, output.stdout);
}

#[test]
fn results_fit_the_schema() {
    let schema: serde_json::Value = serde_json::from_slice(&run(&["schema"]).stdout).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], "urn:mingzhang:disclosure:1");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let now = run(&["extract", "--format", "jsonl", root.join("corpus").to_str().expect("a name")]);
    let mut documents: Vec<serde_json::Value> =
        text(&now.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(documents.len() >= 3);
    let kept: Vec<PathBuf> = json_below(&root.join("golden"));
    documents
        .extend(kept.iter().map(|path| serde_json::from_slice(&std::fs::read(path).expect("a result")).expect("JSON")));
    for document in &documents {
        let errors: Vec<String> =
            validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", document["document"]);
    }
    assert!(!validator.is_valid(&serde_json::json!({"schema_version": "1"})), "the schema asks for nothing");
}

fn json_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(json_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found
}

#[test]
fn results_are_not_blessed_where_ci_is_set() {
    let corpus_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let output =
        mingzhang().env("CI", "true").args(["golden", "--bless"]).arg(&corpus_folder).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("CI is set"));
}

#[test]
fn specs_lists_families_kinds_and_labels() {
    let output = run(&["specs"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    for line in ["  shanxi: 山西", "  expenditure_summary 支出总表", "  basic_expenditure 基本支出"] {
        assert!(said.contains(line), "{line} in {said}");
    }
}

#[test]
fn a_draft_names_what_no_family_knows_and_loads() {
    let folder = tempfile::tempdir().expect("a folder");
    let known = std::fs::read_to_string(clean()).expect("the corpus");
    let (before, after) = known.split_once("\n2026年预算支出总表\n").expect("the caption");
    let after = after.replacen(
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "科目编码\t科目名称\t合计\t基本支出\t攻坚支出",
        1,
    );
    let path = file(&folder, "new.txt", format!("{before}\n2026年资金走向表\n{after}").as_bytes());

    let output = run(&["specs", "new", &path, "--name", "novel"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let draft = text(&output.stdout);
    assert!(draft.contains("titles = [\"资金走向表\"]") && draft.contains("攻坚支出\"]"), "{draft}");

    let specs = folder.path().join("specs");
    std::fs::create_dir_all(specs.join("templates")).expect("a folder");
    std::fs::write(specs.join("templates/novel.toml"), &draft).expect("a file");
    let output = run(&["extract", &path, "--specs", specs.to_str().expect("a name")]);
    let disclosure: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let tables = disclosure["tables"].as_array().expect("tables");
    let table = tables.iter().find(|table| table["kind"] == "novel_table_1").expect("the table of the draft");
    let measures: Vec<&str> =
        table["columns"].as_array().expect("columns").iter().filter_map(|c| c["measure"].as_str()).collect();
    assert!(measures.contains(&"basic_expenditure") && measures.contains(&"novel_column_1"), "{measures:?}");
}

#[test]
fn a_draft_of_a_known_document_adds_nothing() {
    let output = run(&["specs", "new", &clean()]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("nothing to add"), "{}", text(&output.stdout));
}

#[test]
fn known_defects_are_told_apart_from_new_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let defects = std::fs::read(corpus("organization-department/defects.txt")).expect("a document");
    let path = file(&folder, "defects.txt", &defects);
    let check = |about: &str| {
        file(&folder, "about.toml", about.as_bytes());
        let output = run(&["check", &path, "--severity", "warning"]);
        (output.status.code(), text(&output.stdout))
    };
    let known = |code: &str| format!("[[known]]\ncode = \"{code}\"\nreason = \"the office knows\"\n");
    let one = check(&known("C302"));
    assert_eq!(one.0, Some(1), "the other defect is new");
    assert!(one.1.contains("known: the office knows") && one.1.contains("2 findings, 1 of them known"), "{}", one.1);
    let both = check(&(known("C302") + &known("C503")));
    assert_eq!(both.0, Some(0), "{}", both.1);
    let gone = check(&(known("C302") + &known("C503") + &known("C101")));
    assert_eq!(gone.0, Some(1));
    assert!(gone.1.contains("warning[K101] known-defect-gone: C101 is known"), "{}", gone.1);
    assert_eq!(check("[[known]]\ncode = \"C302\"\n").0, Some(2), "an entry without its reason");
}

#[test]
fn what_was_found_on_a_page_can_be_seen() {
    // Two cells side by side, 科目 | 5.00, below a line of text.
    let content = "BT /C1 10 Tf 60 780 Td <88685934> Tj ET 0.5 w 50 700 200 20 re S 150 700 m 150 720 l S \
                   BT /C1 10 Tf 60 706 Td <79D176EE> Tj ET BT /F1 10 Tf 160 706 Td (5.00) Tj ET";
    let pdf = maker::Maker::new("UniGB-UCS2-H", "GB1").page(content, lopdf::Dictionary::new()).bytes();
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, "a.pdf", &pdf);

    let grids = run(&["dump", "--stage", "grids", &path]);
    assert_eq!(grids.status.code(), Some(0));
    let grid: serde_json::Value = serde_json::from_slice(&grids.stdout).expect("one grid, one object");
    assert_eq!((&grid["rows"], &grid["columns"], &grid["place"]["page"]), (&1.into(), &2.into(), &1.into()));
    let texts: Vec<&str> = grid["cells"].as_array().into_iter().flatten().filter_map(|c| c["text"].as_str()).collect();
    assert_eq!(texts, ["科目", "5.00"]);

    let drawing = text(&run(&["dump", "--svg", &path]).stdout);
    assert!(drawing.starts_with("<svg") && drawing.contains("科"), "{drawing}");

    assert_eq!(run(&["dump", &path]).status.code(), Some(2));
    assert_eq!(run(&["dump", "--svg", "--stage", "rows", &path]).status.code(), Some(2));
    let of_text = run(&["dump", "--svg", &clean()]);
    assert_eq!(of_text.status.code(), Some(2));
    assert!(text(&of_text.stderr).contains("nothing is drawn in it"));
}
