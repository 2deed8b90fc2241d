//! A fact as a line of JSON: byte for byte what `serde_json` writes of it, without asking again what is known. A batch
//! writes millions of lines, whose keys need no escaping and which begin alike within a table.

use serde::Serialize;

use super::facts::Fact;

/// The beginning of the lines of a document, a table, a form.
#[derive(Debug, Default)]
pub struct Head {
    of: Option<String>,
    text: Vec<u8>,
}

impl Head {
    /// Writes the fact without a line break; all facts come from one document.
    ///
    /// # Errors
    /// None that a fact can cause.
    pub fn write(&mut self, fact: &Fact<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        if self.of.as_deref() != Some(fact.table_id) {
            self.of = Some(fact.table_id.to_string());
            self.text.clear();
            write_head(fact, &mut self.text)?;
        }
        out.extend_from_slice(&self.text);
        write_rest(fact, out)
    }
}

fn write_head(fact: &Fact<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    text(out, "{\"document\":", Some(fact.document))?;
    text(out, ",\"body\":", fact.body)?;
    value(out, ",\"fiscal_year\":", &fact.fiscal_year)?;
    value(out, ",\"phase\":", &fact.phase)?;
    value(out, ",\"scope\":", &fact.scope)?;
    text(out, ",\"region_code\":", fact.region_code)?;
    text(out, ",\"table\":", fact.table)?;
    text(out, ",\"table_id\":", Some(fact.table_id))?;
    text(out, ",\"caption\":", fact.caption)
}

fn write_rest(fact: &Fact<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    text(out, ",\"project\":", fact.project.as_deref())?;
    text(out, ",\"row\":", fact.row)?;
    value(out, ",\"side\":", &fact.side)?;
    text(out, ",\"code\":", fact.code)?;
    text(out, ",\"column\":", fact.column.as_deref())?;
    out.extend_from_slice(b",\"header\":[");
    for (at, label) in fact.header.iter().enumerate() {
        text(out, if at > 0 { "," } else { "" }, Some(label))?;
    }
    text(out, "],\"printed\":", Some(fact.printed))?;
    text(out, ",\"unit\":", fact.unit)?;
    value(out, ",\"amount\":", &fact.amount)?;
    value(out, ",\"amount_yuan\":", &fact.amount_yuan)?;
    value(out, ",\"page\":", &fact.page)?;
    value(out, ",\"bbox\":", &fact.bbox)?;
    value(out, ",\"line\":", &fact.line)?;
    text(out, ",\"sheet\":", fact.sheet)?;
    value(out, ",\"cell\":", &fact.cell)?;
    value(out, ",\"evidence\":", &fact.evidence)?;
    out.push(b'}');
    Ok(())
}

fn value(out: &mut Vec<u8>, before: &str, value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(before.as_bytes());
    serde_json::to_writer(out, value)
}

fn text(out: &mut Vec<u8>, before: &str, text: Option<&str>) -> serde_json::Result<()> {
    // Hardly a text has a character that JSON escapes; the whole of it is looked at without a branch.
    let is_escaped = |text: &str| text.bytes().fold(false, |any, b| any | (b < b' ') | (b == b'"') | (b == b'\\'));
    match text.filter(|text| !is_escaped(text)) {
        Some(plain) => {
            out.extend_from_slice(before.as_bytes());
            out.push(b'"');
            out.extend_from_slice(plain.as_bytes());
            out.push(b'"');
            Ok(())
        }
        None => value(out, before, &text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::place::Place;
    use crate::model::{Evidence, Phase, Scope, Side};

    fn fact() -> Fact<'static> {
        Fact {
            document: "a\\b.pdf",
            body: Some("甲\"局\""),
            fiscal_year: Some(2026),
            phase: Some(Phase::Budget),
            scope: Some(Scope::Unit),
            region_code: None,
            table: None,
            table_id: "t1",
            caption: Some("收支\n总表"),
            project: None,
            row: Some("合计"),
            side: Some(Side::Revenue),
            code: Some("201"),
            column: Some("total".into()),
            header: vec!["收入", "2026\t年"],
            printed: "-1,234.50",
            unit: Some("万元"),
            amount: rust_decimal::Decimal::new(-123_450, 2),
            amount_yuan: Some(rust_decimal::Decimal::from(-12_345_000)),
            page: Place::Page { page: 7, bbox: [0.0; 4] }.page(),
            bbox: Some([1.5, 0.1, 200.0, 1e-7]),
            line: None,
            sheet: None,
            cell: None,
            evidence: Evidence::WithinRounding,
        }
    }

    #[test]
    fn a_line_is_what_serde_writes() {
        let other_table = Fact { table_id: "t2", caption: None, header: Vec::new(), line: Some(3), ..fact() };
        let other_row = Fact { row: None, side: None, ..fact() };
        let form = Fact { table_id: "f1", project: Some("项目".into()), ..fact() };
        let mut head = Head::default();
        for fact in [fact(), other_row, other_table, form] {
            let mut line = Vec::new();
            head.write(&fact, &mut line).expect("a line");
            assert_eq!(String::from_utf8(line).expect("UTF-8"), serde_json::to_string(&fact).expect("JSON"));
        }
    }
}
