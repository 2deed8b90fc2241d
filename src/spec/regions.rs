//! Administrative divisions (GB/T 2260) and how a text names one.

use serde::Deserialize;

use super::{SpecFile, SpecFiles};
use crate::model::Region;

/// Divisions from `regions/divisions.csv`. They are many, and a document asks for few: they lie in lists, sorted by what
/// is looked for.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    /// By code.
    divisions: Vec<Division>,
    /// By full name (普陀区 is in Shanghai and in Zhoushan).
    by_name: Vec<usize>,
    /// By the name without suffix; provinces and prefectures only (公安局 is not of 公安县).
    by_short: Vec<usize>,
    /// Characters of the longest name.
    longest: usize,
}

#[derive(Clone, Debug, Deserialize)]
struct Division {
    code: String,
    name: String,
    short: String,
}

/// What a text says of its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionMatch {
    /// Divisions that the words may mean; one where they are clear.
    pub codes: Vec<String>,
    /// Characters before the words and in them.
    pub start: usize,
    pub length: usize,
}

impl Regions {
    /// Reads the file `regions/divisions.csv`.
    ///
    /// # Errors
    /// Where the file is no table of code, name, short name.
    pub fn load(files: &SpecFiles) -> anyhow::Result<Regions> {
        let file = files.get("regions/divisions.csv")?;
        Regions::from_file(file)
    }

    fn from_file(file: &SpecFile) -> anyhow::Result<Regions> {
        let divisions: anyhow::Result<Vec<Division>> = file.records().map(|record| Ok(record?.1)).collect();
        let mut divisions = divisions?;
        divisions.sort_by(|a, b| a.code.cmp(&b.code));
        let mut by_name: Vec<usize> = (0..divisions.len()).collect();
        let is_wide = |at: &usize| !divisions[*at].short.is_empty() && divisions[*at].code.ends_with("00");
        let mut by_short: Vec<usize> = by_name.iter().copied().filter(is_wide).collect();
        by_name.sort_by_key(|at| divisions[*at].name.as_str());
        by_short.sort_by_key(|at| divisions[*at].short.as_str());
        let longest = divisions.iter().map(|division| division.name.chars().count()).max().unwrap_or(0);
        Ok(Regions { divisions, by_name, by_short, longest })
    }

    fn division(&self, code: &str) -> Option<&Division> {
        let at = self.divisions.binary_search_by(|division| division.code.as_str().cmp(code)).ok()?;
        self.divisions.get(at)
    }

    /// The divisions of a list that have this name.
    fn named<'r>(
        &'r self,
        list: &'r [usize],
        name: &'r str,
        name_of: impl Fn(&Division) -> &str + Copy + 'r,
    ) -> impl Iterator<Item = &'r Division> + Clone + 'r {
        let start = list.partition_point(|at| name_of(&self.divisions[*at]) < name);
        let own = list[start..].iter().map(|at| &self.divisions[*at]);
        own.take_while(move |division| name_of(division) == name)
    }

    /// The division with its path from the province down.
    pub fn region(&self, code: &str) -> Option<Region> {
        let division = self.division(code)?;
        let mut path: Vec<String> = self.ancestors(code).iter().filter_map(|code| self.name(code)).collect();
        path.push(division.name.clone());
        Some(Region { code: division.code.clone(), path })
    }

    /// True where `inner` lies in `outer` (or is it).
    pub fn contains(&self, outer: &str, inner: &str) -> bool {
        outer == inner || self.ancestors(inner).iter().any(|code| code == outer)
    }

    /// The first place that a text without blanks names: at its beginning also without suffix (上海, 江苏), later by
    /// a full name only. A chain (长治市屯留区) is followed as far down as it goes.
    pub fn find(&self, text: &str) -> Option<RegionMatch> {
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len()).find_map(|start| {
            let rest = chars.get(start..)?;
            let (codes, length) =
                self.full_name(rest, None).or_else(|| self.short_name(rest).filter(|_| start == 0))?;
            // In the middle of a text 城区 or 郊区 is a word.
            let is_word = start > 0 && (length < 3 || codes.len() > 1);
            (!is_word).then(|| self.follow(rest, codes, length, start))
        })
    }

    fn follow(&self, rest: &[char], mut codes: Vec<String>, mut length: usize, start: usize) -> RegionMatch {
        while let [code] = codes.as_slice()
            && let Some((inner, more)) = rest.get(length..).and_then(|rest| self.full_name(rest, Some(code)))
        {
            codes = inner;
            length += more;
        }
        RegionMatch { codes, start, length }
    }

    /// The longest full name at the beginning, below `outer` where one is given.
    fn full_name(&self, text: &[char], outer: Option<&str>) -> Option<(Vec<String>, usize)> {
        (2..=self.longest.min(text.len())).rev().find_map(|length| {
            let name: String = text.get(..length)?.iter().collect();
            let inner = |code: &&str| outer.is_none_or(|outer| *code != outer && self.contains(outer, code));
            let named = self.named(&self.by_name, &name, |division| &division.name);
            let codes: Vec<String> =
                named.map(|division| division.code.as_str()).filter(inner).map(String::from).collect();
            (!codes.is_empty()).then_some((codes, length))
        })
    }

    fn short_name(&self, text: &[char]) -> Option<(Vec<String>, usize)> {
        (2..=self.longest.min(text.len())).rev().find_map(|length| {
            let name: String = text.get(..length)?.iter().collect();
            let named = self.named(&self.by_short, &name, |division| &division.short);
            // A province before a prefecture of the same short name (吉林, 海南).
            let province = named.clone().find(|division| division.code.ends_with("0000"));
            let codes: Vec<String> = match province {
                Some(province) => vec![province.code.clone()],
                None => named.map(|division| division.code.clone()).collect(),
            };
            (!codes.is_empty()).then_some((codes, length))
        })
    }

    fn name(&self, code: &str) -> Option<String> {
        self.division(code).map(|division| division.name.clone())
    }

    /// Province and prefecture above a code, as far as they are divisions.
    fn ancestors(&self, code: &str) -> Vec<String> {
        let above = [code.get(..2).map(|p| format!("{p}0000")), code.get(..4).map(|p| format!("{p}00"))];
        above.into_iter().flatten().filter(|above| above != code && self.division(above).is_some()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> Regions {
        Regions::load(&SpecFiles::builtin()).expect("built-in divisions")
    }

    fn codes(text: &str) -> Vec<String> {
        regions().find(text).map(|found| found.codes).unwrap_or_default()
    }

    #[test]
    fn chains_go_down_to_the_county() {
        let found = regions().find("中共长治市屯留区委组织部").expect("a place");
        assert_eq!((found.start, found.length, found.codes), (2, 6, vec!["140405".to_string()]));
        let region = regions().region("140405").expect("屯留区");
        assert_eq!(region.path, ["山西省", "长治市", "屯留区"]);
        assert_eq!(codes("上海市普陀区司法局"), ["310107"]);
        assert_eq!(regions().region("310107").expect("普陀区").path, ["上海市", "普陀区"]);
        assert_eq!(codes("湖北省仙桃市财政局"), ["429004"]);
    }

    #[test]
    fn names_without_suffix_only_at_the_beginning() {
        assert_eq!(codes("上海水产老干部活动室"), ["310000"]);
        assert_eq!(codes("江苏省人大常委会办公厅"), ["320000"]);
        assert_eq!(codes("福州经济技术开发区生态环境局"), ["350100"]);
        assert_eq!(codes("共青团福州市委员会"), ["350100"]);
    }

    #[test]
    fn what_is_no_place_or_many() {
        assert_eq!(codes("国家信访局"), [""; 0]);
        assert_eq!(codes("公安局文职人员管理中心"), [""; 0]);
        assert_eq!(codes("普陀区司法局"), ["310107", "330903"]);
        assert_eq!(codes("吉林市财政局"), ["220200"]);
        assert_eq!(codes("吉林财政厅"), ["220000"]);
    }
}
