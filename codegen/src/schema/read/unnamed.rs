//! Unnamed columns in a deparsed query → with their names.
//!
//! In the branches of a UNION and beneath EXISTS, Postgres prints no name where a column has none:
//! `SELECT NULL::integer`. Reading that, it takes the name of the type, and prints it from then on. With the
//! name that it keeps for such columns, `"?column?"`, the query is read as it was.

use crate::sql::clauses::{AFTER_COLUMNS, goes_on};
use crate::sql::lexer::{Token, TokenKind, tokens};

/// The column in which a query or a parenthesised part begins.
#[derive(Clone, Copy, Default)]
struct Indentation {
    /// Whether this is among the columns of a SELECT at all.
    listed: bool,
    /// Whether it has a cast, whose type would become its name.
    cast: bool,
    named: bool,
}

const FIRST: Indentation = Indentation {
    listed: true,
    cast: false,
    named: false,
};

impl Indentation {
    fn wants_name(self) -> bool {
        self.listed && self.cast && !self.named
    }
}

/// Names each column that is cast and has no name.
pub(super) fn with_names(query: &str) -> String {
    let mut text = String::with_capacity(query.len());
    let mut written = 0;
    for end in ends_without_name(query) {
        text.push_str(&query[written..end]);
        text.push_str(" AS \"?column?\"");
        written = end;
    }
    text + &query[written..]
}

/// Where the columns that want a name end.
fn ends_without_name(query: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    // Most views have no cast, and are not lexed.
    if !(query.contains("::") && query.contains("SELECT")) {
        return ends;
    }
    let mut outer: Vec<Indentation> = Vec::new();
    let mut column = Indentation::default();
    let mut before = Before::default();
    for token in tokens(query) {
        if token.kind.is_trivia() {
            continue;
        }
        let word = &query[token.range.clone()];
        let ends_here = ends_column(&token, word, before.word);
        if ends_here && column.wants_name() {
            ends.push(before.end);
        }
        match word {
            // The column around a bracket waits until the bracket closes.
            "(" | "[" => outer.push(std::mem::take(&mut column)),
            ")" | "]" => column = outer.pop().unwrap_or_default(),
            "," if column.listed => column = FIRST,
            "SELECT" => column = FIRST,
            "::" => column.cast = true,
            "AS" => column.named = true,
            _ if ends_here => column = Indentation::default(),
            _ => {}
        }
        before = Before {
            word,
            end: token.range.end,
        };
    }
    if column.wants_name() {
        ends.push(before.end);
    }
    ends
}

/// The token before.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    word: &'a str,
    end: usize,
}

fn ends_column(token: &Token, word: &str, before: &str) -> bool {
    match token.kind {
        TokenKind::Semicolon => true,
        TokenKind::Punctuation => matches!(word, "," | ")" | "]"),
        TokenKind::Word => AFTER_COLUMNS.contains(&word) && !goes_on(before, word),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::with_names;

    #[test]
    fn a_column_that_is_cast_and_has_no_name_is_given_the_one_that_says_so() {
        let query =
            "SELECT a.id AS id\n   FROM a\nUNION\n SELECT NULL::integer,\n    b.x\n   FROM b";
        let named = "SELECT a.id AS id\n   FROM a\nUNION\n SELECT NULL::integer AS \"?column?\",\n    b.x\n   FROM b";
        assert_eq!(with_names(query), named);
        assert_eq!(with_names(named), named);
        assert_eq!(
            with_names("SELECT 1\nUNION\n SELECT NULL::integer"),
            "SELECT 1\nUNION\n SELECT NULL::integer AS \"?column?\""
        );
        assert_eq!(
            with_names("(EXISTS ( SELECT 'x'::character varying(3)))"),
            "(EXISTS ( SELECT 'x'::character varying(3) AS \"?column?\"))"
        );
    }

    #[test]
    fn columns_with_a_name_or_without_a_cast_stay() {
        for query in [
            "SELECT 1,\n    f(a.x::text),\n    (ARRAY['a'::text])[1] AS x\n   FROM a",
            "SELECT a.x::text IS DISTINCT FROM 'y'::text AS x\n   FROM a\n  WHERE a.x::text = 'z'::text",
            "SELECT percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (a.x::real)) AS p\n   FROM a",
            "INSERT INTO a (x) VALUES ('y'::text)",
        ] {
            assert_eq!(with_names(query), query);
        }
    }
}
