//! Pages drawn with what was found over them, for people who ask why a table came out as it did.
//!
//! Text black, rulings blue, shading and pictures grey, cells of grids green, grids red, lines thin, furniture orange.

use std::fmt::Write;

use crate::base::place::Place;
use crate::read::pdf::content::PageContent;
use crate::read::pdf::visit_pages;
use crate::read::{Block, Document, ReadError, Source};

/// Space between pages, in points.
const GAP: f32 = 12.0;

/// One SVG of all pages of a PDF, or of page `only` (1-based), one below the other.
///
/// # Errors
/// As [`crate::read::read`].
pub fn pages_to_svg(source: &Source, document: &Document, only: Option<u32>) -> Result<String, ReadError> {
    let (mut body, mut width, mut height) = (String::new(), 0.0_f32, 0.0_f32);
    visit_pages(source, |content| {
        if only.is_none_or(|number| number == content.number) {
            let _ = writeln!(body, "<g transform=\"translate(0 {height})\">");
            draw_content(&mut body, &content);
            for block in document.blocks.iter().filter(|block| block.place().page() == Some(content.number)) {
                draw_block(&mut body, block);
            }
            body.push_str("</g>\n");
            width = width.max(content.width);
            height += content.height + GAP;
        }
    })?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"sans-serif\">\n{body}</svg>\n"
    ))
}

fn draw_content(out: &mut String, content: &PageContent) {
    rect(out, &[0.0, 0.0, content.width, content.height], "fill=\"white\" stroke=\"silver\"", "");
    for fill in &content.fills {
        let [red, green, blue, alpha] = fill.colour;
        let style = format!("fill=\"rgb({red},{green},{blue})\" fill-opacity=\"{:.2}\"", f32::from(alpha) / 510.0);
        rect(out, &fill.bbox, &style, "");
    }
    for image in &content.images {
        rect(out, &image.bbox, "fill=\"gainsboro\" stroke=\"grey\"", "");
    }
    for ruling in &content.rulings {
        let [x1, y1, x2, y2] = if ruling.is_horizontal {
            [ruling.start, ruling.position, ruling.end, ruling.position]
        } else {
            [ruling.position, ruling.start, ruling.position, ruling.end]
        };
        let _ = writeln!(
            out,
            "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" stroke=\"blue\" stroke-width=\"{:.2}\"/>",
            ruling.thickness.max(0.3)
        );
    }
    for glyph in content.glyphs.iter().filter(|glyph| !glyph.character.is_whitespace()) {
        let [x, y] = glyph.origin;
        let opacity = if glyph.is_invisible { 0.3 } else { f32::from(glyph.colour[3]) / 255.0 };
        let _ = write!(out, "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{:.2}\"", glyph.size);
        if opacity < 1.0 {
            let _ = write!(out, " opacity=\"{opacity:.2}\"");
        }
        if !glyph.is_upright() {
            let _ = write!(out, " transform=\"rotate({:.1} {x:.2} {y:.2})\"", glyph.angle);
        }
        let _ = writeln!(out, ">{}</text>", escape(&glyph.character.to_string()));
    }
}

fn draw_block(out: &mut String, block: &Block) {
    let Place::Page { bbox, .. } = block.place() else { return };
    match block {
        Block::Line(line) => {
            let style = match line.furniture {
                Some(_) => "fill=\"none\" stroke=\"orange\" stroke-width=\"0.8\"",
                None => "fill=\"none\" stroke=\"grey\" stroke-width=\"0.2\"",
            };
            rect(out, bbox, style, &line.text);
        }
        Block::Grid(grid) => {
            for cell in &grid.cells {
                if let Place::Page { bbox, .. } = &cell.place {
                    let style = "fill=\"green\" fill-opacity=\"0.06\" stroke=\"green\" stroke-width=\"0.5\"";
                    let spans =
                        format!("{},{} +{}x{} {}", cell.row, cell.column, cell.row_span, cell.column_span, cell.text);
                    rect(out, bbox, style, &spans);
                }
            }
            let title = format!("{:?} {}x{}", grid.method, grid.rows, grid.columns);
            rect(out, bbox, "fill=\"none\" stroke=\"red\" stroke-width=\"1.2\"", &title);
        }
    }
}

fn rect(out: &mut String, bbox: &[f32; 4], style: &str, title: &str) {
    let [x0, y0, x1, y1] = bbox;
    let _ = write!(out, "<rect x=\"{x0:.2}\" y=\"{y0:.2}\" width=\"{:.2}\" height=\"{:.2}\" {style}", x1 - x0, y1 - y0);
    if title.is_empty() {
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, "><title>{}</title></rect>", escape(title));
    }
}

/// Text for XML; characters that XML does not know become U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Line;

    #[test]
    fn blocks_carry_their_text_escaped() {
        let place = Place::Page { page: 1, bbox: [1.0, 2.0, 11.0, 12.0] };
        let line = Line { text: "a<b & \"c\"".into(), place, furniture: None, style: None };
        let mut out = String::new();
        draw_block(&mut out, &Block::Line(line));
        assert!(out.contains("<title>a&lt;b &amp; &quot;c&quot;</title>"), "{out}");
        assert!(out.contains("x=\"1.00\" y=\"2.00\" width=\"10.00\" height=\"10.00\""), "{out}");
    }
}
