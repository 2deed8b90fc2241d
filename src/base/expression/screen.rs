//! Many expressions asked of one text. Nearly all are told by a character that the text lacks, all of them in one look at
//! its characters, and those that no text comes near are never compiled.

use std::collections::BTreeMap;

use super::Expression;
use super::needs::MOST_NEEDS;

/// Characters are known by the last bits of their numbers: a few that a text does not have seem to be there.
const KNOWN: usize = 1 << 12;

/// What a text must have for each of some expressions.
#[derive(Clone, Debug)]
pub struct Screen {
    /// By character, the sets that it is of, a bit each.
    sets_by_character: Vec<u128>,
    /// By expression, the sets of which a text has one character each.
    needs: Vec<u128>,
}

impl Screen {
    pub fn of<'e>(expressions: impl IntoIterator<Item = &'e Expression>) -> Screen {
        let expressions: Vec<&Expression> = expressions.into_iter().collect();
        let mut screen = Screen { sets_by_character: vec![0; KNOWN], needs: vec![0; expressions.len()] };
        // Many need the same: a title ends with 表. The bits go to the first sets of all, then to their second ones.
        let mut bits: BTreeMap<&[char], u128> = BTreeMap::new();
        for nth in 0..MOST_NEEDS {
            for (expression, needs) in expressions.iter().zip(&mut screen.needs) {
                let Some(set) = expression.needs().get(nth) else { continue };
                let free = 1_u128.checked_shl(bits.len() as u32).unwrap_or(0);
                let bit = *bits.entry(set).or_insert_with(|| {
                    set.iter().for_each(|c| screen.sets_by_character[place(*c)] |= free);
                    free
                });
                *needs |= bit;
            }
        }
        screen
    }

    /// Of what the expressions are for, in their order, what remains: the others have no match in the text.
    pub fn admitted<'s, L: IntoIterator>(&'s self, text: &str, list: L) -> impl Iterator<Item = L::Item> + use<'s, L> {
        let seen = text.chars().fold(0, |seen, c| seen | self.sets_by_character[place(c)]);
        self.needs.iter().zip(list).filter(move |(needs, _)| **needs & seen == **needs).map(|(_, item)| item)
    }
}

fn place(c: char) -> usize {
    u32::from(c) as usize % KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(expressions: &[&str], text: &str) -> Vec<usize> {
        let expressions: Vec<Expression> = expressions.iter().map(|text| Expression::sound(text)).collect();
        Screen::of(&expressions).admitted(text, 0..).collect()
    }

    #[test]
    fn what_a_text_may_match() {
        assert_eq!(admitted(&["单位[:：]", r"^\d{4}年$", ".*"], "单位：万元"), [0, 2]);
        assert_eq!(admitted(&["单位[:：]", r"^\d{4}年$", ".*"], "2026年"), [1, 2]);
        assert_eq!(admitted(&[], "甲"), [0; 0]);
    }

    #[test]
    fn more_sets_than_bits() {
        let many: Vec<String> = ('一'..).take(256).map(|c| format!("{c}甲")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(admitted(&many, "表"), Vec::from_iter(128..256), "the last are not told");
        assert_eq!(admitted(&many[..127], "甲"), [0; 0]);
    }
}
