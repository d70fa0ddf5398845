//! Where the clauses of a statement stand, by its keywords outside of all brackets.

use crate::sql::lexer::{TokenKind, Word, find_closing, words};
use std::ops::Range;

/// A statement cut into words.
pub(super) struct Clauses<'s> {
    words: Vec<Word<'s>>,
}

impl<'s> Clauses<'s> {
    pub(super) fn of(sql: &'s str) -> Self {
        Self { words: words(sql) }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The text of a word; nothing past the end.
    pub(super) fn text(&self, index: usize) -> &'s str {
        self.words.get(index).map_or("", |word| word.text)
    }

    /// Where a word begins; past the end, where the last one ends.
    pub(super) fn start(&self, index: usize) -> usize {
        self.range(index).start
    }

    /// Where a word ends.
    pub(super) fn end(&self, index: usize) -> usize {
        self.range(index).end
    }

    pub(super) fn range(&self, index: usize) -> Range<usize> {
        let past = self.words.last().map_or(0, |last| last.range.end);
        let word = self.words.get(index);
        word.map_or(past..past, |word| word.range.clone())
    }

    /// How many brackets are open around a word.
    pub(super) fn depth(&self, index: usize) -> usize {
        self.words.get(index).map_or(0, |word| word.depth)
    }

    pub(super) fn is_outside(&self, index: usize) -> bool {
        self.words.get(index).is_some_and(|word| word.depth == 0)
    }

    /// Whether a word is this keyword.
    pub(super) fn is(&self, index: usize, keyword: &str) -> bool {
        self.words.get(index).is_some_and(|word| word.is(keyword))
    }

    /// The first of these keywords, from a word on, outside of all brackets.
    pub(super) fn find(&self, from: usize, keywords: &[&str]) -> Option<usize> {
        (from..self.len()).find(|&index| {
            // Brackets hide the keywords of subqueries, calls and WITH.
            self.is_outside(index) && keywords.iter().any(|keyword| self.is(index, keyword))
        })
    }

    /// The bracket that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        find_closing(&self.words, open)
    }

    /// The parameters: where each stands among the words, and its number from 1.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (usize, usize)> {
        let words = self.words.iter().enumerate();
        let parameters = words.filter(|(_, word)| word.kind == TokenKind::Positional);
        parameters.filter_map(|(index, word)| Some((index, word.text.get(1..)?.parse().ok()?)))
    }
}
