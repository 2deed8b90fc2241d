//! Forms built as the seed prints them: labels, columns and figures are the page's, long texts are shortened.
//! The expectations are read off the page.

use super::*;
use crate::base::amount::Unit;
use crate::base::place::Place;
use crate::model::{FundSource, Half, Indicator};
use crate::segment::RawRow;

/// Tab-separated lines → the table that segmenting makes of them.
fn raw(text: &str, first_line: u32) -> RawTable {
    let mut rows = Vec::new();
    for (line, text) in (first_line..).zip(text.trim_matches('\n').lines()) {
        let mut cells = Vec::new();
        let mut column = 1;
        for (index, cell) in (0..).zip(text.split('\t')) {
            let width = cell.chars().count() as u32;
            let place = Place::Text { line, column, width, cell: Some(index + 1) };
            column += width + 1;
            if !cell.is_empty() {
                cells.push(RawCell { row: 0, column: index, row_span: 1, column_span: 1, text: cell.into(), place });
            }
        }
        rows.push(RawRow { cells, place: Place::Text { line, column: 1, width: column, cell: None }, fragment: 0 });
    }
    RawTable { columns: 10, rows, ..RawTable::default() }
}

fn bind(text: &str) -> (PerformanceTarget, Vec<Finding>) {
    let mut findings = Vec::new();
    let specs = Specs::builtin().expect("built-in specs");
    let form = bind_form(&raw(text, 493), "performance_target", 1, &specs, &mut findings);
    (form, findings)
}

fn text(printed: &Option<Printed>) -> &str {
    printed.as_ref().map_or("", |printed| printed.text.as_str())
}

/// `half source amount`, in the order of the form.
fn funds(form: &PerformanceTarget) -> Vec<String> {
    let half = |half| if half == Half::Annual { "annual" } else { "period" };
    let amount = |fund: &crate::model::Fund| fund.amount.map_or("-".to_string(), |amount| amount.to_string());
    form.funds.iter().map(|fund| format!("{} {:?} {}", half(fund.half), fund.source, amount(fund))).collect()
}

fn expected_funds(period: [&str; 6], annual: [&str; 6]) -> Vec<String> {
    let sources = [
        FundSource::Total,
        FundSource::Central,
        FundSource::Provincial,
        FundSource::Local,
        FundSource::Own,
        FundSource::Other,
    ];
    let rows = sources.iter().zip(period.iter().zip(annual));
    rows.flat_map(|(source, (period, annual))| {
        [format!("period {source:?} {period}"), format!("annual {source:?} {annual}")]
    })
    .collect()
}

/// `level1/level2/level3=value` of one half.
fn indicators(form: &PerformanceTarget, half: Half) -> Vec<String> {
    let row = |i: &Indicator| {
        let value = i.value.as_ref().map_or("", |value| value.printed.as_str());
        format!("{}/{}/{}={value}", text(&i.level1), text(&i.level2), text(&i.level3))
    };
    form.indicators.iter().filter(|indicator| indicator.half == half).map(row).collect()
}

/// Every cell of the source is in the form or in a finding.
fn assert_nothing_lost(source: &str, form: &PerformanceTarget, findings: &[Finding]) {
    let whole = serde_json::to_string(form).expect("a form serialises") + &format!("{findings:?}");
    for cell in source.split(['\t', '\n']).filter(|cell| !cell.trim().is_empty()) {
        assert!(whole.contains(cell), "{cell} is lost");
    }
}

/// Seed, form 1 (lines 493–519): 8 columns, 可持续发展指标 in the place of level 1, its twin named otherwise.
const STAR_SUBSIDY: &str = "
项目名称		2026年村党组织书记星级补助					
主管部门及代码		007-中共长治市屯留区委组织部		实施单位		中共长治市屯留区委组织部	
项目属性		一次性项目(1年结束)		项目期		1年	
项目资金 (元)	实施期资金总额:	130,000		年度资金总额:	130,000		
	其中:中央财政资金	0		其中:中央财政资金	0		
	省级财政资金	0		省级财政资金	0		
	市县(区)财政资金	130,000		市县(区)财政资金	130,000		
	单位自筹	0		单位自筹	0		
	其他资金			其他资金			
项目概况		按星级发放					
立项依据		屯组通字〔2022〕21号					
项目设立必要性		激励					
保证项目实施的制度、措施		细则					
项目实施计划		12月底前发放					
实施期目标				年度目标			
总体目标		及时发放				及时发放	
绩效指标	一级指标	二级指标	三级指标	指标值	二级指标	三级指标	指标值
	产出指标	数量指标	发放人数	按星级	数量指标	发放人数	按星级
		质量指标	及时发放	及时	质量指标	及时发放	及时
		时效指标	发放时间	12月底完成	时效指标	发放时间	12月底完成
		成本指标	发放标准	300元/星	成本指标	发放标准	300元/星
	效益指标	经济效益			经济效益		
		社会效益			社会效益		
		生态效益			生态效益		
	可持续发展指标	发放影响	激励	可持续发展影响	发放影响	激励	
	满意度指标	服务对象满意度	群众满意度	≥95%	服务对象满意度	群众满意度	≥95%
负责人:	经办人:		联系电话:		填报日期:	20251127171434	
";

#[test]
fn form_with_level_2_in_the_place_of_level_1() {
    let (form, findings) = bind(STAR_SUBSIDY);
    assert_eq!(findings, []);
    assert_eq!(text(&form.project), "2026年村党组织书记星级补助");
    assert_eq!(form.supervising_department_code.as_deref(), Some("007"));
    assert_eq!(form.supervising_department_name.as_deref(), Some("中共长治市屯留区委组织部"));
    assert_eq!(text(&form.implementing_unit), "中共长治市屯留区委组织部");
    assert_eq!((text(&form.attribute), text(&form.period)), ("一次性项目(1年结束)", "1年"));
    assert_eq!(form.unit.as_ref().map(|unit| &unit.value), Some(&Unit::Yuan));
    let amounts = ["130000", "0", "0", "130000", "0", "-"];
    assert_eq!(funds(&form), expected_funds(amounts, amounts));
    assert_eq!((text(&form.overview), text(&form.basis)), ("按星级发放", "屯组通字〔2022〕21号"));
    assert_eq!((text(&form.necessity), text(&form.measures), text(&form.plan)), ("激励", "细则", "12月底前发放"));
    let goals: Vec<_> = form.goals.iter().map(|goal| (goal.half, goal.text.text.as_str())).collect();
    assert_eq!(goals, [(Half::ImplementationPeriod, "及时发放"), (Half::Annual, "及时发放")]);
    let mut expected = vec![
        "产出指标/数量指标/发放人数=按星级",
        "产出指标/质量指标/及时发放=及时",
        "产出指标/时效指标/发放时间=12月底完成",
        "产出指标/成本指标/发放标准=300元/星",
        "效益指标/经济效益/=",
        "效益指标/社会效益/=",
        "效益指标/生态效益/=",
        "效益指标/可持续发展指标/发放影响=激励",
        "满意度指标/服务对象满意度/群众满意度=≥95%",
    ];
    assert_eq!(indicators(&form, Half::ImplementationPeriod), expected);
    expected[7] = "效益指标/可持续发展影响/发放影响=激励";
    assert_eq!(indicators(&form, Half::Annual), expected);
    assert_eq!(form.filled_at.as_ref().map(|at| at.value.as_str()), Some("2025-11-27T17:14:34"));
    assert_eq!((form.responsible_person.as_ref(), form.handler.as_ref(), form.phone.as_ref()), (None, None, None));
    assert_nothing_lost(STAR_SUBSIDY, &form, &findings);
}

/// Seed, form 2 (lines 525–551): 项目日期, halves that differ in their totals, two rows moved to the left edge.
const TRAINING: &str = "
项目名称		2026年党员教育培训经费					
主管部门及代码	007-中共长治市屯留区委组织部	实施单位		中共长治市屯留区委组织部			
项目属性		一次性项目(1年结束)		项目日期		1年	
项目资金 (元)	实施期资金总额:	150,000		年度资金总额:	100,000		
	其中:中央财政资金	0		其中:中央财政资金	0		
	省级财政资金	0		省级财政资金	0		
	市县(区)财政资金	150,000		市县(区)财政资金	100,000		
	单位自筹	0		单位自筹	0		
其他资金			其他资金				
实施期目标				年度目标			
总体目标	长期			当年			
绩效指标	一级指标	二级指标	三级指标	指标值	二级指标	三级指标	指标值
	产出指标	数量指标	涉及党员人数	≥10000人	数量指标	涉及党员人数	≥10000人
		质量指标	涉及乡镇	13个乡镇及社工委	质量指标	涉及乡镇	13个乡镇及社工委
		成本指标	发放要求	9元/人	成本指标	发放要求	9元/人
	效益指标	经济效益			经济效益		
		生态效益			生态效益		
可持续影响				可持续影响			
满意度指标	服务对象满意度	学员满意度	≥80%	服务对象满意度	学员满意度	≥80%	
负责人:		联系电话:		填报日期:	20251113114053		
";

#[test]
fn form_with_rows_moved_to_the_left_edge() {
    let (form, findings) = bind(TRAINING);
    assert_eq!(findings, []);
    assert_eq!(text(&form.period), "1年");
    assert_eq!(text(&form.implementing_unit), "中共长治市屯留区委组织部");
    let period = ["150000", "0", "0", "150000", "0", "-"];
    assert_eq!(funds(&form), expected_funds(period, ["100000", "0", "0", "100000", "0", "-"]));
    let goals: Vec<_> = form.goals.iter().map(|goal| (goal.half, goal.text.text.as_str())).collect();
    assert_eq!(goals, [(Half::ImplementationPeriod, "长期"), (Half::Annual, "当年")]);
    let expected = [
        "产出指标/数量指标/涉及党员人数=≥10000人",
        "产出指标/质量指标/涉及乡镇=13个乡镇及社工委",
        "产出指标/成本指标/发放要求=9元/人",
        "效益指标/经济效益/=",
        "效益指标/生态效益/=",
        "效益指标/可持续影响/=",
        "满意度指标/服务对象满意度/学员满意度=≥80%",
    ];
    assert_eq!(indicators(&form, Half::ImplementationPeriod), expected);
    assert_eq!(indicators(&form, Half::Annual), expected);
    assert_eq!(form.filled_at.as_ref().map(|at| at.value.as_str()), Some("2025-11-13T11:40:53"));
    assert_nothing_lost(TRAINING, &form, &findings);
}

/// Seed, form 6 (lines 653–679): 10 columns, unlike totals, 可持续性指标 beside 可持续影响, satisfaction at the left edge.
const ARCHIVES: &str = "
项目名称		2026年干部人事档案数字化专项经费							
主管部门及代码		007-中共长治市屯留区委组织部		实施单位		中共长治市屯留区委组织部			
项目属性		一次性项目(1年结束)		项目期		1年			
项目资金(元)		实施期资金总额:		350,000		年度资金总额:		300,000	
		其中:中央财政资金		0		其中:中央财政资金		0	
		省级财政资金		0		省级财政资金		0	
		市县(区)财政资金		350,000		市县(区)财政资金		300,000	
		单位自筹		0		单位自筹		0	
其他资金				其他资金					
实施期目标				年度目标					
总体目标		提高效率				提高效率			
绩效指标	一级指标	二级指标	三级指标	指标值	二级指标	三级指标	指标值		
	产出指标	数量指标	人事档案	全区档案	数量指标	人事档案	全区档案		
		时效指标	经费时效	全年	时效指标	经费时效	全年		
		成本指标			成本指标				
	效益指标	经济效益			经济效益				
		社会效益	人事档案	数字化	社会效益	人事档案	数字化		
生态效益				生态效益					
可持续性指标				可持续影响					
满意度指标	服务对象满意度	档案利用率	提高	服务对象满意度	档案利用率	提高			
负责人:	经办人:		联系电话:		填报日期:	20251127174151			
";

#[test]
fn form_of_ten_columns() {
    let (form, findings) = bind(ARCHIVES);
    assert_eq!(findings, []);
    assert_eq!(text(&form.project), "2026年干部人事档案数字化专项经费");
    let period = ["350000", "0", "0", "350000", "0", "-"];
    assert_eq!(funds(&form), expected_funds(period, ["300000", "0", "0", "300000", "0", "-"]));
    let mut expected = vec![
        "产出指标/数量指标/人事档案=全区档案",
        "产出指标/时效指标/经费时效=全年",
        "产出指标/成本指标/=",
        "效益指标/经济效益/=",
        "效益指标/社会效益/人事档案=数字化",
        "效益指标/生态效益/=",
        "效益指标/可持续性指标/=",
        "满意度指标/服务对象满意度/档案利用率=提高",
    ];
    assert_eq!(indicators(&form, Half::ImplementationPeriod), expected);
    expected[6] = "效益指标/可持续影响/=";
    assert_eq!(indicators(&form, Half::Annual), expected);
    assert_nothing_lost(ARCHIVES, &form, &findings);
}

/// Seed, form 16 (lines 972–998): another supervisor, amounts under 中央, 成本指标 printed beside 效益指标.
const VILLAGE_POSTS: &str = "
项目名称		2026年度选调生到村工作中央财政补助资金的通知 (长财行【2025】85号)					
主管部门及代码		902-行政政法股单位		实施单位		中共长治市屯留区委组织部	
项目资金 (元)		实施期资金总额:		105,000	年度资金总额:		105,000
		其中:中央财政资金		105,000	其中:中央财政资金		105,000
		省级财政资金		0	省级财政资金		0
		市县(区)财政资金		0	市县(区)财政资金		0
		单位自筹		0	单位自筹		0
其他资金				其他资金			
绩效指标	一级指标	二级指标	三级指标	指标值	二级指标	三级指标	指标值
	产出指标	数量指标	选调生数量	第一年3人、第二年10人	数量指标	选调生数量	第一年3人、第二年10人
		时效指标	拨付时间	2025年12月31日前拨付	时效指标	拨付时间	2025年12月31日前拨付
	效益指标	成本指标			成本指标		
		经济效益			经济效益		
	可持续影响	能力提升	提高	可持续影响	能力提升	提高	
	满意度指标	服务对象满意度	满意度	≥90%	服务对象满意度	满意度	≥90%
负责人:	经办人:		联系电话:		填报日期:	20260202112208	
";

#[test]
fn form_with_an_indicator_under_another_heading() {
    let (form, findings) = bind(VILLAGE_POSTS);
    let codes: Vec<_> = findings.iter().map(|finding| (finding.code.as_str(), finding.label.as_str())).collect();
    assert_eq!(codes, [("B404", "belongs elsewhere"), ("B404", "belongs elsewhere")]);
    assert_eq!(form.supervising_department_code.as_deref(), Some("902"));
    assert_eq!(form.supervising_department_name.as_deref(), Some("行政政法股单位"));
    let amounts = ["105000", "105000", "0", "0", "0", "-"];
    assert_eq!(funds(&form), expected_funds(amounts, amounts));
    let expected = [
        "产出指标/数量指标/选调生数量=第一年3人、第二年10人",
        "产出指标/时效指标/拨付时间=2025年12月31日前拨付",
        "效益指标/成本指标/=",
        "效益指标/经济效益/=",
        "效益指标/可持续影响/能力提升=提高",
        "满意度指标/服务对象满意度/满意度=≥90%",
    ];
    assert_eq!(indicators(&form, Half::ImplementationPeriod), expected);
    assert_eq!(indicators(&form, Half::Annual), expected);
    assert_nothing_lost(VILLAGE_POSTS, &form, &findings);
}

#[test]
fn a_value_that_reads_like_a_name_of_level_2_stays_a_value() {
    let (form, findings) = bind(
        "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\t二级指标\t三级指标\t指标值\n\
         \t满意度指标\t满意度指标\t服务对象满意度\t≥95%\t满意度指标\t服务对象满意度\t≥96%",
    );
    assert_eq!(findings, []);
    assert_eq!(indicators(&form, Half::ImplementationPeriod), ["满意度指标/满意度指标/服务对象满意度=≥95%"]);
    assert_eq!(indicators(&form, Half::Annual), ["满意度指标/满意度指标/服务对象满意度=≥96%"]);
}

#[test]
fn one_half_with_level_2_merged_over_rows() {
    let (form, findings) = bind(
        "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\n\
         \t产出指标\t数量指标\t车辆\t3辆\n\t\t\t人员\t5人\n\t\t质量指标\t\t合格\n\t效益指标\t安全指标\t事故\t0起",
    );
    assert_eq!(findings, []);
    let expected = [
        "产出指标/数量指标/车辆=3辆",
        "产出指标/数量指标/人员=5人",
        "产出指标/质量指标/=合格",
        "效益指标/安全指标/事故=0起",
    ];
    assert_eq!(indicators(&form, Half::Annual), expected);
    assert_eq!(indicators(&form, Half::ImplementationPeriod), [""; 0]);
}

#[test]
fn unknown_labels_and_lone_texts_are_kept_or_reported() {
    let (form, findings) = bind("项目名称\t修路\n项目负责科室\t规划科\n负责人：张三\t联系电话:\t123\n孤立的一句");
    assert_eq!(text(&form.project), "修路");
    assert_eq!(text(&form.responsible_person), "张三");
    assert_eq!(text(&form.phone), "123");
    let fields: Vec<_> = form.fields.iter().map(|f| (f.label.text.as_str(), f.value.text.as_str())).collect();
    assert_eq!(fields, [("项目负责科室", "规划科")]);
    let reported: Vec<_> = findings.iter().map(|f| (f.code.as_str(), f.place.as_ref().and_then(Place::line))).collect();
    assert_eq!(reported, [("B401", Some(496))]);
}

#[test]
fn an_amount_that_is_no_figure_is_reported_and_printed() {
    let (form, findings) = bind("项目资金\t年度资金总额:\t12,34");
    assert_eq!(funds(&form), ["annual Total -"]);
    assert_eq!(form.funds.first().and_then(|fund| fund.printed.as_deref()), Some("12,34"));
    assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["B402"]);
}

#[test]
fn a_dash_for_an_amount_is_a_blank_that_is_printed() {
    let (form, findings) = bind("资金金额（万元）\t年度资金总额：\t10.50\n\t其他资金\t-");
    assert_eq!(findings, []);
    assert_eq!(form.unit.as_ref().map(|unit| &unit.value), Some(&Unit::TenThousandYuan));
    assert_eq!(funds(&form), ["annual Total 10.50", "annual Other -"]);
    assert_eq!(form.funds.get(1).and_then(|fund| fund.printed.as_deref()), Some("-"));
}

#[test]
fn figures_of_no_known_column_come_out_under_their_words() {
    // 国家信访局 2024 决算, p. 30: a self-evaluation; 分值 and 得分 are columns of no tree of targets.
    let page = "\t\t年初预算数\t全年执行数\t分值\n项目资金\t年度资金总额：\t180.61\t180.03\t10.0";
    let mut findings = Vec::new();
    let specs = Specs::builtin().expect("built-in specs");
    let form = bind_form(&raw(page, 1), "performance_self_evaluation", 1, &specs, &mut findings);
    let funds = form.funds.iter().filter_map(|fund| Some((fund.printed.clone()?, fund.label.text.clone())));
    let fields = form.fields.iter().map(|field| (field.value.text.clone(), field.label.text.clone()));
    let figures = form.figures.iter().map(|figure| {
        let row = figure.row.as_ref().map_or("", |label| label.text.as_str());
        (figure.printed.clone(), format!("{row} {}", figure.header.join(" ")))
    });
    let printed: Vec<String> = funds.chain(fields).chain(figures).map(|(printed, _)| printed).collect();
    for figure in ["180.61", "180.03", "10.0"] {
        assert_eq!(printed.iter().filter(|printed| *printed == figure).count(), 1, "{figure} in {printed:?}");
    }
    let tree = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t数量指标\t培训人数\t≥300人\t366人\t12.5\t11.5";
    let form = bind_form(&raw(tree, 1), "performance_self_evaluation", 1, &specs, &mut findings);
    let further: Vec<(&str, &str)> = (form.indicators.iter().flat_map(|indicator| &indicator.fields))
        .map(|field| (field.label.text.as_str(), field.value.text.as_str()))
        .collect();
    assert_eq!(further, [("实际完成值", "366人"), ("分值", "12.5"), ("得分", "11.5")]);
    assert_eq!(form.figures, []);
    assert!(!findings.iter().any(|finding| finding.message.contains("12.5")), "{findings:?}");
}

/// Rows of a ruled grid: `column+span text | …`.
fn ruled(text: &str) -> RawTable {
    let mut table = RawTable { columns: 8, ..RawTable::default() };
    let page = |row: usize, column: u32| Place::Page { page: 1, bbox: [column as f32, row as f32, 0.0, 0.0] };
    for (row, line) in text.trim().lines().enumerate() {
        let cells = line.split(" | ").filter_map(|cell| {
            let (at, text) = cell.trim().split_once(' ')?;
            let (column, span) = at.split_once('+').unwrap_or((at, "1"));
            let (column, column_span) = (column.parse().ok()?, span.parse().ok()?);
            Some(RawCell { row: 0, column, row_span: 1, column_span, text: text.into(), place: page(row, column) })
        });
        table.rows.push(RawRow { cells: cells.collect(), place: page(row, 0), fragment: 0 });
    }
    let method = GridMethod::Ruled;
    table.fragments = vec![crate::model::Fragment {
        place: page(0, 0),
        rows: table.rows.len() as u32,
        method,
        joined_by: None,
        short_lines: Vec::new(),
    }];
    table
}

fn bind_ruled(text: &str) -> (PerformanceTarget, Vec<Finding>) {
    let mut findings = Vec::new();
    let specs = Specs::builtin().expect("built-in specs");
    (bind_form(&ruled(text), "performance_target", 1, &specs, &mut findings), findings)
}

fn fields(form: &PerformanceTarget) -> Vec<String> {
    let unit = |field: &Field| field.unit.as_ref().map_or(String::new(), |unit| unit.to_string());
    form.fields.iter().map(|f| format!("{} {} {}{}", f.label.text, f.path.join("/"), f.value.text, unit(f))).collect()
}

/// Self-evaluation of a central department, 2024 (page 32).
#[test]
fn a_self_evaluation_on_a_page() {
    let (form, findings) = bind_ruled(
        "0+2 项目名称 | 2+9 立法专项
         0+2 项目资金 （万元） | 4 年初预算 数 | 5 全年预算数（A） | 6 全年执行数 | 7 分值 | 8+2 执行率 | 10 得分
         2+2 年度资金总额： | 4 493.76 | 5 536.2 | 6 413.57 | 7 10.0 | 8+2 77.13% | 10 7.7
         2+2 其中：财政 拨款 | 4 473.76 | 5 473.76 | 6 351.13 | 7 --
         0 年 度 总 体 目 标 | 1+5 预期目标 | 6+5 实际完成情况
         1+5 形成制度体系。 | 6+5 办法已印发。
         0 绩 效 指 标 | 1 一级指标 | 2 二级指标 | 3+2 三级指标 | 5 年度指标 值 | 6 实际完成值 | 7 分值 | 8 得分 | 9+2 偏差原因分析及 改进措施
         1 产出指标 （50分） | 2 数量指标 | 3+2 研究成果数 | 5 ≥18个 | 6 30个 | 7 9 | 8 9
         3+2 发稿量（篇） | 5 ≥350篇 | 6 335篇 | 7 6 | 8 4 | 9+2 调整计划
         0+7 总分 | 7 100 | 8 94.7",
    );
    assert_eq!(findings, []);
    assert_eq!(funds(&form), ["annual Total 493.76", "annual Fiscal 473.76"]);
    let expected = [
        "年度资金总额： 全年预算数（A） 536.2万元",
        "年度资金总额： 全年执行数 413.57万元",
        "年度资金总额： 分值 10.0",
        "年度资金总额： 执行率 77.13%",
        "年度资金总额： 得分 7.7",
        "其中：财政拨款 全年预算数（A） 473.76万元",
        "其中：财政拨款 全年执行数 351.13万元",
        "其中：财政拨款 分值 --",
        "年度总体目标 实际完成情况 办法已印发。",
        "总分  100",
        "总分  94.7",
    ];
    assert_eq!(fields(&form), expected);
    assert_eq!(form.goals.iter().map(|goal| goal.text.text.as_str()).collect::<Vec<_>>(), ["形成制度体系。"]);
    let names = ["产出指标（50分）/数量指标/研究成果数=≥18个", "产出指标（50分）/数量指标/发稿量（篇）=≥350篇"];
    assert_eq!(indicators(&form, Half::Annual), names);
    let further: Vec<_> =
        form.indicators[1].fields.iter().map(|f| format!("{} {}", f.label.text, f.value.text)).collect();
    assert_eq!(further, ["实际完成值 335篇", "分值 6", "得分 4", "偏差原因分析及改进措施 调整计划"]);
}

/// 北京 2026, table 13 (audit bureau, page 20); 西安 2026, tasks of a department (page 42).
#[test]
fn tables_within_forms_of_departments() {
    let (form, findings) = bind_ruled(
        "0+2 部门名称 | 2+7 某市审计局
         0+2 总体资金情况（万元） | 2 预算支出总额 | 3+3 财政拨款 | 6+3 其他资金
         3 合计 | 4 基本支出 | 5 项目支出 | 6 合计 | 7 基本支出 | 8 项目支出
         2 32,852.05 | 3 32,801.93 | 4 25,218.53 | 5 7,583.39 | 6 50.11 | 8 50.11
         0 整体绩效目标 | 1 整体绩效目标 | 2+7 履行监督职责。
         1 其他说明
         1+2 活动 | 3+2 绩效指标 | 5 指标性质 | 6+2 指标值 | 8 度量单位
         1+2 审计业务 | 3+2 产出指标数量指标出具报告 | 5 ≥ | 6+2 4 | 8 份
         0 整体绩效目标 | 1+2 审计管理 | 3+2 效益指标社会效益指标保障安全 | 5 定性 | 6+2 优",
    );
    assert_eq!(findings, []);
    let expected = [
        "部门名称  某市审计局",
        "总体资金情况（万元） 预算支出总额 32,852.05万元",
        "总体资金情况（万元） 财政拨款/合计 32,801.93万元",
        "总体资金情况（万元） 财政拨款/基本支出 25,218.53万元",
        "总体资金情况（万元） 财政拨款/项目支出 7,583.39万元",
        "总体资金情况（万元） 其他资金/合计 50.11万元",
        "总体资金情况（万元） 其他资金/项目支出 50.11万元",
    ];
    assert_eq!(fields(&form), expected);
    assert_eq!(indicators(&form, Half::Annual), ["产出指标/数量指标/出具报告=4", "效益指标/社会效益指标/保障安全=优"]);
    let value = form.indicators[0].value.as_ref().map(|v| (v.comparator.as_deref(), v.unit.as_deref()));
    assert_eq!(value, Some((Some("≥"), Some("份"))));

    let (form, findings) = bind_ruled(
        "0 年度主 要任务 | 1+2 任务名称 | 3 主要内容 | 4+3 预算金额（万元） | 7 执行率分值 （10分）
         4 总额 | 5 财政拨款 | 6 其他资金
         1+2 保运转 | 3 保障人员薪酬 | 4 1932.81 | 5 1932.81
         1+3 金额合计 | 4 2838.42 | 5 2838.42
         0 年度 目标 | 1+7 认真履职。",
    );
    assert_eq!(findings, []);
    let expected = [
        "保运转 主要内容 保障人员薪酬",
        "保运转 预算金额（万元）/总额 1932.81万元",
        "保运转 预算金额（万元）/财政拨款 1932.81万元",
        "金额合计 预算金额（万元）/总额 2838.42万元",
        "金额合计 预算金额（万元）/财政拨款 2838.42万元",
    ];
    assert_eq!(fields(&form), expected);
    assert_eq!(form.goals.iter().map(|goal| goal.text.text.as_str()).collect::<Vec<_>>(), ["认真履职。"]);
}

/// Self-evaluation of a unit in 四川, 2023: the unit of the funds heads their names, the total is right of a merged cell.
#[test]
fn a_self_evaluation_whose_unit_heads_the_names_of_its_funds() {
    let (form, findings) = bind_ruled(
        "0+2 项目名称 | 2+9 工资性支出
         0 预算执行情况（10分） | 1+2 年度预算数（万元） | 3 年初预算 | 4 调整后预算数 | 5 预算执行数 | 6 权重
         1+2 其中：财政资金 | 3 238.93 | 4 251.89 | 5 250.00 | 6 /
         0 年度总体目标 | 1+5 预期目标 | 6+5 实际完成情况
         1+5 按时发放。 | 6+5 已完成。
         1+6 总分 | 7 100 | 8 94.7",
    );
    assert_eq!(findings, []);
    assert_eq!(form.unit.as_ref().map(|unit| &unit.value), Some(&Unit::TenThousandYuan));
    assert_eq!(funds(&form), ["annual Fiscal 238.93"]);
    let expected = [
        "其中：财政资金 调整后预算数 251.89万元",
        "其中：财政资金 预算执行数 250.00万元",
        "其中：财政资金 权重 /",
        "年度总体目标 实际完成情况 已完成。",
        "总分  100",
        "总分  94.7",
    ];
    assert_eq!(fields(&form), expected);
    assert_eq!(form.goals.iter().map(|goal| goal.text.text.as_str()).collect::<Vec<_>>(), ["按时发放。"]);
}
