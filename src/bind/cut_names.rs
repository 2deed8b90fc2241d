//! Names of merged cells that a page break cuts: the cell is drawn on both pages and clipped, so that the first shows the
//! beginning of what the second shows whole (北京市民政局 2026 预算表12, pp. 44 and 45).

use crate::base::place::Printed;
use crate::base::text::key;
use crate::model::Row;

/// Gives the rows above a page break the whole name, with its codes, where the row below prints it; the place stays that
/// of what their own page shows.
pub(super) fn complete_cut_names(rows: &mut [Row]) {
    for below in 1..rows.len() {
        let (before, after) = rows.split_at_mut(below);
        let (Some(last), Some(next)) = (before.last(), after.first()) else { continue };
        let (Some(cut), Some(whole)) = (last.label.clone(), next.label.as_ref()) else { continue };
        let breaks = matches!((cut.place.page(), whole.place.page()), (Some(one), Some(other)) if one + 1 == other);
        let is_cut = breaks && last.codes.is_empty() && last.cells.is_empty() && last.panel == next.panel;
        let (printed, full) = (key(&cut.text), key(&whole.text));
        if !(is_cut && printed.len() < full.len() && full.starts_with(&printed)) {
            continue;
        }
        let same = before.iter_mut().rev().take_while(|row| row.label.as_ref() == Some(&cut));
        for row in same.filter(|row| row.cells.is_empty()) {
            row.label = Some(Printed::new(whole.text.clone(), cut.place.clone()));
            row.codes.clone_from(&next.codes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::{Classification, Code, RowRole};

    fn row(page: u32, label: &str, code: Option<&str>) -> Row {
        let place = Place::Page { page, bbox: [0.0, 0.0, 10.0, page as f32] };
        let code = code.map(|code| Code {
            classification: Classification::Project,
            code: code.into(),
            name: None,
            is_resolved: false,
            place: place.clone(),
        });
        Row {
            index: 0,
            role: RowRole::Item,
            side: None,
            panel: 0,
            label: Some(Printed::new(label, place.clone())),
            codes: code.into_iter().collect(),
            item: None,
            level: None,
            unit: None,
            cells: Vec::new(),
            texts: Vec::new(),
            place,
        }
    }

    fn read(mut rows: Vec<Row>) -> Vec<(String, usize)> {
        complete_cut_names(&mut rows);
        rows.into_iter().map(|row| (row.label.map(|label| label.text).unwrap_or_default(), row.codes.len())).collect()
    }

    #[test]
    fn the_next_page_prints_the_whole_name() {
        let cut = || row(44, "11000021Y00000039", None);
        let whole = || row(45, "11000021Y000000390849-设备购置", Some("11000021Y000000390849"));
        let name = || ("11000021Y000000390849-设备购置".to_string(), 1);
        assert_eq!(read(vec![cut(), cut(), whole()]), [name(), name(), name()]);
        // Another name, and a name on the same page, are names of their own.
        assert_eq!(read(vec![row(44, "设备", None), whole()])[0], ("设备".into(), 0));
        assert_eq!(read(vec![row(45, "11000021Y00000039", None), whole()])[0], ("11000021Y00000039".into(), 0));
    }
}
