//! Makes PDFs: pages of content streams with a Latin and a Chinese font, neither embedded.

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, Stream, StringFormat, dictionary};

/// A4 in points.
pub const A4: [f32; 2] = [595.0, 842.0];

/// A document in the making: pages of content streams, all with the fonts F1 (Latin) and C1 (Chinese).
pub struct Maker {
    pub pdf: Pdf,
    pages: ObjectId,
    kids: Vec<Object>,
    fonts: Dictionary,
    pub xobjects: Dictionary,
}

impl Maker {
    /// With a Chinese font that is not embedded, its encoding and the ordering of its collection.
    pub fn new(encoding: &str, ordering: &str) -> Maker {
        let mut pdf = Pdf::with_version("1.5");
        let pages = pdf.new_object_id();
        let latin = pdf.add_object(dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica"});
        let collection = dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal(ordering),
            "Supplement" => 2,
        };
        let descendant = pdf.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "SimSun",
            "CIDSystemInfo" => collection, "DW" => 1000,
            // Latin letters and digits are half an em wide.
            "W" => vec![1.into(), 95.into(), 500.into(), 814.into(), 939.into(), 500.into()],
        });
        let chinese = pdf.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "SimSun", "Encoding" => encoding,
            "DescendantFonts" => vec![descendant.into()],
        });
        let fonts = dictionary! {"F1" => latin, "C1" => chinese};
        Maker { pdf, pages, kids: Vec::new(), fonts, xobjects: Dictionary::new() }
    }

    /// A page with further entries (`/Rotate`, `/CropBox`).
    pub fn page(mut self, content: &str, entries: Dictionary) -> Maker {
        let content = self.pdf.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
        let mut page = dictionary! {
            "Type" => "Page", "Parent" => self.pages, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), A4[0].into(), A4[1].into()],
            "Resources" => dictionary! {"Font" => self.fonts.clone(), "XObject" => self.xobjects.clone()},
        };
        for (name, value) in &entries {
            page.set(name.clone(), value.clone());
        }
        self.kids.push(self.pdf.add_object(page).into());
        self
    }

    pub fn finish(mut self) -> Pdf {
        let count = i64::try_from(self.kids.len()).expect("few pages");
        let pages = dictionary! {"Type" => "Pages", "Kids" => self.kids, "Count" => count};
        self.pdf.objects.insert(self.pages, pages.into());
        let catalog = self.pdf.add_object(dictionary! {"Type" => "Catalog", "Pages" => self.pages});
        self.pdf.trailer.set("Root", catalog);
        let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
        self.pdf.trailer.set("ID", vec![id.clone(), id]);
        self.pdf
    }

    pub fn bytes(self) -> Vec<u8> {
        to_bytes(self.finish())
    }
}

pub fn to_bytes(mut pdf: Pdf) -> Vec<u8> {
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("a PDF can be written to memory");
    bytes
}
