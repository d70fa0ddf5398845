//! A refused statement: its words, and the one that Postgres points at.

use super::from_items::{WrittenRelation, read_from_items};
use crate::query::Query;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::schema::Schema;
use crate::sql::lexer::{TokenKind, Word, words};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use std::ops::Range;

/// A refused statement with everything that advice is made of.
pub(super) struct RefusedStatement<'r> {
    pub(super) error: &'r PgDatabaseError,
    pub(super) query: &'r Query,
    pub(super) schema: &'r Schema,
    /// The words as written; their ranges are those of the file.
    pub(super) words: Vec<Word<'r>>,
    /// The relations that the statement names.
    pub(super) from: Vec<WrittenRelation>,
    /// The index of the word that Postgres points at; the number of words for the end of the statement.
    pub(super) at: Option<usize>,
    /// Postgres's own hint.
    pub(super) has_hint: bool,
}

impl<'r> RefusedStatement<'r> {
    pub(super) fn new(
        error: &'r PgDatabaseError,
        query: &'r Query,
        schema: &'r Schema,
        diagnostic: &Diagnostic,
    ) -> Self {
        let words = statement_words(query);
        // A position in an internal query is one in the text of a function, which is in no file.
        let is_located = matches!(error.position(), Some(PgErrorPosition::Original(_)));
        let start = diagnostic.span().filter(|_| is_located);
        let at = start.map(|span| {
            let found = words
                .iter()
                // The word that covers the position, or the next one if it points at a blank.
                .position(|word| word.range.end > span.range.start);
            found.unwrap_or(words.len())
        });
        Self {
            error,
            query,
            schema,
            from: read_from_items(&words),
            words,
            at,
            has_hint: error.hint().is_some(),
        }
    }

    /// The word that Postgres points at.
    pub(super) fn word(&self) -> Option<&Word<'r>> {
        self.words.get(self.at?)
    }

    /// The function of Postgres's source that refused it: the same in every language, unlike the message.
    pub(super) fn is_from(&self, routine: &str) -> bool {
        self.error.routine() == Some(routine)
    }

    /// A part of the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span {
            file: self.query.span.file.clone(),
            range,
        }
    }

    /// The place of a text that was cut out of the file.
    pub(super) fn span_of(&self, text: &str) -> Option<Span> {
        let file = &self.query.span.file.text;
        // Compared again below, so that a text from elsewhere is never taken for a place of the
        // file.
        let start = (text.as_ptr() as usize).checked_sub(file.as_ptr() as usize)?;
        let range = start..start + text.len();
        (file.get(range.clone()) == Some(text)).then(|| self.span(range))
    }

    /// The text of the words from one index up to another.
    pub(super) fn text(&self, from: usize, to: usize) -> &'r str {
        let ranges = self.words.get(from).zip(self.words.get(to));
        ranges.map_or("", |(from, to)| {
            self.query
                .span
                .file
                .text
                .get(from.range.start..to.range.end)
                .unwrap_or("")
        })
    }

    /// The operand that ends before the word at `index`: `o.total`, `:since`, `'a'`.
    pub(super) fn operand_before(&self, index: usize) -> Option<&'r str> {
        let last = index.checked_sub(1)?;
        let mut first = last;
        is_operand(self.words.get(last)?).then_some(())?;
        while first >= 2 && self.words[first - 1].text == "." {
            first -= 2;
        }
        Some(self.text(first, last))
    }

    /// The operand that begins at `index`.
    pub(super) fn operand_at(&self, index: usize) -> Option<&'r str> {
        is_operand(self.words.get(index)?).then_some(())?;
        let mut last = index;
        while self
            .words
            .get(last + 1)
            .is_some_and(|word| word.text == ".")
            && last + 2 < self.words.len()
        {
            last += 2;
        }
        // `f(x)` is more than a name.
        let is_call = self
            .words
            .get(last + 1)
            .is_some_and(|word| word.text == "(");
        (!is_call).then(|| self.text(index, last))
    }
}

/// Whether a word is a value by itself.
fn is_operand(word: &Word<'_>) -> bool {
    match word.kind {
        TokenKind::Word => !is_keyword(word),
        TokenKind::QuotedIdentifier
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Positional
        | TokenKind::Named => true,
        _ => false,
    }
}

/// Whether a word cannot be a name, or begins a clause.
pub(super) fn is_keyword(word: &Word<'_>) -> bool {
    // Not reserved, and yet never the alias of a relation where one of them follows it.
    const CLAUSES: &[&str] = &["SET", "RETURNING", "VALUES", "USING", "BY", "OVER", "ONLY"];
    let plain = word.text.to_ascii_lowercase();
    word.kind == TokenKind::Word
        // A word that needs quotes as a name is reserved.
        && (crate::sql::identifier::write_identifier(&plain) != plain
            || CLAUSES.iter().any(|clause| word.is(clause)))
}

/// The words of a statement, with their places in the file.
pub(super) fn statement_words(query: &Query) -> Vec<Word<'_>> {
    let start = query.span.range.start;
    let words = words(query.span.text()).into_iter();
    words
        .map(|word| Word {
            range: word.range.start + start..word.range.end + start,
            ..word
        })
        .collect()
}
