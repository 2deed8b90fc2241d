//! Inputs: a path as given and its bytes; and the ways in which an input can be refused.

/// One input.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as given, `/` separators.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Password for an encrypted document.
    pub password: Option<String>,
}

/// Why nothing can be read from an input. Each prints as one clear line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub message: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}
