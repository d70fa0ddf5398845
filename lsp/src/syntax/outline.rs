//! A query file as its sections: a line with a name, and everything up to the next.

use std::ops::Range;
use xact_codegen::query::{is_annotation, lex_sections};
use xact_codegen::sql::lexer::{Token, TokenKind};

/// One query as it is written so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The line with the name.
    pub(crate) name_line: Range<usize>,
    /// The name in it.
    pub(crate) name: Option<Range<usize>>,
    /// The word behind the name, with its colon.
    pub(crate) command: Option<Range<usize>>,
    /// From behind the line to the next section, with comments and semicolon.
    pub(crate) body: Range<usize>,
    /// The statement without the blanks and comments around it; empty at the end of the body if there is none.
    pub(crate) statement: Range<usize>,
}

impl Section {
    pub(crate) fn name_text<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.name.clone().map(|range| &text[range])
    }

    /// From the line with the name to the end of the statement.
    pub(crate) fn range(&self) -> Range<usize> {
        self.name_line.start..self.statement.end.max(self.name_line.end)
    }
}

/// The sections of a file, in their order.
pub(crate) fn read_sections(text: &str) -> Vec<Section> {
    let tokens = lex_sections(text);
    let is_comment =
        |token: &Token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment);
    let starts: Vec<usize> = (0..tokens.len())
        .filter(|index| {
            let token = &tokens[*index];
            is_comment(token) && is_annotation(&text[token.range.clone()])
        })
        .collect();
    let sections = starts.iter().enumerate().map(|(index, start)| {
        let end = starts.get(index + 1).copied().unwrap_or(tokens.len());
        read_section(text, &tokens[*start], &tokens[start + 1..end])
    });
    sections.collect()
}

fn read_section(text: &str, line: &Token, body: &[Token]) -> Section {
    let name_line = line.range.clone();
    let end = body.last().map_or(name_line.end, |token| token.range.end);
    let mut written = body
        .iter()
        .filter(|token| !token.kind.is_trivia() && token.kind != TokenKind::Semicolon);
    let statement = match (written.clone().next(), written.next_back()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => end..end,
    };
    let mut words = words_behind_colon(text, &name_line);
    Section {
        name: words.next(),
        command: words.next(),
        body: name_line.end..end,
        name_line,
        statement,
    }
}

fn words_behind_colon<'t>(
    text: &'t str,
    line: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let written = text[line.clone()].trim_end_matches("*/");
    let behind = written.find(':').map_or(written.len(), |colon| colon + 1);
    let base = text.as_ptr() as usize;
    written[behind..].split_whitespace().map(move |word| {
        let start = word.as_ptr() as usize - base;
        start..start + word.len()
    })
}

/// The section that an offset is in, if it is in one.
pub(crate) fn section_at(sections: &[Section], offset: usize) -> Option<&Section> {
    let mut sections = sections.iter().rev();
    sections.find(|section| section.name_line.start <= offset)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{read_sections, section_at};

    fn show(text: &str) -> Vec<(Option<&str>, Option<&str>, &str)> {
        let sections = read_sections(text).into_iter();
        let parts = sections.map(|section| {
            let name = section.name_text(text);
            (
                name,
                section.command.map(|range| &text[range]),
                &text[section.statement],
            )
        });
        parts.collect()
    }

    #[test]
    fn sections_are_found_in_a_file_that_is_half_written() {
        let text = "-- docs\n-- name: a :one\nSELECT 1;\n\n-- name: b\n/* c */\n-- name:\nSELECT 'open\n-- name: d :many\nSELECT (";
        assert_eq!(
            show(text),
            [
                (Some("a"), Some(":one"), "SELECT 1"),
                (Some("b"), None, ""),
                (None, None, "SELECT 'open"),
                (Some("d"), Some(":many"), "SELECT ("),
            ]
        );
        assert_eq!(
            show("/* name: e :exec */ DELETE FROM t"),
            [(Some("e"), Some(":exec"), "DELETE FROM t")]
        );
        assert!(show("").is_empty() && show("SELECT 1").is_empty());
    }

    #[test]
    fn an_offset_is_in_the_section_above_it() {
        let text = "-- docs\n-- name: a :one\nSELECT 1;\n-- name: b :one\nSELECT 2;";
        let sections = read_sections(text);
        let name_at =
            |offset| section_at(&sections, offset).and_then(|section| section.name_text(text));
        assert_eq!(name_at(3), None);
        assert_eq!(name_at(text.find("SELECT 1").unwrap()), Some("a"));
        assert_eq!(name_at(text.len()), Some("b"));
    }
}
