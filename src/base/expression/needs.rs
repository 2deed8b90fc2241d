//! Characters without which an expression has no match.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, ClassPerlKind, ClassSet, ClassSetItem, GroupKind, RepetitionKind, RepetitionRange};

use super::DIGITS;

/// A larger class of characters tells little of a text that has one of them.
const LARGEST_CLASS: u32 = 64;
/// So many of the needs of an expression tell nearly all texts.
pub const MOST_NEEDS: usize = 6;

/// Sets of characters: every text in which an expression finds something has one of each.
pub type Needs = Vec<Vec<char>>;

/// Those of an expression, the smallest first; none of what is no expression, and none where flags let letters stand for
/// others.
pub fn expression_to_needs(expression: &str) -> Needs {
    Parser::new().parse(expression).ok().and_then(|ast| needs(&ast)).unwrap_or_default()
}

/// `None` where flags are set.
fn needs(ast: &Ast) -> Option<Needs> {
    let mut sets = match ast {
        Ast::Flags(_) => return None,
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !flags.items.is_empty() => return None,
            _ => needs(&group.ast)?,
        },
        Ast::Literal(literal) => vec![vec![literal.c]],
        Ast::ClassPerl(class) if !class.negated && class.kind == ClassPerlKind::Digit => vec![digits().collect()],
        Ast::ClassBracketed(class) => match &class.kind {
            ClassSet::Item(item) if !class.negated => characters_of(item).into_iter().collect(),
            _ => Needs::new(),
        },
        Ast::Repetition(repetition) => match (&repetition.op.kind, needs(&repetition.ast)?) {
            (RepetitionKind::OneOrMore, sets) => sets,
            (RepetitionKind::Range(range), sets) if is_once(range) => sets,
            _ => Needs::new(),
        },
        Ast::Concat(parts) => {
            let mut all = Needs::new();
            for part in &parts.asts {
                all.append(&mut needs(part)?);
            }
            all
        }
        Ast::Alternation(ways) => either(ways.asts.iter().map(needs).collect::<Option<_>>()?),
        Ast::Empty(_) | Ast::Dot(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => Needs::new(),
    };
    sets.sort_by_key(Vec::len);
    sets.dedup();
    sets.truncate(MOST_NEEDS);
    Some(sets)
}

/// True where something stands once at least.
fn is_once(range: &RepetitionRange) -> bool {
    use RepetitionRange::{AtLeast, Bounded, Exactly};
    matches!(range, Exactly(least) | AtLeast(least) | Bounded(least, _) if *least > 0)
}

/// What a text has that has what one of the ways needs: of each way one set, joined; none where a way needs nothing.
fn either(ways: Vec<Needs>) -> Needs {
    let most = ways.iter().map(Vec::len).max().unwrap_or(0);
    let joined = |nth: usize| {
        let mut set = Vec::new();
        for sets in &ways {
            set.extend_from_slice(sets.get(nth).or(sets.last())?);
        }
        set.sort_unstable();
        set.dedup();
        Some(set)
    };
    (0..most).filter_map(joined).collect()
}

/// The characters of a class of few.
fn characters_of(item: &ClassSetItem) -> Option<Vec<char>> {
    match item {
        ClassSetItem::Literal(literal) => Some(vec![literal.c]),
        ClassSetItem::Perl(class) if !class.negated && class.kind == ClassPerlKind::Digit => Some(digits().collect()),
        ClassSetItem::Range(range) => {
            let (first, last) = (range.start.c, range.end.c);
            (u32::from(last) - u32::from(first) < LARGEST_CLASS).then(|| (first..=last).collect())
        }
        ClassSetItem::Union(union) => {
            let mut all = Vec::new();
            for item in &union.items {
                all.append(&mut characters_of(item)?);
            }
            Some(all)
        }
        _ => None,
    }
}

fn digits() -> impl Iterator<Item = char> {
    DIGITS.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_match(expression: &str, text: &str) -> bool {
        expression_to_needs(expression).iter().all(|set| text.contains(|c| set.contains(&c)))
    }

    #[test]
    fn texts_without_the_characters_are_told() {
        for (expression, lacking, having) in [
            ("^单位[:：]?", "单独", "单位"),
            ("主要用于[。；]", "主要用于购置", "主要用于。"),
            ("(?:增加|减少){2}", "增减", "减少"),
            ("[一二三]{1,3}表", "四表", "二表"),
            ("(?:年|年度|^)预算", "年决算", "预算"),
            ("表$|^[0-9]{6}", "报告", "7"),
        ] {
            assert!(!may_match(expression, lacking), "{expression}: {lacking}");
            assert!(may_match(expression, having), "{expression}: {having}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_matches_has_what_is_needed(text in "[单位:公开预算年度表甲一二0-9(). ]{0,12}") {
            for expression in [
                "(?:金额)?单位[::]?(?:[(](?:万)?元[)])?",
                "^[^:]{0,6}(?:部门|单位)[:].*$|^[0-9]{3,6}[-_][^0-9]+$|^[(][0-9]{3,6}[)]",
                "(?:[预算公开]{0,8}表(?:[0-9]{1,2}|[一二]{1,3})|(?:公开|预算)(?:[0-9]{1,2})表)$",
                "(?:年|年度|^)(?:预算)(?:公开)?表?$",
            ] {
                let is_match = regex::Regex::new(expression).expect("an expression").is_match(&text);
                assert!(!is_match || may_match(expression, &text), "{expression}: {text}");
            }
        }
    }

    #[test]
    fn what_may_be_anything_needs_nothing() {
        for expression in
            ["", "[^。]", ".*", "甲?", "甲*乙{0,2}", "(?i)a", "(?i:a)", r"\s", r"\p{Han}", "甲|.", "^$", "(", "[㐀-鿿]"]
        {
            assert_eq!(expression_to_needs(expression), Needs::new(), "{expression}");
        }
    }
}
