//! The function of expenditure that a subject names.

use crate::base::text::as_key;

/// A function of expenditure as the prose names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub code: Option<String>,
    pub name: String,
}

impl Function {
    /// The function that a subject names: by its code in digits, or by the name marked （类） / （款） / （项） or
    /// standing alone.
    pub fn of(subject: &str) -> Option<Function> {
        let subject = as_key(subject);
        let digits: String = subject.chars().filter(char::is_ascii_digit).collect();
        if matches!(digits.len(), 3 | 5 | 7) && digits.starts_with('2') && subject.contains(digits.as_str()) {
            return Some(Function { code: Some(digits), name: String::new() });
        }
        let bare = subject.strip_suffix("科目").unwrap_or(&subject);
        let bare = ["(项)支出", "(款)支出", "(类)支出", "(项)", "(款)", "(类)"]
            .iter()
            .find_map(|mark| bare.strip_suffix(mark))
            .unwrap_or(bare);
        let name = bare.rsplit(')').next().unwrap_or(bare);
        (name.chars().count() >= 4).then(|| Function { code: None, name: name.to_string() })
    }

    /// The name of a function without numbering and 支出, by which rows and prose meet: `一、一般公共服务支出`.
    pub fn key_of(label: &str) -> String {
        let label = as_key(label);
        let is_numeral = |c| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十');
        let behind_number = label.trim_start_matches(is_numeral).strip_prefix('、');
        let name = behind_number.unwrap_or(&label);
        name.strip_suffix("支出").unwrap_or(name).to_string()
    }
}
