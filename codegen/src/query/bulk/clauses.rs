//! Where the clauses of a statement stand: its tokens with how deep in parentheses each is, for a keyword begins a clause only
//! outside of all.

use super::super::lexer::{Token, TokenKind, tokens};
use std::ops::Range;

/// A statement cut into tokens, without blanks and comments.
pub(super) struct Clauses<'s> {
    sql: &'s str,
    tokens: Vec<Token>,
    depths: Vec<usize>,
}

impl<'s> Clauses<'s> {
    pub(super) fn of(sql: &'s str) -> Self {
        let mut clauses = Self {
            sql,
            tokens: Vec::new(),
            depths: Vec::new(),
        };
        let mut depth: usize = 0;
        for token in tokens(sql) {
            if token.kind.is_trivia() {
                continue;
            }
            let text = &sql[token.range.clone()];
            if matches!(text, ")" | "]") {
                depth = depth.saturating_sub(1);
            }
            clauses.depths.push(depth);
            if matches!(text, "(" | "[") {
                depth += 1;
            }
            clauses.tokens.push(token);
        }
        clauses
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The text of a token; nothing past the end.
    pub(super) fn text(&self, index: usize) -> &'s str {
        let token = self.tokens.get(index);
        token.map_or("", |token| &self.sql[token.range.clone()])
    }

    /// Where a token begins; past the end, where the last one ends.
    pub(super) fn start(&self, index: usize) -> usize {
        match self.tokens.get(index) {
            Some(token) => token.range.start,
            None => self.tokens.last().map_or(0, |last| last.range.end),
        }
    }

    /// Where a token ends.
    pub(super) fn end(&self, index: usize) -> usize {
        self.range(index).end
    }

    pub(super) fn range(&self, index: usize) -> Range<usize> {
        let past = self.start(index);
        let token = self.tokens.get(index);
        token.map_or(past..past, |token| token.range.clone())
    }

    pub(super) fn is_outside(&self, index: usize) -> bool {
        self.depths.get(index) == Some(&0)
    }

    /// Whether a token is this keyword.
    pub(super) fn is(&self, index: usize, word: &str) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| token.kind == TokenKind::Word)
            && self.text(index).eq_ignore_ascii_case(word)
    }

    /// The first of these keywords, from a token on, outside of all parentheses.
    pub(super) fn find(&self, from: usize, words: &[&str]) -> Option<usize> {
        (from..self.len())
            .find(|&index| self.is_outside(index) && words.iter().any(|word| self.is(index, word)))
    }

    /// The parenthesis that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let depth = self.depths.get(open)?;
        (open + 1..self.len()).find(|&index| self.depths[index] == *depth)
    }

    /// The parameters among the tokens: where each stands, and its number from 1.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (usize, usize)> {
        let numbered = self.tokens.iter().enumerate();
        numbered.filter_map(|(index, token)| {
            let is_parameter = token.kind == TokenKind::Positional;
            let number = self.sql[token.range.clone()].get(1..)?;
            Some((index, is_parameter.then(|| number.parse().ok())??))
        })
    }
}
