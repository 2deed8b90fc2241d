//! Marks and titles of tables → the family of templates that the document follows.

use crate::base::place::Printed;
use crate::base::text::key;
use crate::bind::title::{Title, read_title};
use crate::model::{ContentsEntry, Stated};
use crate::spec::Templates;
use crate::spec::templates::Family;

/// What one table, or one line of the contents list, says of the family.
pub struct Sign<'a> {
    pub mark: Option<&'a Printed>,
    pub caption: Option<&'a Printed>,
    pub title: &'a Title,
}

/// The family of which the most rules hold, with the first print that one of them holds for; none where two have as
/// many. Without any table the contents list is asked.
pub fn recognise_family(
    tables: &[Sign<'_>],
    contents: &[ContentsEntry],
    bodies: &[String],
    templates: &Templates,
) -> Option<Stated<String>> {
    if let Some(found) = best_family(tables, templates) {
        return Some(found);
    }
    let announced: Vec<(Printed, Title)> = contents
        .iter()
        .filter(|entry| entry.is_table)
        .map(|entry| {
            (Printed::new(entry.title.clone(), entry.place.clone()), read_title(&entry.title, bodies, templates))
        })
        .collect();
    let signs: Vec<Sign> =
        announced.iter().map(|(printed, title)| Sign { mark: None, caption: Some(printed), title }).collect();
    best_family(&signs, templates)
}

fn best_family(signs: &[Sign<'_>], templates: &Templates) -> Option<Stated<String>> {
    let marks: Vec<Option<String>> = signs.iter().map(|sign| sign.mark.map(|mark| key(&mark.text))).collect();
    let mut found: Vec<(usize, &Family, &Sign)> = Vec::new();
    for family in templates.families.values() {
        let held: Vec<&Sign> = family
            .recognise
            .iter()
            .filter_map(|rule| {
                let mut signs = signs.iter().zip(&marks);
                signs.find(|(sign, mark)| rule.fits(mark.as_deref(), &sign.title.stem)).map(|(sign, _)| sign)
            })
            .collect();
        if let Some(first) = held.first() {
            found.push((held.len(), family, first));
        }
    }
    let most = found.iter().map(|(count, _, _)| *count).max()?;
    found.retain(|(count, _, _)| *count == most);
    let [(_, family, sign)] = found.as_slice() else { return None };
    let printed: Vec<&Printed> = sign.mark.into_iter().chain(sign.caption).collect();
    Some(Stated {
        value: family.name.clone(),
        printed: printed.iter().map(|printed| printed.text.as_str()).collect::<Vec<_>>().join(" "),
        place: printed.first()?.place.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::spec::Specs;

    fn family(tables: &[(&str, &str)]) -> Option<(String, String)> {
        let specs = Specs::builtin().expect("sound data");
        let place = Place::Text { line: 1, column: 1, width: 1, cell: None };
        let printed = |text: &str| Printed::new(text, place.clone());
        let read: Vec<(Printed, Printed, Title)> = tables
            .iter()
            .map(|(mark, title)| (printed(mark), printed(title), read_title(title, &[], &specs.templates)))
            .collect();
        let signs: Vec<Sign> = read
            .iter()
            .map(|(mark, caption, title)| Sign {
                mark: Some(mark).filter(|mark| !mark.text.is_empty()),
                caption: Some(caption),
                title,
            })
            .collect();
        recognise_family(&signs, &[], &[], &specs.templates).map(|found| (found.value, found.printed))
    }

    #[test]
    fn a_family_is_told_by_marks_and_titles() {
        let told = family(&[("预算01表", "收支总表"), ("预算02表", "收入总表")]);
        assert_eq!(told, Some(("beijing".into(), "预算01表 收支总表".into())));
        let told = family(&[("公开表1", "收支总体情况表"), ("公开表2", "收入总体情况表")]);
        assert_eq!(told.map(|told| told.0), Some("yantai".into()));
        let told = family(&[("", "2026年部门财务收支预算总表")]);
        assert_eq!(told.map(|told| told.0), Some("shanghai".into()));
        let told = family(&[("公开01表", "收入支出决算总表"), ("公开02表", "收入决算表")]);
        assert_eq!(told.map(|told| told.0), Some("national_final".into()));
        let told = family(&[("公开01表", "收入支出决算表"), ("公开04表", "财政拨款收入支出决算表")]);
        assert_eq!(told.map(|told| told.0), Some("yunnan_final".into()));
        let told = family(&[("表1", "收入支出决算总表"), ("表4", "财政拨款收入支出决算总表")]);
        assert_eq!(told.map(|told| told.0), Some("national_final".into()), "佛山 2019");
    }

    #[test]
    fn what_every_family_prints_tells_none() {
        assert_eq!(family(&[("", "收支总表"), ("", "收入总表")]), None);
    }
}
