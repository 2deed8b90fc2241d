//! PDFs that this file makes itself: what the reader gets from each, and that no damage brings it down.

#[path = "common/maker.rs"]
mod maker;

use std::io::Read;

use lopdf::content::Content;
use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Dictionary, ObjectId, Stream, dictionary};
use maker::{A4, Maker, to_bytes};
use mingzhang::base::finding::Finding;
use mingzhang::base::place::Place;
use mingzhang::model::FurnitureKind;
use mingzhang::read::pdf::content::PageContent;
use mingzhang::read::pdf::visit_pages;
use mingzhang::read::{Block, Document, Line, ReadError, Source, read};

fn latin() -> Maker {
    Maker::new("GBK-EUC-H", "GB1")
}

fn source(bytes: Vec<u8>) -> Source {
    Source { name: "made.pdf".into(), bytes: std::sync::Arc::new(bytes), password: None }
}

fn document(bytes: Vec<u8>) -> (Document, Vec<Finding>) {
    let mut findings = Vec::new();
    let document = read(&source(bytes), &mut findings).expect("the made PDF can be read");
    (document, findings)
}

fn lines(document: &Document) -> Vec<&Line> {
    let line = |block: &'_ Block| matches!(block, Block::Line(_));
    let lines = document.blocks.iter().filter(|block| line(block));
    lines.filter_map(|block| if let Block::Line(line) = block { Some(line) } else { None }).collect()
}

fn texts(document: &Document) -> Vec<&str> {
    lines(document).into_iter().map(|line| line.text.as_str()).collect()
}

fn contents(bytes: Vec<u8>) -> Vec<PageContent> {
    let mut pages = Vec::new();
    visit_pages(&source(bytes), |content| pages.push(content)).expect("the made PDF can be read");
    pages
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.1
}

/// The letter H of 10 pt at (100, 700) in user space.
const AT_100_700: &str = "BT /F1 10 Tf 100 700 Td (H) Tj ET";

#[test]
fn places_are_points_from_the_top_left_as_displayed() {
    // Turned by 90° clockwise, the left edge of the page is its top: x = 700, y = 100.
    let turned = [(0, [100.0, 142.0]), (90, [700.0, 100.0]), (180, [495.0, 700.0]), (270, [142.0, 495.0])];
    for (rotation, expected) in turned {
        let pages = contents(latin().page(AT_100_700, dictionary! {"Rotate" => rotation}).bytes());
        let page = pages.first().expect("a page");
        let glyph = page.glyphs.first().expect("a glyph");
        assert!(near(glyph.origin[0], expected[0]) && near(glyph.origin[1], expected[1]), "{rotation}: {glyph:?}");
        assert_eq!(page.rotation, u16::try_from(rotation).expect("small"));
        let width = if rotation % 180 == 0 { A4[0] } else { A4[1] };
        assert!(near(page.width, width), "{rotation}: {}", page.width);
    }
}

#[test]
fn the_crop_box_moves_the_origin() {
    let crop = vec![50.into(), 60.into(), 550.into(), 800.into()];
    let pages = contents(latin().page(AT_100_700, dictionary! {"CropBox" => crop}).bytes());
    let page = pages.first().expect("a page");
    let glyph = page.glyphs.first().expect("a glyph");
    assert!(near(glyph.origin[0], 50.0) && near(glyph.origin[1], 100.0), "{glyph:?}");
    assert!(near(page.width, 500.0) && near(page.height, 740.0));
}

#[test]
fn a_box_goes_from_ascent_to_descent_over_the_advance() {
    let pages = contents(latin().page("BT /F1 10 Tf 100 700 Td (H.) Tj ET", Dictionary::new()).bytes());
    let [h, dot] = pages.first().expect("a page").glyphs.as_slice() else { panic!("two glyphs") };
    // Helvetica: H is 722 and the full stop 278 thousandths wide; both boxes are as high as the type.
    assert!(near(h.bbox[2] - h.bbox[0], 7.22) && near(dot.bbox[2] - dot.bbox[0], 2.78), "{h:?} {dot:?}");
    assert!(near(h.bbox[3] - h.bbox[1], 10.0) && h.bbox[1] == dot.bbox[1] && h.bbox[3] == dot.bbox[3]);
}

#[test]
fn strokes_and_thin_fills_are_rulings_and_the_rest_is_shading() {
    let drawn = "1 w 100 700 m 300 700 l S  100 600 50 40 re S  0.9 g 100 500 200 30 re f  0 g 100 450 200 0.5 re f \
                 q 100 300 50 50 re W n 90 320 m 400 320 l S Q  100 200 m 200 260 l S";
    let pages = contents(latin().page(drawn, Dictionary::new()).bytes());
    let page = pages.first().expect("a page");
    let horizontal: Vec<(f32, f32, f32)> =
        page.rulings.iter().filter(|r| r.is_horizontal).map(|r| (r.position, r.start, r.end)).collect();
    let expected = [
        (142.0, 100.0, 300.0),
        (242.0, 100.0, 150.0),
        (202.0, 100.0, 150.0),
        (391.75, 100.0, 300.0),
        (522.0, 99.5, 150.5),
    ];
    assert_eq!(horizontal.len(), expected.len(), "{horizontal:?}");
    for want in expected {
        assert!(
            horizontal.iter().any(|have| near(have.0, want.0) && near(have.1, want.1) && near(have.2, want.2)),
            "{want:?} not in {horizontal:?}"
        );
    }
    let vertical: Vec<f32> = page.rulings.iter().filter(|r| !r.is_horizontal).map(|r| r.position).collect();
    assert_eq!(vertical.len(), 2, "the two sides of the rectangle: {vertical:?}");
    let shading: Vec<[u8; 4]> = page.fills.iter().map(|fill| fill.colour).collect();
    assert_eq!(shading, [[230, 230, 230, 255]]);
}

#[test]
fn mitred_borders_are_rulings() {
    // Top and left border of a cell as filled quadrilaterals that meet at 45°.
    let drawn = "42 469 m 42 479 l 42.5 478.5 l 42.5 469 l h 42 479 m 230 479 l 230 478.5 l 42.5 478.5 l h f";
    let pages = contents(latin().page(drawn, Dictionary::new()).bytes());
    let rulings = &pages.first().expect("a page").rulings;
    let found: Vec<(bool, f32, f32)> = rulings.iter().map(|r| (r.is_horizontal, r.start, r.end)).collect();
    assert_eq!(found, [(false, 363.0, 373.0), (true, 42.0, 230.0)]);
}

#[test]
fn watermarks_and_invisible_text_are_furniture() {
    let drawn = "BT /F1 10 Tf 100 700 Td (Total 12.00) Tj ET \
                 BT 0.7 g /F1 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (DRAFT) Tj ET \
                 BT 3 Tr /F1 10 Tf 100 650 Td (hidden) Tj ET";
    let (document, _) = document(latin().page(drawn, Dictionary::new()).bytes());
    let furniture: Vec<(&str, Option<FurnitureKind>)> =
        lines(&document).into_iter().map(|line| (line.text.as_str(), line.furniture)).collect();
    assert!(furniture.contains(&("Total 12.00", None)), "{furniture:?}");
    assert!(furniture.contains(&("DRAFT", Some(FurnitureKind::Watermark))), "{furniture:?}");
    assert!(furniture.contains(&("hidden", Some(FurnitureKind::Invisible))), "{furniture:?}");
}

#[test]
fn pale_words_strewn_over_the_print_are_a_watermark_and_pale_zeros_are_none() {
    let mut drawn = String::new();
    for row in 0..4 {
        let y = 700 - 30 * row;
        drawn += &format!(
            "BT 0 g /F1 10 Tf 100 {y} Td (Item {row}  12.00) Tj ET BT 0.8 g /F1 10 Tf 300 {y} Td (0.00) Tj ET "
        );
        drawn += &format!("BT 0.8 g /F1 10 Tf 110 {} Td (For review) Tj ET ", y - 3);
        // Labels in grey, across nothing.
        drawn += &format!("BT 0.8 g /F1 10 Tf 400 {y} Td (Budget) Tj ET ");
    }
    let (document, _) = document(latin().page(&drawn, Dictionary::new()).bytes());
    let marks: Vec<&str> = lines(&document)
        .into_iter()
        .filter(|line| line.furniture == Some(FurnitureKind::Watermark))
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(marks, ["For review"; 4]);
}

#[test]
fn a_raised_digit_is_the_mark_of_a_note() {
    // Raised by a quarter of an em it is on the line, by more it would be a line of its own.
    for (size, rise) in [(5, 3.0), (5, 4.0), (8, 4.7)] {
        let drawn = format!("BT /F1 10 Tf 100 700 Td (6,200.00) Tj /F1 {size} Tf {rise} Ts (1) Tj ET");
        let (document, _) = document(latin().page(&drawn, Dictionary::new()).bytes());
        assert_eq!(texts(&document), ["6,200.00¹"], "{rise}");
    }
}

#[test]
fn text_that_is_filled_and_stroked_is_bold_once() {
    let (document, _) = document(latin().page("BT 2 Tr /F1 10 Tf 100 700 Td (Sum) Tj ET", Dictionary::new()).bytes());
    let lines = lines(&document);
    assert_eq!(texts(&document), ["Sum"]);
    assert!(lines.first().and_then(|line| line.style).is_some_and(|style| style.is_bold));
}

#[test]
fn chinese_without_embedded_fonts() {
    // 收支总表 in each encoding.
    let cases = [
        ("GBK-EUC-H", "GB1", "<CAD5D6A7D7DCB1ED>"),
        ("UniGB-UCS2-H", "GB1", "<6536652F603B8868>"),
        ("UniGB-UTF16-H", "GB1", "<6536652F603B8868>"),
        // Numbers of the characters in the collection Adobe-GB1.
        ("Identity-H", "GB1", "<0D6C11A612390456>"),
    ];
    for (encoding, ordering, string) in cases {
        let drawn = format!("BT /C1 12 Tf 100 700 Td {string} Tj ET");
        let (document, findings) = document(Maker::new(encoding, ordering).page(&drawn, Dictionary::new()).bytes());
        assert_eq!(texts(&document), ["收支总表"], "{encoding}");
        assert!(findings.is_empty(), "{encoding}: {findings:?}");
    }
}

#[test]
fn characters_that_cannot_be_known_are_reported_and_not_guessed() {
    let drawn = "BT /F1 12 Tf 100 720 Td (Sum) Tj ET BT /C1 12 Tf 100 700 Td <05820583> Tj ET";
    let (document, findings) = document(Maker::new("Identity-H", "Identity").page(drawn, Dictionary::new()).bytes());
    assert_eq!(texts(&document), ["Sum", "\u{FFFD}\u{FFFD}"]);
    let finding = findings.iter().find(|finding| finding.name == "unknown-characters").expect("reported");
    assert!(finding.message.starts_with("2 characters of page 1"), "{}", finding.message);
    let Some(Place::Page { page: 1, bbox }) = finding.place else { panic!("{:?}", finding.place) };
    assert!(near(bbox[0], 100.0));
}

#[test]
fn characters_of_private_ranges_are_reported_too() {
    // A font made for one file that numbers its digits from U+E000; one of symbols draws a bullet.
    let mut maker = latin();
    let map = "1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <31> <E001> <6C> <F06C> endbfchar";
    let map = maker.pdf.add_object(Stream::new(Dictionary::new(), map.as_bytes().to_vec()));
    let descriptor = dictionary! {"Type" => "FontDescriptor", "FontName" => "ABCDEF+Own", "Flags" => 4};
    let descriptor = maker.pdf.add_object(descriptor);
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "ABCDEF+Own", "ToUnicode" => map,
        "FontDescriptor" => descriptor,
    };
    let font = maker.pdf.add_object(font);
    let entries = dictionary! {"Resources" => dictionary! {"Font" => dictionary! {"O" => font}}};
    let (document, findings) = document(maker.page("BT /O 12 Tf 100 720 Td (l11) Tj ET", entries).bytes());
    assert_eq!(texts(&document), ["\u{F06C}\u{FFFD}\u{FFFD}"]);
    let finding = findings.iter().find(|finding| finding.name == "unknown-characters").expect("reported");
    assert!(finding.message.starts_with("2 characters of page 1"), "{}", finding.message);
}

#[test]
fn each_font_means_its_own_characters_whether_it_shares_its_program_or_not() {
    // Two programs that nobody needs to look into; the first is of two fonts, whose maps differ.
    let program = |seed: u32| {
        let noise =
            (0..8000_u32).map(|i| (i.wrapping_mul(i).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 13) as u8);
        let head =
            b"\x00\x01\x00\x00\x00\x01\x00\x10\x00\x00\x00\x00glyf\x00\x00\x00\x00\x00\x00\x00\x1C\x00\x00\x00\x06";
        let mut stream = Stream::new(Dictionary::new(), head.iter().copied().chain(noise).collect());
        stream.compress().expect("deflate");
        stream
    };
    let mut maker = latin();
    let programs = [1, 2].map(|seed| maker.pdf.add_object(program(seed)));
    let mut fonts = Dictionary::new();
    // By name: the program, the digit that the code A stands for, its width.
    for (name, at, digit, width) in [("A", 0, '3', 500), ("B", 0, '8', 500), ("C", 1, '6', 900)] {
        let map = format!(
            "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <{:04X}> endbfchar",
            digit as u32
        );
        let map = maker.pdf.add_object(Stream::new(Dictionary::new(), map.into_bytes()));
        let descriptor =
            dictionary! {"Type" => "FontDescriptor", "FontName" => "Own", "Flags" => 4, "FontFile2" => programs[at]};
        let descriptor = maker.pdf.add_object(descriptor);
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "Own", "ToUnicode" => map, "FontDescriptor" => descriptor,
            "FirstChar" => 65, "LastChar" => 65, "Widths" => vec![width.into()],
        };
        fonts.set(name, maker.pdf.add_object(font));
    }
    let entries = dictionary! {"Resources" => dictionary! {"Font" => fonts}};
    let strings = ["A", "B", "C", "A", "C", "B"];
    let drawn: Vec<String> = strings
        .iter()
        .enumerate()
        .map(|(at, font)| format!("BT /{font} 10 Tf 100 {} Td (AA) Tj ET", 700 - 20 * at))
        .collect();
    let (document, _) = document(maker.page(&drawn.join(" "), entries).bytes());
    assert_eq!(texts(&document), ["33", "88", "66", "33", "66", "88"]);
    let widths: Vec<f32> = lines(&document)
        .iter()
        .filter_map(|line| match line.place {
            Place::Page { bbox, .. } => Some((bbox[2] - bbox[0]).round()),
            Place::Text { .. } => None,
        })
        .collect();
    assert_eq!(widths, [10.0, 10.0, 18.0, 10.0, 18.0, 10.0]);
}

/// One page, encrypted with a user password (empty: everybody may read).
fn encrypted(user_password: &str) -> Vec<u8> {
    encrypt(latin().page(AT_100_700, Dictionary::new()).finish(), user_password)
}

fn encrypt(mut pdf: lopdf::Document, user_password: &str) -> Vec<u8> {
    let permissions = Permissions::default();
    let version =
        EncryptionVersion::V2 { document: &pdf, owner_password: "owner", user_password, key_length: 128, permissions };
    let state = EncryptionState::try_from(version).expect("a key can be made");
    pdf.encrypt(&state).expect("the made PDF can be encrypted");
    to_bytes(pdf)
}

#[test]
fn encrypted_files_open_with_their_password() {
    let (document, _) = document(encrypted(""));
    assert_eq!(texts(&document), ["H"]);

    let refused = |password: Option<&str>| {
        let password = password.map(str::to_string);
        let source = Source { name: "made.pdf".into(), bytes: std::sync::Arc::new(encrypted("secret")), password };
        read(&source, &mut Vec::new())
    };
    let ReadError { message } = refused(None).expect_err("no password was given");
    assert!(message.contains("--password"), "{message}");
    let ReadError { message } = refused(Some("other")).expect_err("the password is wrong");
    assert!(message.contains("does not open"), "{message}");
    let document = refused(Some("secret")).expect("the password is right");
    assert_eq!(texts(&document), ["H"]);
}

/// A page that shows one image of the whole page.
fn scanned(mut maker: Maker) -> Maker {
    let dictionary = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1,
        "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
    };
    let image = maker.pdf.add_object(Stream::new(dictionary, vec![128]));
    maker.xobjects.set("I1", image);
    maker.page("q 595 0 0 842 0 0 cm /I1 Do Q", Dictionary::new())
}

#[test]
fn pages_without_text_are_reported_and_documents_without_text_refused() {
    let ReadError { message } =
        read(&source(scanned(latin()).bytes()), &mut Vec::new()).expect_err("nothing can be read");
    assert!(message.contains("no-text-layer"), "{message}");

    let mixed = scanned(latin().page(AT_100_700, Dictionary::new())).page("", Dictionary::new());
    let (document, findings) = document(mixed.bytes());
    let finding = findings.iter().find(|finding| finding.name == "no-text-layer").expect("reported");
    assert!(finding.message.starts_with("1 of 3 pages (33 %)"), "an empty page is no picture: {}", finding.message);
    assert_eq!(finding.place.as_ref().and_then(Place::page), Some(2));
    assert_eq!(document.pages.iter().map(|page| page.has_text).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn numbers_at_the_foot_are_page_numbers() {
    let page = |number: u32| format!("{AT_100_700} BT /F1 9 Tf 290 30 Td (- {number} -) Tj ET");
    let maker = latin().page(&page(1), Dictionary::new()).page(&page(2), Dictionary::new());
    let (document, _) = document(maker.bytes());
    let numbers: Vec<&str> = lines(&document)
        .into_iter()
        .filter(|line| line.furniture == Some(FurnitureKind::PageNumber))
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(numbers, ["- 1 -", "- 2 -"]);
}

/// A document with text, rulings, fonts and a form: something to damage.
fn ordinary() -> Vec<u8> {
    let mut maker = latin();
    let form = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    let form = maker.pdf.add_object(Stream::new(form, b"0.5 w 50 50 m 500 50 l S 50 50 100 100 re S".to_vec()));
    maker.xobjects.set("X1", form);
    let drawn =
        "q /X1 Do Q BT /C1 12 Tf 100 700 Td <CAD5D6A7D7DCB1ED> Tj ET BT /F1 9 Tf 90 600 Td [(12) -50 (.00)] TJ ET";
    let mut pdf = maker.page(drawn, Dictionary::new()).page(drawn, dictionary! {"Rotate" => 90}).finish();
    pdf.compress();
    to_bytes(pdf)
}

#[test]
fn damaged_files_give_what_is_left_or_one_error() {
    let whole = ordinary();
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 33).expect("31 bits")
    };
    let (mut read_whole, mut refused) = (0, 0);
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=next() % 8 {
            let at = next() % bytes.len();
            bytes[at] = u8::try_from(next() % 256).expect("a byte");
        }
        if next() % 4 == 0 {
            bytes.truncate(next() % bytes.len());
            bytes.splice(0..0, *b"%PDF-1.5\n");
        }
        match read(&source(bytes), &mut Vec::new()) {
            Ok(document) if texts(&document).contains(&"收支总表") => read_whole += 1,
            Ok(_) => {}
            Err(error) => {
                assert!(!error.message.is_empty() && !error.message.contains('\n'), "{error}");
                refused += 1;
            }
        }
    }
    assert!(read_whole > 100, "most files with a few wrong bytes can be read: {read_whole}");
    assert!(refused > 10, "files cut to pieces are refused: {refused}");
}

#[test]
fn a_file_that_draws_without_end_is_given_up() {
    // Forms that draw forms: 30 levels of 10 each.
    let mut maker = latin();
    let mut inner: Option<ObjectId> = None;
    for _ in 0..30 {
        let mut resources = Dictionary::new();
        let mut drawn = "0 0 m 10 0 l S ".to_string();
        if let Some(inner) = inner {
            resources.set("XObject", dictionary! {"X" => inner});
            drawn.push_str(&"/X Do ".repeat(10));
        }
        let form = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
            "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        };
        inner = Some(maker.pdf.add_object(Stream::new(form, drawn.into_bytes())));
    }
    maker.xobjects.set("X", inner.expect("a form"));
    let bomb = maker.page(&format!("{AT_100_700} /X Do"), Dictionary::new()).page(AT_100_700, Dictionary::new());
    let (document, findings) = document(bomb.bytes());
    assert!(findings.iter().any(|finding| finding.name == "page-without-end"), "{findings:?}");
    assert!(texts(&document).len() >= 2, "what was drawn before, and the next page, are read");
}

#[test]
fn a_path_without_end_is_given_up_and_not_called_a_picture() {
    let path = format!("0 0 m {} S ", "1 1 l ".repeat(500_000));
    let given_up = read(&source(latin().page(&path, Dictionary::new()).bytes()), &mut Vec::new());
    let Err(ReadError { message }) = given_up else { panic!("nothing was read") };
    assert!(message.contains("page 1 draws without end") && !message.contains("no-text-layer"), "{message}");
    let with_text = latin().page(&format!("{AT_100_700} {path}"), Dictionary::new());
    let (document, findings) = document(with_text.bytes());
    assert_eq!(texts(&document), ["H"]);
    assert_eq!(findings.iter().map(|finding| finding.name.as_str()).collect::<Vec<_>>(), ["page-without-end"]);
}

#[test]
fn a_long_form_drawn_again_and_again_is_given_up() {
    // Thirty megabytes of blanks in thirty kilobytes, drawn a thousand times: nothing is drawn, and it takes minutes.
    let mut blanks = Stream::new(Dictionary::new(), vec![b' '; 30 << 20]);
    blanks.compress().expect("blanks can be compressed");
    blanks.dict.set("Type", "XObject");
    blanks.dict.set("Subtype", "Form");
    blanks.dict.set("BBox", vec![0.into(), 0.into(), 595.into(), 842.into()]);
    let mut maker = latin();
    let form = maker.pdf.add_object(blanks);
    let annotation = maker.pdf.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "AP" => dictionary! {"N" => form},
    });
    maker.xobjects.set("X", form);
    let drawn = format!("{AT_100_700} {}", "/X Do ".repeat(1000));
    let stamps = dictionary! {"Annots" => vec![lopdf::Object::from(annotation); 1000]};
    let made = maker.page(&drawn, Dictionary::new()).page(AT_100_700, stamps).page(AT_100_700, Dictionary::new());
    let start = std::time::Instant::now();
    let (document, findings) = document(made.bytes());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let given_up = findings.iter().filter(|finding| finding.name == "page-without-end");
    let pages: Vec<_> = given_up.filter_map(|finding| finding.place.as_ref().and_then(Place::page)).collect();
    assert_eq!(pages, [1, 2]);
    assert_eq!(texts(&document), ["H", "H", "H"], "what was drawn before is read");
}

/// A font whose glyphs are drawings, for the letters a and b: two boxes. `names` are those of its glyphs.
fn drawn_font(maker: &mut Maker, names: [&str; 2], to_unicode: Option<&str>) -> Dictionary {
    let glyph = maker.pdf.add_object(Stream::new(Dictionary::new(), b"1000 0 d0 0 0 800 800 re f".to_vec()));
    let map = to_unicode.map(|map| maker.pdf.add_object(Stream::new(Dictionary::new(), map.as_bytes().to_vec())));
    let name = |name: &str| lopdf::Object::Name(name.as_bytes().to_vec());
    let mut font = dictionary! {
        "Type" => "Font", "Subtype" => "Type3", "FirstChar" => 97, "LastChar" => 98,
        "FontBBox" => vec![0.into(), 0.into(), 1000.into(), 1000.into()],
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), 0.into()],
        "Widths" => vec![1000.into(), 1000.into()],
        "CharProcs" => dictionary! {names[0] => glyph, names[1] => glyph},
        "Encoding" => dictionary! {"Differences" => vec![97.into(), name(names[0]), name(names[1])]},
    };
    if let Some(map) = map {
        font.set("ToUnicode", map);
    }
    dictionary! {"Font" => dictionary! {"T" => maker.pdf.add_object(font)}}
}

#[test]
fn drawn_glyphs_mean_what_their_font_says() {
    let map = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange \
               2 beginbfchar <61> <6536> <62> <5165> endbfchar endcmap end";
    let shown = "BT /T 10 Tf 100 700 Td (ab) Tj ET";
    // A map; names of characters; names that say nothing.
    let cases = [
        (["g1", "g2"], Some(map), "收入", 0),
        (["seven", "uni6536"], None, "7收", 0),
        (["g1", "g2"], None, "\u{FFFD}\u{FFFD}", 1),
    ];
    for (names, to_unicode, expected, unknown) in cases {
        let mut maker = latin();
        let resources = drawn_font(&mut maker, names, to_unicode);
        let (document, findings) = document(maker.page(shown, dictionary! {"Resources" => resources}).bytes());
        assert_eq!(texts(&document), [expected], "{names:?}");
        assert_eq!(findings.iter().filter(|f| f.name == "unknown-characters").count(), unknown, "{names:?}");
        let Place::Page { bbox, .. } = lines(&document)[0].place else { panic!("a page") };
        assert!(near(bbox[0], 100.0) && near(bbox[2], 120.0), "as wide as its widths say: {bbox:?}");
    }
}

#[test]
fn text_set_from_top_to_bottom_is_one_line() {
    // By the writing mode of its font, and glyph by glyph.
    let codes = "<6536516565F651FA603B8868>";
    let by_mode = format!("BT /C1 10 Tf 100 700 Td {codes} Tj ET");
    let by_glyph: String = ["6536", "5165", "65F6", "51FA", "603B", "8868"]
        .iter()
        .enumerate()
        .map(|(i, code)| format!("BT /C1 10 Tf 100 {} Td <{code}> Tj ET\n", 700 - 11 * i))
        .collect();
    for (encoding, drawn) in [("UniGB-UTF16-V", by_mode), ("UniGB-UTF16-H", by_glyph)] {
        let (document, _) = document(Maker::new(encoding, "GB1").page(&drawn, Dictionary::new()).bytes());
        assert_eq!(texts(&document), ["收入时出总表"], "{encoding}");
    }
}

/// At least so many blanks, each code standing for one more of them than the one before, until the table is full.
fn lzw_of_blanks(length: usize) -> Vec<u8> {
    let (mut bits, mut count, mut packed) = (0_u64, 0_u32, Vec::new());
    let mut write = |code: u64, width: u32| {
        (bits, count) = (bits << width | code, count + width);
        while count >= 8 {
            count -= 8;
            packed.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    };
    write(256, 9);
    write(32, 9);
    let (mut made, mut entry) = (1, 258_u64);
    while made < length {
        // The entry that the reader makes of this very code, as long as there is room for it.
        let code = entry.min(4095);
        write(
            code,
            if code < 511 {
                9
            } else if code < 1023 {
                10
            } else if code < 2047 {
                11
            } else {
                12
            },
        );
        made += (code - 256) as usize;
        entry += 1;
    }
    packed
}

#[test]
fn a_stream_that_inflates_without_end_is_refused() {
    // 160 MiB of blanks are 160 kB deflated once, and some hundred bytes deflated twice.
    let deflate = |data: &mut dyn Read| {
        let mut deflated = Vec::new();
        let mut encoder = flate2::read::ZlibEncoder::new(data, flate2::Compression::best());
        encoder.read_to_end(&mut deflated).expect("memory can be written to");
        deflated
    };
    let once = deflate(&mut std::io::repeat(b' ').take(160 << 20));
    let twice = deflate(&mut once.as_slice());
    assert!(once.len() < 200_000 && twice.len() < 10_000);
    let name = |name: &str| lopdf::Object::Name(name.as_bytes().to_vec());
    let flate = || name("FlateDecode");
    // The same without the header that readers do not insist on, in hexadecimal digits, and in the other compression.
    let bare = once[2..].to_vec();
    let digits = once.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let streams = [
        (once, vec![flate()]),
        (twice, vec![flate(), flate()]),
        (bare, vec![flate()]),
        (digits, vec![name("ASCIIHexDecode"), flate()]),
        (lzw_of_blanks(160 << 20), vec![name("LZWDecode")]),
    ];
    for (data, filters) in streams {
        let mut maker = latin().page(AT_100_700, Dictionary::new());
        maker.pdf.add_object(Stream::new(dictionary! {"Filter" => filters}, data));
        let made = maker.finish();
        for bytes in [encrypt(made.clone(), ""), to_bytes(made)] {
            let ReadError { message } = read(&source(bytes), &mut Vec::new()).expect_err("nothing is read");
            assert!(message.contains("inflates"), "{message}");
        }
    }
}

#[test]
fn streams_that_are_no_drawing_are_no_reason_to_stop() {
    let operations = Content { operations: Vec::new() }.encode().expect("nothing can be encoded");
    let garbage = format!("{AT_100_700} (unclosed [ << /Q 1 0 0 cm ET ET Q Q {}", String::from_utf8_lossy(&operations));
    let (document, _) = document(latin().page(&garbage, Dictionary::new()).bytes());
    assert_eq!(texts(&document), ["H"]);
}

#[test]
fn text_clipped_above_or_below_is_kept_out_and_text_clipped_at_its_side_is_whole() {
    // 北京 2026, 项目支出绩效目标表: a merged cell goes over the page's end; its centred text is drawn on both pages,
    // on one of them below the clip. 深圳 2026: a figure wider than its column loses its last digit to the clip.
    let below = "q 90 400 200 100 re W n BT /F1 10 Tf 100 380 Td (67.70) Tj ET Q ";
    let within = "q 90 500 200 100 re W n BT /F1 10 Tf 100 550 Td (40.60) Tj ET Q ";
    let side = "q 90 600 32 100 re W n BT /F1 10 Tf 100 650 Td (124216.99) Tj ET Q ";
    let (document, _) = document(latin().page(&[below, within, side].concat(), Dictionary::new()).bytes());
    let told: Vec<(&str, Option<FurnitureKind>)> =
        lines(&document).into_iter().map(|line| (line.text.as_str(), line.furniture)).collect();
    assert_eq!(told, [("124216.99", None), ("40.60", None), ("67.70", Some(FurnitureKind::Invisible))]);
}
