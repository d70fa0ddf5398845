//! The part of a query file that an offset is in.

use super::outline::{Section, section_at};
use super::section_words::{SectionWords, read_words};
use std::ops::Range;
use xact_codegen::query::lex_sections;
use xact_codegen::sql::lexer::{TokenKind, Word};

/// A name with the names in front of its dots: `app.notes`, `n.title`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamePath {
    /// The names up to the one at the offset, that one last.
    pub(crate) parts: Vec<String>,
    /// Where the one at the offset is written.
    pub(crate) range: Range<usize>,
    /// Whether a parenthesis follows it: a function.
    pub(crate) is_call: bool,
}

/// The part that an offset is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The name of a query.
    QueryName(Range<usize>),
    /// The word behind it.
    Command(Range<usize>),
    /// A comment, by its range.
    Comment(Range<usize>),
    /// A parameter: its name, without marks.
    Parameter(String, Range<usize>),
    /// A name, or a keyword.
    Name(NamePath),
    /// Anything else.
    Other,
}

/// The place of an offset in a file with these sections.
pub(crate) fn find_place(text: &str, sections: &[Section], offset: usize) -> Place {
    let Some(section) = section_at(sections, offset) else {
        return find_comment(text, 0, offset);
    };
    let contains = |range: &&Range<usize>| range.start <= offset && offset <= range.end;
    if let Some(name) = section.name.as_ref().filter(contains) {
        return Place::QueryName(name.clone());
    }
    if let Some(command) = section.command.as_ref().filter(contains) {
        return Place::Command(command.clone());
    }
    if offset <= section.name_line.end {
        return Place::Comment(section.name_line.clone());
    }
    let words = read_words(text, section);
    match word_at(&words, offset) {
        None => find_comment(text, section.body.start, offset),
        Some(index) => place_of_word(&words, index),
    }
}

/// The word that an offset is in, or at the end of.
fn word_at(words: &SectionWords<'_>, offset: usize) -> Option<usize> {
    let touching = |word: &Word<'_>| word.range.start <= offset && offset <= word.range.end;
    let is_named = |word: &Word<'_>| word.name().is_some() || word.kind == TokenKind::Named;
    let mut found = (0..words.words.len()).filter(|index| touching(&words.words[*index]));
    let first = found.next()?;
    // Between two words the one with a name counts: `b.|title`, `(title|)`.
    let second = found
        .next()
        .filter(|second| is_named(&words.words[*second]));
    Some(second.unwrap_or(first))
}

fn place_of_word(words: &SectionWords<'_>, index: usize) -> Place {
    let word = &words.words[index];
    if word.kind == TokenKind::Named {
        let name = word.text.trim_start_matches([':', '@']);
        let name = name.trim_end_matches(['?', '[', ']']);
        return Place::Parameter(name.to_owned(), word.range.clone());
    }
    let Some(name) = word.name() else {
        return Place::Other;
    };
    let mut parts = vec![name];
    let mut at = index;
    while at >= 2 && words.text(at - 1) == "." {
        let Some(before) = words.words[at - 2].name() else {
            break;
        };
        parts.insert(0, before);
        at -= 2;
    }
    Place::Name(NamePath {
        parts,
        range: word.range.clone(),
        is_call: words.text(index + 1) == "(",
    })
}

fn find_comment(text: &str, start: usize, offset: usize) -> Place {
    let mut tokens = lex_sections(&text[start..]).into_iter();
    let comment = tokens.find(|token| {
        let is_comment = matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment);
        is_comment && token.range.start + start < offset && offset <= token.range.end + start
    });
    comment.map_or(Place::Other, |token| {
        Place::Comment(token.range.start + start..token.range.end + start)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Place, find_place};
    use crate::syntax::read_sections;

    fn place(text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        match find_place(&text, &read_sections(&text), offset) {
            Place::QueryName(range) => format!("query {}", &text[range]),
            Place::Command(range) => format!("command {}", &text[range]),
            Place::Comment(range) => format!("comment {}", &text[range]),
            Place::Parameter(name, _) => format!("parameter {name}"),
            Place::Name(path) => format!(
                "name {}{}",
                path.parts.join("."),
                if path.is_call { "()" } else { "" }
            ),
            Place::Other => "other".to_owned(),
        }
    }

    #[test]
    fn each_part_of_a_query_is_found() {
        assert_eq!(place("-- name: no|tes :many\nSELECT 1"), "query notes");
        assert_eq!(place("-- name: notes :ma|ny\nSELECT 1"), "command :many");
        assert_eq!(
            place("-- name: notes :many\nSELECT a.n.ti|tle"),
            "name a.n.title"
        );
        assert_eq!(place("-- name: notes :many\nSELECT a.|n.title"), "name a.n");
        assert_eq!(
            place("-- name: notes :many\nSELECT lower|(x)"),
            "name lower()"
        );
        assert_eq!(
            place("-- name: notes :many\nWHERE a = :ti|tle[?]?"),
            "parameter title"
        );
        assert_eq!(place("-- name: notes :many\nWHERE a = 'te|xt'"), "other");
        assert_eq!(
            place("-- name: notes :many\nWHERE a -- if :x|"),
            "comment -- if :x"
        );
        assert_eq!(
            place("-- do|cs\n-- name: notes :many\nSELECT 1"),
            "comment -- docs"
        );
        assert_eq!(place("|"), "other");
    }
}
