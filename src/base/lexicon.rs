//! What is known of words and characters, for the stages that ask it of every cell: one look each, whatever their number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Entries by word or character. The words are those of the data, none of a document: nobody can choose them to collide.
pub type Lexicon<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// Mixes eight bytes at a time: labels are short, and a hash that withstands an attack takes longer than reading them.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordHasher(u64);

impl WordHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        self.mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word));
    }

    /// The upper half of a product is its better half; tables count by the lower one.
    fn finish(&self) -> u64 {
        self.0.rotate_left(32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_differ_by_little_differ_by_their_hash() {
        let hash = |text: &str| {
            let mut hasher = WordHasher::default();
            hasher.write(text.as_bytes());
            hasher.finish()
        };
        let labels: Vec<String> = (0..4096).map(|number| format!("一般公共预算{number:03x}支出")).collect();
        let mut slots: Vec<u64> = labels.iter().map(|label| hash(label) % 8192).collect();
        slots.sort();
        slots.dedup();
        // 4096 words thrown at random into 8192 slots take 3223 of them.
        assert!(slots.len() > 3000, "{} slots", slots.len());
    }
}
