//! Codes of classifications: parents, repetition, names.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::finding::Finding;
use crate::base::text::key;
use crate::check::ledger::Ledger;
use crate::finding_code;
use crate::model::{Classification, Code, Disclosure, Layout, Row, RowRole, Table};
use crate::spec::Vocabulary;

finding_code! {
    /// A code stands without the code above it.
    ///
    /// A table that prints 类, 款 and 项 has a row for the parent of every code (2013201 under 20132 under 201), and this
    /// one's is missing, or stands only further below: a row is lost, or the code is misprinted. Tables that print codes of one
    /// level only are not meant.
    pub C101, "code-without-parent", Warning
}

finding_code! {
    /// A code stands twice in one section of a table.
    ///
    /// Rows of different units, or of one departmental code under several governmental ones, are not meant: here all
    /// codes and the name are the same.
    pub C102, "code-repeated", Warning
}

finding_code! {
    /// A code stands with the name of another code.
    ///
    /// The printed name is known, but as the name of another code only (or of several, of which the table prints one with
    /// another name): a row has slid, or the code is misprinted.
    pub C103, "name-of-another-code", Warning
}

finding_code! {
    /// A known code stands with a name that the vocabulary does not have.
    ///
    /// Names change over the years, and places shorten them: this is a hint.
    pub C104, "unknown-name-of-code", Info
}

/// A table that repeats more codes than this lists several units.
const REPEATS_BY_MISTAKE: usize = 2;

/// So many different codes below one that is nowhere in the table show that it is lost.
const CHILDREN_THAT_TELL: usize = 3;

/// Share of codes that have their parent in a table that prints parents.
const PARENTS_USUAL: f64 = 0.8;

pub fn evaluate(disclosure: &Disclosure, vocabulary: &Vocabulary, ledger: &mut Ledger) {
    for table in disclosure.tables.iter().filter(|table| table.kind.is_some()) {
        let sections = table_to_sections(table);
        without_parent(table, &sections, || printed_elsewhere(disclosure, table), ledger);
        repeated(&sections, ledger);
    }
    let mut said = BTreeSet::new();
    for table in &disclosure.tables {
        let mut found = Vec::new();
        let mut known = 0;
        let printed = LazyCell::new(|| printed_names(table));
        for code in table.rows.iter().flat_map(|row| &row.codes) {
            match name_of(code, vocabulary) {
                Name::Own => known += 1,
                Name::Odd(name) if said.insert(code_key(code)) => {
                    found.push(odd_name_to_finding(code, name, vocabulary, || &printed));
                }
                Name::Odd(_) | Name::Untold => {}
            }
        }
        // Where hardly any name is the code's, the names are of something else: projects beside their function (Xi'an).
        let is_of_codes = found.len() <= known;
        ledger.findings.extend(found.into_iter().filter(|finding| is_of_codes || finding.code != C104.id));
    }
}

/// Keys of the names that a table prints beside each code.
type Names<'t> = BTreeMap<(Classification, &'t str), BTreeSet<String>>;

fn printed_names(table: &Table) -> Names<'_> {
    let mut names = Names::new();
    for code in table.rows.iter().flat_map(|row| &row.codes).filter(|code| !code.is_resolved) {
        if let Some(name) = &code.name {
            names.entry((code.classification, code.code.as_str())).or_default().insert(key(name));
        }
    }
    names
}

/// Codes of classifications, by section: a row that names a unit, or a row without code, opens a new one. Those that are
/// printed, or in a list that prints names only those that the names stand for, in the economic classification (Shenzhen,
/// 基本支出总表): names of functions are too many to tell their codes surely.
pub fn table_to_sections(table: &Table) -> Vec<Vec<&Row>> {
    let all = || table.rows.iter().filter_map(|row| row.codes.first()).filter(|code| is_classification(code));
    let is_named = |code: &Code| code.is_resolved && code.classification == Classification::DepartmentalEconomic;
    let has_names_only = table.layout == Layout::Rows && all().all(is_named);
    let mut panels: BTreeMap<u32, Vec<Vec<&Row>>> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| !matches!(row.role, RowRole::ColumnNumbers | RowRole::Heading)) {
        let sections = panels.entry(row.panel).or_insert_with(|| vec![Vec::new()]);
        let own = row.codes.first().filter(|code| code.is_resolved == has_names_only && is_classification(code));
        match (own, sections.last_mut()) {
            (Some(_), Some(section)) => section.push(row),
            // The total that a further page prints again (佛山 2019) opens none.
            (None, _) if row.role == RowRole::Total && repeats_total(table, row) => {}
            (None, Some(section)) if !section.is_empty() => sections.push(Vec::new()),
            _ => {}
        }
    }
    panels.into_values().flatten().filter(|section| !section.is_empty()).collect()
}

/// True where a row before it prints the same figures under the same name.
fn repeats_total(table: &Table, row: &Row) -> bool {
    let printed = |row: &Row| row.cells.iter().map(|cell| (cell.column, cell.printed.clone())).collect::<Vec<_>>();
    let name = |row: &Row| row.label.as_ref().map(|label| key(&label.text));
    let mut before = table.rows.iter().take_while(|other| other.index < row.index);
    before.any(|other| other.role == RowRole::Total && name(other) == name(row) && printed(other) == printed(row))
}

pub fn is_classification(code: &Code) -> bool {
    matches!(
        code.classification,
        Classification::Functional | Classification::DepartmentalEconomic | Classification::GovernmentEconomic
    )
}

/// The code one level up: 2013201 → 20132 → 201.
///
/// The economic classifications have two levels; longer codes are a place's own (3010201 under 301, Xi'an 2019).
fn parent_of(code: &Code) -> Option<&str> {
    let is_functional = code.classification == Classification::Functional;
    let code = code.code.as_str();
    match code.len() {
        7 if !is_functional => None,
        5 | 7 => code.get(..code.len() - 2),
        _ => None,
    }
}

/// Codes that head rows of the other tables.
fn printed_elsewhere<'d>(disclosure: &'d Disclosure, table: &Table) -> BTreeSet<&'d str> {
    let others = disclosure.tables.iter().filter(|other| other.id != table.id && other.kind.is_some());
    let codes = others.flat_map(|other| &other.rows).filter_map(|row| row.codes.first());
    codes.filter(|code| !code.is_resolved).map(|code| code.code.as_str()).collect()
}

fn without_parent<'d>(
    table: &Table,
    sections: &[Vec<&Row>],
    elsewhere: impl FnOnce() -> BTreeSet<&'d str>,
    ledger: &mut Ledger,
) {
    let mut orphans = Vec::new();
    let mut with_parent = 0usize;
    let mut parents: BTreeSet<&str> = BTreeSet::new();
    // Parents by whether they stand above their codes, and the first code of those that stand below one.
    let mut above: BTreeSet<&str> = BTreeSet::new();
    let mut below: BTreeMap<&str, &Code> = BTreeMap::new();
    for section in sections {
        let codes: BTreeSet<(Classification, &str)> = section
            .iter()
            .filter_map(|row| row.codes.first())
            .map(|code| (code.classification, code.code.as_str()))
            .collect();
        let mut before = BTreeSet::new();
        for code in section.iter().filter_map(|row| row.codes.first()) {
            before.insert((code.classification, code.code.as_str()));
            match parent_of(code) {
                Some(parent) if codes.contains(&(code.classification, parent)) => {
                    with_parent += 1;
                    parents.insert(parent);
                    if before.contains(&(code.classification, parent)) {
                        above.insert(parent);
                    } else {
                        below.entry(parent).or_insert(code);
                    }
                }
                Some(parent) => orphans.push((code, parent)),
                None => {}
            }
        }
    }
    // Yantai prints 302 twice, for two governmental codes: the first may be lost and the second stand.
    if below.len() < above.len() {
        let caption = caption_of(table);
        for (parent, code) in below {
            let name = code.name.as_deref().unwrap_or_default();
            let message = format!("{caption}: {} {name} stands above {parent}, not below it", code.code);
            ledger.findings.push(Finding::new(&C101, message.trim()).at(&code.place, &code.code));
        }
    }
    let all = with_parent + orphans.len();
    if (with_parent as f64) < PARENTS_USUAL * all as f64 {
        // One lost row may leave most codes without a parent (301 工资福利支出): then parents count, not children.
        orphans.retain(|(_, parent)| !parents.contains(parent));
        let missing: BTreeSet<&str> = orphans.iter().map(|(_, parent)| *parent).collect();
        // The only parent of a table (302 of 机关运行经费), which the document's other tables print.
        let children: BTreeSet<&str> = orphans.iter().map(|(code, _)| code.code.as_str()).collect();
        // 20103 between 201 and 2010350: a table of one function leaves out no level (Shanghai, 支出总表 of one 类).
        let codes = || sections.iter().flatten().filter_map(|row| row.codes.first());
        let stands_between =
            |parent: &str| codes().any(|code| parent.len() == 5 && parent.strip_prefix(&code.code).is_some());
        let is_only = || {
            parents.is_empty()
                && missing.len() == 1
                && (children.len() >= CHILDREN_THAT_TELL || missing.iter().all(|parent| stands_between(parent)))
                && missing.is_subset(&elsewhere())
        };
        if missing.len() > parents.len() && !is_only() {
            return;
        }
    }
    let caption = caption_of(table);
    for (code, parent) in orphans {
        let message =
            format!("{caption}: {} {} stands without {parent}", code.code, code.name.as_deref().unwrap_or_default());
        ledger.findings.push(Finding::new(&C101, message.trim()).at(&code.place, &code.code));
    }
}

fn caption_of(table: &Table) -> &str {
    table.caption.as_ref().map_or("", |caption| caption.text.as_str())
}

fn repeated(sections: &[Vec<&Row>], ledger: &mut Ledger) {
    let mut found = Vec::new();
    for section in sections {
        let mut seen: BTreeMap<(Vec<&str>, String), &Row> = BTreeMap::new();
        for row in section {
            let codes: Vec<&str> = row.codes.iter().map(|code| code.code.as_str()).collect();
            let label = row.label.as_ref().map(|label| key(&label.text)).unwrap_or_default();
            let texts: String = row.texts.iter().map(|text| key(&text.text)).collect();
            let Some(code) = row.codes.first() else { continue };
            // A code without a name beside it is an attribute of the row: the economic code of a purchase (Xi'an).
            let name = code.name.as_deref().unwrap_or(&label);
            if let Some(first) = seen.insert((codes, format!("{label}{texts}")), row)
                && !name.is_empty()
            {
                found.push(
                    Finding::new(&C102, format!("{} {name} stands twice", code.code))
                        .at(&code.place, &code.code)
                        .with(&first.place, "the first time"),
                );
            }
        }
    }
    // The lists of several units one below the other, without their names (Beijing).
    if found.len() <= REPEATS_BY_MISTAKE {
        ledger.findings.extend(found);
    }
}

fn code_key(code: &Code) -> (Classification, String, String) {
    (code.classification, code.code.clone(), key(code.name.as_deref().unwrap_or_default()))
}

/// The name printed beside a code.
enum Name<'c> {
    Own,
    /// Another one than the vocabulary has.
    Odd(&'c str),
    /// None is printed, or the vocabulary does not know the code.
    Untold,
}

fn name_of<'c>(code: &'c Code, vocabulary: &Vocabulary) -> Name<'c> {
    let is_printed = !code.is_resolved && is_classification(code);
    let Some(name) = code.name.as_ref().filter(|name| !name.is_empty() && is_printed) else { return Name::Untold };
    let known = vocabulary.names(code.classification, &code.code);
    if known.is_empty() {
        return Name::Untold;
    }
    let is_own = |name_key: &str| known.iter().any(|entry| key(&entry.name) == name_key);
    if known.iter().any(|entry| entry.name == *name) || is_own(&key(name)) {
        return Name::Own;
    }
    Name::Odd(name)
}

fn odd_name_to_finding<'t>(
    code: &Code,
    name: &str,
    vocabulary: &Vocabulary,
    printed: impl Fn() -> &'t Names<'t>,
) -> Finding {
    let known = vocabulary.names(code.classification, &code.code);
    let expected = known.first().map_or("", |entry| entry.name.as_str());
    let others = vocabulary.codes(code.classification, name);
    let same_level: Vec<&String> = others.iter().filter(|other| other.len() == code.code.len()).collect();
    // 行政运行 is the name of many codes: of those, one that this table prints with another name is meant.
    let is_robbed = |other: &&String| {
        printed().get(&(code.classification, other.as_str())).is_some_and(|names| !names.contains(&key(name)))
    };
    let robbed: Vec<&String> = others.iter().filter(is_robbed).collect();
    let meant = if robbed.is_empty() { same_level } else { robbed };
    let finding = match meant.as_slice() {
        [other] => Finding::new(
            &C103,
            format!("{} stands with {name}, which is the name of {other}; {} is {expected}", code.code, code.code),
        ),
        _ => Finding::new(&C104, format!("{} stands with {name}; the vocabulary has {expected}", code.code)),
    };
    finding.at(&code.place, &code.code)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::{checked, disclosure, table};

    fn found(rows: &[&str]) -> Vec<(String, u32)> {
        let (_, findings) = checked(disclosure(vec![table("expenditure_summary", &["total_expenditure"], rows)]));
        let of = |finding: &crate::base::finding::Finding| {
            (finding.code.clone(), finding.place.as_ref().and_then(|place| place.line()).unwrap_or(0))
        };
        findings.iter().filter(|finding| finding.code.starts_with("C10")).map(of).collect()
    }

    #[test]
    fn a_sound_tree_says_nothing() {
        assert_eq!(
            found(&["|合计|1.00", "201|一般公共服务支出|1.00", "20132|组织事务|1.00", "2013201|行政运行|1.00"]),
            []
        );
    }

    #[test]
    fn a_missing_parent() {
        let rows = [
            "201|一般公共服务支出|5.00",
            "20132|组织事务|4.00",
            "2013201|行政运行|1.00",
            "2013202|一般行政管理事务|1.00",
            "2013250|事业运行|1.00",
            "2013299|其他组织事务支出|1.00",
            "2010301|行政运行|1.00",
        ];
        assert_eq!(found(&rows), [("C101".to_string(), 7)]);
        // Beijing prints 项 only: nothing is missing there.
        assert_eq!(found(&["|合计|2.00", "2013201|行政运行|1.00", "2010301|行政运行|1.00"]), []);
    }

    #[test]
    fn a_parent_that_stands_below() {
        // Yantai, 基本支出预算情况表: 302 twice, with 502 and with 505; the first of them is lost.
        let rows = [
            "301|工资福利支出|1.00",
            "30101|基本工资|1.00",
            "302|商品和服务支出|2.00",
            "30201|办公费|2.00",
            "302|商品和服务支出|3.00",
            "30201|办公费|3.00",
            "303|对个人和家庭的补助|1.00",
            "30302|退休费|1.00",
        ];
        let orphans = |rows: &[&str]| found(rows).into_iter().filter(|(code, _)| code == "C101").collect::<Vec<_>>();
        assert_eq!(orphans(&rows), []);
        assert_eq!(orphans(&[&rows[..2], &rows[3..]].concat()), [("C101".to_string(), 3)]);
    }

    #[test]
    fn the_only_parent_of_a_table() {
        // Suzhou, 机关运行经费: 302 and the lines below it.
        let lines = |head: &str| {
            table(
                "agency_operating_expenses",
                &["total"],
                &["|合计|6.00", head, "30201|办公费|1.00", "30202|印刷费|2.00", "30207|邮电费|3.00"],
            )
        };
        let basic = || {
            table(
                "general_public_budget_basic_expenditure",
                &["total"],
                &["|合计|3.00", "302|商品和服务支出|3.00", "30201|办公费|3.00"],
            )
        };
        let orphans = |mut tables: Vec<crate::model::Table>| {
            tables.iter_mut().enumerate().for_each(|(at, table)| table.id = format!("t{at}"));
            checked(disclosure(tables)).1.iter().filter(|finding| finding.code == "C101").count()
        };
        assert_eq!(orphans(vec![lines("302|商品和服务支出|6.00"), basic()]), 0);
        assert_eq!(orphans(vec![lines(""), basic()]), 3);
        assert_eq!(orphans(vec![lines("")]), 0, "nothing shows that the document prints 302");
    }

    #[test]
    fn a_code_twice_but_not_in_two_units() {
        assert_eq!(
            found(&["201|一般公共服务支出|1.00", "208|社会保障和就业支出|1.00", "201|一般公共服务支出|1.00"]),
            [("C102".to_string(), 3)]
        );
        assert_eq!(
            found(&["007001|甲|1.00", "201|一般公共服务支出|1.00", "007002|乙|1.00", "201|一般公共服务支出|1.00"]),
            []
        );
    }

    #[test]
    fn the_name_of_another_code_and_a_name_nobody_knows() {
        assert_eq!(found(&["201|社会保障和就业支出|1.00"]), [("C103".to_string(), 1)]);
        assert_eq!(found(&["201|一般公共服务与其他|1.00", "208|社会保障和就业支出|1.00"]), [("C104".to_string(), 1)]);
        // Xi'an lists projects beside the code of their function: no name there is the code's.
        assert_eq!(found(&["2011399|供应链大会|1.00", "2050303|改造工程|1.00"]), []);
    }
}
