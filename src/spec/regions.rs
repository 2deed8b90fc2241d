//! Administrative divisions (GB/T 2260) and how a text names one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{SpecFile, SpecFiles};
use crate::model::Region;

/// Divisions from `regions/divisions.csv`, by code.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    divisions: BTreeMap<String, Division>,
    /// Full name → codes (普陀区 is in Shanghai and in Zhoushan).
    by_name: BTreeMap<String, Vec<String>>,
    /// Name without suffix → codes; provinces and prefectures only (公安局 is not of 公安县).
    by_short: BTreeMap<String, Vec<String>>,
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
        let mut regions = Regions::default();
        for division in file.records() {
            let (_, division): (_, Division) = division?;
            regions.longest = regions.longest.max(division.name.chars().count());
            regions.by_name.entry(division.name.clone()).or_default().push(division.code.clone());
            if !division.short.is_empty() && division.code.ends_with("00") {
                regions.by_short.entry(division.short.clone()).or_default().push(division.code.clone());
            }
            regions.divisions.insert(division.code.clone(), division);
        }
        // A province before a prefecture of the same short name (吉林, 海南).
        for codes in regions.by_short.values_mut() {
            if let Some(province) = codes.iter().find(|code| code.ends_with("0000")).cloned() {
                *codes = vec![province];
            }
        }
        Ok(regions)
    }

    /// The division with its path from the province down.
    pub fn region(&self, code: &str) -> Option<Region> {
        let division = self.divisions.get(code)?;
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
            let inner = |code: &&String| outer.is_none_or(|outer| *code != outer && self.contains(outer, code));
            let codes: Vec<String> = self.by_name.get(&name)?.iter().filter(inner).cloned().collect();
            (!codes.is_empty()).then_some((codes, length))
        })
    }

    fn short_name(&self, text: &[char]) -> Option<(Vec<String>, usize)> {
        (2..=self.longest.min(text.len())).rev().find_map(|length| {
            let name: String = text.get(..length)?.iter().collect();
            Some((self.by_short.get(&name)?.clone(), length))
        })
    }

    fn name(&self, code: &str) -> Option<String> {
        self.divisions.get(code).map(|division| division.name.clone())
    }

    /// Province and prefecture above a code, as far as they are divisions.
    fn ancestors(&self, code: &str) -> Vec<String> {
        let above = [code.get(..2).map(|p| format!("{p}0000")), code.get(..4).map(|p| format!("{p}00"))];
        above.into_iter().flatten().filter(|above| above != code && self.divisions.contains_key(above)).collect()
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
