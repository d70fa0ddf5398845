//! The tokens of a statement as a tree of brackets: a keyword or a comma counts only at its own level.
//!
//! `CASE … END` is a bracket too, because its AND and its keywords are those of no clause.

use crate::sql::lexer::{Token, TokenKind};
use std::ops::Range;

/// A token that is neither blank nor a comment.
pub(super) struct Solid {
    /// Its index among all tokens.
    pub(super) raw: usize,
    pub(super) kind: TokenKind,
    /// In upper case, if it is a word.
    pub(super) text: String,
}

/// The tokens that matter.
pub(super) fn find_solids(text: &str, tokens: &[Token]) -> Vec<Solid> {
    let solid = tokens.iter().enumerate();
    let solid = solid.filter(|(_, token)| !token.kind.is_trivia());
    solid
        .map(|(raw, token)| {
            let written = &text[token.range.clone()];
            Solid {
                raw,
                kind: token.kind,
                text: match token.kind {
                    TokenKind::Word => written.to_ascii_uppercase(),
                    _ => written.to_owned(),
                },
            }
        })
        .collect()
}

/// The kind of a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Case,
}

/// A token, or a bracket with everything in it.
pub(super) struct Cell {
    /// Its solid tokens, brackets included.
    pub(super) solids: Range<usize>,
    /// The keyword that it is; never a name after a dot.
    pub(super) word: Option<String>,
    pub(super) group: Option<Group>,
}

/// The inside of a bracket.
pub(super) struct Group {
    pub(super) bracket: Bracket,
    pub(super) cells: Vec<Cell>,
}

impl Cell {
    pub(super) fn is(&self, word: &str) -> bool {
        self.word.as_deref() == Some(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        self.word
            .as_deref()
            .is_some_and(|word| words.contains(&word))
    }
}

/// The cells of the whole statement. A bracket without its other end is a token like others: Postgres reports it.
pub(super) fn build_cells(solids: &[Solid]) -> Vec<Cell> {
    let mut at = 0;
    let mut cells = Vec::new();
    while at < solids.len() {
        let (cell, next) = build_cell(solids, at);
        cells.push(cell);
        at = next;
    }
    cells
}

fn build_cell(solids: &[Solid], at: usize) -> (Cell, usize) {
    let is_name = is_name_place(solids, at);
    if let Some((bracket, close)) = opening(&solids[at]).filter(|_| !is_name)
        && let Some((cells, end)) = build_group(solids, at + 1, close)
    {
        let group = Some(Group { bracket, cells });
        let cell = Cell {
            solids: at..end + 1,
            word: None,
            group,
        };
        return (cell, end + 1);
    }
    let is_keyword =
        !is_name && matches!(solids[at].kind, TokenKind::Word | TokenKind::Punctuation);
    let cell = Cell {
        solids: at..at + 1,
        word: is_keyword.then(|| solids[at].text.clone()),
        group: None,
    };
    (cell, at + 1)
}

/// Whether a keyword would be a name here: `t.case`, `AS end`.
fn is_name_place(solids: &[Solid], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &solids[before]);
    let is_word = solids[at].kind == TokenKind::Word;
    is_word && before.is_some_and(|before| matches!(before.text.as_str(), "." | "AS"))
}

fn opening(solid: &Solid) -> Option<(Bracket, &'static str)> {
    match (solid.kind, solid.text.as_str()) {
        (TokenKind::Punctuation, "(") => Some((Bracket::Round, ")")),
        (TokenKind::Punctuation, "[") => Some((Bracket::Square, "]")),
        (TokenKind::Word, "CASE") => Some((Bracket::Case, "END")),
        _ => None,
    }
}

/// The cells up to the closing bracket, and the index of that.
fn build_group(solids: &[Solid], from: usize, close: &str) -> Option<(Vec<Cell>, usize)> {
    let mut at = from;
    let mut cells = Vec::new();
    while at < solids.len() {
        // A string's text includes its quotes and never equals a bracket, but the kind makes that
        // certain for `END`.
        let closes = solids[at].text == close && solids[at].kind != TokenKind::String;
        if closes && !is_name_place(solids, at) {
            return Some((cells, at));
        }
        let (cell, next) = build_cell(solids, at);
        cells.push(cell);
        at = next;
    }
    None
}
