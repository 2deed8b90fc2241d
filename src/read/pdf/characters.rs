//! Codes of fonts → characters and advances, each looked up once. A document draws the same few characters again and again,
//! and its maps are searched anew for every one.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use hayro_interpret::font::{Glyph, GlyphIdentifier};
use hayro_interpret::hayro_cmap::BfString;

use crate::base::lexicon::WordHasher;

/// Codes that differ in their last byte only lie in one block.
const BLOCK: usize = 256;
/// Codes beyond two bytes are looked up anew.
const MOST_BLOCKS: usize = 256;
/// No file keeps more than this in memory, whatever it draws with: half a MiB for a font with all of its codes.
const MOST_FONTS: usize = 64;
const MOST_FIRST_GLYPHS: usize = 1 << 16;

/// The fonts of a file that can be told apart.
#[derive(Default)]
pub(super) struct Fonts {
    /// By number.
    fonts: BTreeMap<u32, KnownFont>,
    /// Glyphs that strings begin with, and the number of the font that they are of. A program has one number. The glyphs of one
    /// program cannot be chosen to collide.
    first_glyphs: HashMap<GlyphIdentifier, u32, BuildHasherDefault<WordHasher>>,
}

impl Fonts {
    /// A font that was met before, by a glyph of it.
    pub(super) fn font_of(&mut self, glyph: &GlyphIdentifier) -> Option<(u32, &mut KnownFont)> {
        let number = *self.first_glyphs.get(glyph)?;
        Some((number, self.font(number)?))
    }

    pub(super) fn font(&mut self, number: u32) -> Option<&mut KnownFont> {
        self.fonts.get_mut(&number)
    }

    /// Keeps a font that is met, as long as there is room.
    pub(super) fn insert(&mut self, number: u32, first: GlyphIdentifier, is_heavy: bool) {
        if self.fonts.len() < MOST_FONTS {
            self.fonts.entry(number).or_insert(KnownFont { is_heavy, blocks: Vec::new() });
        }
        if self.first_glyphs.len() < MOST_FIRST_GLYPHS && self.fonts.contains_key(&number) {
            self.first_glyphs.insert(first, number);
        }
    }
}

/// A character and its advance in thousandths of an em.
pub(super) type Shown = (char, f32);

pub(super) struct KnownFont {
    pub(super) is_heavy: bool,
    blocks: Vec<Option<Box<[Option<Shown>; BLOCK]>>>,
}

impl KnownFont {
    /// What a code shows, where it was looked up before.
    #[inline]
    pub(super) fn known(&self, code: u32) -> Option<Shown> {
        let code = code as usize;
        self.blocks.get(code / BLOCK)?.as_ref()?[code % BLOCK]
    }

    /// What [`shown`] says of a glyph of this font, kept.
    pub(super) fn shown(&mut self, glyph: &Glyph<'_>) -> (Option<BfString>, Option<f32>) {
        let code = glyph.char_code() as usize;
        let shown = shown(glyph);
        if let (Some(BfString::Char(character)), Some(advance)) = shown
            && code / BLOCK < MOST_BLOCKS
        {
            let blocks = self.blocks.len().max(code / BLOCK + 1);
            self.blocks.resize_with(blocks, || None);
            let block = self.blocks[code / BLOCK].get_or_insert_with(|| Box::new([None; BLOCK]));
            block[code % BLOCK] = Some((character, advance));
        }
        shown
    }
}

/// What a glyph says, and its advance, as its font has them.
pub(super) fn shown(glyph: &Glyph<'_>) -> (Option<BfString>, Option<f32>) {
    let advance = match glyph {
        Glyph::Outline(outline) => outline.advance_width(),
        Glyph::Type3(drawn) => drawn.advance_width(),
    };
    (glyph.as_unicode(), advance)
}
