//! What is drawn on a page, in points, origin at the top left, as displayed (rotation applied).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::text;

/// Everything of one page that text and tables are found from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageContent {
    /// 1-based.
    pub number: u32,
    pub width: f32,
    pub height: f32,
    /// Clockwise degrees: `/Rotate`, and for a page set wholly in turned text the turn that makes it readable.
    pub rotation: u16,
    pub glyphs: Vec<Glyph>,
    pub rulings: Vec<Ruling>,
    /// Filled areas that are no lines (shading of cells), as displayed.
    pub fills: Vec<Area>,
    pub images: Vec<Area>,
    /// Filled shapes with curves that are larger than characters: parts of charts.
    #[serde(skip)]
    pub drawings: Vec<Area>,
    /// Glyphs that the edge of their cell or frame cuts through: a reader sees the upper or the lower part of them.
    #[serde(skip)]
    pub cut: Vec<Glyph>,
    /// Top and bottom of the frame that cuts through the glyphs of a run, by its number.
    #[serde(skip)]
    pub frames: BTreeMap<u32, [f32; 2]>,
    /// Curved segments: text that was turned into outlines has thousands of them.
    pub curves: u32,
    /// Set where the page could not be read to its end.
    pub failure: Option<PageFailure>,
}

/// Why a page could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFailure {
    /// The interpreter gave up in the middle.
    Damaged,
    /// It draws without end.
    TooMuch,
}

/// A drawn character. A ligature is as many glyphs as it has characters, side by side in its advance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Glyph {
    /// U+FFFD where it cannot be known.
    pub character: char,
    /// True for what prints nothing.
    #[serde(skip)]
    pub is_blank: bool,
    /// Box from ascent to descent and over the advance, not the ink: `[x0, top, x1, bottom]`.
    pub bbox: [f32; 4],
    /// Origin on the baseline.
    pub origin: [f32; 2],
    /// Size of the type in points on the page.
    pub size: f32,
    /// Direction of writing in degrees clockwise from left-to-right, -180 to 180.
    pub angle: f32,
    /// sRGB and opacity, 0 to 255.
    pub colour: [u8; 4],
    /// True for text that is drawn without fill and stroke (render mode 3) or with no opacity at all.
    pub is_invisible: bool,
    pub is_bold: bool,
    /// True for what a tagged PDF marks as pagination: headers, footers, page numbers, watermarks.
    pub is_pagination: bool,
    /// Number of the drawing operation that it belongs to: glyphs of one string share it.
    pub run: u32,
}

/// Whether a character prints nothing.
#[inline]
pub(super) fn is_blank(character: char) -> bool {
    !text::is_drawn(character) && (text::is_blank(character) || character.is_control())
}

impl Glyph {
    /// True where it stands upright in a line from left to right.
    pub fn is_upright(&self) -> bool {
        self.angle.abs() < 2.0
    }

    /// x of the middle of its advance.
    pub fn middle_x(&self) -> f32 {
        (self.bbox[0] + self.bbox[2]) / 2.0
    }

    /// y of the middle between ascent and descent.
    pub fn middle_y(&self) -> f32 {
        (self.bbox[1] + self.bbox[3]) / 2.0
    }
}

/// A straight line or a thin filled rectangle, horizontal or vertical.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ruling {
    pub is_horizontal: bool,
    /// y of a horizontal line, x of a vertical one (its middle).
    pub position: f32,
    /// Extent along the other axis, `start <= end`.
    pub start: f32,
    pub end: f32,
    pub thickness: f32,
    /// sRGB and opacity: a white line on white paper is no border that a reader sees.
    pub colour: [u8; 4],
}

/// A rectangle on the page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    pub bbox: [f32; 4],
    pub colour: [u8; 4],
}
