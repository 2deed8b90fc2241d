//! Programs of fonts that say by themselves what their characters are → empty ones. Where the dictionaries of a font have its
//! characters and their widths, its program draws outlines, which nobody looks at here; to inflate the Chinese fonts of a
//! disclosure is a quarter of the work of reading it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    ANNOTS, AP, DESCENDANT_FONTS, EXT_G_STATE, FIRST_CHAR, FONT, FONT_DESC, FONT_FILE, FONT_FILE2, FONT_FILE3,
    LAST_CHAR, N, PATTERN, RESOURCES, SUBTYPE, TO_UNICODE, TRUE_TYPE, TYPE0, WIDTHS, XOBJECT,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};

use super::streams::is_deflated;

/// Programs that are shorter, in bytes as they stand in the file, cost next to nothing.
const SHORTEST: usize = 4096;
/// As much of a program is looked at, and as long is its directory of tables.
const HEAD: usize = 64 << 10;
const DIRECTORY: u64 = 12 + 16 * 64;
/// Weight of bold type.
const HEAVY: u16 = 600;
/// More resources than this are no disclosure's.
const MOST_RESOURCES: usize = 200_000;
/// The file is copied for it: a larger one (scanned pages) only where the programs, which grow as they are unpacked, are more
/// than half of it.
const LARGEST_COPY: usize = 32 << 20;
/// A TrueType program without tables. The number of the one font that it was of follows.
const EMPTY: [u8; 12] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// The file with an empty program in place of each that nobody looks into; `None` where there is none.
pub(super) fn without_programs(file: &[u8], pdf: &Pdf) -> Option<Vec<u8>> {
    let programs = unneeded_programs(file, pdf);
    let all: usize = programs.iter().map(|program| program.place.len()).sum();
    if all == 0 || file.len() > LARGEST_COPY.max(2 * all) {
        return None;
    }
    let mut bytes = file.to_vec();
    for (program, number) in programs.into_iter().zip(1_u32..) {
        let number = if program.fonts == 1 { number } else { 0 };
        let empty = deflated(&[EMPTY.as_slice(), &number.to_be_bytes()].concat())?;
        if let Some(start) = bytes.get_mut(program.place).and_then(|program| program.get_mut(..empty.len())) {
            // What follows the end of a deflated stream is not looked at.
            start.copy_from_slice(&empty);
        }
    }
    Some(bytes)
}

/// The number that an emptied program bears, where it was of one font only: what that font shows for a code is the same
/// wherever the number is.
pub(super) fn font_number(program: &[u8]) -> Option<u32> {
    let number = program.strip_prefix(&EMPTY)?.try_into().map(u32::from_be_bytes).ok()?;
    (number > 0).then_some(number)
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(bytes).ok()?;
    deflate.finish().ok()
}

/// A program that nobody looks into.
struct Program {
    /// Where it stands in the file.
    place: Range<usize>,
    fonts: u32,
}

fn unneeded_programs(file: &[u8], pdf: &Pdf) -> Vec<Program> {
    // `None` where a font needs it.
    let mut programs: BTreeMap<ObjectIdentifier, Option<Program>> = BTreeMap::new();
    let mut is_encrypted = false;
    let are_all_seen = visit_fonts(pdf, |font| {
        let Some(program) = program_of(font).filter(|_| !is_encrypted) else { return };
        let is_told = says_its_characters(font);
        let program = programs.entry(program.obj_id()).or_insert_with(|| {
            let data = program.raw_data();
            is_encrypted = matches!(data, Cow::Owned(_));
            place_in(file, &program, &data).map(|place| Program { place, fonts: 0 })
        });
        match program {
            Some(program) if is_told => program.fonts += 1,
            _ => *program = None,
        }
    });
    if are_all_seen && !is_encrypted { programs.into_values().flatten().collect() } else { Vec::new() }
}

/// Shows each font that the file can draw with; false where there is no end of resources.
fn visit_fonts<'a>(pdf: &'a Pdf, mut see: impl FnMut(&Dict<'a>)) -> bool {
    let mut visit = Visit { seen: BTreeSet::new(), open: Vec::new(), left: MOST_RESOURCES };
    for page in pdf.pages().iter() {
        let Resources { fonts, x_objects, patterns, ext_g_states, .. } = page.resources();
        visit.resources(fonts, [x_objects, patterns], ext_g_states, &mut see);
        visit.annotations(page);
        while let Some(resources) = visit.open.pop() {
            let named = |key| resources.get::<Dict<'_>>(key).unwrap_or_default();
            visit.resources(&named(FONT), [&named(XOBJECT), &named(PATTERN)], &named(EXT_G_STATE), &mut see);
        }
        if visit.left == 0 {
            return false;
        }
    }
    true
}

/// The way through the resources of a file.
struct Visit<'a> {
    /// As a font or as what is drawn.
    seen: BTreeSet<(ObjectIdentifier, bool)>,
    /// Resources of what is drawn with, still to be looked at.
    open: Vec<Dict<'a>>,
    /// How many may still be looked at.
    left: usize,
}

impl<'a> Visit<'a> {
    fn resources(
        &mut self,
        fonts: &Dict<'a>,
        drawn: [&Dict<'a>; 2],
        states: &Dict<'a>,
        see: &mut impl FnMut(&Dict<'a>),
    ) {
        for name in self.new_names(fonts, true) {
            let Some(font) = fonts.get::<Dict<'_>>(&name) else { continue };
            see(&font);
            // The glyphs of some fonts are drawings with resources of their own.
            self.open.extend(font.get::<Dict<'_>>(RESOURCES));
        }
        for drawn in drawn {
            for name in self.new_names(drawn, false) {
                self.open
                    .extend(drawn.get::<Stream<'_>>(&name).and_then(|form| form.dict().get::<Dict<'_>>(RESOURCES)));
            }
        }
        for name in self.new_names(states, false) {
            let font = states.get::<Dict<'_>>(&name).and_then(|state| state.get::<Array<'_>>(FONT));
            font.and_then(|font| font.iter::<Dict<'_>>().next()).iter().for_each(&mut *see);
        }
    }

    fn annotations(&mut self, page: &Page<'a>) {
        let Some(annotations) = page.raw().get::<Array<'_>>(ANNOTS) else { return };
        for annotation in annotations.iter::<Dict<'_>>().take(self.left) {
            self.left -= 1;
            let forms = match annotation.get::<Dict<'_>>(AP).and_then(|states| states.get::<Object<'_>>(N)) {
                Some(Object::Stream(form)) => vec![form],
                Some(Object::Dict(states)) => states.keys().filter_map(|state| states.get(state)).collect(),
                _ => Vec::new(),
            };
            self.open.extend(forms.iter().filter_map(|form| form.dict().get::<Dict<'_>>(RESOURCES)));
        }
    }

    /// The names of resources that were not looked at yet.
    fn new_names(&mut self, named: &Dict<'a>, are_fonts: bool) -> Vec<Name<'a>> {
        let names: Vec<Name<'a>> = named.keys().take(self.left).collect();
        self.left -= names.len();
        let is_new = |name: &Name<'a>| named.get_ref(name).is_none_or(|id| self.seen.insert((id.into(), are_fonts)));
        names.into_iter().filter(is_new).collect()
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

/// Where the data of a deflated program stand in the file; none where they are short, prepared in another way, or needed to
/// tell how heavy the type is.
fn place_in(file: &[u8], stream: &Stream<'_>, data: &[u8]) -> Option<Range<usize>> {
    let start = data.as_ptr().addr().checked_sub(file.as_ptr().addr())?;
    let place = start..start + data.len();
    if !is_deflated(stream) || data.len() < SHORTEST || place.end > file.len() {
        return None;
    }
    // So few bytes are not the whole of it, which is no error here.
    let mut program = ZlibDecoder::new(data.get(..data.len().min(HEAD))?);
    let mut head = Vec::new();
    let _ = program.by_ref().take(DIRECTORY).read_to_end(&mut head);
    if !is_program(&head) {
        return None;
    }
    let end = weight_end(&head).filter(|end| *end < HEAD).unwrap_or(0);
    let _ = program.take(end.saturating_sub(head.len()) as u64).read_to_end(&mut head);
    let is_heavy = matches!(head.get(..end), Some([.., high, low]) if u16::from_be_bytes([*high, *low]) >= HEAVY);
    (!is_heavy).then_some(place)
}

/// Whether bytes begin as a program does: in a damaged file a reference may lead to anything.
fn is_program(head: &[u8]) -> bool {
    match head {
        [0, 1, 0, 0, rest @ ..] | [b't', b'r', b'u', b'e', rest @ ..] | [b'O', b'T', b'T', b'O', rest @ ..] => {
            matches!(rest, [0, 1..=64, _, _, _, _, _, _, tag @ ..] if tag.iter().take(4).all(|b| (b' '..=b'~').contains(b)))
        }
        // One font, with one name.
        _ => matches!(head, [1, 0, 4, 1..=4, 0, 1, ..]),
    }
}

/// Where a program has told how heavy its type is, by its directory of tables.
fn weight_end(head: &[u8]) -> Option<usize> {
    let record = head.get(12..)?.chunks_exact(16).find(|record| record.starts_with(b"OS/2"))?;
    let table = u32::from_be_bytes(record.get(8..12)?.try_into().ok()?);
    usize::try_from(table).ok()?.checked_add(6)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lopdf::{Document, Object, Stream as Made, dictionary};

    use super::*;

    /// A program that deflates badly: a header, one table and noise.
    fn program(seed: u32) -> Vec<u8> {
        program_with(b"glyf", [0; 6], seed)
    }

    fn program_with(tag: &[u8; 4], table: [u8; 6], seed: u32) -> Vec<u8> {
        let noise =
            (0..8000_u32).map(|i| (i.wrapping_mul(i).wrapping_mul(2_654_435_761).wrapping_add(seed) >> 13) as u8);
        let header = [0, 1, 0, 0, 0, 1, 0, 16, 0, 0, 0, 0];
        let record = [0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 6];
        [&header, tag.as_slice(), &record, &table].concat().into_iter().chain(noise).collect()
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

    /// What `see` says of the programs of the fonts as they are read once unneeded ones are empty.
    fn seen<T>(file: &Arc<Vec<u8>>, see: impl Fn(&[u8]) -> T) -> Vec<T> {
        let pdf = Pdf::new(Arc::clone(file)).expect("a PDF");
        let lighter = without_programs(file, &pdf);
        assert!(lighter.iter().all(|lighter| lighter.len() == file.len()), "nothing moves");
        let pdf = lighter.map_or(pdf, |lighter| Pdf::new(lighter).expect("a PDF"));
        let mut seen = Vec::new();
        visit_fonts(&pdf, |font| {
            let program = program_of(font).and_then(|program| Some(see(&program.decoded_data().ok()?)));
            seen.push(program.expect("a program"));
        });
        seen
    }

    fn lengths(file: &Arc<Vec<u8>>) -> Vec<usize> {
        seen(file, <[u8]>::len)
    }

    const EMPTIED: usize = EMPTY.len() + 4;

    #[test]
    fn empty_programs_tell_fonts_apart_but_for_those_that_shared_one() {
        let fonts = [(0, Mapped), (1, Wide), (2, Mapped), (1, Mapped)];
        let mut numbers = seen(&file(&[program(1), program(2), program(3)], &fonts), font_number);
        numbers.sort();
        assert_eq!(numbers, [None, None, Some(1), Some(3)]);
        assert_eq!(seen(&file(&[program(1)], &[(0, Bare)]), font_number), [None]);
    }

    #[test]
    fn programs_of_fonts_that_say_their_characters_are_empty() {
        assert_eq!(lengths(&file(&[program(1), program(2)], &[(0, Mapped), (1, Wide)])), [EMPTIED; 2]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Mapped), (0, Wide)])), [EMPTIED; 2]);
    }

    #[test]
    fn a_program_that_a_font_needs_stays() {
        let whole = program(0).len();
        assert_eq!(lengths(&file(&[program(1), program(2)], &[(0, Unmapped), (1, Mapped)])), [whole, EMPTIED]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Bare)])), [whole]);
        // Needed by one of two fonts, whichever comes first.
        assert_eq!(lengths(&file(&[program(1)], &[(0, Mapped), (0, Unmapped)])), [whole; 2]);
        assert_eq!(lengths(&file(&[program(1)], &[(0, Bare), (0, Mapped)])), [whole; 2]);
    }

    #[test]
    fn a_program_that_alone_says_it_is_heavy_stays() {
        let [light, heavy] = [400_u16, 700].map(|weight| {
            let [high, low] = weight.to_be_bytes();
            program_with(b"OS/2", [0, 0, 0, 0, high, low], 1)
        });
        let whole = heavy.len();
        assert_eq!(lengths(&file(&[light, heavy], &[(0, Mapped), (1, Mapped)])), [EMPTIED, whole]);
    }

    #[test]
    fn what_is_no_program_stays() {
        for beginning in ["BT /F1 10 Tf (text) Tj ET ", "true BT (text) Tj ET ", "OTTO BT (text) Tj ET "] {
            let drawing = [beginning.as_bytes().to_vec(), program(3)].concat();
            let length = drawing.len();
            assert_eq!(lengths(&file(&[drawing], &[(0, Mapped)])), [length], "{beginning}");
        }
    }
}
