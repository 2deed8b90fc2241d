//! Graphics states that change nothing → none at all. Word processors name one before each string, and the interpreter
//! reads its dictionary anew each time.

use std::collections::BTreeMap;

use hayro_interpret::hayro_syntax::object::dict::keys::SMASK;
use hayro_interpret::hayro_syntax::object::{Dict, Name, ObjectIdentifier};
use hayro_interpret::hayro_syntax::page::Resources;

/// Which states were looked at, and whether they change nothing.
#[derive(Default)]
pub(super) struct States(BTreeMap<ObjectIdentifier, bool>);

impl States {
    /// The resources of a page; without its graphics states where none of them changes what is read.
    pub(super) fn take_out<'a>(&mut self, resources: &Resources<'a>) -> Resources<'a> {
        let states = &resources.ext_g_states;
        let is_neutral = states.keys().all(|name| match states.get_ref(&name).map(ObjectIdentifier::from) {
            Some(id) => {
                *self.0.entry(id).or_insert_with(|| states.get(&name).is_some_and(|state| changes_nothing(&state)))
            }
            None => states.get(&name).is_some_and(|state| changes_nothing(&state)),
        });
        Resources {
            ext_g_states: if is_neutral { Dict::empty() } else { states.clone() },
            fonts: resources.fonts.clone(),
            properties: resources.properties.clone(),
            color_spaces: resources.color_spaces.clone(),
            x_objects: resources.x_objects.clone(),
            patterns: resources.patterns.clone(),
            shadings: resources.shadings.clone(),
        }
    }
}

/// True where a state leaves all text and lines as they would be without it. How ends and corners of lines look, how
/// colours are mixed and printed is not read.
fn changes_nothing(state: &Dict<'_>) -> bool {
    state.keys().all(|name| match name.as_ref() {
        b"CA" | b"ca" => state.get::<f32>(&name) == Some(1.0),
        b"SMask" => state.get::<Name<'_>>(SMASK).is_some_and(|mask| mask.as_ref() == b"None"),
        b"LW" | b"Font" | b"TR" | b"TR2" => false,
        _ => true,
    })
}
