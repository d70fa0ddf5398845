//! The wire SQL, with the map back to the query file.
//!
//! Parameters are renamed on the way (`:name` becomes `$1`), so positions that Postgres
//! reports would be off by the difference without the map.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A statement as sent, made of pieces that know where they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireSql {
    /// The text that is sent to Postgres.
    pub text: String,
    pieces: Vec<WirePiece>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WirePiece {
    /// Where it begins in `text`.
    sent: usize,
    /// Where it begins in the file.
    source: usize,
    /// Whether it was copied byte for byte, or replaced as a whole.
    copied: bool,
}

impl WireSql {
    /// Appends a piece of the file unchanged.
    pub(super) fn append_copy(&mut self, file: &str, range: Range<usize>) {
        self.begin_piece(range.start, true);
        self.text.push_str(&file[range]);
    }

    /// Appends `text` in place of the text at `source` in the file.
    pub(super) fn append_replacement(&mut self, source: usize, text: &str) {
        self.begin_piece(source, false);
        self.text.push_str(text);
    }

    /// The same statement with these pieces of its text replaced, which are in order and do not overlap.
    pub(super) fn with_edits(&self, edits: &[(Range<usize>, String)]) -> Self {
        let mut edited = Self::default();
        let mut at = 0;
        for (range, text) in edits {
            edited.append_pieces(self, at..range.start);
            edited.append_replacement(self.source_of(range.start), text);
            at = range.end;
        }
        edited.append_pieces(self, at..self.text.len());
        edited
    }

    /// Appends another statement, which still comes from where it came from.
    pub(super) fn append(&mut self, other: &Self) {
        self.append_pieces(other, 0..other.text.len());
    }

    /// The part of the statement in this range.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self::default();
        slice.append_pieces(self, range);
        slice
    }

    /// Where the first piece begins that comes from this byte of the file or a later one.
    pub(super) fn first_from(&self, source: usize) -> usize {
        let mut pieces = self.pieces.iter();
        let found = pieces.find(|piece| piece.source >= source);
        found.map_or(self.text.len(), |piece| piece.sent)
    }

    /// Appends a piece of another statement, which still comes from where it came from.
    fn append_pieces(&mut self, other: &Self, range: Range<usize>) {
        for (index, piece) in other.pieces.iter().enumerate() {
            let next = other.pieces.get(index + 1);
            let start = piece.sent.max(range.start);
            let end = next
                .map_or(other.text.len(), |next| next.sent)
                .min(range.end);
            if start < end {
                self.begin_piece(other.source_of(start), piece.copied);
                self.text.push_str(&other.text[start..end]);
            }
        }
    }

    /// Changes where its pieces come from, after the file was edited elsewhere.
    pub(super) fn move_sources(&mut self, moved: impl Fn(usize) -> usize) {
        for piece in &mut self.pieces {
            piece.source = moved(piece.source);
        }
    }

    fn begin_piece(&mut self, source: usize, copied: bool) {
        self.pieces.push(WirePiece {
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
        (!self.pieces.is_empty()).then(|| self.source_of(offset))
    }

    /// The byte offset in the file of the byte at this offset.
    pub(super) fn source_of(&self, offset: usize) -> usize {
        // From the end: of pieces that begin at the same place, the empty ones come first.
        let mut pieces = self.pieces.iter().rev();
        let Some(piece) = pieces.find(|piece| piece.sent <= offset) else {
            return 0;
        };
        let inside = if piece.copied { offset - piece.sent } else { 0 };
        piece.source + inside
    }
}

#[cfg(test)]
mod tests {
    use super::WireSql;

    #[test]
    fn a_position_sent_is_the_position_written() {
        let file = "SELECT 'é', :long_name, x";
        let parameter = "SELECT 'é', ".len();
        let after = parameter + ":long_name".len();
        let mut sent = WireSql::default();
        sent.append_copy(file, 0..parameter);
        sent.append_replacement(parameter, "$1");
        sent.append_copy(file, after..file.len());
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

    #[test]
    fn an_edited_statement_still_knows_where_its_pieces_come_from() {
        let file = "DELETE FROM t WHERE id = :id";
        let parameter = file.len() - ":id".len();
        let mut sent = WireSql::default();
        sent.append_copy(file, 0..parameter);
        sent.append_replacement(parameter, "$1");
        let filter = "DELETE FROM t ".len();
        let edits = [
            (filter..filter, "USING u ".to_owned()),
            (parameter..parameter + 2, "u.id".to_owned()),
        ];
        let edited = sent.with_edits(&edits);
        assert_eq!(edited.text, "DELETE FROM t USING u WHERE id = u.id");
        let sources = edited
            .text
            .match_indices(' ')
            .map(|(at, _)| edited.source_of(at + 1));
        let word = filter + "WHERE ".len();
        assert_eq!(
            sources.collect::<Vec<_>>(),
            [7, 12, filter, filter, filter, word, word + 3, parameter],
            "what was put in comes from where it was put in"
        );
    }
}
