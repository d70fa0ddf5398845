//! Positions of the protocol, which counts lines from 0 and units of an encoding within a line.
//!
//! "Text Documents" of the specification: a line ends with `\n`, `\r\n` or `\r`, and a position behind the end of its line is the end.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// The unit in which the client counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of those that a client offers: offsets are bytes here.
    pub(crate) fn choose(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.is_empty() || offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf16
        } else if offered.contains(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with the places of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    /// The offset at which each line begins.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |index: &usize| match bytes[*index] {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        let ends = (0..bytes.len()).filter(ends_line);
        let starts = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        Self {
            text,
            encoding,
            starts,
        }
    }

    /// The position of an offset; past the end it is the end.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = self.text[self.starts[line]..offset].chars();
        let character: usize = before.map(|c| self.encoding.width(c)).sum();
        Position {
            line: to_u32(line),
            character: to_u32(character),
        }
    }

    /// The offset of a position. One inside of a character is its beginning.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line) else {
            return self.text.len();
        };
        let end = self.starts.get(line + 1).copied();
        let content =
            self.text[*start..end.unwrap_or(self.text.len())].trim_end_matches(['\n', '\r']);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut units = 0;
        for (index, character) in content.char_indices() {
            units += self.encoding.width(character);
            if units > wanted {
                return start + index;
            }
        }
        start + content.len()
    }

    pub(crate) fn range(&self, range: &std::ops::Range<usize>) -> Range {
        Range {
            start: self.position(range.start),
            end: self.position(range.end),
        }
    }

    pub(crate) fn offsets(&self, range: Range) -> std::ops::Range<usize> {
        let start = self.offset(range.start);
        start..self.offset(range.end).max(start)
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Encoding, Lines};
    use gen_lsp_types::{Position, PositionEncodingKind};

    const TEXT: &str = "a\u{e9}\u{1f600}b\r\n\r\nlast\rend";

    #[test]
    fn every_boundary_of_a_character_is_found_again_in_each_encoding() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines::new(TEXT, encoding);
            for (offset, character) in TEXT.char_indices() {
                // The second half of a line end is behind the end of its line.
                let inside = character == '\n' && TEXT[..offset].ends_with('\r');
                let found = lines.offset(lines.position(offset));
                assert_eq!(
                    found,
                    if inside { offset - 1 } else { offset },
                    "{encoding:?} {offset}"
                );
            }
        }
    }

    #[test]
    fn units_are_those_of_the_encoding() {
        let at = TEXT.find('b').unwrap();
        for (encoding, character) in [
            (Encoding::Utf8, 7),
            (Encoding::Utf16, 4),
            (Encoding::Utf32, 3),
        ] {
            let position = Lines::new(TEXT, encoding).position(at);
            assert_eq!(position, Position { line: 0, character });
        }
    }

    #[test]
    fn a_position_outside_of_the_text_is_its_end_and_one_in_a_character_its_beginning() {
        let lines = Lines::new(TEXT, Encoding::Utf16);
        let position = |line, character| Position { line, character };
        assert_eq!(lines.offset(position(0, 99)), TEXT.find('\r').unwrap());
        assert_eq!(lines.offset(position(9, 0)), TEXT.len());
        assert_eq!(
            lines.offset(position(0, 3)),
            TEXT.find('\u{1f600}').unwrap()
        );
        assert_eq!(lines.position(usize::MAX), position(3, 3));
    }

    #[test]
    fn utf_8_is_chosen_where_it_is_offered() {
        let (utf8, utf16) = (PositionEncodingKind::UTF8, PositionEncodingKind::UTF16);
        assert_eq!(Encoding::choose(&[utf16.clone(), utf8]), Encoding::Utf8);
        assert_eq!(Encoding::choose(&[utf16]), Encoding::Utf16);
        assert_eq!(Encoding::choose(&[]), Encoding::Utf16);
    }
}
