//! Inputs: a path as given and its bytes; and the ways in which an input can be refused.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

/// The largest file that is read; the largest disclosures of the real ones have some 100 MB (scanned).
const MOST_BYTES: u64 = 512 << 20;

/// One input.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as given, `/` separators.
    pub name: String,
    /// Shared with the reader of the format: a large file is held once.
    pub bytes: Arc<Vec<u8>>,
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

impl Source {
    /// Reads the file at `path`; `name` is how it is called in the output.
    ///
    /// # Errors
    /// Where the file is missing, a folder, out of reach, or too large to be a document.
    pub fn open(path: &Path, name: &str, password: Option<&str>) -> Result<Source, ReadError> {
        let bytes = path_to_bytes(path).map_err(|message| ReadError { message })?;
        Ok(Source { name: name.to_string(), bytes: Arc::new(bytes), password: password.map(str::to_string) })
    }
}

fn path_to_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let explain = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "no such file".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        ErrorKind::IsADirectory => "is a folder".to_string(),
        _ => format!("cannot be read: {error}"),
    };
    let file = std::fs::File::open(path).map_err(explain)?;
    let metadata = file.metadata().map_err(explain)?;
    if metadata.is_dir() {
        return Err("is a folder".to_string());
    }
    let size = metadata.len().min(MOST_BYTES) as usize;
    let mut bytes = Vec::with_capacity(size + 1);
    // A pipe or a device tells no size and may never end.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(explain)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("is larger than {} MiB: not a disclosure", MOST_BYTES >> 20));
    }
    Ok(bytes)
}
