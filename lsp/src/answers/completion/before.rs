//! The words in front of the cursor, which tell the kind of name that is written.

use crate::syntax::SectionWords;
use std::ops::Range;
use xact_codegen::sql::lexer::TokenKind;

/// The word in front of the cursor, and the words before it.
pub(super) struct Before<'w, 't> {
    pub(super) words: &'w SectionWords<'t>,
    /// How many words are before the one that is being written.
    pub(super) count: usize,
    /// The part of the text that a proposal replaces.
    pub(super) replaced: Range<usize>,
    /// Whether that begins with the colon of a parameter.
    pub(super) is_parameter: bool,
}

pub(super) fn read_before<'w, 't>(
    words: &'w SectionWords<'t>,
    offset: usize,
) -> Option<Before<'w, 't>> {
    let count = words
        .words
        .partition_point(|word| word.range.start < offset);
    let last = count.checked_sub(1).map(|last| &words.words[last]);
    let last = last.filter(|last| last.range.end >= offset);
    let Some(last) = last else {
        return Some(Before {
            words,
            count,
            replaced: offset..offset,
            is_parameter: false,
        });
    };
    let is_colon = matches!(last.text, ":" | "@");
    match last.kind {
        TokenKind::Named => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: true,
        }),
        _ if is_colon => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: true,
        }),
        TokenKind::Word | TokenKind::QuotedIdentifier => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: false,
        }),
        // Inside of a string or a number there is nothing to propose.
        TokenKind::String | TokenKind::Number | TokenKind::Positional
            if last.range.end > offset =>
        {
            None
        }
        TokenKind::Unterminated => None,
        _ => Some(Before {
            words,
            count,
            replaced: offset..offset,
            is_parameter: false,
        }),
    }
}

/// The name in front of a dot.
pub(super) fn find_qualifier(before: &Before<'_, '_>) -> Option<String> {
    let dot = before
        .count
        .checked_sub(1)
        .filter(|dot| before.words.text(*dot) == ".")?;
    before.words.words.get(dot.checked_sub(1)?)?.name()
}

/// Whether a relation is written here: behind its keyword, or behind a comma in FROM.
pub(super) fn is_relation_expected(before: &Before<'_, '_>) -> bool {
    const KEYWORDS: &[&str] = &["FROM", "JOIN", "INTO", "UPDATE", "USING", "ONLY", "TABLE"];
    let Some(last) = before.count.checked_sub(1) else {
        return false;
    };
    if KEYWORDS
        .iter()
        .any(|keyword| before.words.is(last, keyword))
    {
        return true;
    }
    if before.words.text(last) != "," {
        return false;
    }
    let group = before.words.group(last);
    let clauses = [
        "FROM",
        "SELECT",
        "WHERE",
        "ORDER",
        "GROUP",
        "SET",
        "VALUES",
        "RETURNING",
        "ON",
        "HAVING",
    ];
    let clause = (0..last).rev().find(|index| {
        before.words.group(*index) == group
            && clauses.iter().any(|clause| before.words.is(*index, clause))
    });
    clause.is_some_and(|clause| before.words.is(clause, "FROM"))
}
