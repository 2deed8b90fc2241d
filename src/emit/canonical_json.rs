//! The canonical JSON: the whole disclosure, keys in the order of the types, the same bytes every time.

use serde_json::Value;

use crate::model::Disclosure;

/// Longest line, in characters, on which a small value is kept whole.
const LINE: usize = 160;

/// Indented, with a line break at the end: a value that fits on a line stands on one, so that a change of one cell
/// is a change of one line.
///
/// # Errors
/// None that a disclosure can cause.
pub fn pretty(disclosure: &Disclosure) -> serde_json::Result<String> {
    let mut out = String::new();
    write_value(&serde_json::to_value(disclosure)?, 0, &mut out);
    out.push('\n');
    Ok(out)
}

/// One line, with its line break.
///
/// # Errors
/// None that a disclosure can cause.
pub fn line(disclosure: &Disclosure) -> serde_json::Result<String> {
    serde_json::to_string(disclosure).map(|text| text + "\n")
}

/// Writes a value at a depth; on one line where it fits and holds nothing nested deeper than a place.
fn write_value(value: &Value, depth: usize, out: &mut String) {
    let (open, close, items): (char, char, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(values) => ('[', ']', values.iter().map(|value| (None, value)).collect()),
        Value::Object(map) => ('{', '}', map.iter().map(|(key, value)| (Some(key), value)).collect()),
        scalar => return out.push_str(&scalar.to_string()),
    };
    if height(value) <= 2 {
        let flat = value.to_string();
        if depth * 2 + flat.chars().count() <= LINE {
            return out.push_str(&flat);
        }
    }
    out.push(open);
    for (index, (key, item)) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            out.push_str(&Value::String((*key).clone()).to_string());
            out.push_str(": ");
        }
        write_value(item, depth + 1, out);
    }
    if !items.is_empty() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

/// 0 for a scalar, 1 for a list or object of scalars, and so on.
fn height(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(height).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(height).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_stand_on_one_line_and_nothing_changes() {
        let value = serde_json::json!({
            "table": {"rows": [{"label": "合计", "place": {"line": 1, "column": 2}}, {"label": "x".repeat(200), "place": {"line": 2}}]},
            "none": null, "empty": [], "text": "a\"b\n"
        });
        let mut out = String::new();
        write_value(&value, 0, &mut out);
        assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON"), value);
        assert!(out.contains(r#"{"label":"合计","place":{"line":1,"column":2}}"#), "{out}");
        assert!(out.lines().count() > 8, "{out}");
    }
}
