//! PDF → lines and grids. Stands on `hayro-interpret`, which no other module sees.

mod aligned;
mod blocks;
mod body;
mod bounds;
mod broken;
mod characters;
mod column;
pub mod content;
pub mod cut;
mod device;
mod file;
mod fill;
mod filters;
mod fonts;
mod furniture;
mod ground;
mod lattice;
pub mod lines;
mod open;
mod programs;
mod raised;
mod rulings;
mod spaced;
mod spill;
mod stacked;
mod states;
mod streams;
pub mod tables;
mod turn;
mod unbroken;
mod work;

use super::{Block, Document, Grid, Line, Page, ReadError, Source};
use crate::base::finding::Finding;
use crate::base::place::Place;
use crate::finding_code;
use content::{Glyph, PageContent, PageFailure};

finding_code! {
    /// A page shows pictures but has no text: a scan, or a picture of a table. Nothing on it can be read.
    /// The message states the share of such pages.
    pub R101, "no-text-layer", Warning
}
finding_code! {
    /// The drawing of a page is damaged. What stands before the damage was read; what follows is missing.
    pub R102, "damaged-page", Error
}
finding_code! {
    /// A page draws more than any disclosure does, without an end in sight. Reading it was given up.
    pub R103, "page-without-end", Error
}
finding_code! {
    /// Characters whose font does not say what they mean. They stand as U+FFFD in the text: nothing was guessed.
    pub R104, "unknown-characters", Warning
}

/// Reads a PDF page by page. Only one page's glyphs are kept at a time.
///
/// # Errors
/// Where the file is damaged beyond reading, needs a password, or has no text at all.
pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Document, ReadError> {
    let mut document = Document { format: "pdf".into(), ..Document::default() };
    let mut pictures: Vec<Place> = Vec::new();
    visit_pages(source, |content| {
        findings.extend(content.failure.map(|failure| failure_to_finding(failure, &content)));
        findings.extend(unknown_characters(&content));
        findings.extend(cut::cut_lines(&content));
        // What was given up may have shown text.
        let is_picture = content.failure.is_none() && shows_picture(&content);
        let (page, blocks) = page_to_blocks(content);
        if is_picture && !page.has_text {
            pictures.push(Place::Page { page: page.number, bbox: [0.0, 0.0, page.width, page.height] });
        }
        document.pages.push(page);
        document.blocks.extend(blocks);
    })?;
    furniture::mark_running_lines(&mut document);
    findings.extend(text_layer(&document, &pictures, findings)?);
    Ok(document)
}

/// Shows each page's content in turn. Only one page is kept at a time.
///
/// # Errors
/// As [`read`], but a document without text is shown.
pub fn visit_pages(source: &Source, mut see: impl FnMut(PageContent)) -> Result<(), ReadError> {
    let pdf = file::open(&source.bytes, source.password.as_deref())?;
    let mut reader = file::PageReader::new(&pdf);
    for index in 0..reader.page_count() {
        see(turn::to_reading_direction(reader.read_page(index)));
    }
    Ok(())
}

/// One page: furniture aside, grids found, the rest as lines, all in reading order.
fn page_to_blocks(mut content: PageContent) -> (Page, Vec<Block>) {
    let page = Page {
        number: content.number,
        width: content.width,
        height: content.height,
        rotation: content.rotation,
        has_text: content.glyphs.iter().any(|glyph| !glyph.is_blank),
    };
    let mut aside = furniture::take_furniture(&mut content);
    aside.extend(furniture::take_page_number(&mut content));
    let tables::Found { grids, outside } = tables::find_grids(&content);
    let texts = stacked::join_stacked(lines::baselines_to_lines(&outside));
    let mut lines: Vec<Line> = texts.into_iter().map(|line| furniture::to_line(line, content.number, None)).collect();
    lines.extend(aside);
    (page, in_reading_order(lines, grids))
}

/// Top to bottom; what stands side by side from left to right.
fn in_reading_order(lines: Vec<Line>, grids: Vec<Grid>) -> Vec<Block> {
    let mut blocks: Vec<(f32, f32, Block)> = lines
        .into_iter()
        .map(Block::Line)
        .chain(grids.into_iter().map(Block::Grid))
        .map(|block| match *block.place() {
            // A line counts from its foot, so that larger type on the same baseline does not come first.
            Place::Page { bbox, .. } if matches!(block, Block::Line(_)) => (bbox[3], bbox[0], block),
            Place::Page { bbox, .. } => (bbox[1], bbox[0], block),
            Place::Text { .. } => (0.0, 0.0, block),
        })
        .collect();
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Blocks that begin within a few points of each other stand side by side.
    let mut band = f32::NEG_INFINITY;
    for block in &mut blocks {
        if block.0 - band < 3.0 {
            block.0 = band;
        } else {
            band = block.0;
        }
    }
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    blocks.into_iter().map(|(_, _, block)| block).collect()
}

fn failure_to_finding(failure: PageFailure, content: &PageContent) -> Finding {
    let place = Place::Page { page: content.number, bbox: [0.0, 0.0, content.width, content.height] };
    match failure {
        PageFailure::Damaged => Finding::new(&R102, format!("page {} is damaged and read in part", content.number)),
        PageFailure::TooMuch => {
            Finding::new(&R103, format!("page {} draws without end and was read in part", content.number))
        }
    }
    .at(&place, "read in part")
}

fn unknown_characters(content: &PageContent) -> Option<Finding> {
    let is_unknown = |glyph: &&Glyph| glyph.character == char::REPLACEMENT_CHARACTER;
    let mut unknown = content.glyphs.iter().filter(is_unknown);
    let first = unknown.next()?;
    let place = Place::Page { page: content.number, bbox: first.bbox };
    let message =
        format!("{} characters of page {} have no known meaning in their font", 1 + unknown.count(), content.number);
    Some(Finding::new(&R104, message).at(&place, "the first of them"))
}

/// Outlined text has thousands of curves, an ornament a few.
const CURVES_OF_A_PICTURE: u32 = 200;

/// Whether there is anything to recognise on a page: an image larger than an ornament, or text turned into outlines.
fn shows_picture(content: &PageContent) -> bool {
    let area = |bbox: &[f32; 4]| (bbox[2] - bbox[0]) * (bbox[3] - bbox[1]);
    let images: f32 = content.images.iter().map(|image| area(&image.bbox)).sum();
    images > 0.02 * content.width * content.height || content.curves > CURVES_OF_A_PICTURE
}

/// Reports pages that show something but have no text.
///
/// # Errors
/// Where no page has text: an empty success would say that the document discloses nothing.
fn text_layer(document: &Document, pictures: &[Place], failures: &[Finding]) -> Result<Option<Finding>, ReadError> {
    let all = document.pages.len();
    if !document.pages.iter().any(|page| page.has_text) {
        let is_failure = |finding: &&Finding| finding.code == R102.id || finding.code == R103.id;
        if let Some(failure) = failures.iter().find(is_failure) {
            return Err(ReadError { message: format!("{}; no other of the {all} pages has text", failure.message) });
        }
        let message = format!("no-text-layer: none of the {all} pages has text; the document must be recognised first");
        return Err(ReadError { message });
    }
    let Some(first) = pictures.first() else { return Ok(None) };
    let numbers: Vec<String> = pictures.iter().filter_map(Place::page).map(|page| page.to_string()).collect();
    let message = format!(
        "{} of {all} pages ({} %) show pictures without text: {}",
        pictures.len(),
        pictures.len() * 100 / all,
        numbers.join(", ")
    );
    let finding = Finding::new(&R101, message).at(first, "a picture without text");
    Ok(Some(finding.help("what these pages print is missing from the output until they are recognised")))
}
