//! Sound prose raises no finding: paragraphs in the usual wordings of budgets and final accounts, with figures that are computed.

use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::fixture::{checked, outcomes};
use crate::model::Outcome;

/// An amount in 万元 with two decimals.
fn wan(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn percent(part: Decimal, whole: Decimal) -> String {
    let rate = (part * Decimal::ONE_HUNDRED / whole).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    format!("{rate:.2}%")
}

/// `比上年…` in one of the usual wordings.
fn change(now: Decimal, prior: Decimal, style: usize) -> String {
    let (compared, by) =
        [("比上年预算", ""), ("较上年决算数", ""), ("与2025年相比，", "了"), ("比2025年预算数", ""), ("同比", "")]
            [style % 5];
    let rises = now >= prior;
    let (verb, rate) = match (rises, style % 4) {
        (true, 0) => ("增加", "增长"),
        (true, 1) => ("增加", "增幅"),
        (true, 2) => ("增长", "增长率为"),
        (true, _) => ("增加", "上升"),
        (false, 0) => ("减少", "下降"),
        (false, 1) => ("减少", "降低"),
        (false, 2) => ("下降", "下降"),
        (false, _) => ("减少", "减幅"),
    };
    let difference = (now - prior).abs();
    if difference.is_zero() {
        return format!("{compared}持平");
    }
    format!("{compared}{verb}{by}{difference}万元，{rate}{}", percent(difference, prior))
}

/// Shares printed so that all are rounded.
fn list(parts: &[(&str, Decimal)], whole: Decimal, between: &str) -> String {
    let item = |(name, part): &(&str, Decimal)| format!("{name}{part}万元，占{}", percent(*part, whole));
    parts.iter().map(item).collect::<Vec<_>>().join(between)
}

fn paragraphs(now: i64, prior: i64, part: i64, style: usize) -> Vec<String> {
    let (now, prior, part) = (wan(now + part), wan(prior), wan(part));
    let rest = now - part;
    let why = [
        "，主要原因是人员增加",
        "，主要是压减一般性支出5%",
        "",
        "，主要变动原因：一是退休人员减少3人；二是新增项目2个，金额12.00万元",
    ][style % 4];
    let order = if part > now {
        "大于"
    } else if part < now {
        "小于"
    } else {
        "等于"
    };
    vec![
        format!("甲局2026年支出预算{now}万元，其中：{}。", list(&[("基本支出", part), ("项目支出", rest)], now, "；")),
        format!("信访事务{now}万元，{}{why}。", change(now, prior, style)),
        format!(
            "2026年培训支出{now}万元，主要用于以下方面：{}。",
            list(&[("设备购置费", rest), ("劳务费", part)], now, "；")
        ),
        format!("党建经费预算{now}万元（{}）{why}。", change(now, prior, style + 1)),
        format!(
            "行政运行（项）。年初预算为{now}万元，支出决算为{part}万元，完成年初预算的{}。决算数{order}预算数的主要原因是工作调整。",
            percent(part, now)
        ),
        format!("公务接待费支出预算{now}万元，支出决算{part}万元，完成预算的{}。", percent(part, now)),
        format!(
            "会议保障{now}万元，比上年{prior}万元{}。",
            change(now, prior, style).trim_start_matches(|c| !"增减下上持".contains(c))
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_told_of_consistent_figures(
        now in 100i64..90_000_000,
        prior in 100i64..90_000_000,
        part in 100i64..90_000_000,
        style in 0usize..20,
    ) {
        for text in paragraphs(now, prior, part, style) {
            let (_, findings) = checked(&[&text]);
            prop_assert!(findings.is_empty(), "{}: {:?}", text, findings.first().map(|finding| &finding.message));
        }
    }
}

/// The paragraphs are read: their shares, changes and rates are evaluated and hold.
#[test]
fn the_paragraphs_are_evaluated() {
    let texts = paragraphs(523_456, 700_000, 123_456, 0);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (results, _) = checked(&texts);
    let holding = |identity: &str| {
        let of = outcomes(&results, identity);
        of.iter().filter(|outcome| matches!(outcome, Outcome::Exact | Outcome::WithinRounding)).count()
    };
    assert_eq!((holding("prose.share"), holding("prose.completion_rate")), (4, 2));
    assert!(holding("prose.change_rate") >= 1 && holding("prose.parts_add_up") == 2);
}
