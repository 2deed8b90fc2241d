//! Values with the place of the words that state them.

use crate::base::place::{Place, Printed};
use crate::base::text::{is_blank, squash};
use crate::model::Stated;

/// A value with the place of its words in the lines that state it.
pub fn stated<T>(value: T, words: &str, lines: &[Printed]) -> Stated<T> {
    let place = lines
        .iter()
        .find_map(|line| place_of_words(words, line))
        .or_else(|| lines.first().map(|line| line.place.clone()))
        .unwrap_or(Place::Text { line: 1, column: 1, width: 0, cell: None });
    Stated { value, printed: words.to_string(), place }
}

pub fn whole(line: &Printed) -> Stated<String> {
    Stated { value: squash(&line.text), printed: line.text.clone(), place: line.place.clone() }
}

/// Where words stand in a line, blanks of the line aside; words that run on into the next line are found by their
/// beginning.
fn place_of_words(words: &str, line: &Printed) -> Option<Place> {
    let wanted: Vec<char> = words.chars().filter(|c| !is_blank(*c)).collect();
    let printed: Vec<(usize, char)> = line.text.chars().enumerate().filter(|(_, c)| !is_blank(*c)).collect();
    (0..printed.len()).find_map(|start| {
        let rest = printed.get(start..)?;
        let common = rest.iter().zip(&wanted).take_while(|((_, a), b)| a == *b).count();
        let (first, last) = (rest.first()?.0, rest.get(common.checked_sub(1)?)?.0);
        let runs_on = common == rest.len() && common >= 2;
        (common == wanted.len() || runs_on).then(|| line.place.within(first, last + 1 - first))
    })
}
