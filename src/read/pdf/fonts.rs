//! Characters of embedded composite fonts without a ToUnicode map: the number of a glyph in a published collection
//! (Adobe-GB1 and its sisters) says which character it is.

use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::object::dict::keys::{
    BASE_FONT, CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY, TO_UNICODE,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Stream, String as PdfString};

/// A glyph whose font does not say what it means: its place among the page's glyphs, the font's name without the
/// prefix of the subset, and the code that was shown.
pub(super) struct Unnamed {
    pub(super) glyph: usize,
    pub(super) font: String,
    pub(super) code: u32,
}

/// The characters of `unnamed` that the page's fonts tell through their collections, by place among the glyphs.
pub(super) fn collections_to_characters(unnamed: &[Unnamed], fonts: &Dict<'_>) -> Vec<(usize, char)> {
    let known: Vec<(String, CMap, CMap)> = fonts
        .keys()
        .filter_map(|key| fonts.get::<Dict<'_>>(key.as_ref()))
        .filter_map(|font| collection(&font))
        .collect();
    let character = |glyph: &Unnamed| {
        let mut found = known.iter().filter(|(name, ..)| *name == glyph.font).filter_map(|(_, encoding, unicode)| {
            let number = (1..=4).find_map(|bytes| encoding.lookup_cid_code(glyph.code, bytes))?;
            match unicode.lookup_bf_string(number)? {
                BfString::Char(character) => Some(character),
                BfString::String(_) => None,
            }
        });
        // Subsets of one font share their name: they must agree.
        let first = found.next()?;
        found.all(|other| other == first).then_some((glyph.glyph, first))
    };
    unnamed.iter().filter_map(character).collect()
}

/// Name, code → number and number → character of a composite font without ToUnicode in a published collection.
fn collection(font: &Dict<'_>) -> Option<(String, CMap, CMap)> {
    if font.get::<Stream<'_>>(TO_UNICODE).is_some() {
        return None;
    }
    let name = font.get::<Name<'_>>(BASE_FONT)?.as_str().to_string();
    let name = match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest.to_string(),
        _ => name,
    };
    let encoding = match CMapName::from_bytes(font.get::<Name<'_>>(ENCODING)?.as_ref()) {
        CMapName::IdentityH => CMap::identity_h(),
        CMapName::IdentityV => CMap::identity_v(),
        name => CMap::parse(load_embedded(name)?, load_embedded)?,
    };
    let descendant = font.get::<Array<'_>>(DESCENDANT_FONTS)?.iter::<Dict<'_>>().next()?;
    let info = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
    let registry = info.get::<PdfString<'_>>(REGISTRY)?;
    let ordering = info.get::<PdfString<'_>>(ORDERING)?;
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    let unicode = CMap::parse(load_embedded(family.ucs2_cmap()?)?, load_embedded)?;
    Some((name, encoding, unicode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_interpret::hayro_syntax::Pdf;
    use lopdf::{Dictionary, Document, Object, Stream as Drawing, dictionary};

    /// What a code of the font `SimSun` means by the fonts given as (encoding, ordering).
    fn named(fonts: &[(&str, &str)], code: u32) -> Vec<(usize, char)> {
        let mut made = Document::with_version("1.5");
        let pages = made.new_object_id();
        let mut resources = Dictionary::new();
        for (i, (encoding, ordering)) in fonts.iter().enumerate() {
            let collection = dictionary! {
                "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal(*ordering),
            };
            let descendant = dictionary! {"Type" => "Font", "CIDSystemInfo" => collection};
            resources.set(
                format!("F{i}"),
                dictionary! {
                    "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "ABCDEF+SimSun", "Encoding" => *encoding,
                    "DescendantFonts" => vec![descendant.into()],
                },
            );
        }
        let content = made.add_object(Drawing::new(Dictionary::new(), Vec::new()));
        let page = made.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "Resources" => dictionary! {"Font" => resources},
        });
        made.objects.insert(pages, dictionary! {"Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1}.into());
        let catalog = made.add_object(dictionary! {"Type" => "Catalog", "Pages" => pages});
        made.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        made.save_to(&mut bytes).expect("a PDF can be written to memory");
        let pdf = Pdf::new(bytes).expect("the made PDF opens");
        let unnamed = [Unnamed { glyph: 7, font: "SimSun".into(), code }];
        collections_to_characters(&unnamed, &pdf.pages().first().expect("a page").resources().fonts)
    }

    #[test]
    fn published_collections_tell_characters_and_others_do_not() {
        // 收 is number 3436 of Adobe-GB1 and CAD5 in GBK.
        assert_eq!(named(&[("Identity-H", "GB1")], 3436), [(7, '收')]);
        assert_eq!(named(&[("GBK-EUC-H", "GB1")], 0xCAD5), [(7, '收')]);
        assert_eq!(named(&[("Identity-H", "Identity")], 3436), []);
        // Two fonts of one name that do not agree: nothing is known.
        assert_eq!(named(&[("Identity-H", "GB1"), ("Identity-H", "Japan1")], 3436), []);
    }
}
