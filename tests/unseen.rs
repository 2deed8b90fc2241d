//! Layouts and printed forms that no file of templates knows, composed here as text: what must come out all the same.

#[path = "unseen/finals.rs"]
mod finals;

use mingzhang::extract;
use mingzhang::model::{Classification, Disclosure, KindBasis, Layout, Table};
use mingzhang::read::Source;
use mingzhang::spec::{SpecFiles, Specs};

fn read_with(text: &str, specs: &Specs) -> Disclosure {
    let source = Source { name: "a.txt".into(), bytes: std::sync::Arc::new(text.as_bytes().to_vec()), password: None };
    extract(&source, specs).expect("a text")
}

fn read(text: &str) -> Disclosure {
    read_with(text, &Specs::builtin().expect("sound data"))
}

/// A document of one table; `|` for the tabulators.
fn document(caption: &str, table: &str) -> String {
    let table = table.replace('|', "\t");
    format!("青溪县农业农村局\n\n2025年部门预算公开\n\n{caption}\n\n单位：万元\n\n{table}\n")
}

fn only(disclosure: &Disclosure) -> &Table {
    let [table] = disclosure.tables.as_slice() else { panic!("{} tables", disclosure.tables.len()) };
    table
}

/// Codes of the rows, in the row's own classification first; `-` where a row has none.
fn codes(table: &Table) -> Vec<String> {
    let one = |row: &mingzhang::model::Row| {
        let codes: Vec<&str> = row.codes.iter().map(|code| code.code.as_str()).collect();
        if codes.is_empty() { "-".to_string() } else { codes.join("+") }
    };
    table.rows.iter().map(one).collect()
}

fn labels(table: &Table) -> Vec<&str> {
    table.rows.iter().map(|row| row.label.as_ref().map_or("", |label| label.text.as_str())).collect()
}

#[test]
fn a_label_over_every_column_of_figures_tells_none_of_them_apart() {
    let table =
        |row: &str| format!("科目编码|科目名称|本县今年的盘子||\n||合计|{row}\n201|一般公共服务支出|9.00|5.00|4.00");
    let disclosure = read(&document("支出总表", &table("基本支出|项目支出")));
    let columns = &only(&disclosure).columns;
    let measures: Vec<_> = columns.iter().filter_map(|column| column.measure.as_deref()).collect();
    assert_eq!(measures, ["total_expenditure", "basic_expenditure", "project_expenditure"]);
    assert_eq!(columns[3].path, ["本县今年的盘子", "基本支出"], "the printed path stays whole");
    assert!(disclosure.findings.iter().any(|finding| finding.code == "B106"));
    // Over some of them it may restrict what they mean.
    let table =
        "科目编码|科目名称|合计|基本支出|援建的|\n||||基本支出|项目支出\n201|一般公共服务支出|9.00|5.00|1.00|3.00";
    let disclosure = read(&document("支出总表", table));
    let measures: Vec<_> = only(&disclosure).columns.iter().map(|column| column.measure.as_deref()).collect();
    assert_eq!(measures[2..], [Some("total_expenditure"), Some("basic_expenditure"), None, None]);
}

/// The titles of other places, as catalogues and regulations print them.
#[test]
fn titles_of_many_places_have_their_kinds() {
    let specs = Specs::builtin().expect("sound data");
    let rows = include_str!("expected/titles.tsv").lines().filter(|line| !line.starts_with('#'));
    let wrong: Vec<String> = rows
        .filter_map(|row| {
            let [title, kind, _] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("three columns: {row}") };
            let found = mingzhang::bind::title::read_title(title, &[], &specs.templates).kind.unwrap_or_default();
            (found != kind).then(|| format!("{title}: {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const BODY: [(&str, &str); 3] = [("201", "一般公共服务支出"), ("20108", "审计事务"), ("2010801", "行政运行")];

/// The same three rows with their codes printed in one way.
fn printed(caption: &str, header: &str, row: impl Fn(&str, &str) -> String) -> Disclosure {
    let rows: Vec<String> = BODY.iter().map(|(code, name)| format!("{}|9.00|5.00|4.00", row(code, name))).collect();
    read(&document(caption, &format!("{header}|合计|基本支出|项目支出\n{}", rows.join("\n"))))
}

#[test]
fn a_code_is_the_same_however_it_is_printed() {
    let level = |code: &str, nth: usize| {
        let end = 3 + 2 * nth;
        if code.len() == end {
            code[end.saturating_sub(if nth == 0 { 3 } else { 2 })..].to_string()
        } else {
            String::new()
        }
    };
    let forms = [
        printed("支出总表", "科目编码|科目名称", |code, name| format!("{code}|{name}")),
        // Three columns, each level in full.
        printed("支出总表", "类|款|项|科目名称", |code, name| {
            let part = |length: usize| code.get(..length).unwrap_or_default();
            format!("{}|{}|{}|{name}", part(3), part(5), part(7))
        }),
        // Three columns, two digits a level, the levels above not repeated.
        printed("支出总表", "类|款|项|科目名称", |code, name| {
            format!("{}|{}|{}|{name}", level(code, 0), level(code, 1), level(code, 2))
        }),
        // Three columns, two digits a level, the levels above repeated.
        printed("支出总表", "类|款|项|科目名称", |code, name| {
            let part = |from: usize, to: usize| code.get(from..to).unwrap_or_default();
            format!("{}|{}|{}|{name}", part(0, 3), part(3, 5), part(5, 7))
        }),
        // Glued, as municipalities print it: 2010801-行政运行, [2010801]行政运行, 2010801行政运行.
        printed("支出总表", "功能分类科目", |code, name| format!("{code}-{name}")),
        printed("支出总表", "功能分类科目", |code, name| format!("[{code}]{name}")),
        printed("支出总表", "功能分类科目", |code, name| format!("{code}{name}")),
        // In a column that its header calls something else.
        printed("支出总表", "编号|名目", |code, name| format!("{code}|{name}")),
    ];
    for (at, disclosure) in forms.iter().enumerate() {
        let table = only(disclosure);
        assert_eq!(codes(table), ["201", "20108", "2010801"], "form {at}");
        let own = table.rows.iter().flat_map(|row| &row.codes);
        assert!(own.clone().all(|code| code.classification == Classification::Functional), "form {at}");
        assert!(own.clone().all(|code| !code.is_resolved), "form {at}");
        let names: Vec<&str> = own.filter_map(|code| code.name.as_deref()).collect();
        assert_eq!(names, ["一般公共服务支出", "审计事务", "行政运行"], "form {at}");
    }
}

#[test]
fn unit_codes_stand_beside_those_of_functions() {
    let table =
        "单位编码|单位名称|科目编码|科目名称|合计|基本支出|项目支出\n125001|甲局|2010801|行政运行|9.00|5.00|4.00";
    let disclosure = read(&document("支出总表", table));
    let row = &only(&disclosure).rows[0];
    let codes: Vec<_> = row.codes.iter().map(|code| (code.classification, code.code.as_str())).collect();
    assert_eq!(codes, [(Classification::Functional, "2010801"), (Classification::Unit, "125001")]);
}

#[test]
fn departmental_and_government_codes_are_a_pair() {
    let header = "部门预算支出经济分类科目编码|部门预算支出经济分类科目名称|政府预算支出经济分类科目编码|政府预算支出经济分类科目名称";
    let table = format!(
        "{header}|合计|人员经费|公用经费\n30101|基本工资|50101|工资奖金津补贴|3.00|3.00|\n30101|基本工资|50501|工资福利支出|2.00|2.00|\n30201|办公费|50201|办公经费|1.00||1.00"
    );
    let disclosure = read(&document("一般公共预算基本支出表", &table));
    let table = only(&disclosure);
    assert_eq!(codes(table), ["30101+50101", "30101+50501", "30201+50201"], "one departmental code may repeat");
    let [departmental, government] = table.rows[0].codes.as_slice() else { panic!("two codes") };
    assert_eq!(departmental.classification, Classification::DepartmentalEconomic);
    assert_eq!(government.classification, Classification::GovernmentEconomic);
    assert_eq!(government.name.as_deref(), Some("工资奖金津补贴"));
}

#[test]
fn a_name_without_a_code_is_resolved_and_says_so() {
    let table = "部门预算支出经济科目名称|合计|人员经费|公用经费\n工资福利支出|5.00|5.00|\n基本工资|5.00|5.00|\n青苗补助款|1.00||1.00";
    let disclosure = read(&document("一般公共预算基本支出表", table));
    let table = only(&disclosure);
    assert_eq!(codes(table), ["301", "30101", "-"], "what the vocabulary does not have stays a name");
    assert!(table.rows.iter().flat_map(|row| &row.codes).all(|code| code.is_resolved));
}

/// A county that calls everything by other words: two panels, funds by purpose, codes in brackets.
const COUNTY: &str =
    "青溪县农业农村局\n\n2025年部门预算公开\n\n资金来源与去向一览\n\n编制单位：青溪县农业农村局\n\n单位：万元\n
来源\t本年安排数\t去向\t本年安排数
一、财政给的\t1,200.50\t一、农业\t1,100.50
二、土地给的\t100.00\t二、城乡\t100.00
三、自己挣的\t0.00\t三、住房\t100.00
来源合计\t1,300.50\t去向合计\t1,300.50\n
各项支出测算一览\n\n编制单位：青溪县农业农村局\n\n单位：万元\n
编号\t名目\t支出总量\t保运转\t\t办事业
\t\t\t工资性\t事务性\t
213\t农林水支出\t1,100.50\t300.00\t50.50\t750.00
21301\t农业农村\t1,100.50\t300.00\t50.50\t750.00
2130101\t行政运行\t350.50\t300.00\t50.50\t0.00
2130122\t农业生产发展\t750.00\t0.00\t0.00\t750.00
221\t住房保障支出\t100.00\t100.00\t0.00\t0.00
22102\t住房改革支出\t100.00\t100.00\t0.00\t0.00
2210201\t住房公积金\t100.00\t100.00\t0.00\t0.00
总计\t\t1,200.50\t400.00\t50.50\t750.00\n
接待、出访、用车一览\n\n编制单位：青溪县农业农村局\n\n单位：万元\n
名目\t2024年\t2025年\t增减
因公出国（境）费\t0.00\t0.00\t0.00
公务接待费\t5.00\t4.50\t-0.50
公务用车购置及运行费\t6.00\t7.00\t1.00
总计\t11.00\t11.50\t0.50\n";

#[test]
fn a_layout_that_nobody_has_seen_comes_out_whole() {
    let disclosure = read(COUNTY);
    let [panels, functions, public] = disclosure.tables.as_slice() else { panic!("three tables") };
    let captions: Vec<_> =
        disclosure.tables.iter().filter_map(|table| Some(table.caption.as_ref()?.text.as_str())).collect();
    assert_eq!(captions, ["资金来源与去向一览", "各项支出测算一览", "接待、出访、用车一览"]);
    assert!(disclosure.tables.iter().all(|table| table.unit.is_some()));
    // Two panels are told by the header that repeats.
    assert_eq!((panels.kind.as_deref(), panels.rows.len()), (None, 8));
    assert_eq!(&labels(panels)[..2], ["一、财政给的", "一、农业"]);
    // Codes are told by their content, header paths kept.
    assert_eq!(codes(functions), ["213", "21301", "2130101", "2130122", "221", "22102", "2210201", "-"]);
    assert_eq!(functions.columns[4].path, ["保运转", "事务性"]);
    assert_eq!(functions.kind, None, "no word of its header is known: never forced into a kind");
    // A kind that its rows tell says how it was told.
    assert_eq!((public.kind.as_deref(), public.kind_basis), (Some("three_public_expenses"), Some(KindBasis::Inferred)));
    // Sums are found in the figures.
    let amounts =
        |table: &Table| table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.amount.is_some()).count();
    let proved = |table: &Table| {
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        cells.filter(|cell| cell.evidence == mingzhang::model::Evidence::Proved).count()
    };
    assert_eq!((proved(functions), amounts(functions)), (32, 32));
    assert_eq!(amounts(panels), 8);
}

#[test]
fn a_draft_is_loaded_and_binds_after_light_edits() {
    let specs = Specs::builtin().expect("sound data");
    let draft = mingzhang::emit::draft::disclosure_to_draft(&read(COUNTY), "qingxi", &specs);
    let load = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("templates")).expect("a folder");
        std::fs::write(folder.path().join("templates/qingxi.toml"), text).expect("a file");
        Specs::load(&SpecFiles::builtin().with_overlay(folder.path()).expect("an overlay"))
    };
    let as_it_is = read_with(COUNTY, &load(&draft).expect("the draft loads as it is"));
    assert_eq!(as_it_is.tables[1].kind.as_deref(), Some("qingxi_table_2"));
    // What a person does: give the draft's tables and columns to what they are.
    let mut edited = draft.clone();
    let line = |name: &str| format!("name = \"{name}\"");
    for (drafted, known) in
        [("qingxi_table_1", "revenue_expenditure_summary"), ("qingxi_table_2", "expenditure_summary")]
    {
        assert!(edited.contains(&line(drafted)), "{edited}");
        edited = edited.replace(&line(drafted), &line(known));
    }
    for (label, name, chinese) in [
        ("支出总量", "total_expenditure", "支出合计"),
        ("保运转 > 工资性", "personnel_expenses", "人员经费"),
        ("保运转 > 事务性", "nonpersonnel_operating_expenses", "公用经费"),
        ("办事业", "project_expenditure", "项目支出"),
    ] {
        let labels = format!("labels = [\"{label}\"]");
        let at = edited.find(&labels).unwrap_or_else(|| panic!("{label} in {edited}"));
        let start = edited[..at].rfind("[[measure]]").expect("a measure");
        let end = at + labels.len();
        edited.replace_range(start..end, &format!("[[measure]]\nname = \"{name}\"\nchinese = \"{chinese}\"\n{labels}"));
    }
    let bound = read_with(COUNTY, &load(&edited).unwrap_or_else(|error| panic!("{error}\n{edited}")));
    let table = &bound.tables[1];
    assert_eq!((table.kind.as_deref(), table.kind_basis), (Some("expenditure_summary"), Some(KindBasis::Caption)));
    let measures: Vec<_> = table.columns.iter().filter_map(|column| column.measure.as_deref()).collect();
    assert_eq!(
        measures,
        ["total_expenditure", "personnel_expenses", "nonpersonnel_operating_expenses", "project_expenditure"]
    );
    assert_eq!(table.layout, Layout::Rows);
}

/// 普陀, 附件2：部门决算模板: captions of known tables, no figure, and a body called 上海市XX局.
fn measures(table: &Table) -> Vec<&str> {
    table.columns.iter().filter_map(|column| column.measure.as_deref()).collect()
}

#[test]
fn columns_of_an_economic_classification_are_named_by_its_codes() {
    // 湖南: rows by unit and function, columns by the government's classification.
    let table = "科目编码|单位代码|单位名称（功能分类科目名称）|总计|机关工资福利支出|机关商品和服务支出|对事业单位经常性补助\n\
                 |401001|青溪县农业农村局|9.00|5.00|3.00|1.00\n2130101||行政运行|9.00|5.00|3.00|1.00";
    let disclosure = read(&document("支出预算分类汇总表（按政府预算经济分类）", table));
    let table = only(&disclosure);
    assert_eq!(table.kind.as_deref(), Some("expenditure_by_economic"));
    let codes = ["total_expenditure", "government_economic_501", "government_economic_502", "government_economic_505"];
    assert_eq!(measures(table), codes);
    // One such name among other columns proves nothing.
    let table = "科目编码|科目名称|合计|机关商品和服务支出\n201|一般公共服务支出|9.00|4.00";
    let disclosure = read(&document("支出总表", table));
    assert_eq!(measures(only(&disclosure)), ["total_expenditure"]);
}

#[test]
fn a_row_of_several_names_is_called_by_the_one_that_it_is_about() {
    // 云南 04: unit, project, function and economic class in one row of a table by economic class.
    let table = "单位名称|项目名称|功能科目编码|功能科目名称|部门经济科目编码|部门经济科目名称|合计\n\
                 甲局|公用经费|2130101|行政运行|30201|办公费|3.00\n甲局|公用经费|2130101|行政运行|30202|印刷费|2.00";
    let disclosure = read(&document("部门基本支出预算表", table));
    assert_eq!(labels(only(&disclosure)), ["办公费", "印刷费"]);
    assert_eq!(codes(only(&disclosure)), ["30201+2130101", "30202+2130101"]);
    // 长春: the second level of projects, with the unit behind it.
    let table =
        "一级项目名称|二级项目名称|单位名称|合计\n特定目标类|校舍维修|甲校|3.00\n其他运转类|信息系统运维|甲校|2.00";
    let disclosure = read(&document("项目支出表", table));
    assert_eq!(labels(only(&disclosure)), ["校舍维修", "信息系统运维"]);
}

#[test]
fn seven_digits_before_a_name_are_its_code() {
    // 宁夏: a name that no list has; a project may be called by three digits.
    let table = "功能分类科目|合计|基本支出|项目支出\n2130195 从未列过的事项|9.00|5.00|4.00\n303工程|1.00|1.00|";
    let disclosure = read(&document("支出总表", table));
    assert_eq!(codes(only(&disclosure)), ["2130195", "-"]);
}

#[test]
fn a_subtotal_is_of_the_nearest_word_over_it() {
    // 云南 01-2: 小计 of the units' funds, itself below 本年收入.
    let table =
        "单位名称|合计|本年收入|||\n||小计|一般公共预算|单位资金|\n||||小计|其他收入\n甲局|9.00|9.00|5.00|4.00|4.00";
    let disclosure = read(&document("部门收入预算表", table));
    let expected = ["total_revenue", "current_year_revenue", "general_public_budget", "unit_funds", "other_revenue"];
    assert_eq!(measures(only(&disclosure)), expected);
}

#[test]
fn a_table_by_function_needs_no_column_that_its_kind_expects() {
    // 四川 表3.
    let table = "科目编码|科目名称|合计|当年财政拨款安排|上年结转安排\n201|一般公共服务支出|9.00|5.00|4.00";
    let disclosure = read(&document("一般公共预算支出预算表", table));
    assert_eq!(only(&disclosure).kind.as_deref(), Some("general_public_budget_expenditure"));
    assert_eq!(measures(only(&disclosure)), ["total_expenditure", "fiscal_appropriation", "prior_year_carryover"]);
}

#[test]
fn code_and_name_of_a_unit_over_a_table_are_its_body() {
    for body in ["224001青溪县农业农村局本级", "编报单位：青溪县农业农村局", "[224]青溪县农业农村局"]
    {
        let table = "科目编码\t科目名称\t合计\n201\t一般公共服务支出\t9.00";
        let text = format!(
            "青溪县农业农村局\n\n2025年部门预算公开\n\n部门支出总表\n\n预算年度：2025\n\n{body}\t单位：万元\n\n{table}\n"
        );
        let disclosure = read(&text);
        let table = only(&disclosure);
        assert_eq!(table.kind.as_deref(), Some("expenditure_summary"), "{body}");
        assert_eq!(table.body.as_ref().map(|line| line.text.as_str()), Some(body));
    }
}

#[test]
fn an_unknown_line_is_not_taken_for_nothing() {
    // 公务用车 under a name that nobody knows: the sum of the known lines lacks it.
    let table = "项目|预算数\n合计|9.00\n因公出国（境）费|0.00\n公车开支|5.00\n公务接待费|4.00";
    let disclosure = read(&document("“三公”经费支出表", table));
    assert!(disclosure.findings.iter().all(|finding| finding.code != "I101"), "{:?}", disclosure.findings);
}

#[test]
fn a_kind_may_stand_twice_in_one_set_of_tables() {
    // 四川 prints 三公 twice, and the tables behind it still are of the set before.
    let tables = [
        (
            "财政拨款收支总表",
            "收入||支出|\n项目|预算数|项目|预算数\n一、本年收入|9.00|一、本年支出|9.00\n收入总计|9.00|支出总计|9.00",
        ),
        (
            "一般公共预算支出表",
            "科目编码|科目名称|合计|基本支出|项目支出\n|合计|7.00|5.00|2.00\n201|一般公共服务支出|7.00|5.00|2.00",
        ),
        ("一般公共预算“三公”经费支出表", "单位名称|合计|公务接待费\n甲局|1.00|1.00"),
        ("政府性基金预算“三公”经费支出表", "单位名称|合计|公务接待费\n甲局|1.00|1.00"),
        (
            "政府性基金预算支出表",
            "科目编码|科目名称|合计|基本支出|项目支出\n|合计|2.00||2.00\n212|城乡社区支出|2.00||2.00",
        ),
    ];
    let tables: String = tables
        .iter()
        .map(|(caption, table)| format!("{caption}\n\n单位：万元\n\n{}\n\n", table.replace('|', "\t")))
        .collect();
    let disclosure = read(&format!("青溪县农业农村局\n\n2025年部门预算公开\n\n{tables}"));
    assert!(disclosure.findings.iter().all(|finding| finding.code != "I101"), "{:?}", disclosure.findings);
}

#[test]
fn a_form_that_nobody_filled_in_is_no_disclosure() {
    let form = |body: &str, figure: &str| {
        let table = format!("项目\t2024年决算数\n一、一般公共预算财政拨款收入\t{figure}\n收入总计\t{figure}\n");
        let text = format!("{body}\n\n2024年度部门决算\n\n收入决算表\n\n单位：万元\n\n{table}\n");
        let findings = read(&text).findings.into_iter();
        findings.filter(|finding| finding.code == "B416").map(|finding| finding.message).collect::<Vec<_>>()
    };
    let [message] = form("某市XX局", "").try_into().expect("one finding");
    assert!(message.contains("“某市XX局” is a placeholder"), "{message}");
    assert!(form("某市XX局", "5.00").is_empty(), "with a figure it is filled in");
    assert!(form("青溪县财政局", "").is_empty(), "an empty table is lawful");
}

/// Tabs, pipes and box drawing print one table; what it says is the same.
#[test]
fn a_table_is_read_whatever_parts_its_cells() {
    let rows: [[&str; 4]; 4] = [
        ["科目名称", "合计", "基本支出", "项目支出"],
        ["合计", "9.00", "5.00", "4.00"],
        ["教育支出", "4.00", "", "4.00"],
        ["卫生健康支出", "5.00", "5.00", ""],
    ];
    let join = |before: &str, bar: &str, after: &str| rows.map(|row| format!("{before}{}{after}", row.join(bar)));
    let tabs = join("", "\t", "").join("\n");
    let [head, body @ ..] = join("| ", " | ", " |");
    let pipes = format!("{head}\n|---|---|---|---|\n{}", body.join("\n"));
    let boxes = format!("┌──┬──┬──┬──┐\n{}\n└──┴──┴──┴──┘", join("│", "│", "│").join("\n├──┼──┼──┼──┤\n"));
    let read_table = |table: &str| {
        let text =
            format!("青溪县农业农村局\n\n2025年部门预算公开\n\n部门支出总体情况表\n单位：万元\n{table}\n注：无。\n");
        let disclosure = read(&text);
        let facts = mingzhang::emit::facts::disclosure_to_facts(&disclosure).into_iter().map(|fact| {
            let (row, column) = (fact.row.map(str::to_string), fact.column.map(|column| column.to_string()));
            (fact.table.map(str::to_string), row, column, fact.unit.map(str::to_string), fact.printed.to_string())
        });
        facts.collect::<Vec<_>>()
    };
    let facts = read_table(&tabs);
    let some = |text: &str| Some(text.to_string());
    assert_eq!(facts.len(), 7);
    assert_eq!(
        facts[3],
        (some("expenditure_summary"), some("教育支出"), some("total_expenditure"), some("万元"), "4.00".into())
    );
    assert_eq!(read_table(&pipes), facts);
    assert_eq!(read_table(&boxes), facts);
}

/// A government's own budget has the place before its titles; divisions and their only items share a name.
#[test]
fn tables_of_a_government_have_their_kinds() {
    let table = |title: &str, rows: &str| {
        format!(
            "2024年湄潭县{title}\n\n单位：万元\n\n项目\t2023年执行数\t2024年预算数\n{}\n\n",
            rows.replace('|', "\t")
        )
    };
    let text = [
        "湄潭县2024年财政预算公开\n\n".to_string(),
        table("一般公共预算收入表", "增值税|5|6\n罚没收入|1|1\n一般公共预算收入合计|6|7"),
        table("县本级一般公共预算支出表", "教育支出|5|6\n卫生健康支出|1|1\n一般公共预算支出合计|6|7"),
        table("政府性基金收入预算表", "污水处理费收入|5|6\n政府性基金收入合计|5|6"),
        table(
            "国有资本经营支出预算表",
            "国有资本经营预算支出|9|10\n解决历史遗留问题及改革成本支出|5|6\n厂办大集体改革支出|5|6\n其他国有资本经营预算支出|4|4\n其他国有资本经营预算支出|4|4\n国有资本经营支出合计|9|10",
        ),
        table("社会保险基金收入表", "个人缴费收入|5|6\n社会保险基金收入合计|5|6"),
    ]
    .concat();
    let disclosure = read(&text);
    let kinds: Vec<_> = disclosure.tables.iter().map(|table| table.kind.as_deref().unwrap_or("-")).collect();
    assert_eq!(
        kinds,
        [
            "general_public_budget_revenue",
            "general_public_budget_expenditure",
            "government_managed_funds_revenue",
            "state_capital_operations_expenditure",
            "social_insurance_funds",
        ]
    );
    assert_eq!(codes(&disclosure.tables[3]), ["223", "22301", "2230101", "22399", "2239999", "-"]);
    let scope = disclosure.metadata.scope.map(|scope| scope.value);
    assert_eq!(scope, Some(mingzhang::model::Scope::Government));
    assert!(disclosure.findings.iter().all(|finding| finding.code != "I101"), "{:?}", disclosure.findings);
}

/// 北京 预算表12: a list of projects with their indicators below them says what a form says.
#[test]
fn a_list_of_targets_is_told_as_its_forms_are() {
    let header = "项目名称|项目总额|一级指标|二级指标|三级指标|绩效指标性质|本年绩效指标值|绩效度量单位";
    let rows = "11000022T000000455794-评审工作经费|839.00|产出指标|数量指标|评审项目数量|≥|420|个\n||产出指标|质量指标|报告合格率|≥|98|%";
    let disclosure = read(&document("项目支出绩效目标表", &format!("{header}\n{rows}")));
    let facts = mingzhang::emit::facts::disclosure_to_facts(&disclosure);
    let told: Vec<_> =
        facts.iter().map(|fact| (fact.row, fact.code, fact.column.as_deref(), fact.unit, fact.printed)).collect();
    let code = Some("11000022T000000455794");
    assert_eq!(
        told,
        [
            (Some("11000022T000000455794-评审工作经费"), code, Some("project_expenditure"), Some("万元"), "839.00"),
            (Some("评审项目数量"), code, Some("target_value"), Some("个"), "420"),
            // A text has no merged cells: whose indicator the row below is, it does not say.
            (Some("报告合格率"), None, Some("target_value"), Some("%"), "98"),
        ]
    );
    assert_eq!(facts[2].header, ["产出指标", "质量指标", "报告合格率"]);
    assert_eq!(facts[1].project.as_deref(), Some("11000022T000000455794-评审工作经费"));
}

#[test]
fn what_a_colon_announces_may_stand_in_the_next_cell() {
    let table =
        "部门：|青溪县财政局|单位：|万元\n科目编码|科目名称|合计|基本支出\n|合计|9.00|9.00\n205|教育支出|9.00|9.00";
    let text = format!(
        "青溪县农业农村局\n\n2025年部门预算公开\n\n支出总表\n\n{}\n\n收入总表\n\n部门：青溪县农业农村局\t单位：元\n\n项目\t合计\n合计\t90,000\n",
        table.replace('|', "\t")
    );
    let disclosure = read(&text);
    let [expenditure, _] = disclosure.tables.as_slice() else { panic!("two tables") };
    assert_eq!(expenditure.unit.as_ref().map(|unit| unit.value.as_str()), Some("万元"));
    assert_eq!(expenditure.columns[3].path, ["基本支出"], "the line is no header");
    let another: Vec<_> = disclosure.findings.iter().filter(|finding| finding.code == "B413").collect();
    assert!(matches!(another[..], [finding] if finding.message.contains("青溪县财政局")), "{another:?}");
}
