//! Array constructors that are cast, so that they are read back unchanged.
//!
//! `varchar_column IN ('a', 'b')` is kept as an array of varchar that is cast to `text[]`, and printed as
//! `ARRAY['a'::character varying, 'b'::character varying]::text[]`. Postgres reads that as an array of
//! text, and prints that differently: the dump of a dump would not be the dump. With the array's own type
//! in between, it is read as it was (`transformTypeCast` looks into a constructor only right beneath).

use std::ops::Range;

use crate::sql::lexer::{Token, TokenKind, tokens};

/// Writes the own type of each array constructor that is cast to another.
pub(super) fn with_own_types(sql: String) -> String {
    if !(sql.contains("]::") || sql.contains("])::")) {
        return sql;
    }
    let tokens: Vec<Token> = tokens(&sql)
        .into_iter()
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let mut text = String::with_capacity(sql.len());
    let mut written = 0;
    for place in 0..tokens.len() {
        let is = |place: usize, wanted: &str| {
            tokens
                .get(place)
                .is_some_and(|token| sql[token.range.clone()] == *wanted)
        };
        if !(is(place, "ARRAY") && is(place + 1, "[")) {
            continue;
        }
        let Some(end) = closing(&sql, &tokens, place + 1) else {
            continue;
        };
        // Where the server prints every parenthesis, the constructor stands in a pair of them.
        let parenthesised =
            place > 0 && is(place - 1, "(") && is(end + 1, ")") && is(end + 2, "::");
        let cast = is(end + 1, "::") || parenthesised;
        let own = element_type(&sql, &tokens, place + 2..end).filter(|_| cast);
        if let Some(own) = own.filter(|own| !is_cast_to(&sql, &tokens[end], own)) {
            text.push_str(&sql[written..tokens[end].range.end]);
            text.extend(["::", own, "[]"]);
            written = tokens[end].range.end;
        }
    }
    text + &sql[written..]
}

fn is_cast_to(sql: &str, bracket: &Token, own: &str) -> bool {
    sql[bracket.range.end..].starts_with(&format!("::{own}[]"))
}

/// The bracket that closes the one at `open`.
fn closing(sql: &str, tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match &sql[token.range.clone()] {
            "[" | "(" => depth += 1,
            "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

/// The type that every element is written with; nothing where one is not plain enough to tell.
fn element_type<'a>(sql: &'a str, tokens: &[Token], elements: Range<usize>) -> Option<&'a str> {
    let mut own = None;
    let mut start = elements.start;
    let mut depth = 0_usize;
    for place in elements.start..=elements.end {
        let text = &sql[tokens[place].range.clone()];
        if place == elements.end || depth == 0 && text == "," {
            let found = plain_type(sql, tokens.get(start..place)?)?;
            if own.is_some_and(|own| own != found) {
                return None;
            }
            own = Some(found);
            start = place + 1;
        }
        match text {
            "[" | "(" => depth += 1,
            "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    own
}

/// The type of a number, or the text behind the last `::` of a value without operators.
fn plain_type<'a>(sql: &'a str, element: &[Token]) -> Option<&'a str> {
    let text = |token: &Token| &sql[token.range.clone()];
    if let [number] = element {
        let is_whole = number.kind == TokenKind::Number && !text(number).contains('.');
        return is_whole.then_some("integer");
    }
    let is_operator = |token: &Token| token.kind == TokenKind::Operator && text(token) != "::";
    let words = ["AND", "OR", "NOT", "IS", "AT", "COLLATE", "CASE"];
    if element
        .iter()
        .any(|token| is_operator(token) || words.contains(&text(token)))
    {
        return None;
    }
    let cast = element.iter().rposition(|token| text(token) == "::")?;
    let (first, last) = (element.get(cast + 1)?, element.last()?);
    Some(&sql[first.range.start..last.range.end])
}

#[cfg(test)]
mod tests {
    use super::with_own_types;

    fn is(before: &str, after: &str) {
        assert_eq!(with_own_types(before.to_owned()), after);
    }

    #[test]
    fn an_array_that_is_cast_gets_its_own_type_first() {
        is(
            "CHECK (kind::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[]))",
            "CHECK (kind::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::character varying[]::text[]))",
        );
        is(
            "(ARRAY[('a')::x])::text[]",
            "(ARRAY[('a')::x]::x[])::text[]",
        );
        is("ARRAY[1, 2]::bigint[]", "ARRAY[1, 2]::integer[]::bigint[]");
    }

    #[test]
    fn one_that_is_not_cast_or_not_plain_stays() {
        for sql in [
            "ARRAY['a'::text, 'b'::text]",
            "ARRAY[]::text[]",
            "ARRAY['a'::text || x, 'b'::text]::character varying[]",
            "'ARRAY[1]::bigint[]'",
            "$$ ARRAY[1]::bigint[] $$",
            "-- ARRAY[1]::bigint[]\n",
            "ARRAY[1, 2]::integer[]::bigint[]",
        ] {
            is(sql, sql);
        }
    }
}
