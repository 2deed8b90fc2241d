//! What kind of file the bytes are, told from the bytes alone: names and extensions lie.

use super::ReadError;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Pdf,
    Text,
}

/// Where the header of a PDF may stand (ISO 32000-1, appendix H.3, note 13).
const PDF_HEADER_WITHIN: usize = 1024;
const HTML: &str = "HTML pages";
/// Enough to see what an HTML page is, after its comments and scripts.
const HEAD: usize = 4096;

/// The format of the bytes.
///
/// # Errors
/// Where they are of a kind that is not read: the message names the kind. Nothing is read as a text that is none.
pub fn bytes_to_format(bytes: &[u8]) -> Result<Format, ReadError> {
    if bytes.is_empty() {
        return refuse("is empty");
    }
    let head = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    if contains(head, b"%PDF-") {
        return Ok(Format::Pdf);
    }
    let picture = [
        (&b"\x89PNG\r\n\x1a\n"[..], "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF8", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
    ];
    if let Some((_, name)) = picture.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return refuse(&format!("is a picture ({name}); a scanned document has to be recognised (OCR) first"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return not_yet(zip_kind(bytes));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return not_yet(compound_kind(bytes));
    }
    let archives: [(&[u8], &str); 4] = [
        (b"Rar!", "RAR archives"),
        (b"7z\xBC\xAF\x27\x1C", "7z archives"),
        (b"\x1F\x8B", "gzip archives"),
        (b"{\\rtf", "RTF documents"),
    ];
    if let Some((_, name)) = archives.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return not_yet(name);
    }
    match markup_kind(bytes) {
        Some(HTML) => refuse(&super::web_page::describe(bytes)),
        Some(name) => not_yet(name),
        None => Ok(Format::Text),
    }
}

fn refuse(message: &str) -> Result<Format, ReadError> {
    Err(ReadError { message: message.to_string() })
}

fn not_yet(kind: &str) -> Result<Format, ReadError> {
    refuse(&format!("{kind} are not supported yet (PDF and text are)"))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// By the names of its entries, which stand uncompressed.
fn zip_kind(bytes: &[u8]) -> &'static str {
    let kinds: [(&[u8], &str); 6] = [
        (b"word/document", "Word documents (DOCX)"),
        (b"xl/workbook", "Excel workbooks (XLSX)"),
        (b"ppt/presentation", "PowerPoint presentations (PPTX)"),
        (b"OFD.xml", "OFD documents"),
        (b"application/vnd.oasis.opendocument", "OpenDocument files"),
        (b"AndroidManifest.xml", "Android packages"),
    ];
    kinds.iter().find(|(entry, _)| contains(bytes, entry)).map_or("ZIP archives", |(_, kind)| kind)
}

/// By the names of its streams, in UTF-16.
fn compound_kind(bytes: &[u8]) -> &'static str {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &name)
    };
    if has("WordDocument") {
        "Word 97–2003 documents (DOC)"
    } else if has("Workbook") || has("Book") {
        "Excel 97–2003 workbooks (XLS)"
    } else {
        "Office 97–2003 documents"
    }
}

fn markup_kind(bytes: &[u8]) -> Option<&'static str> {
    // Zero bytes and marks drop out: the same test serves UTF-16.
    let head: String = bytes
        .iter()
        .take(HEAD)
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let start = head.trim_start();
    if start.starts_with("mime-version:") {
        return Some("saved web pages (MHTML)");
    }
    if !start.starts_with('<') {
        return None;
    }
    let is_html = ["<!doctype html", "<html", "<head", "<body", "<table", "<div"].iter().any(|tag| start.contains(tag));
    if is_html {
        return Some(HTML);
    }
    start.starts_with("<?xml").then_some("XML files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_page_says_whether_it_holds_amounts() {
        let page = |body: &str| format!("<!DOCTYPE html><html><head><title>预算\n公开</title></head>{body}</html>");
        let list = page("<style>a{width:1.25}</style><a href='1'>甲局</a><a href='2'>乙局</a>");
        assert_eq!(
            refusal(list.as_bytes()),
            "is a web page (HTML), “预算公开”, and no disclosure: 2 links, no amount; the document may be behind a link"
        );
        let budget = page("<p>收入总计1,234.56万元</p>");
        assert_eq!(
            refusal(budget.as_bytes()),
            "is a web page (HTML), “预算公开”, with 1 amounts; web pages are not read yet (PDF and text are)"
        );
    }

    fn refusal(bytes: &[u8]) -> String {
        bytes_to_format(bytes).err().map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn readable_kinds() {
        assert_eq!(bytes_to_format(b"%PDF-1.7\n"), Ok(Format::Pdf));
        assert_eq!(bytes_to_format(b"\r\n\r\n%PDF-1.4"), Ok(Format::Pdf), "a portal put blank lines before it");
        assert_eq!(bytes_to_format("单位：万元".as_bytes()), Ok(Format::Text));
        assert_eq!(bytes_to_format("<某局>预算".as_bytes()), Ok(Format::Text));
    }

    #[test]
    fn each_other_kind_is_named() {
        assert_eq!(refusal(b""), "is empty");
        assert!(refusal(b"\x89PNG\r\n\x1a\n").contains("picture (PNG)"));
        assert!(refusal(b"\xFF\xD8\xFF\xE0").contains("picture (JPEG)"));
        assert!(refusal(b"PK\x03\x04....word/document.xml").contains("Word documents (DOCX)"));
        assert!(refusal(b"PK\x03\x04....xl/workbook.xml").contains("Excel workbooks (XLSX)"));
        assert!(refusal(b"PK\x03\x04....OFD.xml").contains("OFD documents"));
        assert!(refusal(b"PK\x03\x04....a.pdf").contains("ZIP archives"));
        assert!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0").contains("(DOC)"));
        assert!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0k\0b\0o\0o\0k\0").contains("(XLS)"));
        assert!(refusal("\u{FEFF}\n<!DOCTYPE html><html>".as_bytes()).contains("web page (HTML)"));
        assert!(refusal(b"{\\rtf1").contains("RTF"));
        assert!(refusal(b"<?xml version='1.0'?><a/>").contains("XML"));
    }
}
