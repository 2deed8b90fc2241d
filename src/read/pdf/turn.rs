//! Pages set wholly in turned text (a wide table in a high file, without `/Rotate`) → as one reads them.

use super::content::{Glyph, PageContent};

/// A page is turned where this share of its characters is; a watermark and a page number may stand otherwise.
const MOST: f32 = 0.8;
/// Fewer characters may be a mark on a picture.
const FEWEST: usize = 12;

/// Turns the content of a page whose text runs down, up or upside down, so that its lines run from left to right.
pub(super) fn to_reading_direction(content: PageContent) -> PageContent {
    let Some(angle) = direction_of(&content) else { return content };
    let (width, height) = (content.width, content.height);
    let point = |[x, y]: [f32; 2]| match angle {
        90 => [y, width - x],
        270 => [height - y, x],
        _ => [width - x, height - y],
    };
    let area = |[x0, y0, x1, y1]: [f32; 4]| {
        let (a, b) = (point([x0, y0]), point([x1, y1]));
        [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1])]
    };
    let mut turned = content;
    if angle != 180 {
        (turned.width, turned.height) = (height, width);
    }
    // The text that they cut is not what the page is read for.
    turned.frames.clear();
    turned.rotation = (turned.rotation + 360 - angle) % 360;
    for glyph in turned.glyphs.iter_mut().chain(&mut turned.cut) {
        glyph.bbox = area(glyph.bbox);
        glyph.origin = point(glyph.origin);
        glyph.angle = (glyph.angle - f32::from(angle) + 540.0).rem_euclid(360.0) - 180.0;
    }
    for ruling in &mut turned.rulings {
        let (from, to) = if ruling.is_horizontal {
            (point([ruling.start, ruling.position]), point([ruling.end, ruling.position]))
        } else {
            (point([ruling.position, ruling.start]), point([ruling.position, ruling.end]))
        };
        ruling.is_horizontal ^= angle != 180;
        let (along, across) = if ruling.is_horizontal { (0, 1) } else { (1, 0) };
        ruling.position = from[across];
        (ruling.start, ruling.end) = (from[along].min(to[along]), from[along].max(to[along]));
    }
    for shape in turned.fills.iter_mut().chain(&mut turned.images).chain(&mut turned.drawings) {
        shape.bbox = area(shape.bbox);
    }
    turned
}

/// 90, 180 or 270 where most of the text is set at that angle (clockwise).
fn direction_of(content: &PageContent) -> Option<u16> {
    // More than half of nearly every page is level print.
    let is_level = |glyph: &&Glyph| glyph.is_upright() && !glyph.is_blank && !glyph.is_invisible;
    if content.glyphs.iter().filter(is_level).nth(content.glyphs.len() / 2).is_some() {
        return None;
    }
    let (mut counts, mut all) = ([0_usize; 3], 0_usize);
    for glyph in content.glyphs.iter().filter(|glyph| !glyph.is_blank && !glyph.is_invisible) {
        all += 1;
        if glyph.is_upright() {
            continue;
        }
        for (count, angle) in counts.iter_mut().zip([90.0, 180.0, 270.0_f32]) {
            *count += usize::from((glyph.angle.rem_euclid(360.0) - angle).abs() < 2.0);
        }
    }
    let (count, angle) = counts.into_iter().zip([90, 180, 270]).max()?;
    (count >= FEWEST && count as f32 >= MOST * all as f32).then_some(angle)
}
