//! Drawing operations → [`PageContent`]. The only place that takes glyphs, paths and images from the interpreter.
//!
//! Images are not decoded and outlines of glyphs are not looked at: only where things are and what they say.

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, Name};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask, StrokeProps,
};

use super::characters::{Fonts, shown};
use super::content::{Area, Glyph, PageContent, Ruling, is_blank};
use super::fonts::Unnamed;
use super::programs::font_number;
use crate::base::radical::radical_to_character;

/// A filled rectangle up to this thick is a line, not an area. Spreadsheets print double and thick borders up to 2 pt.
const THICKEST_LINE: f64 = 3.0;
/// Ascent and descent of the box of a glyph, in ems: those of the Song and Hei types, and near those of Latin ones.
/// Fonts in disclosures declare anything from 0 to 2 ems, so the declared values are not used.
const ASCENT: f64 = 0.86;
const DESCENT: f64 = 0.14;
/// Characters that were turned into outlines are smaller than this.
const SMALLEST_DRAWING: f64 = 40.0;
/// A page that draws more than this is refused as a whole: no disclosure comes near (the fullest page seen has
/// 30,000 operations), while nested forms of a hostile file draw without end.
const MOST_OPERATIONS: u32 = 1_000_000;

/// Thrown (without a message) to leave the interpreter, which has no other way out.
pub(super) struct TooMuchDrawn;

/// How the type of a run is.
#[derive(Clone, Copy, Default)]
struct Face {
    /// Of its font, where it has one.
    number: Option<u32>,
    is_heavy: bool,
    /// It stands for a font that is not in the file.
    is_substitute: bool,
}

/// Collects what is drawn on one page.
pub(super) struct PageDevice {
    pub(super) content: PageContent,
    /// Glyphs without a character, for [`super::fonts`].
    pub(super) unnamed: Vec<Unnamed>,
    clips: Vec<Rect>,
    opacities: Vec<f32>,
    /// Open marked contents: true for pagination.
    marked: Vec<bool>,
    operations: u32,
    runs: u32,
    /// Number and first glyph of the last run that was filled: a stroke over it makes it bold.
    filled: Option<(usize, u32)>,
    /// Fonts that were met on this page and those before.
    pub(super) fonts: Fonts,
    /// Name of the font of the last run, and whether it is one of heavy type: strings follow each other in one font.
    named: Option<(Option<String>, bool)>,
}

impl PageDevice {
    pub(super) fn new(number: u32, width: f32, height: f32, rotation: u16, fonts: Fonts) -> PageDevice {
        PageDevice {
            content: PageContent { number, width, height, rotation, ..PageContent::default() },
            unnamed: Vec::new(),
            clips: vec![Rect::new(0.0, 0.0, f64::from(width), f64::from(height))],
            opacities: Vec::new(),
            marked: Vec::new(),
            operations: 0,
            runs: 0,
            filled: None,
            fonts,
            named: None,
        }
    }

    fn count(&mut self, operations: usize) {
        self.operations = self.operations.saturating_add(u32::try_from(operations).unwrap_or(u32::MAX));
        if self.operations > MOST_OPERATIONS {
            std::panic::resume_unwind(Box::new(TooMuchDrawn));
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    fn colour(&self, paint: &Paint<'_>) -> [u8; 4] {
        let mut colour = match paint {
            Paint::Color(colour) => colour.to_rgba().to_rgba8(),
            // Shadings and tilings are neither black nor white.
            Paint::Pattern(_) => [128, 128, 128, 255],
        };
        for opacity in &self.opacities {
            colour[3] = (f32::from(colour[3]) * opacity.clamp(0.0, 1.0)) as u8;
        }
        colour
    }

    /// A rectangle as displayed: a line where it is thin, else an area.
    fn fill_rect(&mut self, rect: Rect, colour: [u8; 4]) {
        if colour[3] == 0 || !rect.is_finite() {
            return;
        }
        let (width, height) = (rect.width(), rect.height());
        if width.min(height) > THICKEST_LINE {
            let seen = rect.intersect(self.clip());
            if seen.width() > 0.0 && seen.height() > 0.0 {
                self.content.fills.push(Area { bbox: bbox(seen), colour });
            }
        } else if width >= height {
            self.line(true, (rect.y0 + rect.y1) / 2.0, rect.x0, rect.x1, height, colour);
        } else {
            self.line(false, (rect.x0 + rect.x1) / 2.0, rect.y0, rect.y1, width, colour);
        }
    }

    fn line(&mut self, is_horizontal: bool, at: f64, start: f64, end: f64, thickness: f64, colour: [u8; 4]) {
        let clip = self.clip();
        let (along, across) = if is_horizontal {
            ((clip.x0, clip.x1), (clip.y0, clip.y1))
        } else {
            ((clip.y0, clip.y1), (clip.x0, clip.x1))
        };
        // Half of a border may be clipped away with the page or the cell that it belongs to; it is still a border.
        let slack = thickness / 2.0 + 0.5;
        if at < across.0 - slack || at > across.1 + slack {
            return;
        }
        let (start, end) = (start.min(end).max(along.0 - 0.5), start.max(end).min(along.1 + 0.5));
        if end - start > 0.0 && colour[3] > 0 {
            self.content.rulings.push(Ruling {
                is_horizontal,
                position: at as f32,
                start: start as f32,
                end: end as f32,
                thickness: thickness as f32,
                colour,
            });
        }
    }

    /// A stroked segment, where it is horizontal or vertical as displayed.
    fn stroke_segment(&mut self, from: Point, to: Point, thickness: f64, colour: [u8; 4]) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if !(dx.is_finite() && dy.is_finite()) || dx.min(dy) > 0.5 || dx.min(dy) > dx.max(dy) * 0.1 {
            return;
        }
        let half = thickness / 2.0;
        if thickness > THICKEST_LINE {
            // Some writers shade cells with one stroke as thick as the cell is high.
            let rect = if dx >= dy {
                Rect::new(from.x.min(to.x), from.y - half, from.x.max(to.x), from.y + half)
            } else {
                Rect::new(from.x - half, from.y.min(to.y), from.x + half, from.y.max(to.y))
            };
            self.fill_rect(rect, colour);
        } else if dx >= dy {
            self.line(true, (from.y + to.y) / 2.0, from.x, to.x, thickness, colour);
        } else {
            self.line(false, (from.x + to.x) / 2.0, from.y, to.y, thickness, colour);
        }
    }

    fn stroke_path(&mut self, path: &BezPath, transform: Affine, stroke: &StrokeProps, colour: [u8; 4]) {
        let thickness = f64::from(stroke.line_width) * scale(transform);
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(to) => {
                    start = transform * to;
                    last = start;
                }
                PathEl::LineTo(to) => {
                    let to = transform * to;
                    self.stroke_segment(last, to, thickness, colour);
                    last = to;
                }
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => last = transform * to,
                PathEl::ClosePath => {
                    self.stroke_segment(last, start, thickness, colour);
                    last = start;
                }
            }
        }
    }

    /// Every subpath that is an upright rectangle, and thin shapes; others border or shade no cell.
    fn fill_path(&mut self, path: &BezPath, transform: Affine, colour: [u8; 4]) {
        let mut corners: Vec<Point> = Vec::with_capacity(5);
        let mut is_straight = true;
        for element in path.elements().iter().chain(std::iter::once(&PathEl::MoveTo(Point::ZERO))) {
            match *element {
                PathEl::MoveTo(to) => {
                    if is_straight && let Some(rect) = corners_to_rect(&corners) {
                        self.fill_rect(rect, colour);
                    }
                    corners.clear();
                    is_straight = true;
                    corners.push(transform * to);
                }
                PathEl::LineTo(to) if corners.len() < 8 => corners.push(transform * to),
                PathEl::LineTo(_) | PathEl::QuadTo(..) | PathEl::CurveTo(..) => is_straight = false,
                PathEl::ClosePath => {}
            }
        }
    }

    fn keep_drawing(&mut self, rect: Rect, colour: [u8; 4]) {
        let seen = rect.intersect(self.clip());
        if seen.is_finite() && seen.width().min(seen.height()) > SMALLEST_DRAWING {
            self.content.drawings.push(Area { bbox: bbox(seen), colour });
        }
    }

    fn draw_run(&mut self, run: &GlyphRun<'_, '_>, props: &DrawProps<'_>, mode: &DrawMode) {
        let Some(first) = run.glyphs().first() else { return };
        let linear = (props.transform * first.transform()).as_coeffs();
        let (across, up) = (linear[0].hypot(linear[1]) * 1000.0, linear[2].hypot(linear[3]) * 1000.0);
        let colour = self.colour(&props.paint);
        let is_invisible = matches!(mode, DrawMode::Invisible) || colour[3] == 0;
        let angle = if linear[1] == 0.0 && linear[0] > 0.0 { 0.0 } else { linear[1].atan2(linear[0]).to_degrees() };
        let Face { number, is_heavy, is_substitute } = self.face(first);
        let is_pagination = self.marked.contains(&true);
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        // A substitute is stretched to the declared width; the declared width counts, not the stretch.
        let along = if is_substitute || is_vertical { up / across.max(f64::MIN_POSITIVE) } else { 1.0 };
        self.runs += 1;
        self.filled = matches!(mode, DrawMode::Fill(_)).then_some((self.content.glyphs.len(), self.runs));
        // Stretched or not, the glyphs of one string are as high.
        let height = Height::of([linear[2] * 1000.0, linear[3] * 1000.0]);
        let clip = self.clip();
        let mut font = number.and_then(|number| self.fonts.font(number));
        for positioned in run.glyphs() {
            let known = font.as_ref().and_then(|font| font.known(positioned.char_code()));
            let (text, advance) = match (known, &mut font) {
                (Some((character, advance)), _) => (Some(BfString::Char(character)), Some(advance)),
                (None, Some(font)) => font.shown(positioned),
                (None, None) => shown(positioned),
            };
            let advance = if is_vertical { 1000.0 } else { f64::from(advance.unwrap_or(0.0)) };
            let [a, b, _, _, x, y] = (props.transform * positioned.transform()).as_coeffs();
            if !(x.is_finite() && y.is_finite() && advance.is_finite() && up.is_finite()) {
                continue;
            }
            let glyph = Glyph {
                character: char::REPLACEMENT_CHARACTER,
                is_blank: false,
                bbox: [0.0; 4],
                origin: [x as f32, y as f32],
                size: up as f32,
                angle: angle as f32,
                colour,
                is_invisible,
                is_bold: is_heavy,
                is_pagination,
                run: self.runs,
            };
            let advance = [a * advance * along, b * advance * along];
            match text {
                Some(BfString::Char(character)) if has_meaning(character) => {
                    keep(&mut self.content, clip, set(glyph, character, height.over([x, y], advance)));
                }
                Some(BfString::String(text)) => {
                    let count = text.chars().count().max(1) as f64;
                    let part = advance.map(|along| along / count);
                    for (i, character) in text.chars().enumerate() {
                        let at = [x + part[0] * i as f64, y + part[1] * i as f64];
                        let glyph = Glyph { origin: at.map(|along| along as f32), ..glyph };
                        keep(&mut self.content, clip, set(glyph, character, height.over(at, part)));
                    }
                }
                Some(BfString::Char(_)) | None => {
                    let place = self.content.glyphs.len();
                    let unknown = char::REPLACEMENT_CHARACTER;
                    keep(&mut self.content, clip, set(glyph, unknown, height.over([x, y], advance)));
                    if self.content.glyphs.len() > place
                        && let FontGlyph::Outline(outline) = &**positioned
                        && let Some(font) = outline.font_data().and_then(|font| font.postscript_name)
                    {
                        self.unnamed.push(Unnamed { glyph: place, font, code: positioned.char_code() });
                    }
                }
            }
        }
    }

    /// By the glyph that a run begins with: all of a run are of one font.
    fn face(&mut self, first: &FontGlyph<'_>) -> Face {
        let FontGlyph::Outline(outline) = first else { return Face::default() };
        let identifier = outline.identifier();
        if let Some((number, font)) = self.fonts.font_of(&identifier) {
            return Face { number: Some(number), is_heavy: font.is_heavy, is_substitute: false };
        }
        // Substitutes (and Type 1 programs, which nobody squeezes) give no data.
        let Some(font) = outline.font_data() else { return Face { is_substitute: true, ..Face::default() } };
        let is_named_bold = match &self.named {
            Some((name, is_bold)) if *name == font.postscript_name => *is_bold,
            _ => {
                let is_of = |name: &String| name.contains("Bold") || name.contains("Heavy");
                let is_bold = font.postscript_name.as_ref().is_some_and(is_of);
                self.named = Some((font.postscript_name, is_bold));
                is_bold
            }
        };
        let is_heavy = is_named_bold || font.weight.is_some_and(|weight| weight >= 600);
        let number = font_number((*font.data).as_ref());
        if let Some(number) = number {
            self.fonts.insert(number, identifier, is_heavy);
        }
        Face { number, is_heavy, is_substitute: false }
    }
}

/// How far characters reach from the baseline: `[left, top, right, bottom]` of the way from descent to ascent.
#[derive(Clone, Copy)]
struct Height([f64; 4]);

impl Height {
    /// Of type whose em goes `up` from the baseline.
    fn of(up: [f64; 2]) -> Height {
        let (ascent, descent) = (up.map(|along| along * ASCENT), up.map(|along| -(along * DESCENT)));
        Height([
            ascent[0].min(descent[0]),
            ascent[1].min(descent[1]),
            ascent[0].max(descent[0]),
            ascent[1].max(descent[1]),
        ])
    }

    /// The box of a character.
    #[inline]
    fn over(self, origin: [f64; 2], advance: [f64; 2]) -> [f32; 4] {
        let Height([left, top, right, bottom]) = self;
        [
            (origin[0] + left + advance[0].min(0.0)) as f32,
            (origin[1] + top + advance[1].min(0.0)) as f32,
            (origin[0] + right + advance[0].max(0.0)) as f32,
            (origin[1] + bottom + advance[1].max(0.0)) as f32,
        ]
    }
}

#[inline]
fn set(glyph: Glyph, character: char, bbox: [f32; 4]) -> Glyph {
    let character = radical_to_character(character);
    Glyph { character, is_blank: is_blank(character), bbox, ..glyph }
}

/// Adds a glyph, unless it lies outside of the page: that is not displayed. As a call it would copy each glyph once more.
#[inline(always)]
fn keep(content: &mut PageContent, clip: Rect, glyph: Glyph) {
    let (x, y) = (glyph.middle_x(), glyph.middle_y());
    let is_displayed = x >= 0.0 && y >= 0.0 && x <= content.width && y <= content.height;
    let (top, bottom) = (f64::from(glyph.bbox[1]), f64::from(glyph.bbox[3]));
    if top < clip.y0 || bottom > clip.y1 {
        let glyph = clipped(content, clip, glyph);
        content.glyphs.extend(is_displayed.then_some(glyph));
    } else if is_displayed {
        content.glyphs.push(glyph);
    }
}

/// A cell that a page break cuts clips its text: above or below the clip nothing is seen of it. Text that is clipped at its
/// sides is seen in part, and kept whole.
#[cold]
fn clipped(content: &mut PageContent, clip: Rect, mut glyph: Glyph) -> Glyph {
    let (top, bottom) = (f64::from(glyph.bbox[1]), f64::from(glyph.bbox[3]));
    glyph.is_invisible |= clip.height() > 0.0 && (bottom < clip.y0 || top > clip.y1);
    if !glyph.is_invisible && super::cut::is_cut(&glyph, clip.y0, clip.y1) {
        content.cut.push(glyph);
        content.frames.insert(glyph.run, [clip.y0 as f32, clip.y1 as f32]);
    }
    glyph
}

/// A character that fonts made for one file number from the private ranges, or with nothing at all, says nothing outside
/// of it. Bullets of symbol fonts (U+F020 to U+F0FF) are drawn as what they are.
fn has_meaning(character: char) -> bool {
    match character {
        '\u{1}'..='\u{D7FF}' => true,
        '\0' | '\u{E000}'..='\u{F01F}' | '\u{F100}'..='\u{F8FF}' | '\u{F0000}'.. => false,
        _ => true,
    }
}

impl<'a> Device<'a> for PageDevice {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.count(path.elements().len());
        let curves = path.elements().iter().filter(|e| matches!(e, PathEl::QuadTo(..) | PathEl::CurveTo(..))).count();
        self.content.curves += u32::try_from(curves).unwrap_or(0);
        let colour = self.colour(&props.paint);
        if let DrawMode::Fill(_) | DrawMode::FillAndStroke(..) = mode {
            self.fill_path(path, props.transform, colour);
            if curves > 0 {
                self.keep_drawing(props.transform.transform_rect_bbox(path.bounding_box()), colour);
            }
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            self.stroke_path(path, props.transform, stroke, colour);
        }
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        let linear = props.transform.as_coeffs();
        let is_upright = (linear[1] == 0.0 && linear[2] == 0.0) || (linear[0] == 0.0 && linear[3] == 0.0);
        if !matches!(mode, DrawMode::Fill(_)) || !is_upright {
            return self.draw_path(&rect.to_path(0.1), props, mode);
        }
        self.count(1);
        let colour = self.colour(&props.paint);
        self.fill_rect(props.transform.transform_rect_bbox(*rect), colour);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.count(run.glyphs().len());
        if matches!(mode, DrawMode::Stroke(_))
            && let Some((start, number)) = self.filled.take()
            && let Some(first) = run.glyphs().first()
            && let Some(glyphs) = self.content.glyphs.get_mut(start..)
            && glyphs.first().is_some_and(|glyph| is_at(glyph, props.transform * first.transform()))
            && glyphs.iter().all(|glyph| glyph.run == number)
        {
            // Render mode 2: filled, then stroked. The second pass is the same text.
            glyphs.iter_mut().for_each(|glyph| glyph.is_bold = true);
            return;
        }
        self.draw_run(run, &props, mode);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count(1);
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let seen = props.transform.transform_rect_bbox(unit).intersect(self.clip());
        if seen.is_finite() && seen.width() > 0.0 && seen.height() > 0.0 {
            self.content.images.push(Area { bbox: bbox(seen), colour: [0, 0, 0, 255] });
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box();
        self.push_clip_rect(&bounds);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.count(1);
        self.clips.push(rect.intersect(self.clip()));
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.opacities.push(opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.count(1);
        let is_pagination = tag == b"Artifact"
            && properties.is_some_and(|properties| {
                properties.get::<Name<'_>>(b"Type").is_some_and(|name| name.as_ref() == b"Pagination")
            });
        self.marked.push(is_pagination);
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }
}

fn is_at(glyph: &Glyph, transform: Affine) -> bool {
    let at = transform.translation();
    (f64::from(glyph.origin[0]) - at.x).abs() < 0.01 && (f64::from(glyph.origin[1]) - at.y).abs() < 0.01
}

/// Mean factor of the lengths that a transform changes.
fn scale(transform: Affine) -> f64 {
    transform.determinant().abs().sqrt()
}

fn bbox(rect: Rect) -> [f32; 4] {
    [rect.x0 as f32, rect.y0 as f32, rect.x1 as f32, rect.y1 as f32]
}

/// The upright rectangle that corners make. A shape as thin as a line is one whatever its ends: some writers mitre
/// the four borders of each cell (部门综合预算收支总表 of the city of Xi'an).
fn corners_to_rect(corners: &[Point]) -> Option<Rect> {
    let bounds = corners
        .iter()
        .skip(1)
        .fold(Rect::from_points(*corners.first()?, *corners.first()?), |bounds, corner| bounds.union_pt(*corner));
    if corners.len() > 2 && bounds.width().min(bounds.height()) <= THICKEST_LINE {
        return Some(bounds);
    }
    let corners = match corners {
        [first, .., last] if corners.len() == 5 && first.distance(*last) < 0.01 => corners.get(..4)?,
        _ if corners.len() == 4 => corners,
        _ => return None,
    };
    let [a, b, c, d] = corners else { return None };
    let near = |x: f64, y: f64| (x - y).abs() < 0.05;
    let is_upright = (near(a.x, b.x) && near(b.y, c.y) && near(c.x, d.x) && near(d.y, a.y))
        || (near(a.y, b.y) && near(b.x, c.x) && near(c.y, d.y) && near(d.x, a.x));
    // Borders drawn side by side are mitred: thin trapezoids instead of thin rectangles.
    let all = Rect::from_points(*a, *c).union(Rect::from_points(*b, *d));
    let is_thin = all.width().min(all.height()) <= THICKEST_LINE && all.width().max(all.height()) > 2.0 * THICKEST_LINE;
    (is_upright || is_thin).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mitred_borders_are_lines_and_other_shapes_are_none() {
        let shape = |corners: [(f64, f64); 4]| corners_to_rect(&corners.map(Point::from));
        let bottom = shape([(798.0, 175.3), (42.0, 175.3), (42.0, 175.8), (797.5, 175.8)]);
        assert_eq!(bottom, Some(Rect::new(42.0, 175.3, 798.0, 175.8)));
        assert_eq!(shape([(0.0, 0.0), (50.0, 0.0), (40.0, 30.0), (10.0, 30.0)]), None);
        assert_eq!(shape([(0.0, 0.0), (50.0, 0.0), (50.0, 30.0), (0.0, 30.0)]), Some(Rect::new(0.0, 0.0, 50.0, 30.0)));
    }
}
