//! A PDF file opened, and each page's drawing run into a [`PageContent`]. Nothing that a file does gets out of here
//! but content or an error: panics of the interpreter are caught page by page.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once, OnceLock};

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::dict::keys::ANNOTS;
use hayro_interpret::hayro_syntax::page::{Page, Rotation};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, RenderContent, TransformExt, interpret, interpret_page,
};

use super::bounds::{LARGEST_STREAM, inflates_beyond, inflates_beyond_when_open};
use super::characters::Fonts;
use super::content::{PageContent, PageFailure, is_blank};
use super::device::{PageDevice, TooMuchDrawn};
use super::fonts::collections_to_characters;
use super::programs::without_programs;
use super::states::States;
use super::streams::Streams;
use super::work::Work;
use crate::base::radical::radical_to_character;
use crate::read::ReadError;

/// The bytes of a file. Lighter ones with everything in the same place may follow once it is open: what is looked for from then
/// on is read from them.
struct FileBytes {
    whole: Arc<Vec<u8>>,
    lighter: OnceLock<Vec<u8>>,
}

impl AsRef<[u8]> for FileBytes {
    fn as_ref(&self) -> &[u8] {
        self.lighter.get().unwrap_or(&self.whole)
    }
}

/// Bytes to a file whose pages can be read.
///
/// # Errors
/// Where the bytes are no PDF, are damaged beyond reading, or need (another) password.
pub(super) fn open(bytes: &Arc<Vec<u8>>, password: Option<&str>) -> Result<Pdf, ReadError> {
    let refuse = |message: &str| ReadError { message: message.to_string() };
    let too_long = || {
        let most = LARGEST_STREAM >> 20;
        refuse(&format!("a stream of the PDF inflates to more than {most} MiB: it was not read"))
    };
    // Whatever a stream is for: any may be named as one that holds objects, and is unpacked as the file is opened.
    if inflates_beyond(bytes) {
        return Err(too_long());
    }
    let file = Arc::new(FileBytes { whole: Arc::clone(bytes), lighter: OnceLock::new() });
    match quietly(|| Pdf::new_with_password(Arc::clone(&file), password.unwrap_or(""))) {
        Ok(Ok(pdf)) => match quietly(|| inflates_beyond_when_open(bytes, &pdf)) {
            Ok(true) => Err(too_long()),
            Ok(false) | Err(_) => {
                if let Ok(Some(lighter)) = quietly(|| without_programs(bytes, &pdf)) {
                    file.lighter.get_or_init(|| lighter);
                }
                Ok(pdf)
            }
        },
        Ok(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) if password.is_some() => {
            Err(refuse("the PDF is encrypted and the password does not open it"))
        }
        Ok(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) => {
            Err(refuse("the PDF is encrypted: give its password with --password"))
        }
        Ok(Err(LoadPdfError::Decryption(_))) => {
            Err(refuse("the PDF is encrypted in a way that is damaged or not supported"))
        }
        Ok(Err(LoadPdfError::Invalid)) | Err(_) => Err(refuse("the PDF is damaged: no page of it can be read")),
    }
}

/// Runs the drawing of pages; fonts that pages share are loaded once.
pub(super) struct PageReader<'a> {
    pdf: &'a Pdf,
    cache: InterpreterCache<'a>,
    settings: InterpreterSettings,
    work: Work,
    streams: Streams,
    states: States,
    fonts: Fonts,
    /// Glyphs of the fullest page so far: the next one may have as many.
    glyphs: usize,
}

impl<'a> PageReader<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> PageReader<'a> {
        let settings = InterpreterSettings { warning_sink: Arc::new(|_| {}), ..InterpreterSettings::default() };
        PageReader {
            pdf,
            cache: InterpreterCache::new(),
            settings,
            work: Work::default(),
            streams: Streams::default(),
            states: States::default(),
            fonts: Fonts::default(),
            glyphs: 0,
        }
    }

    pub(super) fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    /// What page `index` (0-based) shows.
    pub(super) fn read_page(&mut self, index: usize) -> PageContent {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let Some(page) = self.pdf.pages().get(index) else {
            return PageContent { number, failure: Some(PageFailure::Damaged), ..PageContent::default() };
        };
        let (width, height) = page.render_dimensions();
        let mut device =
            PageDevice::new(number, width, height, degrees(page.rotation()), std::mem::take(&mut self.fonts));
        device.content.glyphs.reserve(self.glyphs);
        device.content.failure = match quietly(|| self.draw(page, &mut device)) {
            Ok(true) => None,
            Ok(false) => Some(PageFailure::TooMuch),
            Err(thrown) => {
                // A panic may have left the caches half written.
                self.cache = InterpreterCache::new();
                Some(if thrown.is::<TooMuchDrawn>() { PageFailure::TooMuch } else { PageFailure::Damaged })
            }
        };
        self.fonts = std::mem::take(&mut device.fonts);
        self.glyphs = self.glyphs.max(device.content.glyphs.len());
        if !device.unnamed.is_empty() {
            name_characters(&mut device, page);
        }
        device.content
    }

    /// Whether all of it was drawn.
    fn draw(&mut self, page: &Page<'a>, device: &mut PageDevice) -> bool {
        let transform = page.initial_transform(true).to_kurbo();
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let context = |content: RenderContent| {
            let settings = InterpreterSettings { render_content: content, ..self.settings.clone() };
            Context::new(transform, bounds, &self.cache, self.pdf.xref(), settings)
        };
        // The page would keep its decoded stream for as long as the file is open; a thousand pages of them are many.
        let drawing = self.streams.of_page(page);
        let length = self.work.length_within(drawing, page.resources());
        let is_whole = length == drawing.len();
        let resources = self.states.take_out(page.resources());
        interpret(
            TypedIter::new(drawing.get(..length).unwrap_or_default()),
            &resources,
            &mut context(RenderContent::PAGE),
            device,
        );
        let can_annotate = self.work.can_annotate(page);
        if can_annotate && page.raw().contains_key(ANNOTS) {
            interpret_page(page, &mut context(RenderContent::ANNOTATIONS), device);
        }
        can_annotate && is_whole
    }
}

/// Gives the glyphs without a character theirs, where the collection of their font tells it.
fn name_characters(device: &mut PageDevice, page: &Page<'_>) {
    let unnamed = std::mem::take(&mut device.unnamed);
    let found = quietly(|| collections_to_characters(&unnamed, &page.resources().fonts)).unwrap_or_default();
    for (place, character) in found {
        if let Some(glyph) = device.content.glyphs.get_mut(place)
            && glyph.character == char::REPLACEMENT_CHARACTER
        {
            glyph.character = radical_to_character(character);
            glyph.is_blank = is_blank(glyph.character);
        }
    }
}

fn degrees(rotation: Rotation) -> u16 {
    match rotation {
        Rotation::None => 0,
        Rotation::Horizontal => 90,
        Rotation::Flipped => 180,
        Rotation::FlippedHorizontal => 270,
    }
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of the PDF libraries; a panic comes back as an error and prints nothing.
fn quietly<T>(run: impl FnOnce() -> T) -> std::thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                loud(info);
            }
        }));
    });
    let before = IS_QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    IS_QUIET.set(before);
    result
}
