//! The tokens that matter, each with how deep in brackets it stands: a keyword begins a clause only where it is not inside any.

use super::{TokenKind, identifier, tokens};
use std::ops::Range;

/// A token that is neither blank nor a comment.
pub struct Word<'t> {
    /// Its kind.
    pub kind: TokenKind,
    /// As written.
    pub text: &'t str,
    /// Byte offsets into the text, or into the file that it is a piece of.
    pub range: Range<usize>,
    /// How many brackets are open around it; a bracket itself is outside of its content.
    pub depth: usize,
}

impl Word<'_> {
    /// Whether it is this keyword.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// The name that it means, if it can be one.
    pub fn name(&self) -> Option<String> {
        let is_name = matches!(self.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        is_name.then(|| identifier(self.text))
    }
}

/// The tokens of a text without its blanks and comments.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut depth = 0_usize;
    let mut words = Vec::new();
    for token in tokens(text) {
        if token.kind.is_trivia() {
            continue;
        }
        let written = &text[token.range.clone()];
        // Before the word is pushed, so that both brackets have the depth of their surroundings.
        if matches!(written, ")" | "]") {
            depth = depth.saturating_sub(1);
        }
        words.push(Word {
            kind: token.kind,
            text: written,
            range: token.range,
            depth,
        });
        if matches!(written, "(" | "[") {
            depth += 1;
        }
    }
    words
}
