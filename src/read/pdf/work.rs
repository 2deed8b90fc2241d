//! What a page draws again and again → where its drawing is given up, before it is begun. A form, the mask of a graphics
//! state and the mesh of a shading are decoded and run anew each time that they are named: a kilobyte that names a long
//! stream a thousand times is a hundred gigabytes of work in which nothing at all may be drawn.

use std::collections::BTreeMap;

use hayro_interpret::hayro_syntax::object::dict::keys::{ANNOTS, AP, FORM, G, N, RESOURCES, SHADING, SMASK, SUBTYPE};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use memchr::memmem;

use super::unbroken::{is_regular, length_unbroken};

/// Bytes that one page runs, at most. The fullest page seen has three million.
const MOST_OF_PAGE: u64 = 256 << 20;
/// And all pages of a file together.
const MOST_OF_FILE: u64 = 2 << 30;
/// A byte of a mesh is this much more work than one of a drawing.
const OF_MESH: u64 = 16;
/// An annotation is as much work as this many bytes at least.
const OF_ANNOTATION: u64 = 256;
/// More than any file is given.
const WITHOUT_END: u64 = u64::MAX >> 8;
/// Forms within forms beyond this depth are not drawn.
const DEEPEST: usize = 50;
/// A name is no longer than this.
const LONGEST_NAME: usize = 256;

/// Adds up the work of pages.
#[derive(Default)]
pub(super) struct Work {
    /// By form, the bytes that drawing it runs.
    forms: BTreeMap<ObjectIdentifier, u64>,
    /// By operator and resource, what one use of it costs.
    known: BTreeMap<(&'static str, ObjectIdentifier), u64>,
    depth: usize,
    spent: u64,
}

/// Names of resources of one kind that are work, with how much each is.
type Costs = Vec<(Vec<u8>, u64)>;

impl Work {
    /// How many bytes of a page's drawing can be run.
    pub(super) fn length_within(&mut self, drawing: &[u8], resources: &Resources<'_>) -> usize {
        let drawing = drawing.get(..length_unbroken(drawing)).unwrap_or(drawing);
        let budget = MOST_OF_PAGE.min(MOST_OF_FILE.saturating_sub(self.spent));
        let mut uses = self.uses(drawing, resources);
        uses.sort_unstable();
        let mut sum = 0_u64;
        for (at, cost) in uses {
            if sum.saturating_add(cost).saturating_add(at as u64) > budget {
                self.spent += sum;
                return at;
            }
            sum += cost;
        }
        self.spent += sum + drawing.len() as u64;
        if drawing.len() as u64 > budget { 0 } else { drawing.len() }
    }

    /// Whether a page's annotations can be drawn.
    pub(super) fn can_annotate(&mut self, page: &Page<'_>) -> bool {
        let Some(annotations) = page.raw().get::<Array<'_>>(ANNOTS) else { return true };
        let mut sum = 0_u64;
        for annotation in annotations.iter::<Dict<'_>>() {
            let appearance = annotation.get::<Dict<'_>>(AP).and_then(|states| states.get::<Object<'_>>(N));
            let cost = match appearance {
                None => continue,
                Some(Object::Stream(form)) => self.form(&form, page.resources()),
                Some(Object::Dict(states)) => {
                    let forms = states.keys().filter_map(|state| states.get::<Stream<'_>>(state));
                    forms.map(|form| self.form(&form, page.resources())).max().unwrap_or(0)
                }
                Some(_) => 0,
            };
            sum = sum.saturating_add(cost).saturating_add(OF_ANNOTATION);
            if sum > MOST_OF_PAGE || self.spent.saturating_add(sum) > MOST_OF_FILE {
                return false;
            }
        }
        self.spent += sum;
        true
    }

    /// Bytes run for a form with all that it draws.
    fn form(&mut self, form: &Stream<'_>, resources: &Resources<'_>) -> u64 {
        let id = form.obj_id();
        if let Some(known) = self.forms.get(&id) {
            return *known;
        }
        if self.depth >= DEEPEST {
            return 0;
        }
        let Ok(drawing) = form.decoded_data() else { return 0 };
        let length = if length_unbroken(&drawing) < drawing.len() { WITHOUT_END } else { drawing.len() as u64 };
        // One that draws itself does so as often as it names itself, at every depth: never, or without end.
        self.forms.insert(id, length.saturating_mul(1 << 20));
        self.depth += 1;
        let own = form.dict().get::<Dict<'_>>(RESOURCES).map(Resources::new);
        let uses = self.uses(&drawing, own.as_ref().unwrap_or(resources));
        self.depth -= 1;
        let cost = uses.iter().fold(length, |sum, (_, cost)| sum.saturating_add(*cost));
        self.forms.insert(id, cost);
        cost
    }

    /// Where a drawing names what is work, and how much that is.
    fn uses(&mut self, drawing: &[u8], resources: &Resources<'_>) -> Vec<(usize, u64)> {
        let form = |work: &mut Work, name: &Name<'_>| {
            let form = resources.x_objects.get::<Stream<'_>>(name)?;
            let is_form = form.dict().get::<Name<'_>>(SUBTYPE).is_some_and(|kind| kind.as_ref() == FORM);
            is_form.then(|| work.form(&form, resources))
        };
        let mask = |work: &mut Work, name: &Name<'_>| {
            let mask = resources.ext_g_states.get::<Dict<'_>>(name)?.get::<Dict<'_>>(SMASK)?;
            Some(work.form(&mask.get::<Stream<'_>>(G)?, resources))
        };
        let shading = |_: &mut Work, name: &Name<'_>| mesh(resources.shadings.get::<Stream<'_>>(name)?);
        let pattern =
            |_: &mut Work, name: &Name<'_>| mesh(resources.patterns.get::<Dict<'_>>(name)?.get::<Stream<'_>>(SHADING)?);
        let mut uses = self.uses_of("Do", drawing, &resources.x_objects, form);
        uses.extend(self.uses_of("gs", drawing, &resources.ext_g_states, mask));
        uses.extend(self.uses_of("sh", drawing, &resources.shadings, shading));
        for operator in ["scn", "SCN"] {
            uses.extend(self.uses_of(operator, drawing, &resources.patterns, pattern));
        }
        uses
    }

    /// The uses of one operator that cost something. Pages share resources: each is looked at once.
    fn uses_of<'a>(
        &mut self,
        operator: &'static str,
        drawing: &[u8],
        resources: &Dict<'a>,
        cost: impl Fn(&mut Work, &Name<'a>) -> Option<u64>,
    ) -> Vec<(usize, u64)> {
        let mut costs = Costs::new();
        for name in resources.keys() {
            let id = resources.get_ref(&name).map(|id| (operator, ObjectIdentifier::from(id)));
            let known = id.and_then(|id| self.known.get(&id).copied());
            let cost = known.unwrap_or_else(|| cost(self, &name).unwrap_or(0));
            // What lies too deep to be drawn here may be drawn elsewhere.
            if let Some(id) = id.filter(|_| self.depth < DEEPEST) {
                self.known.insert(id, cost);
            }
            if cost > 0 {
                costs.push((name.as_ref().to_vec(), cost));
            }
        }
        if costs.is_empty() { Vec::new() } else { named(drawing, operator.as_bytes(), &costs).collect() }
    }
}

fn mesh(shading: Stream<'_>) -> Option<u64> {
    Some((shading.decoded_data().ok()?.len() as u64).saturating_mul(OF_MESH))
}

/// Every use of an operator whose operand is a name that costs something. An operand that is not read here may be any.
fn named<'a>(drawing: &'a [u8], operator: &'a [u8], costs: &'a Costs) -> impl Iterator<Item = (usize, u64)> + 'a {
    let most = costs.iter().map(|(_, cost)| *cost).max().unwrap_or(0);
    memmem::find_iter(drawing, operator).filter_map(move |at| {
        let after = drawing.get(at + operator.len());
        let before = drawing.get(at.saturating_sub(LONGEST_NAME)..at)?;
        if after.is_some_and(is_regular) || before.last().is_some_and(is_regular) {
            return None;
        }
        let operand = before.trim_ascii_end();
        let start = operand.iter().rposition(|byte| !is_regular(byte));
        let name = start.filter(|start| operand.get(*start) == Some(&b'/')).and_then(|start| operand.get(start + 1..));
        let cost = match name {
            Some(name) if !name.contains(&b'#') => costs.iter().find(|(of, _)| of == name).map(|(_, cost)| *cost)?,
            _ => most,
        };
        Some((at, cost))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_found_however_they_are_written() {
        let costs = vec![(b"X".to_vec(), 7), (b"Y".to_vec(), 9)];
        let uses = |drawing: &str| named(drawing.as_bytes(), b"Do", &costs).map(|(_, cost)| cost).collect::<Vec<_>>();
        assert_eq!(uses("q /X Do Q/Y\nDo"), [7, 9]);
        // No operator, and a name of no work.
        assert!(uses("/Done Doo /Z Do").is_empty());
        // An escaped name, and a comment between.
        assert_eq!(uses("/#58 Do /X % a\nDo"), [9, 9]);
    }
}
