//! sqlc's macros: `sqlc.arg(name)`, `sqlc.narg(name)`, `IN (sqlc.slice(name))`, and `sqlc.embed(name)`.
//!
//! Given: the tokens from some place on. Gives: the macro that begins there, if one does. Its
//! replacement is decided by `parameters`.

use crate::sql::lexer::{self, Token};
use std::ops::Range;

/// One macro.
pub(super) struct SqlcCall {
    /// The word after `sqlc.`.
    pub(super) word: String,
    /// The text in the parentheses.
    argument: String,
    /// The list around it that it fills alone.
    pub(super) list: Option<List>,
    /// How many tokens it takes.
    pub(super) length: usize,
    /// From its first byte to its last.
    pub(super) range: Range<usize>,
}

/// A list that holds nothing but the macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// `IN (…)`.
    In,
    /// `NOT IN (…)`.
    NotIn,
}

impl List {
    /// The operator that takes an array in its place.
    pub(super) fn before(self) -> &'static str {
        match self {
            Self::In => "= ANY (",
            Self::NotIn => "<> ALL (",
        }
    }
}

/// The shapes, longest first, `?` for any one token.
const SHAPES: &[(&[&str], Option<List>)] = &[
    (
        &["NOT", "IN", "(", "SQLC", ".", "SLICE", "(", "?", ")", ")"],
        Some(List::NotIn),
    ),
    (
        &["IN", "(", "SQLC", ".", "SLICE", "(", "?", ")", ")"],
        Some(List::In),
    ),
    (&["SQLC", ".", "EMBED", "(", "?", ".", "?", ")"], None),
    (&["SQLC", ".", "?", "(", "?", ")"], None),
];

/// The macro that the tokens begin with.
pub(super) fn find_call(text: &str, tokens: &[Token]) -> Option<SqlcCall> {
    let begins = |token: &Token| {
        ["NOT", "IN", "SQLC"]
            .iter()
            .any(|word| is_word(text, token, word))
    };
    tokens.first().filter(|first| begins(first))?;
    SHAPES
        .iter()
        .find_map(|(shape, list)| match_shape(text, tokens, shape, *list))
}

/// The word of a macro in none of these shapes: `optional` of `sqlc.optional('Key', '…')`.
pub(super) fn find_unknown<'t>(text: &'t str, tokens: &[Token]) -> Option<&'t str> {
    let mut solid = tokens.iter().filter(|token| !token.kind.is_trivia());
    tokens
        .first()
        .filter(|first| is_word(text, first, "SQLC"))?;
    let begins = is_word(text, solid.next()?, "SQLC") && is_word(text, solid.next()?, ".");
    let word = solid.next().filter(|_| begins)?;
    let is_call = is_word(text, solid.next()?, "(");
    is_call.then(|| &text[word.range.clone()])
}

fn match_shape(
    text: &str,
    tokens: &[Token],
    shape: &[&str],
    list: Option<List>,
) -> Option<SqlcCall> {
    let solid: Vec<(usize, &Token)> = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| !token.kind.is_trivia())
        .take(shape.len())
        .collect();
    let fits =
        |((_, token), word): (&(usize, &Token), &&str)| *word == "?" || is_word(text, token, word);
    if solid.len() < shape.len() || !solid.iter().zip(shape).all(fits) {
        return None;
    }
    let sqlc = shape.iter().position(|word| *word == "SQLC")?;
    let close = sqlc + shape[sqlc..].iter().position(|word| *word == ")")?;
    let range = |index: usize| &solid[index].1.range;
    let (start, end) = (solid.first()?, solid.last()?);
    Some(SqlcCall {
        word: text[range(sqlc + 2).clone()].to_lowercase(),
        argument: text[range(sqlc + 4).start..range(close - 1).end].to_owned(),
        list,
        length: end.0 + 1,
        range: start.1.range.start..end.1.range.end,
    })
}

fn is_word(text: &str, token: &Token, word: &str) -> bool {
    text[token.range.clone()].eq_ignore_ascii_case(word)
}

impl SqlcCall {
    /// The parameter it names, without quotes.
    pub(super) fn parameter(&self) -> &str {
        self.argument.trim_matches(['\'', '"'])
    }

    /// The columns that replace `sqlc.embed`.
    pub(super) fn all_columns(&self) -> String {
        format!("{}.*", self.argument)
    }

    /// The relation that `sqlc.embed` names, as Postgres reads it, without its schema.
    pub(super) fn relation(&self) -> String {
        let last = lexer::tokens(&self.argument).pop();
        last.map_or_else(String::new, |last| {
            lexer::identifier(&self.argument[last.range])
        })
    }
}
