//! Lists: `IN (:ids)` and `NOT IN (:ids)`, where the list is one parameter alone.
//!
//! Given: the tokens of a statement. Gives: the list that begins at one of them. It is sent as `= ANY ($1)` or `<> ALL ($1)`, so
//! that the parameter is an array. An empty array is in the list of no row, and outside of it is every row; also those where the
//! compared value is NULL, because there is nothing that it could be equal to.

use super::sqlc::List;
use crate::sql::lexer::{Token, TokenKind};
use std::ops::Range;

/// A list with one parameter in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListCall {
    pub(super) list: List,
    /// How many columns the row before it has; 1 of a value that is no row.
    pub(super) columns: usize,
    /// The token of the parameter, counted from the first of the list.
    pub(super) parameter: usize,
    /// The cast to an array that follows the parameter: `::text[]`.
    pub(super) cast: Range<usize>,
    /// How many tokens the list takes.
    pub(super) length: usize,
}

/// The list that begins at `tokens[at]`.
pub(super) fn find_list(text: &str, tokens: &[Token], at: usize) -> Option<ListCall> {
    if tokens[at].kind.is_trivia() {
        return None;
    }
    let solid: Vec<usize> = (at..tokens.len())
        .filter(|index| !tokens[*index].kind.is_trivia())
        // A list is short; without the bound each token would look at all that follow it.
        .take(LONGEST)
        .collect();
    let word = |nth: usize| {
        solid
            .get(nth)
            .map_or("", |index| &text[tokens[*index].range.clone()])
    };
    let negated = word(0).eq_ignore_ascii_case("NOT");
    let first = usize::from(negated);
    if !word(first).eq_ignore_ascii_case("IN") || word(first + 1) != "(" {
        return None;
    }
    let parameter = *solid.get(first + 2)?;
    let is_parameter = matches!(
        tokens[parameter].kind,
        TokenKind::Named | TokenKind::Positional
    );
    // Brackets and further casts belong to an expression, which is a value and no list.
    let close = (first + 3..solid.len()).find(|nth| matches!(word(*nth), ")" | "," | "("))?;
    let cast = tokens[parameter].range.end..tokens[*solid.get(close - 1)?].range.end;
    let is_list = match &text[cast.clone()] {
        "" => true,
        // `IN (:id::int)` compares with one value, as Postgres means it, and only a cast to an
        // array makes a list.
        cast => cast.trim_start().starts_with("::") && cast.ends_with(']'),
    };
    if !is_parameter || !is_list || word(close) != ")" || is_position(text, &tokens[..at]) {
        return None;
    }
    let columns = count_columns(text, &tokens[..at]);
    // Numbers name one parameter each, and a cast is of one.
    let is_row_list = tokens[parameter].kind == TokenKind::Named && cast.is_empty();
    if columns > 1 && (!is_row_list || text[tokens[parameter].range.clone()].contains('?')) {
        return None;
    }
    Some(ListCall {
        columns,
        list: if negated { List::NotIn } else { List::In },
        parameter: parameter - at,
        cast,
        length: solid[close] + 1 - at,
    })
}

/// `NOT IN ( :ids :: schema . type [ ] )`, and a few more.
const LONGEST: usize = 16;

/// Whether the tokens end inside of `POSITION (…`, whose IN is no operator: `POSITION('a' IN (:text))`.
fn is_position(text: &str, before: &[Token]) -> bool {
    let mut depth = 0_usize;
    // Backwards, so that the first open bracket is the one around the list.
    let mut solid = before.iter().rev().filter(|token| !token.kind.is_trivia());
    while let Some(token) = solid.next() {
        match &text[token.range.clone()] {
            ")" => depth += 1,
            "(" if depth == 0 => {
                let function = solid.next().map(|token| &text[token.range.clone()]);
                return function.is_some_and(|name| name.eq_ignore_ascii_case("POSITION"));
            }
            "(" => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The words before a row in brackets; after any other word the brackets are those of a call.
const BEFORE_ROW: &[&str] = &[
    "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN", "SELECT", "THEN", "ELSE", "ROW", "BY",
];

/// How many columns the row has with which the tokens end: `(a, b)`; 1 if it is none.
fn count_columns(text: &str, before: &[Token]) -> usize {
    let mut solid = before.iter().rev().filter(|token| !token.kind.is_trivia());
    let word = |token: &Token| text[token.range.clone()].to_owned();
    if solid.next().map(word).as_deref() != Some(")") {
        return 1;
    }
    let (mut depth, mut columns) = (0_usize, 1);
    while let Some(token) = solid.next() {
        match &text[token.range.clone()] {
            ")" | "]" => depth += 1,
            "(" if depth == 0 => {
                let Some(previous) = solid.next() else {
                    return columns;
                };
                let is_name =
                    matches!(previous.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
                let previous = word(previous);
                let is_call = is_name
                    && !BEFORE_ROW
                        .iter()
                        .any(|known| previous.eq_ignore_ascii_case(known));
                return if is_call { 1 } else { columns };
            }
            "(" | "[" => depth -= 1,
            "," if depth == 0 => columns += 1,
            _ => {}
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::{List, find_list};
    use crate::sql::lexer::tokens;

    fn lists(text: &str) -> Vec<(List, String)> {
        let tokens = tokens(text);
        let found = (0..tokens.len()).filter_map(|at| {
            let list = find_list(text, &tokens, at)?;
            let parameter = &tokens[at + list.parameter];
            let written = text[parameter.range.start..list.cast.end].to_owned();
            Some((list.list, written))
        });
        found.collect()
    }

    #[test]
    fn a_parameter_alone_is_a_list() {
        let list = |text| lists(text).first().cloned();
        for (text, expected) in [
            ("id IN (:ids)", ":ids"),
            ("id in ( :ids )", ":ids"),
            ("lower(name) IN (@names)", "@names"),
            ("id IN ($1)", "$1"),
            ("id IN (:ids::text[])", ":ids::text[]"),
            ("id IN (:ids :: app.mood [])", ":ids :: app.mood []"),
            ("id IN (:ids[?])", ":ids[?]"),
        ] {
            assert_eq!(list(text), Some((List::In, expected.to_owned())), "{text}");
        }
        let negated = Some((List::NotIn, ":ids".to_owned()));
        assert_eq!(list("id NOT /* ! */ IN (:ids)"), negated);
    }

    #[test]
    fn a_row_before_the_list_has_columns() {
        let columns = |text: &str| {
            let tokens = tokens(text);
            (0..tokens.len()).find_map(|at| Some(find_list(text, &tokens, at)?.columns))
        };
        for (text, expected) in [
            ("WHERE (a, b) IN (:pairs)", Some(2)),
            ("(a, f(b, c), d) NOT IN (:rows)", Some(3)),
            ("x AND ROW (a, b) IN (:pairs)", Some(2)),
            ("coalesce(a, b) IN (:ids)", Some(1)),
            ("(a) IN (:ids)", Some(1)),
            ("(a, b) IN ($1)", None),
            ("(a, b) IN (:pairs?)", None),
        ] {
            assert_eq!(columns(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "id IN (:a, :b)",
            "id IN (:a::int)",
            "id IN (:a + 1)",
            "id IN (f(:a))",
            "id IN (1)",
            "id IN (SELECT :a)",
            "id IN :ids",
            "position('a' IN (:text))",
            "position(left(b, 1) IN (:text))",
        ] {
            assert_eq!(lists(text), [], "{text}");
        }
    }
}
