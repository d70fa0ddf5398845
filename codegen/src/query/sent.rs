//! The text sent to Postgres, with the map back to the text written.
//!
//! Parameters are renamed on the way (`:name` becomes `$1`), so positions that Postgres
//! reports would be off by the difference without the map.

use std::ops::Range;

/// A statement as sent, made of pieces that know where they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentSql {
    /// What Postgres gets.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it begins in `text`.
    sent: usize,
    /// Where it begins in the file.
    source: usize,
    /// Whether it was copied byte for byte, or replaced as a whole.
    copied: bool,
}

impl SentSql {
    /// Appends a piece of the file unchanged.
    pub(super) fn copy(&mut self, file: &str, range: Range<usize>) {
        self.begin(range.start, true);
        self.text.push_str(&file[range]);
    }

    /// Appends `text` in place of what stands at `source` in the file.
    pub(super) fn replace(&mut self, source: usize, text: &str) {
        self.begin(source, false);
        self.text.push_str(text);
    }

    fn begin(&mut self, source: usize, copied: bool) {
        self.pieces.push(Piece {
            sent: self.text.len(),
            source,
            copied,
        });
    }

    /// The byte offset in the file of the `position`-th character sent, counted from 1 as
    /// Postgres does ("the first character has index 1, and positions are measured in
    /// characters not bytes": protocol error fields, `P`).
    pub fn source_offset(&self, position: usize) -> Option<usize> {
        let offset = match self.text.char_indices().nth(position.checked_sub(1)?) {
            Some((offset, _)) => offset,
            None => self.text.len(),
        };
        let piece = self
            .pieces
            .iter()
            .rev()
            .find(|piece| piece.sent <= offset)?;
        let inside = if piece.copied { offset - piece.sent } else { 0 };
        Some(piece.source + inside)
    }
}

#[cfg(test)]
mod tests {
    use super::SentSql;

    #[test]
    fn a_position_sent_is_the_position_written() {
        let file = "SELECT 'é', :long_name, x";
        let parameter = "SELECT 'é', ".len();
        let after = parameter + ":long_name".len();
        let mut sent = SentSql::default();
        sent.copy(file, 0..parameter);
        sent.replace(parameter, "$1");
        sent.copy(file, after..file.len());
        assert_eq!(sent.text, "SELECT 'é', $1, x");
        assert_eq!(sent.source_offset(1), Some(0));
        assert_eq!(sent.source_offset(13), Some(parameter), "the parameter");
        assert_eq!(
            sent.source_offset(14),
            Some(parameter),
            "inside what was replaced"
        );
        assert_eq!(
            sent.source_offset(17),
            Some(file.len() - 1),
            "`x`, past a two-byte letter"
        );
        assert_eq!(sent.source_offset(18), Some(file.len()), "the end");
        assert_eq!(sent.source_offset(0), None);
    }
}
