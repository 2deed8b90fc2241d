//! Header labels of a column → what it measures.

use std::borrow::Cow;

use crate::model::{ColumnRole, Side};
use crate::spec::{Kind, Templates, Word};

/// The measure that a path of [`in_words`] states; `None` where a word of it is unknown.
///
/// The leaf names the measure, or, where it is generic (合计, 金额), the nearest label above it that does. A scope
/// above (上年结转, 2025年) or another measure that is no whole of it goes before the name.
pub fn measure_of(keys: &[String], kind: Option<&Kind>, side: Option<Side>, templates: &Templates) -> Option<String> {
    let (leaf, over) = keys.split_last()?;
    let mut used: Vec<&String> = Vec::new();
    let mut base: Option<(String, usize)> = None;
    let mut at = over.len();
    let mut current = leaf;
    loop {
        let named = templates.measure(kind, current, &keys[..at]);
        if let Some((measure, ancestors)) = named.filter(|(_, over)| is_nearest(over, &keys[..at], templates)) {
            used.extend(keys[..at].iter().filter(|key| ancestors.contains(key)));
            base = Some((measure.to_string(), at));
            break;
        }
        if let Some(scope) = templates.scope(current) {
            base = Some((scope.to_string(), at));
            break;
        }
        let passes = templates.is(Word::Generic, current) || at < over.len() && is_neutral(current, templates);
        if !passes {
            return None;
        }
        if at == 0 {
            break;
        }
        at -= 1;
        current = &keys[at];
    }
    let (base, at) = match base {
        Some(found) => found,
        None => (total_of(kind, side)?, 0),
    };
    let mut prefixes: Vec<String> = Vec::new();
    for (place, ancestor) in keys[..at].iter().enumerate() {
        if used.contains(&ancestor) || is_neutral(ancestor, templates) || templates.kind_of_title(ancestor).is_some() {
            continue;
        }
        if let Some(scope) = templates.scope(ancestor) {
            prefixes.push(scope.to_string());
        } else if let Some((measure, _)) = templates.measure(kind, ancestor, &keys[..place]) {
            if measure != base && !templates.is_part_of(&base, measure) {
                // The part says it without its whole: 公务用车购置费 under 公务用车购置及运行维护费.
                prefixes.retain(|whole| !templates.is_part_of(measure, whole));
                prefixes.push(measure.to_string());
            }
        } else {
            return None;
        }
    }
    prefixes.push(base);
    prefixes.dedup();
    Some(prefixes.join("_"))
}

/// True where no word with a meaning stands between the label and the one that it is read under: 小计 below 本年收入 >
/// 单位资金 is none of 本年收入 (云南 预算01-2表).
fn is_nearest(ancestors: &[String], over: &[String], templates: &Templates) -> bool {
    let Some(last) = ancestors.last() else { return true };
    let between = over.iter().rev().take_while(|label| *label != last);
    between.into_iter().all(|label| is_neutral(label, templates))
}

/// The path with every label that is no word of the vocabulary taken apart into some that are: 2024年“三公”经费预算数 is
/// 三公经费预算数, 2023年… the same under 上年. A label that no rule takes apart stays.
pub fn in_words(keys: &[String], kind: Option<&Kind>, templates: &Templates) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(keys.len());
    for key in keys {
        match taken_apart(key, &words, kind, templates) {
            Some(parts) => words.extend(parts),
            None => words.push(key.clone()),
        }
    }
    words
}

/// The first reading of a label in which every word is known, the one of the fewest rules first.
pub fn taken_apart(label: &str, over: &[String], kind: Option<&Kind>, templates: &Templates) -> Option<Vec<String>> {
    /// Year, fund and ending may stand around one word; more rules than that read what nobody wrote.
    const MOST_RULES: usize = 4;
    let mut readings = vec![vec![label.to_string()]];
    for _ in 0..=MOST_RULES {
        let mut next: Vec<Vec<String>> = Vec::new();
        for reading in readings {
            let path = |at: usize| match reading.get(..at) {
                Some(before @ [_, ..]) => Cow::from([over, before].concat()),
                _ => Cow::from(over),
            };
            let unknown = reading.iter().enumerate().find(|(at, word)| !is_word(word, &path(*at), kind, templates));
            let Some((at, word)) = unknown else { return Some(reading) };
            next.extend(templates.composed(word).map(|parts| {
                let mut longer = reading.clone();
                longer.splice(at..=at, parts);
                longer
            }));
        }
        readings = next;
    }
    None
}

/// True for a label that has a meaning, or none of its own.
fn is_word(label: &str, over: &[String], kind: Option<&Kind>, templates: &Templates) -> bool {
    templates.measure(kind, label, over).is_some()
        || templates.scope(label).is_some()
        || templates.is_over(kind, label)
        || is_neutral(label, templates)
}

/// What heads names heads amounts too where a merged cell reaches over both (深圳 表5: 支出项目类别).
fn is_neutral(label: &str, templates: &Templates) -> bool {
    templates.is_any(&[Word::Neutral, Word::Generic, Word::Revenue, Word::Expenditure], label)
        || templates.column_role(label).is_some_and(|(role, _)| role == ColumnRole::Label)
}

/// What 合计 counts where nothing above it says so.
fn total_of(kind: Option<&Kind>, side: Option<Side>) -> Option<String> {
    kind.and_then(|kind| kind.total.clone()).or(match side {
        Some(Side::Revenue) => Some("total_revenue".to_string()),
        Some(Side::Expenditure) => Some("total_expenditure".to_string()),
        // 金额, 预算数 of a table of no known kind.
        None if kind.is_none() => Some("amount".to_string()),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Specs;
    use crate::spec::labels::header_key;

    fn measure(kind: &str, path: &[&str]) -> Option<String> {
        let specs = Specs::builtin().expect("sound data");
        let keys: Vec<String> = path.iter().map(|label| header_key(label, Some(2026))).collect();
        let kind = specs.templates.kinds.get(kind);
        measure_of(&in_words(&keys, kind, &specs.templates), kind, None, &specs.templates)
    }

    #[test]
    fn paths_name_measures_from_the_leaf() {
        // [S] 2026年预算收入总表.
        assert_eq!(measure("revenue_summary", &["本年收入", "合计"]).as_deref(), Some("current_year_revenue"));
        assert_eq!(
            measure("revenue_summary", &["本年收入", "政府性基金"]).as_deref(),
            Some("government_managed_funds")
        );
        assert_eq!(measure("revenue_summary", &["上年结转"]).as_deref(), Some("prior_year_carryover"));
        // 苏州 公开02表: the same words under 上年结转结余.
        let carried = measure("revenue_summary", &["上年结转结余", "一般公共预算"]);
        assert_eq!(carried.as_deref(), Some("prior_year_carryover_general_public_budget"));
        assert_eq!(measure("revenue_summary", &["上年结转结余", "小计"]).as_deref(), Some("prior_year_carryover"));
        assert_eq!(measure("revenue_summary", &["合计"]).as_deref(), Some("total_revenue"));
        // 苏州 公开05表.
        let kind = "fiscal_appropriation_expenditure";
        assert_eq!(measure(kind, &["基本支出", "小计"]).as_deref(), Some("basic_expenditure"));
        assert_eq!(measure(kind, &["基本支出", "人员经费"]).as_deref(), Some("personnel_expenses"));
        assert_eq!(measure(kind, &["2026年预算数", "合计"]).as_deref(), Some("total_expenditure"));
    }

    #[test]
    fn unknown_words_leave_the_measure_open() {
        assert_eq!(measure("expenditure_summary", &["本次下达", "合计"]), None);
        assert_eq!(measure("expenditure_summary", &["基本支出情况"]), None);
    }
}
