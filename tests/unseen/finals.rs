//! Final accounts in layouts of places whose documents nobody here has: each case is the smallest that went wrong once.

use mingzhang::emit::facts::{Fact, disclosure_to_facts};
use mingzhang::model::{Disclosure, Evidence, Table};

/// Final accounts of one table; `|` for the tabulators.
fn final_accounts(caption: &str, unit: &str, table: &str) -> Disclosure {
    let table = table.replace('|', "\t");
    super::read(&format!("青溪县司法局\n\n2022年度部门决算\n\n{caption}\n\n{unit}\n\n{table}\n"))
}

fn money(caption: &str, table: &str) -> Disclosure {
    final_accounts(caption, "金额单位：万元", table)
}

fn found(disclosure: &Disclosure, code: &str) -> Vec<String> {
    disclosure.findings.iter().filter(|one| one.code == code).map(|one| one.message.clone()).collect()
}

fn measures(table: &Table) -> Vec<Option<&str>> {
    table.columns.iter().map(|column| column.measure.as_deref()).collect()
}

/// Row, column and unit of the fact that prints this figure.
fn fact<'a>(facts: &'a [Fact<'a>], printed: &str) -> &'a Fact<'a> {
    let mut own = facts.iter().filter(|fact| fact.printed == printed);
    let (Some(fact), None) = (own.next(), own.next()) else { panic!("{printed} is not there once") };
    fact
}

#[test]
fn the_total_below_two_panels_of_codes_has_its_name() {
    // 公开06表: 公用经费合计 stands below the second panel, its figure below the third.
    let table = "人员经费|||公用经费|||||
科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数
301|工资福利支出|7.00|302|商品和服务支出|2.00|310|资本性支出|0.50
30101|基本工资|7.00|30201|办公费|2.00|31002|办公设备购置|0.50
人员经费合计||7.00|公用经费合计|||||2.50";
    let disclosure = money("一般公共预算财政拨款基本支出决算表", table);
    let facts = disclosure_to_facts(&disclosure);
    let total = fact(&facts, "2.50");
    assert_eq!((total.row, total.column.as_deref()), (Some("公用经费合计"), Some("nonpersonnel_operating_expenses")));
    assert_eq!(facts.iter().filter(|fact| fact.row == Some("人员经费合计")).count(), 1);
}

#[test]
fn rows_that_count_things_are_no_money() {
    // 重庆 机构运行信息表: amounts of 三公 and numbers of vehicles in one column.
    let table = "项目|行次|预算数|决算数|项目|行次|决算数
栏次||1|2|栏次||3
一、“三公”经费支出|1|—|—|四、机关运行经费|8|30.00
（一）支出合计|2|9.00|8.00|（一）行政单位|9|30.00
1.公务用车运行维护费|3|5.00|4.50|五、国有资产占用情况|10|—
2.公务接待费|4|4.00|3.50|（一）车辆数合计（辆）|11|6
（二）相关统计数|5|—|—|1.机要通信用车|12|2
1.公务用车保有量（辆）|6|—|7|2.执法执勤用车|13|4
二、会议费|7|—|1.25|（二）单价100万元（含）以上设备（不含车辆）|14|3";
    let disclosure = money("机构运行信息表", table);
    let facts = disclosure_to_facts(&disclosure);
    let unit = |printed: &str| fact(&facts, printed).unit;
    assert_eq!([unit("7"), unit("6"), unit("2"), unit("4")], [Some("辆"); 4], "stated, or by the row above");
    assert_eq!(unit("3"), Some("台(套)"), "what it counts is known");
    assert_eq!([unit("8.00"), unit("1.25"), unit("4.50")], [Some("万元"); 3]);
    assert_eq!((fact(&facts, "7").amount_yuan, fact(&facts, "7").column.as_deref()), (None, None));
    assert_eq!(found(&disclosure, "I101"), Vec::<String>::new(), "（一）支出合计 is not the total of 二、会议费");
    let parts =
        table.replace("（二）相关统计数|5|—|—|1.机要通信用车|12|2", "（1）国内接待费|5|—|3.50|1.机要通信用车|12|2");
    assert_eq!(found(&money("机构运行信息表", &parts), "I101"), Vec::<String>::new(), "its budget is not stated");
    let proved = ["8.00", "4.50", "3.50", "6", "2", "4"].map(|printed| fact(&facts, printed).evidence);
    assert_eq!(proved, [Evidence::Proved; 6], "it is of the lines numbered below it, and so are the vehicles");
}

#[test]
fn a_total_that_a_further_page_repeats_parts_no_code_from_the_one_above() {
    let table = "科目编码|科目名称|本年支出合计|基本支出|项目支出
||9.00|5.00|4.00
229|其他支出|4.00||4.00
||9.00|5.00|4.00
22960|彩票公益金安排的支出|4.00||4.00
2296002|用于社会福利的彩票公益金支出|4.00||4.00
201|一般公共服务支出|5.00|5.00|
20101|人大事务|5.00|5.00|
2010101|行政运行|5.00|5.00|";
    let disclosure = money("支出决算表", &table.replace("||9.00", "|合计|9.00"));
    assert_eq!(found(&disclosure, "C101"), Vec::<String>::new());
    assert_eq!(found(&disclosure, "C131").len(), 1);
}

#[test]
fn expenditure_whose_codes_are_all_economic_is_by_economic_classification() {
    // 四川: 财政拨款支出决算明细表 prints economic codes and does not say so in its title.
    let table = "科目编码|科目名称|合计|基本支出|项目支出
|合计|9.00|7.00|2.00
301|工资福利支出|7.00|7.00|
30101|基本工资|7.00|7.00|
302|商品和服务支出|2.00||2.00";
    let kind = |table: &str| super::only(&money("财政拨款支出决算明细表", table)).kind.clone();
    assert_eq!(kind(table).as_deref(), Some("fiscal_appropriation_expenditure_by_economic"));
    let by_function = table.replace("301", "201").replace("30101", "20101").replace("302|", "205|");
    assert_eq!(kind(&by_function).as_deref(), Some("fiscal_appropriation_expenditure"));
}

#[test]
fn a_column_without_any_figure_opens_no_panel() {
    // 云南 公开05表: nothing is carried over in 基本支出结转, and 项目支出结转和结余 stands twice.
    let table = "科目代码|科目名称|年初结转和结余|||本年支出|年末结转和结余||
||合计|基本支出结转|项目支出结转和结余||合计|基本支出结转|项目支出结转和结余
|合计|3.00||3.00|8.00|2.00||2.00
201|一般公共服务支出|3.00||3.00|8.00|2.00||2.00";
    let disclosure = money("一般公共预算财政拨款收入支出决算表", table);
    let table = super::only(&disclosure);
    assert!(table.rows.iter().all(|row| row.label.is_some() && row.panel == 0));
    let of_end = &measures(table)[6..];
    let project = Some("year_end_carryover_project_expenditure");
    assert_eq!(of_end, [Some("year_end_carryover"), Some("year_end_carryover_basic_expenditure"), project]);
}

#[test]
fn codes_of_three_columns_below_one_header_continue_the_code_above() {
    let table = "功能分类科目编码|||科目名称|本年支出合计|基本支出|项目支出
类|款|项|合计|9.00|5.00|4.00
201|||一般公共服务支出|9.00|5.00|4.00
|01||人大事务|9.00|5.00|4.00
||01|行政运行|5.00|5.00|
||04|人大会议|4.00||4.00";
    let disclosure = money("支出决算表", table);
    assert_eq!(super::codes(super::only(&disclosure))[1..], ["201", "20101", "2010101", "2010104"]);
}

#[test]
fn the_budget_and_the_adjusted_budget_are_told_apart() {
    let table = "项目|年初预算数|全年预算数|决算统计数\n公务接待费|4.00|3.75|3.50\n合计|4.00|3.75|3.50";
    let disclosure = money("一般公共预算财政拨款“三公”经费情况表", table);
    let expected = ["budget_three_public_expenses", "adjusted_budget_three_public_expenses", "three_public_expenses"];
    assert_eq!(measures(super::only(&disclosure))[1..], expected.map(Some));
}

#[test]
fn figures_with_a_percent_sign_are_of_no_unit_of_money() {
    // 施甸县 2016: 增、减幅度 does not say that it is in percent.
    let table = "项目|上年决算数|本年决算数|比上年增、减情况|\n|||增、减金额|增、减幅度
合计|10.00|9.00|-1.00|-10.00%\n公务接待费|10.00|9.00|-1.00|-10.00%";
    let disclosure = money("“三公”经费决算情况统计表", table);
    let columns = measures(super::only(&disclosure));
    assert_eq!(columns[3..], [Some("change_from_prior_year"), Some("change_from_prior_year_percent")]);
    assert_eq!(found(&disclosure, "B204"), Vec::<String>::new());
}

#[test]
fn a_body_alone_above_the_title_that_names_it_again_is_one_body() {
    let table = "科目编码\t科目名称\t本年支出合计\n201\t一般公共服务支出\t9.00";
    let text = format!("青溪县司法局\n\n青溪县司法局2021年度部门决算\n\n支出决算表\n\n单位：万元\n\n{table}\n");
    let body = super::read(&text).metadata.body;
    assert_eq!(body.map(|body| body.value).as_deref(), Some("青溪县司法局"));
}

#[test]
fn a_table_of_things_needs_no_unit_of_money() {
    // 江西 公开10表: the unit stands over the columns.
    let table = "项目|车辆（辆）||单价100万元以上专用设备（台，套）\n|小计|执法执勤用车|单价100万元以上专用设备（台，套）\n合计|6|4|1";
    let disclosure = final_accounts("国有资产占用情况表", "单位：台、辆", table);
    let facts = disclosure_to_facts(&disclosure);
    assert_eq!([fact(&facts, "6").unit, fact(&facts, "4").unit], [Some("辆"); 2]);
    assert_eq!(found(&disclosure, "B103"), Vec::<String>::new());
}

#[test]
fn what_the_text_says_of_the_panels_is_compared_with_their_totals() {
    let table = "人员经费|||公用经费||
科目编码|科目名称|决算数|科目编码|科目名称|决算数
301|工资福利支出|7.00|302|商品和服务支出|2.50
30101|基本工资|7.00|30201|办公费|2.50
人员经费合计||7.00|公用经费合计||2.50
合计|||||9.50";
    let title = "一般公共预算财政拨款基本支出决算表";
    let read = |personnel: &str| {
        let table = table.replace('|', "\t");
        let text = format!("一般公共预算财政拨款基本支出9.50万元，其中：人员经费{personnel}万元，公用经费2.50万元。");
        super::read(&format!(
            "青溪县司法局\n\n2022年度部门决算\n\n{title}\n\n单位：万元\n\n{table}\n\n六、{title}情况说明\n\n{text}\n"
        ))
    };
    assert_eq!(found(&read("7.00"), "C506"), Vec::<String>::new(), "合计 below the second panel is of both");
    let differs = found(&read("7.80"), "C506");
    assert!(differs.len() == 1 && differs[0].contains("人员经费合计"), "{differs:?}");
}

#[test]
fn budgets_beside_final_figures_add_up_among_themselves() {
    // 浙江: 预算数 and 决算数 below each kind.
    let table = "合计||公务用车购置及运行维护费||公务接待费|
预算数|决算数|预算数|决算数|预算数|决算数
9.00|8.00|5.00|4.50|4.00|3.50";
    let evidence = |table: &str| {
        let disclosure = money("财政拨款“三公”经费支出决算表", table);
        let cells = super::only(&disclosure).rows[0].cells.iter().map(|cell| cell.evidence).collect::<Vec<_>>();
        (cells, found(&disclosure, "I101").len())
    };
    assert_eq!(evidence(table), (vec![Evidence::Proved; 6], 0));
    assert_eq!(evidence(&table.replace("|4.00|", "|4.70|")).1, 1, "the slip is in the budget");
}

#[test]
fn lines_of_the_economic_classification_within_the_table_of_their_names() {
    // Putuo 2025, p22 and p24: 30217 公务接待费 of basic expenditure is more than all 公务接待费.
    let told = |hospitality: &str| {
        let text = format!(
            "青溪县司法局\n\n2022年度部门决算\n\n一般公共预算财政拨款基本支出决算表\n\n单位：万元\n\n\
             科目编码|科目名称|决算数\n302|商品和服务支出|{hospitality}\n30217|公务接待费|{hospitality}\n\n\
             财政拨款“三公”经费支出决算表\n\n单位：万元\n\n\
             合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费\n||小计|公务用车购置费|公务用车运行维护费|\n\
             2.30|0.00|2.00|0.00|2.00|0.30\n"
        );
        found(&super::read(&text.replace('|', "\t")), "I102")
    };
    assert!(matches!(told("8.31").as_slice(), [one] if one.contains("hospitality_within_three_public_expenses")));
    assert_eq!(told("0.30"), [""; 0]);
    assert_eq!(told("0.20"), [""; 0], "a part may be less");
}

#[test]
fn what_was_spent_is_one_quantity_wherever_it_is_stated() {
    let told = |code: &str, text: &str| {
        let document =
            format!("青溪县司法局\n\n2022年度部门决算\n\n七、“三公”经费支出决算情况说明\n{text}\n八、其他说明\n无。\n");
        found(&super::read(&document), code).len()
    };
    let stated = |again: &str| {
        format!("公务接待费年初预算为1.50万元，支出决算为0.30万元。\n公务接待费支出决算{again}万元，占100%。")
    };
    assert_eq!(told("C507", &stated("0.40")), 1);
    assert_eq!(told("C507", &stated("0.30")), 0, "the budget is no second statement");
    // The amount stands in the paragraph before its change: 3.59 of 23.15 is 15.51 %.
    let changed = |rate: &str| {
        format!("公务接待费支出决算为19.56万元。\n2022年度公务接待费支出决算比2021年度减少3.59万元，下降{rate}%。")
    };
    assert_eq!(told("C503", &changed("15.31")), 1);
    assert_eq!(told("C503", &changed("15.51")), 0);
    let item = |spent: &str| {
        format!(
            "1.社会保障支出（类）养老支出（款）职业年金（项）257.14万元，主要用于缴费。年初预算为274.82万元，支出决算为{spent}万元。"
        )
    };
    assert_eq!(told("C507", &item("245.53")), 1);
    assert_eq!(told("C507", &item("257.14")), 0);
}
