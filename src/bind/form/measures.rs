//! What the values of a form measure that are no funds and no indicators: 全年执行数 and 得分 of self-evaluations.

use crate::model::PerformanceTarget;
use crate::spec::forms::FormSpecs;

/// Names what labels and headings tell of: the nearest word that measures, and for money the source of the funds.
pub(super) fn name_measures(form: &mut PerformanceTarget, specs: &FormSpecs) {
    let further = form.indicators.iter_mut().flat_map(|indicator| &mut indicator.fields);
    for field in form.fields.iter_mut().chain(further) {
        let words = field.path.iter().rev().chain([&field.label.text]);
        field.measure = words_to_measure(words.map(String::as_str), specs);
    }
    for figure in &mut form.figures {
        let words = figure.header.iter().rev().chain(figure.row.as_ref().map(|label| &label.text));
        figure.measure = words_to_measure(words.map(String::as_str), specs);
    }
}

/// `全年执行数（B）`, `其中：当年财政拨款` → `executed.fiscal`; `得分` → `score`.
fn words_to_measure<'a>(words: impl Iterator<Item = &'a str> + Clone, specs: &FormSpecs) -> Option<String> {
    let (measure, is_money) = words.clone().find_map(|word| specs.measure(word))?;
    match words.filter(|_| is_money).find_map(|word| specs.source(word)) {
        Some(source) => Some(format!("{measure}.{}", source.as_str())),
        None => Some(measure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecFiles;

    /// 西安卫健委 2022, p133 and p30; 国家信访局 2024, p35.
    #[test]
    fn what_self_evaluations_measure() {
        let specs = FormSpecs::load(&SpecFiles::builtin()).expect("sound data");
        let of = |words: &[&str]| words_to_measure(words.iter().copied(), &specs);
        assert_eq!(of(&["全年执行数（B）", "其中：当年财政拨款"]).as_deref(), Some("executed.fiscal"));
        assert_eq!(of(&["全年执行数", "年度资金总额："]).as_deref(), Some("executed.total"));
        assert_eq!(of(&["其他资金", "全年执行数（万元）", "学前教育"]).as_deref(), Some("executed.other"));
        assert_eq!(of(&["得分", "年度资金总额"]).as_deref(), Some("score"), "points are of no fund");
        assert_eq!(of(&["执行率（B/A）", "其他资金"]).as_deref(), Some("execution_rate"));
        assert_eq!(of(&["项目实施成本"]), None);
    }
}
