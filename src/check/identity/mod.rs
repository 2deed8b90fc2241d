//! The identity engine: runs the stanzas of `spec/identities` over the tables.

mod across;
mod address;
mod doubts;
mod down;
mod equal;
mod lines;
pub mod outline;
mod panels;
mod sides;
mod tree;
pub mod years;

pub use address::{Amounts, body_keys, budget_sets, columns_of, has_money, is_counted, join_key, row_named};
pub use tree::{Style, Tree, is_of_which, number_in_list, number_of, row_number, rows_to_tree};

use super::ledger::Ledger;
use crate::model::Disclosure;
use crate::spec::identities::Identities;
use panels::Panels;

/// Evaluates every identity.
pub fn evaluate(disclosure: &Disclosure, identities: &Identities, ledger: &mut Ledger) {
    let mut amounts = Amounts::of(disclosure);
    amounts.leaves_out = leaves_out(disclosure, identities);
    for identity in &identities.across {
        across::evaluate(&amounts, identity, &identities.words, ledger);
    }
    let panels: Vec<Panels> = disclosure.tables.iter().map(|table| Panels::of(table, &identities.words)).collect();
    for identity in &identities.down {
        down::evaluate(&amounts, &panels, identity, &identities.words, ledger);
    }
    for set in budget_sets(&disclosure.tables) {
        for identity in &identities.equal {
            equal::evaluate(&amounts, &set, identity, ledger);
        }
    }
}

/// True where a note or a sentence says that secret matters were left out of what is printed.
fn leaves_out(disclosure: &Disclosure, identities: &Identities) -> bool {
    let notes = disclosure.tables.iter().flat_map(|table| &table.notes).map(|note| note.text.as_str());
    let sentences = disclosure.paragraphs.iter().map(|paragraph| paragraph.text.as_str());
    notes.chain(sentences).any(|text| identities.words.says_left_out(text))
}
