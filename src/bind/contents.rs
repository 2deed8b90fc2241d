//! Lines of the contents list ↔ tables that were found: a checklist, never a source of captions.

use crate::bind::title::{Title, read_title};
use crate::model::ContentsEntry;
use crate::spec::Templates;

/// Sets `table` of the entries that announce a table which was found. `tables` are the tables' and forms' `id`s with
/// their titles, in document order; each is taken once.
pub fn link_contents(
    contents: &mut [ContentsEntry],
    tables: &[(String, Title)],
    bodies: &[String],
    templates: &Templates,
) {
    let mut taken = vec![false; tables.len()];
    for exact in [true, false] {
        for entry in contents.iter_mut().filter(|entry| entry.is_table && entry.table.is_none()) {
            let announced = read_title(&entry.title, bodies, templates);
            let fits = |title: &Title| {
                if exact {
                    title.stem == announced.stem && title.qualifiers == announced.qualifiers
                } else {
                    title.kind.is_some() && title.kind == announced.kind
                }
            };
            let found = tables.iter().zip(&taken).position(|((_, title), taken)| !taken && fits(title));
            if let Some(at) = found {
                taken[at] = true;
                entry.table = Some(tables[at].0.clone());
            }
        }
    }
}
