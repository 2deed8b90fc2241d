//! Programs of fonts that say by themselves what their characters are → empty ones. Where the dictionaries of a font have its
//! characters and their widths, its program draws outlines, which nobody looks at here; to inflate the Chinese fonts of a
//! disclosure is a quarter of the work of reading it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::ops::Range;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    DECODE_PARMS, DESCENDANT_FONTS, FIRST_CHAR, FONT, FONT_DESC, FONT_FILE, FONT_FILE2, FONT_FILE3, LAST_CHAR,
    RESOURCES, SUBTYPE, TO_UNICODE, TRUE_TYPE, TYPE0, WIDTHS, XOBJECT,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream};

/// Programs that are shorter, in bytes as they stand in the file, cost next to nothing.
const SHORTEST: usize = 4096;
/// The file is copied for it: a larger one (scanned pages) only where the programs, which grow as they are unpacked, are more
/// than half of it.
const LARGEST_COPY: usize = 32 << 20;
/// A TrueType program without tables.
const EMPTY: [u8; 12] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// The file with an empty program in place of each that nobody looks into; `None` where there is none.
pub(super) fn without_programs(file: &Arc<Vec<u8>>, pdf: &Pdf) -> Option<Arc<Vec<u8>>> {
    let programs = unneeded_programs(file, pdf);
    let all: usize = programs.iter().map(Range::len).sum();
    if all == 0 || file.len() > LARGEST_COPY.max(2 * all) {
        return None;
    }
    let empty = deflated(&EMPTY)?;
    let mut bytes = file.to_vec();
    for program in programs {
        if let Some(start) = bytes.get_mut(program).and_then(|program| program.get_mut(..empty.len())) {
            // What follows the end of a deflated stream is not looked at.
            start.copy_from_slice(&empty);
        }
    }
    Some(Arc::new(bytes))
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(bytes).ok()?;
    deflate.finish().ok()
}

/// Where such programs stand in the file.
fn unneeded_programs(file: &[u8], pdf: &Pdf) -> Vec<Range<usize>> {
    // By program, where it stands; `None` where another font needs it.
    let mut programs: BTreeMap<ObjectIdentifier, Option<Range<usize>>> = BTreeMap::new();
    let mut is_encrypted = false;
    visit_fonts(pdf, |font| {
        let Some(program) = program_of(font).filter(|_| !is_encrypted) else { return };
        let data = program.raw_data();
        is_encrypted = matches!(data, Cow::Owned(_));
        let place = if says_its_characters(font) { place_in(file, &program, &data) } else { None };
        programs.entry(program.obj_id()).and_modify(|known| *known = known.take().and(place.clone())).or_insert(place);
    });
    programs.into_values().flatten().collect()
}

/// Shows each font of the pages and of the forms that they draw, once.
fn visit_fonts<'a>(pdf: &'a Pdf, mut see: impl FnMut(&Dict<'a>)) {
    let mut seen: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    let mut forms: Vec<Dict<'a>> = Vec::new();
    let mut visit = |fonts: &Dict<'a>, drawn: &Dict<'a>, forms: &mut Vec<Dict<'a>>| {
        let mut is_new =
            |named: &Dict<'a>, name: &Name<'a>| named.get_ref(name).is_none_or(|id| seen.insert(id.into()));
        fonts
            .keys()
            .filter(|name| is_new(fonts, name))
            .filter_map(|name| fonts.get::<Dict<'_>>(name))
            .for_each(|font| see(&font));
        let streams = drawn.keys().filter(|name| is_new(drawn, name)).filter_map(|name| drawn.get::<Stream<'_>>(name));
        forms.extend(streams.filter_map(|form| form.dict().get::<Dict<'_>>(RESOURCES)));
    };
    for page in pdf.pages().iter() {
        visit(&page.resources().fonts, &page.resources().x_objects, &mut forms);
        while let Some(resources) = forms.pop() {
            let named = |key| resources.get::<Dict<'_>>(key).unwrap_or_default();
            visit(&named(FONT), &named(XOBJECT), &mut forms);
        }
    }
}

/// Whether a font's dictionaries tell its characters and their widths: those of a composite font by `/ToUnicode`, those of a
/// simple TrueType font by that or its encoding.
fn says_its_characters(font: &Dict<'_>) -> bool {
    match font.get::<Name<'_>>(SUBTYPE) {
        Some(kind) if kind.as_ref() == TYPE0 => font.get::<Stream<'_>>(TO_UNICODE).is_some(),
        Some(kind) if kind.as_ref() == TRUE_TYPE => {
            [FIRST_CHAR, LAST_CHAR, WIDTHS].into_iter().all(|key| font.contains_key(key))
        }
        _ => false,
    }
}

fn program_of<'a>(font: &Dict<'a>) -> Option<Stream<'a>> {
    let descendant = font.get::<Array<'_>>(DESCENDANT_FONTS).and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let descriptor = descendant.as_ref().unwrap_or(font).get::<Dict<'_>>(FONT_DESC)?;
    [FONT_FILE2, FONT_FILE3, FONT_FILE].into_iter().find_map(|key| descriptor.get::<Stream<'_>>(key))
}

/// Where the data of a deflated stream stand in the file; none where they are short or were prepared in another way.
fn place_in(file: &[u8], stream: &Stream<'_>, data: &[u8]) -> Option<Range<usize>> {
    let start = data.as_ptr().addr().checked_sub(file.as_ptr().addr())?;
    let place = start..start + data.len();
    let is_deflated = stream.filters().as_slice() == [Filter::FlateDecode] && !stream.dict().contains_key(DECODE_PARMS);
    (is_deflated && data.len() >= SHORTEST && place.end <= file.len() && is_program(data)).then_some(place)
}

/// Whether deflated data begin as a program does: in a damaged file a reference may lead to anything.
fn is_program(data: &[u8]) -> bool {
    let mut start = [0; 4];
    let is_read = ZlibDecoder::new(data).read_exact(&mut start).is_ok();
    is_read && (matches!(&start, [0, 1, 0, 0] | b"true" | b"OTTO") || matches!(start, [1, 0, 4, 1..=4]))
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Object, Stream as Made, dictionary};

    use super::*;

    /// A program that deflates badly: a TrueType header and noise.
    fn program(seed: u32) -> Vec<u8> {
        let noise =
            (0..8000_u32).map(|i| (i.wrapping_mul(i).wrapping_mul(2_654_435_761).wrapping_add(seed) >> 13) as u8);
        EMPTY[..4].iter().copied().chain(noise).collect()
    }

    #[derive(Clone, Copy)]
    enum Font {
        /// Composite, with a map to characters or without.
        Mapped,
        Unmapped,
        /// Simple, with widths or without.
        Wide,
        Bare,
    }
    use Font::{Bare, Mapped, Unmapped, Wide};

    /// A page with fonts on these programs, by number.
    fn file(programs: &[Vec<u8>], fonts: &[(usize, Font)]) -> Arc<Vec<u8>> {
        let mut pdf = Document::with_version("1.5");
        let pages = pdf.new_object_id();
        let map = pdf.add_object(Made::new(dictionary! {}, b"begincmap endcmap".to_vec()));
        let programs: Vec<_> = programs
            .iter()
            .map(|program| {
                let mut stream = Made::new(dictionary! {}, program.clone());
                stream.compress().expect("deflate");
                pdf.add_object(stream)
            })
            .collect();
        let mut named = dictionary! {};
        for (at, (program, kind)) in fonts.iter().enumerate() {
            let descriptor =
                pdf.add_object(dictionary! {"Type" => "FontDescriptor", "FontFile2" => programs[*program]});
            let descendant = dictionary! {
                "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "Song", "FontDescriptor" => descriptor,
            };
            let composite = dictionary! {
                "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Song", "Encoding" => "Identity-H",
                "DescendantFonts" => vec![pdf.add_object(descendant).into()],
            };
            let simple = dictionary! {
                "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "Song", "FontDescriptor" => descriptor,
            };
            let mut font = if matches!(kind, Mapped | Unmapped) { composite } else { simple };
            match kind {
                Mapped => font.set("ToUnicode", map),
                Wide => font.extend(&dictionary! {
                    "FirstChar" => 65, "LastChar" => 66, "Widths" => vec![500.into(), 500.into()],
                }),
                Unmapped | Bare => {}
            }
            named.set(format!("F{at}"), pdf.add_object(font));
        }
        let page = pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Resources" => dictionary! {"Font" => named},
            "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        });
        pdf.objects
            .insert(pages, dictionary! {"Type" => "Pages", "Kids" => vec![Object::from(page)], "Count" => 1}.into());
        let catalog = pdf.add_object(dictionary! {"Type" => "Catalog", "Pages" => pages});
        pdf.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).expect("a file");
        Arc::new(bytes)
    }

    /// Lengths of the programs of the fonts as they are read once unneeded ones are empty.
    fn lengths(file: &Arc<Vec<u8>>) -> Vec<usize> {
        let pdf = Pdf::new(Arc::clone(file)).expect("a PDF");
        let lighter = without_programs(file, &pdf);
        assert!(lighter.iter().all(|lighter| lighter.len() == file.len()), "nothing moves");
        let pdf = lighter.map_or(pdf, |lighter| Pdf::new(lighter).expect("a PDF"));
        let mut lengths = Vec::new();
        visit_fonts(&pdf, |font| {
            let program = program_of(font).and_then(|program| Some(program.decoded_data().ok()?.len()));
            lengths.push(program.expect("a program"));
        });
        lengths
    }

    #[test]
    fn programs_of_fonts_that_say_their_characters_are_empty() {
        assert_eq!(lengths(&file(&[program(1), program(2)], &[(0, Mapped), (1, Wide)])), [EMPTY.len(); 2]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Mapped), (0, Wide)])), [EMPTY.len(); 2]);
    }

    #[test]
    fn a_program_that_a_font_needs_stays() {
        let whole = program(0).len();
        assert_eq!(lengths(&file(&[program(1), program(2)], &[(0, Unmapped), (1, Mapped)])), [whole, EMPTY.len()]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Bare)])), [whole]);
        // Needed by one of two fonts, whichever comes first.
        assert_eq!(lengths(&file(&[program(1)], &[(0, Mapped), (0, Unmapped)])), [whole; 2]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Bare), (0, Mapped)])), [whole; 2]);
    }

    #[test]
    fn what_is_no_program_stays() {
        let drawing = [b"BT /F1 10 Tf (text) Tj ET ".to_vec(), program(3)].concat();
        let length = drawing.len();
        assert_eq!(lengths(&file(&[drawing], &[(0, Mapped)])), [length]);
    }
}
