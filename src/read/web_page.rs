//! What a web page is that was saved in place of a document: its title, and whether it holds amounts at all.

use std::sync::LazyLock;

use crate::base::expression::expression;
use regex::Regex;

use crate::base::text::unwrap_label;

static SCRIPTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| expression(r"(?is)<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->").ok());
static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"(?is)<title[^>]*>(.*?)</title>").ok());
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"(?i)<a\s[^>]*href").ok());
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"(?s)<[^>]*>").ok());
/// Amounts are printed with two decimals or more, or with a unit of money behind them.
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| expression(r"\d\.\d\d|\d\s*(?:万|亿)?元").ok());

/// Why a web page is refused. Portals hand out pages of links, notices and errors under the name of a document.
pub fn describe(bytes: &[u8]) -> String {
    let text = super::text::encoding::bytes_to_text(bytes, &mut Vec::new());
    let page = text.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned());
    let without = |pattern: &LazyLock<Option<Regex>>, text: &str| match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, " ").into_owned(),
        None => text.to_string(),
    };
    let count = |pattern: &LazyLock<Option<Regex>>, text: &str| {
        pattern.as_ref().map_or(0, |pattern| pattern.find_iter(text).count())
    };
    let page = without(&SCRIPTS, &page);
    let title = TITLE.as_ref().and_then(|title| title.captures(&page)).and_then(|found| found.get(1));
    let title = title.map(|title| unwrap_label(title.as_str().trim())).filter(|title| !title.is_empty());
    let named = title.map_or_else(String::new, |title| format!(", “{title}”,"));
    let (links, amounts) = (count(&LINK, &page), count(&AMOUNT, &without(&TAG, &page)));
    if amounts == 0 {
        format!(
            "is a web page (HTML){named} and no disclosure: {links} links, no amount; the document may be behind a link"
        )
    } else {
        format!("is a web page (HTML){named} with {amounts} amounts; web pages are not read yet (PDF and text are)")
    }
}
