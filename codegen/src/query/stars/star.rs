//! Which `*` some words are: those of an element of a list that Postgres replaces by columns.
//!
//! Postgres does so in the list of SELECT and RETURNING (`transformTargetList`), in VALUES and in row constructors
//! (`transformExpressionList`), if `*` ends the element. Anywhere else `t.*` is the row itself, one value.

use crate::sql::lexer::{TokenKind, Word};

/// The columns that a `*` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// `*`: those of everything in FROM.
    All,
    /// `t.*`, `(row).*`: those of the operand before the dot, as written.
    Prefix {
        written: String,
        /// The name of a relation, unless the operand is an expression.
        relation: Option<String>,
    },
}

/// The `*` that an element of a list is.
pub(super) fn read(sql: &str, words: &[Word<'_>]) -> Option<Of> {
    match words {
        [star] if star.text == "*" => Some(Of::All),
        [.., dot, star] if star.text == "*" && dot.text == "." => {
            prefix(sql, &words[..words.len() - 2])
        }
        // The parser drops parentheses around a column, so `(t.*)` is `t.*`.
        [open, inner @ .., close] if closes(open, inner, close) => {
            // `(*)` is no syntax of a list, only of `count`.
            read(sql, inner).filter(|of| *of != Of::All)
        }
        _ => None,
    }
}

/// The same with the name that may follow parentheses, which Postgres ignores there: `(t.*) AS name`.
pub(super) fn read_item(sql: &str, words: &[Word<'_>]) -> Option<Of> {
    let named = match words {
        [item @ .., keyword, name] if keyword.is("AS") && name.name().is_some() => item,
        [item @ .., name] if name.name().is_some() => item,
        _ => words,
    };
    let parenthesised = named.last().is_some_and(|last| last.text == ")");
    let item = if parenthesised { named } else { words };
    read(sql, item)
}

/// Whether two words are one pair of parentheses.
fn closes(open: &Word<'_>, inner: &[Word<'_>], close: &Word<'_>) -> bool {
    let is_pair = open.text == "(" && close.text == ")" && open.depth == close.depth;
    is_pair && inner.iter().all(|word| word.depth > open.depth)
}

/// An operand of `.*`: a name, a parameter or parentheses, then fields and subscripts.
fn prefix(sql: &str, words: &[Word<'_>]) -> Option<Of> {
    let (first, last) = (words.first()?, words.last()?);
    let depth = first.depth;
    let own: Vec<&Word<'_>> = words.iter().filter(|word| word.depth == depth).collect();
    let is_name = |word: &Word<'_>| word.name().is_some();
    // Names and dots in turn; anything else is an expression, whose fields have no relation.
    let path = own.len() % 2 == 1
        && own.iter().enumerate().all(|(at, word)| match at % 2 {
            0 => is_name(word),
            _ => word.text == ".",
        });
    let mut rest = match own.as_slice() {
        [open, close, rest @ ..] if open.text == "(" && close.text == ")" => rest,
        [first, rest @ ..] if is_name(first) || first.kind == TokenKind::Positional => rest,
        _ => return None,
    };
    while let [word, next, after @ ..] = rest {
        let is_field = word.text == "." && is_name(next);
        let is_subscript = word.text == "[" && next.text == "]";
        if !(is_field || is_subscript) {
            return None;
        }
        rest = after;
    }
    rest.is_empty().then(|| Of::Prefix {
        written: sql[first.range.start..last.range.end].to_owned(),
        relation: if path { last.name() } else { None },
    })
}
