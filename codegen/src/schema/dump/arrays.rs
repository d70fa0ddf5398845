//! Array constructors that are cast, so that they are read back unchanged.
//!
//! `varchar_column IN ('a', 'b')` is kept as an array of varchar that is cast to `text[]`, and printed as
//! `ARRAY['a'::character varying, 'b'::character varying]::text[]`. Postgres reads that as an array of
//! text, and prints that differently: the dump of a dump would not be the dump. With the array's own type
//! in between, it is read as it was (`transformTypeCast` looks into a constructor only right beneath).

use crate::sql::lexer::{TokenKind, Word, find_closing, split_elements, words};

/// Writes the own type of each array constructor that is cast to another.
pub(in crate::schema) fn with_own_types(sql: String) -> String {
    // Most statements have none, and lexing all of a large schema takes long.
    if !(sql.contains("]::") || sql.contains("])::")) {
        return sql;
    }
    let words = words(&sql);
    let is = |place: usize, wanted: &str| words.get(place).is_some_and(|word| word.text == wanted);
    let mut text = String::with_capacity(sql.len());
    let mut written = 0;
    for place in 0..words.len() {
        if !(is(place, "ARRAY") && is(place + 1, "[")) {
            continue;
        }
        let Some(end) = find_closing(&words, place + 1) else {
            continue;
        };
        // Where the server prints every parenthesis, the constructor is in a pair of them.
        let parenthesised =
            place > 0 && is(place - 1, "(") && is(end + 1, ")") && is(end + 2, "::");
        let cast = is(end + 1, "::") || parenthesised;
        let own = element_type(&sql, &words[place + 2..end]).filter(|_| cast);
        let after = words[end].range.end;
        // A text that has its type already is left as it is, so that dumping a dump changes
        // nothing.
        if let Some(own) = own.filter(|own| !sql[after..].starts_with(&format!("::{own}[]"))) {
            text.push_str(&sql[written..after]);
            text.extend(["::", own, "[]"]);
            written = after;
        }
    }
    text + &sql[written..]
}

/// The type that every element is written with; nothing where one is not plain enough to tell.
fn element_type<'a>(sql: &'a str, elements: &[Word<'_>]) -> Option<&'a str> {
    let mut types = split_elements(elements).into_iter();
    let own = plain_type(sql, types.next()?)?;
    types
        .all(|element| plain_type(sql, element) == Some(own))
        .then_some(own)
}

/// The type of a number, or the words after the last `::` of a value without operators.
fn plain_type<'a>(sql: &'a str, element: &[Word<'_>]) -> Option<&'a str> {
    if let [number] = element {
        // Postgres prints without a cast only an `integer`, and a `numeric` that has a point
        // (`get_const_expr`, ruleutils.c).
        let is_whole = number.kind == TokenKind::Number && !number.text.contains('.');
        return is_whole.then_some("integer");
    }
    let keywords = ["AND", "OR", "NOT", "IS", "AT", "COLLATE", "CASE"];
    let is_operator = |word: &Word<'_>| {
        (word.kind == TokenKind::Operator && word.text != "::") || keywords.contains(&word.text)
    };
    if element.iter().any(is_operator) {
        return None;
    }
    let cast = element.iter().rposition(|word| word.text == "::")?;
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
