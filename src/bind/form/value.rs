//! Values of indicators (`≥95%`, `300元/星`) and instants (`20251127170213`).

use crate::base::amount::parse_figure;
use crate::base::place::Printed;
use crate::base::text::as_key;
use crate::model::IndicatorValue;
use crate::spec::forms::FormSpecs;

/// Reads a value: comparator, figure and unit where the whole text is one figure, else only the text.
pub(super) fn printed_to_value(printed: Printed, specs: &FormSpecs) -> IndicatorValue {
    let parts = figure_parts(&printed.text, specs);
    let (comparator, number, unit) = match parts {
        Some(parts) => (Some(parts.comparator), Some(parts.number), parts.unit),
        None => (None, None, None),
    };
    IndicatorValue { printed: printed.text, place: printed.place, comparator, number, unit }
}

struct FigureParts {
    comparator: String,
    number: rust_decimal::Decimal,
    unit: Option<String>,
}

/// The text as one figure. A lone figure needs a known unit (`17人`, not `12月底前`); behind a comparator any word does.
fn figure_parts(text: &str, specs: &FormSpecs) -> Option<FigureParts> {
    let key = as_key(text);
    let (rest, mut comparator) = match specs.comparator_before(&key) {
        Some((rest, is)) => (rest, Some(is)),
        None => (&*key, None),
    };
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let end = rest.find(|c| !is_figure(c)).unwrap_or(rest.len());
    let (figure, mut unit) = rest.split_at(end);
    if !figure.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = parse_figure(figure)?;
    if comparator.is_none()
        && let Some((word, is)) = specs.comparator_after(unit)
    {
        unit = word;
        comparator = Some(is);
    }
    // ≥13459.00(平方米): 上海普陀 2023.
    unit = unit.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(unit);
    let is_wordy = unit.chars().count() > 8 || unit.chars().any(|c| c.is_ascii_digit() || ",，。、;；".contains(c));
    let is_year = unit == "年" && figure.len() == 4;
    let is_unit = unit.is_empty() || (specs.is_unit(unit) && !is_year);
    if !is_unit && (comparator.is_none() || is_wordy) {
        return None;
    }
    let unit = (!unit.is_empty()).then(|| unit.to_string());
    Some(FigureParts { comparator: comparator.unwrap_or("=").to_string(), number, unit })
}

/// `20251127170213`, `2025-11-27`, `2025年11月27日` → ISO 8601; `None` where it is no instant.
pub(super) fn instant_to_iso(printed: &str) -> Option<String> {
    let key = as_key(printed);
    let digits: Vec<&str> = key.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let parts: Vec<String> = match digits.as_slice() {
        [one] if matches!(one.len(), 8 | 14) => {
            let cuts = [0..4, 4..6, 6..8, 8..10, 10..12, 12..14];
            cuts.iter().filter_map(|cut| one.get(cut.clone())).map(str::to_string).collect()
        }
        [_] => return None,
        several => several.iter().map(|part| format!("{part:0>2}")).collect(),
    };
    let number = |index: usize| parts.get(index).and_then(|part| part.parse::<u32>().ok());
    let within = |index: usize, range: std::ops::RangeInclusive<u32>| number(index).is_some_and(|n| range.contains(&n));
    if !(within(0, 1900..=2999) && within(1, 1..=12) && within(2, 1..=31)) {
        return None;
    }
    let date = parts.get(..3)?.join("-");
    match parts.len() {
        3 => Some(date),
        5 | 6 if within(3, 0..=23) && within(4, 0..=59) && (parts.len() == 5 || within(5, 0..=59)) => {
            Some(format!("{date}T{}", parts.get(3..)?.join(":")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;

    fn read(text: &str) -> (Option<String>, Option<String>, Option<String>) {
        let specs = crate::spec::Specs::builtin().expect("built-in specs").forms;
        let place = Place::Text { line: 1, column: 1, width: 1, cell: None };
        let value = printed_to_value(Printed::new(text, place), &specs);
        assert_eq!(value.printed, text);
        (value.comparator, value.number.map(|n| n.to_string()), value.unit)
    }

    fn figure(comparator: &str, number: &str, unit: &str) -> (Option<String>, Option<String>, Option<String>) {
        (Some(comparator.into()), Some(number.into()), (!unit.is_empty()).then(|| unit.into()))
    }

    #[test]
    fn figures_of_the_seed() {
        assert_eq!(read("≥95%"), figure("≥", "95", "%"));
        assert_eq!(read("300元/星"), figure("=", "300", "元/星"));
        assert_eq!(read("17人"), figure("=", "17", "人"));
        assert_eq!(read("50万"), figure("=", "50", "万"));
        assert_eq!(read("≥10000人"), figure("≥", "10000", "人"));
        assert_eq!(read(">1000人"), figure(">", "1000", "人"));
        assert_eq!(read("≥29元/月"), figure("≥", "29", "元/月"));
        assert_eq!(read("209村"), figure("=", "209", "村"));
        assert_eq!(read("9元/人"), figure("=", "9", "元/人"));
    }

    #[test]
    fn other_wordings_of_figures() {
        assert_eq!(read("不低于 1,200.50 万元"), figure("≥", "1200.50", "万元"));
        assert_eq!(read("98％以上"), figure("≥", "98", "%"));
        assert_eq!(read("≤10个工作日"), figure("≤", "10", "个工作日"));
        assert_eq!(read("＝100"), figure("=", "100", ""));
        assert_eq!(read("≥13459.00(平方米)"), figure("≥", "13459.00", "平方米"));
        assert_eq!(read("≥3宣传片"), figure("≥", "3", "宣传片"));
    }

    #[test]
    fn words_with_digits_are_no_figures() {
        for text in [
            "12月底完成",
            "12月底前",
            "在13万的前提下补充3万",
            "2025年12月31日前拨付",
            "13个乡镇及社工委",
            "第一年3人、第二年10人",
            "全年",
            "2026年底前发放",
            "2026年",
            "95%-100%",
            "每人每年1500元",
            "12月",
            "是",
        ] {
            assert_eq!(read(text), (None, None, None), "{text}");
        }
    }

    #[test]
    fn instants() {
        assert_eq!(instant_to_iso("20251127170213").as_deref(), Some("2025-11-27T17:02:13"));
        assert_eq!(instant_to_iso("2026年1月30日").as_deref(), Some("2026-01-30"));
        assert_eq!(instant_to_iso("20251341"), None);
        assert_eq!(instant_to_iso("年底"), None);
    }
}
