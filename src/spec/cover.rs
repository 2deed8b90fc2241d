//! How a disclosure names itself, loaded from `cover.toml`: parses titles, body lines and dates.

use anyhow::Context;
use serde::Deserialize;

use super::{SpecFile, SpecFiles};
use crate::base::expression::Expression;
use crate::base::text::{key, squash};
use crate::model::{Phase, Scope};

/// Wording of covers.
#[derive(Clone, Debug, Default)]
pub struct CoverSpecs {
    body_labels: Vec<(String, Option<Scope>)>,
    scopes: Vec<(String, Option<Scope>)>,
    section_scopes: Vec<(String, Option<Scope>)>,
    phases: Vec<(String, Phase)>,
    body_tails: Vec<String>,
    not_title: Vec<String>,
    other_documents: Vec<String>,
    date_prefixes: Vec<String>,
    placeholders: Vec<Expression>,
    title: Option<Expression>,
    date: Option<Expression>,
    numeral_date: Option<Expression>,
}

/// What a title says. Texts are as in the squashed title.
#[derive(Clone, Debug, PartialEq)]
pub struct TitleParts {
    pub body: Option<String>,
    pub year: Option<(i32, String)>,
    pub scope: Option<(Scope, String)>,
    pub phase: (Phase, String),
}

impl CoverSpecs {
    /// Reads the file `cover.toml`.
    ///
    /// # Errors
    /// Where the file cannot be read as what it should be.
    pub fn load(files: &SpecFiles) -> anyhow::Result<CoverSpecs> {
        let file = files.get("cover.toml")?;
        CoverSpecs::from_file(file, file.toml()?).with_context(|| file.name.clone())
    }

    fn from_file(source: &SpecFile, file: CoverFile) -> anyhow::Result<CoverSpecs> {
        let flat = |entries: &[ScopeEntry]| -> Vec<(String, Option<Scope>)> {
            let pairs = entries.iter().flat_map(|entry| entry.names.iter().map(|name| (key(name), entry.scope)));
            longest_first(pairs.collect(), |(name, _)| name.len())
        };
        let scopes = flat(&file.title.scope);
        let mut phases: Vec<(String, Phase)> = Vec::new();
        phases.extend(file.title.phase.budget.iter().map(|word| (key(word), Phase::Budget)));
        phases.extend(file.title.phase.final_accounts.iter().map(|word| (key(word), Phase::FinalAccounts)));
        let any = |words: &mut dyn Iterator<Item = &String>| words.map(|word| regex::escape(word)).collect::<Vec<_>>();
        let year = r"(?P<year>20\d\d)年度?";
        let levels = any(&mut file.title.levels.iter()).join("|");
        let scope = any(&mut scopes.iter().map(|(word, _)| word)).join("|");
        let phase = any(&mut phases.iter().map(|(word, _)| word)).join("|");
        let tails: Vec<String> = longest_first(file.title.words.tails.iter().map(|t| key(t)).collect(), String::len);
        let tail = any(&mut tails.iter()).join("|");
        let kind = format!("(?:{levels})?(?P<scope>{scope})?(?P<phase>{phase})(?:{tail})?");
        let kind_after = kind.replace("<scope>", "<scope2>").replace("<phase>", "<phase2>");
        let year_after = year.replace("<year>", "<year2>");
        let title = format!("^(?:{year}(?P<body>.*?){kind}|(?P<body2>.+?){year_after}{kind_after})$");
        Ok(CoverSpecs {
            body_labels: flat(&file.body_label),
            section_scopes: flat(&file.section_scope),
            scopes,
            phases,
            body_tails: file.title.words.body_tails.iter().map(|word| key(word)).collect(),
            not_title: file.not_title.prefixes.iter().map(|word| key(word)).collect(),
            other_documents: file.other_document.names.iter().map(|word| key(word)).collect(),
            date_prefixes: file.date.prefixes.iter().map(|word| key(word)).collect(),
            placeholders: file.blank_form.placeholders.iter().map(|p| source.expression(p)).collect::<Result<_, _>>()?,
            title: Some(source.expression(&title)?),
            date: Some(source.expression(r"^(20\d\d)年(\d{1,2})月(?:(\d{1,2})日)?$")?),
            numeral_date: Some(source.expression(
                "^([二〇零○O0-9一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?$",
            )?),
        })
    }

    /// The parts of a title, if a text is one.
    pub fn title(&self, text: &str) -> Option<TitleParts> {
        let key = key(text);
        let captures = self.title.as_ref()?.captures(&key)?;
        let group = |one, two| captures.name(one).or(captures.name(two)).map(|found| found.as_str());
        let year = group("year", "year2")?;
        let phase = group("phase", "phase2")?;
        let phase = self.phases.iter().find(|(word, _)| word == phase)?;
        let scope = group("scope", "scope2").and_then(|word| self.scopes.iter().find(|(known, _)| known == word));
        let mut body = group("body", "body2").unwrap_or_default();
        // Two titles in one, or a sentence.
        if self.phases.iter().any(|(word, _)| body.contains(word.as_str())) || body.contains(['。', '年', ':', ',']) {
            return None;
        }
        while let Some(shorter) = self.body_tails.iter().find_map(|tail| body.strip_suffix(tail.as_str())) {
            body = shorter;
        }
        // 信丰县司法局 alone in the line above 信丰县司法局2021年度部门决算.
        let half = body.get(..body.len() / 2).filter(|half| half.chars().count() > 1 && body == half.repeat(2));
        let body = half.unwrap_or(body);
        Some(TitleParts {
            body: (!body.is_empty()).then(|| as_printed(body, text)),
            year: year.parse().ok().map(|value| (value, as_printed(&format!("{year}年"), text))),
            scope: scope.and_then(|(word, scope)| Some(((*scope)?, word.clone()))),
            phase: (phase.1, phase.0.clone()),
        })
    }

    /// `预算单位：上海市信访办公室` → what the label tells of the scope, and the name. Codes before the name go.
    pub fn body_line<'t>(&self, line: &'t str) -> Option<(Option<Scope>, &'t str)> {
        let (label, name) = line.split_once([':', '：'])?;
        let key = key(label);
        let (_, scope) = self.body_labels.iter().find(|(known, _)| *known == key)?;
        let name = name.trim();
        let name = name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['-', '－', '—', '_']);
        let name = name.trim();
        (!name.is_empty()).then_some((*scope, name))
    }

    /// The scope that the title of a section tells: 部门概况.
    pub fn section_scope(&self, title: &str) -> Option<Scope> {
        let key = key(title);
        self.section_scopes.iter().find(|(name, _)| *name == key).and_then(|(_, scope)| *scope)
    }

    /// True for the label of a cell that the name of the body follows.
    pub fn is_body_label(&self, text: &str) -> bool {
        let key = key(text);
        self.body_labels.iter().any(|(known, _)| known == key.trim_end_matches(':'))
    }

    /// What a title that is none of a disclosure calls its document: 通知, 报告.
    pub fn other_document(&self, line: &str) -> Option<&str> {
        let key = key(line);
        let name = key.trim_end_matches(['》', '»', '的']);
        self.other_documents.iter().map(String::as_str).find(|word| name.ends_with(word))
    }

    /// True where something stands in place of a name or a figure that is to be filled in: 上海市XX局.
    pub fn has_placeholder(&self, text: &str) -> bool {
        let squashed = squash(text);
        self.placeholders.iter().any(|placeholder| placeholder.is_match(&squashed))
    }

    /// True for lines of a cover that are no part of its title.
    pub fn is_not_title(&self, line: &str) -> bool {
        let key = key(line);
        self.not_title.iter().any(|prefix| key.starts_with(prefix.as_str())) || self.body_line(line).is_some()
    }

    /// A line that is a date → ISO 8601 (month or day): `2026年1月`, `二〇二六年三月`, `公开时间：2026年1月30日`.
    pub fn date(&self, line: &str) -> Option<String> {
        let key = key(line);
        let key = match key.split_once(':') {
            Some((label, date)) if self.date_prefixes.iter().any(|prefix| prefix == label) => date,
            _ => key.as_str(),
        };
        if let Some(found) = self.date.as_ref()?.captures(key) {
            let number = |index: usize| found.get(index).and_then(|part| part.as_str().parse::<u32>().ok());
            return iso(number(1)?, number(2)?, number(3));
        }
        let found = self.numeral_date.as_ref()?.captures(key)?;
        let year: String =
            found.get(1)?.as_str().chars().map(|c| digit(c).map(|d| d.to_string())).collect::<Option<_>>()?;
        let number = |index: usize| found.get(index).and_then(|part| numeral(part.as_str()));
        iso(year.parse().ok()?, number(2)?, number(3))
    }

    /// Words that say 预算 or 决算.
    pub fn phases(&self) -> &[(String, Phase)] {
        &self.phases
    }
}

fn iso(year: u32, month: u32, day: Option<u32>) -> Option<String> {
    let is_date =
        (1949..3000).contains(&year) && (1..=12).contains(&month) && day.is_none_or(|d| (1..=31).contains(&d));
    is_date.then(|| match day {
        Some(day) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("{year:04}-{month:02}"),
    })
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '零' | '○' | 'O' => Some(0),
        c => "一二三四五六七八九".chars().position(|known| known == c).map(|at| at as u32 + 1).or(c.to_digit(10)),
    }
}

/// A count in digits or Chinese numerals: `12`, `十二`, `两`.
pub fn count(text: &str) -> Option<u32> {
    text.parse().ok().or_else(|| numeral(&text.replace('两', "二")))
}

/// 三 → 3, 十二 → 12, 二十一 → 21.
fn numeral(text: &str) -> Option<u32> {
    match text.split_once('十') {
        None => text.chars().next().and_then(digit),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { tens.chars().next().and_then(digit)? };
            let ones = if ones.is_empty() { 0 } else { ones.chars().next().and_then(digit)? };
            Some(tens * 10 + ones)
        }
    }
}

/// The part of `text` that compares equal to `part`, without blanks; `part` itself where none does.
fn as_printed(part: &str, text: &str) -> String {
    let squashed: Vec<char> = squash(text).chars().collect();
    let keyed: Vec<String> = squashed.iter().map(|c| key(&c.to_string())).collect();
    (0..keyed.len())
        .find_map(|start| {
            let mut joined = String::new();
            keyed.get(start..)?.iter().enumerate().find_map(|(more, piece)| {
                joined.push_str(piece);
                (joined == part).then(|| squashed.get(start..=start + more).map(|cs| cs.iter().collect::<String>()))
            })?
        })
        .unwrap_or_else(|| part.to_string())
}

fn longest_first<T>(mut words: Vec<T>, length: impl Fn(&T) -> usize) -> Vec<T> {
    words.sort_by_key(|word| usize::MAX - length(word));
    words
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoverFile {
    body_label: Vec<ScopeEntry>,
    title: TitleEntry,
    section_scope: Vec<ScopeEntry>,
    not_title: Prefixes,
    other_document: OtherDocuments,
    blank_form: BlankForm,
    date: Prefixes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlankForm {
    placeholders: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherDocuments {
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeEntry {
    names: Vec<String>,
    scope: Option<Scope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TitleEntry {
    levels: Vec<String>,
    scope: Vec<ScopeEntry>,
    phase: PhaseEntry,
    words: WordsEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseEntry {
    budget: Vec<String>,
    final_accounts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsEntry {
    tails: Vec<String>,
    body_tails: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prefixes {
    prefixes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Titles as real covers print them, lines joined.
    #[test]
    fn titles_of_covers() {
        let specs = CoverSpecs::load(&SpecFiles::builtin()).expect("built-in wording of covers");
        let read = |title: &str| {
            let parts = specs.title(title).unwrap_or_else(|| panic!("{title} is a title"));
            (parts.body.unwrap_or_default(), parts.year.map_or(0, |y| y.0), parts.scope.map(|s| s.0), parts.phase.0)
        };
        let (department, unit, budget) = (Some(Scope::Department), Some(Scope::Unit), Phase::Budget);
        let expect = |body: &str, year, scope, phase| (body.to_string(), year, scope, phase);
        assert_eq!(read("2026年烟台市司法局 部门预算"), expect("烟台市司法局", 2026, department, budget));
        assert_eq!(read("江苏省人民检察院2019年度部门预算公开"), expect("江苏省人民检察院", 2019, department, budget));
        assert_eq!(read("上海市2026年市级单位预算"), expect("上海市", 2026, unit, budget));
        assert_eq!(read("2019年部门综合预算公开报表"), expect("", 2019, department, budget));
        assert_eq!(
            read("西安市卫生健康委员会（汇总）2022年度部门决算"),
            expect("西安市卫生健康委员会", 2022, department, Phase::FinalAccounts)
        );
        assert_eq!(read("2018 年度江苏省高级人民法院预算公开"), expect("江苏省高级人民法院", 2018, None, budget));
        assert_eq!(
            read("2026 年深圳市气象局（本级）部门预算"),
            expect("深圳市气象局（本级）", 2026, department, budget)
        );
        assert_eq!(specs.title("2026年度苏州市审计局部门预算公开苏州市审计局2026年度部门预算公开"), None);
        assert_eq!(specs.title("第二部分 部门概况"), None);
    }

    #[test]
    fn lines_of_covers() {
        let specs = CoverSpecs::load(&SpecFiles::builtin()).expect("built-in wording of covers");
        assert_eq!(specs.body_line("预算单位：上海市信访办公室"), Some((Some(Scope::Unit), "上海市信访办公室")));
        assert_eq!(specs.body_line("编制部门：341-湖州市财政局"), Some((None, "湖州市财政局")));
        assert_eq!(specs.body_line("单位：万元"), None);
        assert!(specs.is_not_title("保密审查情况：  已审查"));
        let date = |line: &str| specs.date(line);
        assert_eq!(date("2026 年 1 月 30 日").as_deref(), Some("2026-01-30"));
        assert_eq!(date("二〇二五年十二月三十一日").as_deref(), Some("2025-12-31"));
        assert_eq!(date("二〇二六年三月").as_deref(), Some("2026-03"));
        assert_eq!(date("2026年1月"), Some("2026-01".into()));
        assert_eq!(date("2026年13月"), None);
        assert_eq!(date("截至2026年1月30日"), None);
    }
}
