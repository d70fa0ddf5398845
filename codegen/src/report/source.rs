//! A text file of the project, and the one place where byte offsets become lines and columns.

use crate::sql::lexer::{TokenKind, tokens};
use serde::{Deserialize, Serialize};
use std::iter;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

/// A file that was read: its path as the user knows it, and its text.
#[derive(Debug, Default)]
pub struct SourceFile {
    /// Relative to the project, with `/` between folders: the same on every machine.
    pub path: String,
    /// The whole text, exactly as on disk.
    pub text: String,
    /// The offset at which each line begins. Found once: a search for each of many positions would be quadratic.
    line_starts: OnceLock<Vec<usize>>,
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, &self.text) == (&other.path, &other.text)
    }
}

impl Eq for SourceFile {}

/// A range of bytes in one file.
///
/// Serialised it is the range alone: a record of the cache outlives the text of the file. Whoever reads one sets the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    #[serde(skip, default = "SourceFile::unknown")]
    pub file: Arc<SourceFile>,
    /// Byte offsets into its text, on character boundaries.
    pub range: Range<usize>,
}

/// Spans of one file are equal if their ranges are; the same file read twice is the same.
impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        let is_same_file = Arc::ptr_eq(&self.file, &other.file) || self.file == other.file;
        self.range == other.range && is_same_file
    }
}

impl Eq for Span {}

/// Where something is, for people: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl SourceFile {
    /// A file of this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        }
    }

    /// The file of a span that was read from a record, until its own is set.
    fn unknown() -> Arc<Self> {
        // Shared, because a record has a span for each parameter and each diagnostic.
        static UNKNOWN: LazyLock<Arc<SourceFile>> = LazyLock::new(Arc::default);
        Arc::clone(&UNKNOWN)
    }

    /// The position of a byte offset; past the end it is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts().partition_point(|start| *start <= offset);
        let before = &self.text[self.line_starts()[line - 1]..offset];
        Position {
            line,
            column: before.chars().filter(|c| *c != '\u{feff}').count() + 1,
        }
    }

    /// The byte offset of a position, or the end of the text.
    pub fn offset(&self, position: Position) -> usize {
        let Some(start) = self.line_starts().get(position.line - 1) else {
            return self.text.len();
        };
        self.text[*start..]
            .char_indices()
            .nth(position.column - 1)
            .map_or(self.text.len(), |(index, _)| start + index)
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let newlines = self.text.match_indices('\n');
            iter::once(0)
                .chain(newlines.map(|(offset, _)| offset + 1))
                .collect()
        })
    }
}

impl SourceFile {
    /// From the position up to the next character that is no part of a word.
    pub fn word_at(self: &Arc<Self>, position: Position) -> Span {
        let start = self.offset(position);
        let rest = &self.text[start..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"'));
        Span {
            file: self.clone(),
            range: start..start + length.unwrap_or(rest.len()),
        }
    }
}

impl Span {
    /// The text inside.
    pub fn text(&self) -> &str {
        &self.file.text[self.range.clone()]
    }

    /// The first token inside that is wanted, by its kind and text.
    pub fn find_token(&self, wanted: impl Fn(TokenKind, &str) -> bool) -> Option<Self> {
        let text = self.text();
        let mut tokens = tokens(text).into_iter();
        let token = tokens.find(|token| wanted(token.kind, &text[token.range.clone()]))?;
        let start = self.range.start;
        Some(Self {
            file: self.file.clone(),
            range: start + token.range.start..start + token.range.end,
        })
    }

    /// Where it begins.
    pub fn position(&self) -> Position {
        self.file.position(self.range.start)
    }
}

/// Why a file has no text.
#[derive(Debug)]
pub enum ReadError {
    /// It cannot be opened or read.
    Io(std::io::Error),
    /// It is not UTF-8; the position of the first byte that is wrong.
    NotUtf8(Position),
}

/// Reads one file of the project at `root`.
///
/// # Errors
/// If it cannot be read or is not UTF-8.
pub fn read(root: &Path, path: &str) -> Result<Arc<SourceFile>, ReadError> {
    let bytes = std::fs::read(root.join(path)).map_err(ReadError::Io)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let end = text.len();
        let path = path.to_owned();
        ReadError::NotUtf8(SourceFile::new(path, text).position(end))
    })?;
    Ok(Arc::new(SourceFile::new(path, text)))
}

/// The paths of all files below `folder` with this extension, sorted, relative to `root`; those of hidden files are left out.
///
/// # Errors
/// If a folder cannot be listed.
pub fn list(root: &Path, folder: &str, extension: &str) -> Result<Vec<String>, walkdir::Error> {
    let mut paths = Vec::new();
    for entry in walkdir::WalkDir::new(root.join(folder)) {
        let entry = entry?;
        let matches = entry.path().extension().is_some_and(|e| e == extension);
        // `.#a.sql` is a lock of Emacs, `._a.sql` a resource fork of macOS.
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if matches && !is_hidden && !entry.file_type().is_dir() {
            paths.push(relative_path(root, entry.path()));
        }
    }
    // The order of a folder's entries differs between file systems, and the output must not.
    paths.sort();
    Ok(paths)
}

fn relative_path(root: &Path, path: &Path) -> String {
    let parts: PathBuf = path.strip_prefix(root).unwrap_or(path).to_owned();
    let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Position, SourceFile};

    #[test]
    fn a_position_counts_lines_and_characters_from_the_beginning_of_the_text() {
        for text in ["", "\n", "a\nb", "\u{feff}é\r\nx\n\n", "one\nzwölf\n🦀 end"] {
            let file = SourceFile::new("a.sql", text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let lines: Vec<&str> = text[..offset].split('\n').collect();
                let last = lines[lines.len() - 1].trim_start_matches('\u{feff}');
                let expected = Position {
                    line: lines.len(),
                    column: last.chars().count() + 1,
                };
                assert_eq!(file.position(offset), expected, "{offset} of {text:?}");
                if !text.starts_with('\u{feff}') {
                    assert_eq!(file.offset(expected), offset, "{expected:?} of {text:?}");
                }
            }
            let beyond = file.position(text.len() + 7);
            assert_eq!(
                beyond,
                file.position(text.len()),
                "past the end of {text:?}"
            );
        }
    }
}
