//! The floor of the speed: the same interpreter over the same pages, with a device that only takes the text of each
//! glyph. `scripts/bench-walk` sets `mingzhang facts` against it.
//!
//! Usage: `bare_walk PDF...`; prints pages, glyphs and files.

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

#[derive(Default)]
struct Walk {
    glyphs: u64,
    paths: u64,
}

impl<'a> Device<'a> for Walk {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.paths += 1;
    }
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.glyphs += u64::from(std::hint::black_box(glyph.as_unicode()).is_some());
        }
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn main() {
    let (mut walk, mut pages, mut files) = (Walk::default(), 0, 0);
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("{path}: cannot be read");
            continue;
        };
        let Ok(pdf) = Pdf::new(bytes) else {
            eprintln!("{path}: no PDF that opens");
            continue;
        };
        let cache = InterpreterCache::new();
        for page in pdf.pages().iter() {
            let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
            let mut context =
                Context::new(Affine::IDENTITY, bounds, &cache, pdf.xref(), InterpreterSettings::default());
            interpret_page(page, &mut context, &mut walk);
        }
        pages += pdf.pages().len();
        files += 1;
    }
    println!("{files} files, {pages} pages, {} glyphs, {} paths", walk.glyphs, walk.paths);
}
