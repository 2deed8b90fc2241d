//! The seed disclosure against expectations written down from its pages (`tests/expected/seed-*.tsv`).

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs the program on one input and gives the JSON lines of its output.
fn run(arguments: &[&str], input: &Path) -> Vec<Value> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_mingzhang")).args(arguments).arg(input).output().expect("the program starts");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "exit {code:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect()
}

fn expectations(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect()
}

fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

/// Blanks of wrapping do not count.
fn squash(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_amount_of_the_seed_is_as_printed() {
    let Some(seed) = common::seed("every_amount_of_the_seed_is_as_printed") else { return };
    let facts = run(&["facts", "--format", "jsonl"], &seed);
    let amounts: Vec<&Value> = facts.iter().filter(|fact| string(fact, "unit") == "万元").collect();
    let expected = expectations(include_str!("expected/seed-amounts.tsv"));
    assert_eq!(expected.len(), 290, "the page prints 290 amounts");

    let mut by_place: BTreeMap<(u64, String), &Value> = BTreeMap::new();
    for fact in &amounts {
        let place = (fact["line"].as_u64().unwrap_or(0), fact["cell"].to_string().replace('"', ""));
        assert!(by_place.insert(place.clone(), fact).is_none(), "two facts at {place:?}");
    }
    let mut wrong = Vec::new();
    for row in &expected {
        let [kind, _, side, label, code, measure, path, printed, line, cell] = row[..] else {
            panic!("ten fields: {row:?}")
        };
        let Some(fact) = by_place.get(&(line.parse().expect("a line"), cell.to_string())) else {
            wrong.push(format!("{line}:{cell} {printed}: no fact"));
            continue;
        };
        let header: Vec<&str> = fact["header"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (key, got, want) in [
            ("table", string(fact, "table"), kind),
            ("side", string(fact, "side"), side),
            ("row", string(fact, "row"), label),
            ("code", string(fact, "code"), code),
            ("column", string(fact, "column"), if measure.is_empty() { string(fact, "column") } else { measure }),
            ("header", header.join(" > ").as_str(), path),
            ("printed", string(fact, "printed"), printed),
            ("amount", string(fact, "amount"), printed),
            ("body", string(fact, "body"), "中共长治市屯留区委组织部"),
            ("phase", string(fact, "phase"), "budget"),
            ("scope", string(fact, "scope"), "department"),
            ("region_code", string(fact, "region_code"), "140405"),
        ] {
            if got != want {
                wrong.push(format!("{line}:{cell} {key}: {got:?}, the page says {want:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(amounts.len(), 290);
}

#[test]
fn every_form_of_the_seed_is_as_printed() {
    let Some(seed) = common::seed("every_form_of_the_seed_is_as_printed") else { return };
    let source = std::fs::read_to_string(&seed).expect("the seed is UTF-8");
    let lines: Vec<&str> = source.lines().collect();
    let printed_at = |place: &str| -> Option<(u64, u64, String)> {
        let (line, cell) = place.split_once(':')?;
        let (line, cell): (usize, usize) = (line.parse().ok()?, cell.parse().ok()?);
        Some((line as u64, cell as u64, lines[line - 1].split('\t').nth(cell - 1)?.trim().to_string()))
    };
    let document = &run(&["extract", "--format", "jsonl"], &seed)[0];
    let forms = document["performance_targets"].as_array().expect("forms");
    assert_eq!(forms.len(), 18);

    let at =
        |value: &Value| (value["place"]["line"].as_u64().unwrap_or(0), value["place"]["cell"].as_u64().unwrap_or(0));
    let mut wrong = Vec::new();
    let mut indicators: BTreeMap<usize, usize> = BTreeMap::new();
    for row in expectations(include_str!("expected/seed-forms.tsv")) {
        let [form, what, first, second, label_place, value_place, value] = row[..] else {
            panic!("seven fields: {row:?}")
        };
        let number: usize = form.parse().expect("a number");
        let target = &forms[number - 1];
        let want = printed_at(value_place);
        let compare = |wrong: &mut Vec<String>, name: String, got: &Value, got_text: &str| match &want {
            None if !got.is_null() => wrong.push(format!("form {form} {name}: {got}, the page is blank")),
            Some((line, cell, text)) if at(got) != (*line, *cell) || squash(got_text) != squash(text) => {
                wrong.push(format!("form {form} {name}: {got}, the page says {text:?} at {line}:{cell}"));
            }
            _ => {}
        };
        match what {
            "field" => {
                let got = &target[first];
                let text = if first == "filled_at" { string(got, "printed") } else { string(got, "text") };
                compare(&mut wrong, first.to_string(), got, text);
            }
            "goal" => {
                let goals: Vec<&Value> = target["goals"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|goal| string(goal, "half") == first)
                    .collect();
                assert_eq!(goals.len(), 1, "form {form}: a goal of {first}");
                compare(&mut wrong, format!("goal {first}"), &goals[0]["text"], string(&goals[0]["text"], "text"));
            }
            "fund" => {
                let funds: Vec<&Value> = target["funds"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|fund| string(fund, "half") == first && string(fund, "source") == second)
                    .collect();
                assert_eq!(funds.len(), 1, "form {form}: a fund of {first}, {second}");
                let (line, cell, label) = printed_at(label_place).expect("a label");
                if at(&funds[0]["label"]) != (line, cell) || string(&funds[0]["label"], "text") != label {
                    wrong.push(format!("form {form} fund {first} {second}: label {}", funds[0]["label"]));
                }
                if value.is_empty() {
                    if !funds[0]["amount"].is_null() {
                        wrong.push(format!("form {form} fund {first} {second}: a blank is no amount"));
                    }
                } else {
                    compare(&mut wrong, format!("fund {first} {second}"), funds[0], string(funds[0], "printed"));
                    if string(funds[0], "amount") != value.replace(',', "") {
                        wrong.push(format!("form {form} fund {first} {second}: {}", funds[0]["amount"]));
                    }
                }
            }
            "indicator" => {
                // Indicators stand in reading order within each half.
                let (level1, level2) = second.split_once('/').expect("two levels");
                let key = number * 2 + usize::from(first == "annual");
                let nth = indicators.entry(key).or_default();
                let got = target["indicators"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|indicator| string(indicator, "half") == first)
                    .nth(*nth)
                    .cloned()
                    .unwrap_or(Value::Null);
                *nth += 1;
                let name = format!("indicator {first} {second}");
                if string(&got["level1"], "text") != level1 || string(&got["level2"], "text") != level2 {
                    wrong.push(format!("form {form} {name}: {} / {}", got["level1"], got["level2"]));
                }
                compare(&mut wrong, name.clone(), &got["value"], string(&got["value"], "printed"));
                let level3 = printed_at(label_place).map(|(_, _, text)| text).unwrap_or_default();
                if squash(string(&got["level3"], "text")) != squash(&level3) {
                    wrong.push(format!("form {form} {name}: level 3 {}, the page says {level3:?}", got["level3"]));
                }
                let shown: Vec<&str> = ["comparator", "number", "unit"]
                    .iter()
                    .map(|key| string(&got["value"], key))
                    .filter(|text| !text.is_empty())
                    .collect();
                if shown.join(" ") != value {
                    wrong.push(format!("form {form} {name}: reads {shown:?}, the page says {value:?}"));
                }
            }
            other => panic!("unknown expectation {other}"),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_seed_says_what_it_is() {
    let Some(seed) = common::seed("the_seed_says_what_it_is") else { return };
    let document = &run(&["extract", "--format", "jsonl"], &seed)[0];
    let metadata = &document["metadata"];
    assert_eq!(metadata["body"]["value"], "中共长治市屯留区委组织部");
    assert_eq!(metadata["fiscal_year"]["value"], 2026);
    assert_eq!(metadata["phase"]["value"], "budget");
    assert_eq!(metadata["scope"]["value"], "department");
    assert_eq!(metadata["region"]["value"]["code"], "140405");
    assert_eq!(metadata["region"]["value"]["path"], serde_json::json!(["山西省", "长治市", "屯留区"]));

    let announced: Vec<(u64, &str)> = document["contents"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["is_table"] == true)
        .map(|entry| (entry["page"].as_u64().unwrap_or(0), string(entry, "table")))
        .collect();
    let pages: Vec<u64> = announced.iter().map(|entry| entry.0).collect();
    assert_eq!(pages, [2, 4, 6, 7, 9, 10, 11, 12, 13, 13, 14, 15, 16], "the contents list, lines 29 to 41");
    assert!(announced.iter().all(|entry| !entry.1.is_empty()), "every announced table is found: {announced:?}");

    let tables = document["tables"].as_array().expect("tables");
    let kinds: Vec<&str> = tables.iter().map(|table| string(table, "kind")).collect();
    assert_eq!(
        kinds,
        [
            "revenue_expenditure_summary",
            "revenue_summary",
            "expenditure_summary",
            "fiscal_appropriation_summary",
            "general_public_budget_expenditure",
            "general_public_budget_basic_expenditure",
            "government_managed_funds_revenue",
            "government_managed_funds_expenditure",
            "state_capital_operations",
            "three_public_expenses",
            "agency_operating_expenses",
            "project_expenditure",
            // 项目支出预算表（上年结转）: the same list, its qualifier says of which money.
            "project_expenditure",
        ]
    );
    let nil: Vec<usize> = (0..tables.len()).filter(|i| tables[*i]["is_nil"] == true).map(|i| i + 1).collect();
    assert_eq!(nil, [7, 8, 9, 10]);
    for number in nil {
        assert_eq!(tables[number - 1]["notes"][0]["text"], "注：本表无数据");
    }

    let organisation = &document["organisation"];
    let names = |key: &str| -> Vec<&str> {
        organisation[key].as_array().into_iter().flatten().map(|printed| string(printed, "text")).collect()
    };
    assert_eq!(
        names("internal_offices"),
        ["办公室", "组织一室", "组织二室", "干部一室", "干部二室", "干部三室", "人才工作室"]
    );
    assert_eq!(
        names("subordinate_units"),
        ["长治市屯留区党群服务中心", "长治市屯留区年度目标责任考核中心", "中共长治市屯留区委组织部举报中心"]
    );
    assert_eq!(names("duties").len(), 9);
    let terms: Vec<&str> =
        document["glossary"].as_array().into_iter().flatten().map(|term| string(term, "term")).collect();
    assert_eq!(
        terms,
        [
            "基本支出",
            "项目支出",
            "“三公”经费",
            "机关运行经费",
            "政府购买服务",
            "财政专户管理资金",
            "单位资金",
            "上年结转",
            "一般公共预算",
            "政府性基金预算",
            "国有资本经营预算",
            "财政拨款",
        ]
    );
}

#[test]
fn the_seed_has_two_defects_and_no_false_alarm() {
    let Some(seed) = common::seed("the_seed_has_two_defects_and_no_false_alarm") else { return };
    let findings = run(&["check", "--format", "jsonl"], &seed);
    let loud: Vec<&Value> =
        findings.iter().filter(|finding| matches!(string(finding, "severity"), "warning" | "error")).collect();
    let lines: BTreeSet<u64> = loud.iter().filter_map(|finding| finding["place"]["line"].as_u64()).collect();
    let report: Vec<String> =
        loud.iter().map(|f| format!("{} {} {}", f["place"]["line"], string(f, "code"), string(f, "message"))).collect();
    // 376 to 379: the slid names; 469: 0.04 % that is 4.15 %.
    let rate = std::fs::read_to_string(&seed)
        .expect("UTF-8")
        .lines()
        .position(|line| line.contains("增长0.04%"))
        .map(|index| index as u64 + 1)
        .expect("the clause is there");
    assert!(lines.iter().all(|line| (376..=379).contains(line) || *line == rate), "{}", report.join("\n"));
    assert!(lines.contains(&rate) && lines.iter().any(|line| (376..=379).contains(line)), "{}", report.join("\n"));

    let document = &run(&["extract", "--format", "jsonl"], &seed)[0];
    let proposed: BTreeMap<u64, String> = document["repairs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|repair| (repair["place"]["line"].as_u64().unwrap_or(0), string(repair, "proposed").replace(' ', "")))
        .collect();
    for (line, name) in [
        (376, "2026年度选调生到村工作省级财政补助资金的通知(长财行【2025】85号)"),
        (377, "(省级)长治市财政局关于提前下达2026年度党员教育培训专项经费的通知(长财行【2025】74号)"),
        (378, "2026年村级组织运转经费1"),
        (379, "2026年党员教育培训经费"),
    ] {
        assert_eq!(proposed.get(&line).map(String::as_str), Some(name), "{proposed:?}");
    }
}

/// Walks the source: every non-blank cell and every line is somewhere in the canonical JSON.
#[test]
fn nothing_of_the_seed_is_lost() {
    let Some(seed) = common::seed("nothing_of_the_seed_is_lost") else { return };
    let document = &run(&["extract", "--format", "jsonl"], &seed)[0];
    let mut cells: BTreeSet<(u64, u64)> = BTreeSet::new();
    let mut whole_lines: BTreeSet<u64> = BTreeSet::new();
    // Findings do not count as binding; `unbound` does: it is the report of what is not bound.
    let parts: Vec<&Value> = document
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "findings" | "repairs" | "checks"))
        .map(|(_, value)| value)
        .collect();
    let mut stack = parts;
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(map) => {
                if let Some(line) = map.get("line").and_then(Value::as_u64) {
                    match map.get("cell").and_then(Value::as_u64) {
                        Some(cell) => {
                            cells.insert((line, cell));
                        }
                        None => {
                            whole_lines.insert(line);
                        }
                    }
                }
                stack.extend(map.values());
            }
            Value::Array(values) => stack.extend(values),
            _ => {}
        }
    }
    let source = std::fs::read_to_string(&seed).expect("UTF-8");
    let mut lost = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let number = index as u64 + 1;
        // A row of a table is bound cell by cell: that its line is a row is not enough.
        let is_grid_row = line.contains('\t') && cells.iter().any(|cell| cell.0 == number);
        for (cell, text) in line.split('\t').enumerate() {
            if text.trim().is_empty() {
                continue;
            }
            let bound =
                if is_grid_row { cells.contains(&(number, cell as u64 + 1)) } else { whole_lines.contains(&number) };
            if !bound {
                lost.push(format!("{number}:{} {text}", cell + 1));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

/// Every figure of the prose that has a unit is a statement, at its place, with its kind.
#[test]
fn every_figure_of_the_prose_is_a_statement() {
    let Some(seed) = common::seed("every_figure_of_the_prose_is_a_statement") else { return };
    let document = &run(&["extract", "--format", "jsonl"], &seed)[0];
    let statements: BTreeMap<(u64, u64), &Value> = document["statements"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|s| ((s["place"]["line"].as_u64().unwrap_or(0), s["place"]["column"].as_u64().unwrap_or(0)), s))
        .collect();
    let figure = regex::Regex::new(r"([\d,]*\d(?:\.\d+)?) ?(万元|元|%|个|辆|平方米|台)").expect("a pattern");
    let source = std::fs::read_to_string(&seed).expect("UTF-8");
    let mut found = 0;
    let mut wrong = Vec::new();
    for (index, line) in source.lines().enumerate().filter(|(_, line)| !line.contains('\t')) {
        for figure in figure.captures_iter(line) {
            let printed = figure.get(1).expect("the figure");
            let place = (index as u64 + 1, line[..printed.start()].chars().count() as u64 + 1);
            found += 1;
            let Some(statement) = statements.get(&place) else {
                wrong.push(format!("{place:?} {}: no statement", &figure[0]));
                continue;
            };
            let before: String =
                line[..printed.start()].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
            let kinds: &[&str] = match (&figure[2], before.as_str()) {
                ("万元" | "元", "增加" | "减少") => &["change"],
                ("万元", "价值") => &["threshold"],
                ("万元" | "元", _) => &["amount"],
                ("%", "增长" | "下降") => &["change_rate"],
                ("%", _) => &["share"],
                ("平方米", _) => &["area"],
                _ => &["count"],
            };
            if !kinds.contains(&string(statement, "kind")) || string(statement, "printed") != printed.as_str() {
                wrong.push(format!("{place:?} {}: {statement}", &figure[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(found, 94, "figures with a unit in the prose");
    assert_eq!(found, statements.len());
    // The page says of each what it is a share or a change of.
    let by_printed = |line: u64, printed: &str| {
        statements.values().find(|s| s["place"]["line"] == line && string(s, "printed") == printed).copied()
    };
    for (line, printed, measure, base_year, direction) in [
        (424, "277.40", "total_revenue", Some(2025), "decrease"),
        (424, "4.79", "total_revenue", Some(2025), "decrease"),
        (428, "85.57", "general_public_budget", None, ""),
        (434, "5141.2", "project_expenditure", None, ""),
        (461, "360.09", "personnel_expenses", None, ""),
        (471, "0.72", "agency_operating_expenses", Some(2025), "increase"),
        (1072, "1840.81", "office_floor_area", None, ""),
    ] {
        let statement = by_printed(line, printed).unwrap_or_else(|| panic!("{line}: {printed}"));
        assert_eq!(string(statement, "measure"), measure, "{line}: {printed}");
        assert_eq!(statement["base_year"].as_i64(), base_year, "{line}: {printed}");
        assert_eq!(string(statement, "direction"), direction, "{line}: {printed}");
        assert_eq!(statement["fiscal_year"], 2026, "{line}: {printed}");
    }
}
