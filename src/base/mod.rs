//! What every stage stands on: places, texts, amounts, findings. Knows nothing of documents or tables.

pub mod amount;
pub mod expression;
pub mod finding;
pub mod lexicon;
pub mod place;
pub mod radical;
pub mod text;
