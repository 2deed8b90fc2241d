//! Printed figures: exact decimals, units, and the interval that a rounded figure stands for.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{as_squashed, is_ideograph, nfkc};

/// The unit in which a figure is printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Unit {
    #[serde(rename = "元")]
    Yuan,
    #[serde(rename = "千元")]
    ThousandYuan,
    #[serde(rename = "万元")]
    TenThousandYuan,
    #[serde(rename = "亿元")]
    HundredMillionYuan,
    #[serde(rename = "%")]
    Percent,
    /// A unit of quantity as printed: 个, 人, 辆, 平方米, 台（套）.
    #[serde(untagged)]
    Other(String),
}

impl Unit {
    /// The unit that a printed word names. Anything that is not money or percent stays as printed.
    pub fn from_word(word: &str) -> Unit {
        match word {
            "元" | "人民币元" => Unit::Yuan,
            "千元" => Unit::ThousandYuan,
            "万元" | "人民币万元" => Unit::TenThousandYuan,
            "亿元" => Unit::HundredMillionYuan,
            "%" | "％" => Unit::Percent,
            other => Unit::Other(other.to_string()),
        }
    }

    /// As it is printed.
    pub fn as_str(&self) -> &str {
        match self {
            Unit::Yuan => "元",
            Unit::ThousandYuan => "千元",
            Unit::TenThousandYuan => "万元",
            Unit::HundredMillionYuan => "亿元",
            Unit::Percent => "%",
            Unit::Other(word) => word,
        }
    }

    /// True for a unit of money.
    pub fn is_money(&self) -> bool {
        !matches!(self, Unit::Percent | Unit::Other(_))
    }

    /// How many yuan one of it is; `None` where it is not money.
    pub fn yuan(&self) -> Option<Decimal> {
        match self {
            Unit::Yuan => Some(Decimal::ONE),
            Unit::ThousandYuan => Some(Decimal::from(1_000)),
            Unit::TenThousandYuan => Some(Decimal::from(10_000)),
            Unit::HundredMillionYuan => Some(Decimal::from(100_000_000)),
            Unit::Percent | Unit::Other(_) => None,
        }
    }

    /// The decimals with which money is printed to the fen, below which there is none: 2 of 元, 6 of 万元.
    pub fn decimals_of_fen(&self) -> Option<u32> {
        match self {
            Unit::Yuan => Some(2),
            Unit::ThousandYuan => Some(5),
            Unit::TenThousandYuan => Some(6),
            Unit::HundredMillionYuan => Some(10),
            Unit::Percent | Unit::Other(_) => None,
        }
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a figure that fills a cell or a token: `4,722.97`, `-60.86`, `（12.00）`, `－3`, `¥5.00`.
///
/// Full-width digits and signs are read; separators must group by three (a figure that groups otherwise is no
/// figure); brackets around a figure and a triangle before it mean a minus. The mark of a note behind it (`¹`, `①`, `*`)
/// is none of it. The scale of the result is the number of printed decimals.
/// A percent sign, a unit or any other character makes it no figure: `None`.
pub fn parse_figure(printed: &str) -> Option<Decimal> {
    // Nearly all texts that are asked are figures in plain digits, or begin or end with what no figure does.
    let is_other = |c: char| is_ideograph(c) || c.is_ascii_alphabetic() || matches!(c, '%' | '％' | '≥' | '≤');
    if printed.starts_with(is_other) || printed.ends_with(is_other) {
        return None;
    }
    let printed = printed.trim_end_matches(is_note_mark);
    if printed.bytes().all(|b| b.is_ascii_graphic()) {
        return plain_to_figure(printed);
    }
    // A circled digit, a fraction or a Roman numeral is no digit of a figure.
    let is_foreign = |c: char| is_ideograph(c) || c.is_numeric() && !matches!(c, '0'..='9' | '０'..='９');
    if printed.contains(is_foreign) {
        return None;
    }
    plain_to_figure(&as_squashed(&nfkc(printed)))
}

/// A figure without blanks and full-width forms.
fn plain_to_figure(text: &str) -> Option<Decimal> {
    let text = text.trim_start_matches(['¥', '￥']);
    let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => match text.strip_prefix(['-', '−', '–', '—', '△']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        },
    };
    let (whole, fraction) = match text.bytes().position(|b| b == b'.') {
        Some(point) => (&text[..point], Some(&text[point + 1..])),
        None => (text, None),
    };
    if !(are_digits(whole) || are_groups(whole)) || !fraction.is_none_or(are_digits) {
        return None;
    }
    let value = digits_to_decimal(text, fraction.map_or(0, str::len))?;
    Some(if negative { -value } else { value })
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Digits in groups of three, fewer in the first.
fn are_groups(text: &str) -> bool {
    let mut groups = text.split(',');
    let first = groups.next().is_some_and(|first| are_digits(first) && first.len() <= 3);
    first && groups.all(|group| are_digits(group) && group.len() == 3)
}

/// The decimal of digits with their separators, so many of them behind the point.
fn digits_to_decimal(text: &str, decimals: usize) -> Option<Decimal> {
    /// So many digits fit into 64 bits, and nearly all figures are shorter.
    const FEW: usize = 18;
    if text.len() > FEW {
        return text.replace(',', "").parse().ok();
    }
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let value = digits.fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(Decimal::new(value, u32::try_from(decimals).ok()?))
}

/// What refers from a figure to a note: raised or circled digits, and asterisks.
fn is_note_mark(c: char) -> bool {
    matches!(c, '*' | '＊' | '※' | '¹' | '²' | '³' | '⁰'..='⁹' | '①'..='⑳')
}

/// The closed interval of values that print as one figure: half a unit in the last printed place either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub low: Decimal,
    pub high: Decimal,
}

impl Interval {
    /// What a figure printed with `value.scale()` decimals may have been before rounding.
    pub fn of_printed(value: Decimal) -> Interval {
        let half = Decimal::new(5, value.scale() + 1);
        Interval { low: value - half, high: value + half }
    }

    /// Exactly this value.
    pub fn exactly(value: Decimal) -> Interval {
        Interval { low: value, high: value }
    }

    /// Quotients of values of the two; `None` where the divisor may be zero or less.
    pub fn over(&self, divisor: Interval) -> Option<Interval> {
        if divisor.low <= Decimal::ZERO {
            return None;
        }
        let quotients = [
            self.low.checked_div(divisor.low)?,
            self.low.checked_div(divisor.high)?,
            self.high.checked_div(divisor.low)?,
            self.high.checked_div(divisor.high)?,
        ];
        Some(Interval { low: *quotients.iter().min()?, high: *quotients.iter().max()? })
    }

    /// True where the two have a value in common.
    pub fn meets(&self, other: &Interval) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

impl std::ops::Add for Interval {
    type Output = Interval;
    fn add(self, other: Interval) -> Interval {
        Interval { low: self.low + other.low, high: self.high + other.high }
    }
}

impl std::ops::Sub for Interval {
    type Output = Interval;
    fn sub(self, other: Interval) -> Interval {
        Interval { low: self.low - other.high, high: self.high - other.low }
    }
}

/// Times a factor that is not negative (a change of unit).
impl std::ops::Mul<Decimal> for Interval {
    type Output = Interval;
    fn mul(self, factor: Decimal) -> Interval {
        Interval { low: self.low * factor, high: self.high * factor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fen_is_the_last_decimal_of_every_unit_of_money() {
        for unit in [Unit::Yuan, Unit::ThousandYuan, Unit::TenThousandYuan, Unit::HundredMillionYuan] {
            let last_digit =
                unit.decimals_of_fen().zip(unit.yuan()).map(|(decimals, yuan)| yuan * Decimal::new(1, decimals));
            assert_eq!(last_digit, Some(Decimal::new(1, 2)), "{unit}");
        }
        assert_eq!(Unit::from_word("个").decimals_of_fen(), None);
    }

    #[test]
    fn figures_as_printed() {
        let read = |t: &str| parse_figure(t).map(|d| d.to_string());
        assert_eq!(read("4,722.97").as_deref(), Some("4722.97"));
        assert_eq!(read("200.00").as_deref(), Some("200.00"));
        assert_eq!(read("（12.50）").as_deref(), Some("-12.50"));
        assert_eq!(read("－3").as_deref(), Some("-3"));
        assert_eq!(read("１２").as_deref(), Some("12"));
        assert_eq!(read("1,23"), None);
        assert_eq!(read("12."), None);
        assert_eq!(read("2026年"), None);
        assert_eq!(read("85%"), None);
        assert_eq!(read("-"), None);
        assert_eq!(read("△1,200.00").as_deref(), Some("-1200.00"));
        // The mark of a note is no digit, wherever it stands.
        for marked in ["6,200.00¹", "6,200.00①", "6,200.00*"] {
            assert_eq!(read(marked).as_deref(), Some("6200.00"), "{marked}");
        }
        assert_eq!((read("①6,200.00"), read("½"), read("**")), (None, None, None));
        assert_eq!(read(""), None);
        assert_eq!(read("123,456,789,012,345.670").as_deref(), Some("123456789012345.670"));
    }

    #[test]
    fn quotients_of_rounded_figures() {
        let exactly = |t: &str| Interval::exactly(parse_figure(t).expect("a figure"));
        assert_eq!(exactly("1").over(exactly("4")), Some(exactly("0.25")));
        assert_eq!(exactly("1").over(Interval::of_printed(Decimal::ZERO)), None);
    }

    #[test]
    fn rounded_figures_are_intervals() {
        let shown = |t: &str| Interval::of_printed(parse_figure(t).expect("a figure"));
        // 2.33 + 0.72 prints as 3.04 where the parts were rounded up (seed, line 322).
        assert!((shown("2.33") + shown("0.72")).meets(&shown("3.04")));
        assert!(!(shown("2.33") + shown("0.72")).meets(&shown("3.07")));
    }
}
