//! A value that an expression selects, as Postgres prints it → as a person would write it.
//!
//! `(( SELECT f() AS f))` becomes `(SELECT f())`: the second pair of parentheses says nothing, and a column that is
//! a function's result has the function's name anyway. Nothing that Postgres would read differently is changed.

use std::ops::Range;

use crate::sql::lexer::{TokenKind, Word, find_closing, words};

/// Writes each value that is selected within an operator's reach without its implicit parts.
pub(super) fn with_plain_scalars(expression: &str) -> String {
    let words = words(expression);
    let word = |place: usize| words.get(place).map_or("", |word| word.text);
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for open in 0..words.len() {
        let starts = word(open) == "(" && word(open + 1) == "(" && word(open + 2) == "SELECT";
        let before = open.checked_sub(1).map(|before| &words[before]);
        if !starts || !before.is_none_or(is_operator) {
            continue;
        }
        let Some(close) = find_closing(&words, open + 1).filter(|close| word(close + 1) == ")")
        else {
            continue;
        };
        cuts.push(words[open].range.start..words[open + 1].range.start);
        cuts.push(words[open + 1].range.end..words[open + 2].range.start);
        cuts.push(words[close].range.end..words[close + 1].range.end);
        if names_its_function(&words, open + 3, close) {
            cuts.push(words[close - 3].range.end..words[close].range.start);
        }
    }
    without(expression, cuts)
}

/// After a word such as ANY or IN, or a function's name, the parentheses would be the word's.
fn is_operator(word: &Word<'_>) -> bool {
    word.kind == TokenKind::Operator || matches!(word.text, "AND" | "OR" | "NOT")
}

/// Whether `schema.f(…) AS f` is all that stands from `start` to `end`.
fn names_its_function(words: &[Word<'_>], start: usize, end: usize) -> bool {
    let word = |place: usize| words.get(place).map_or("", |word| word.text);
    let open = if word(start + 1) == "." {
        start + 3
    } else {
        start + 1
    };
    if word(open) != "(" {
        return false;
    }
    find_closing(words, open).is_some_and(|close| {
        close + 3 == end && word(close + 1) == "AS" && word(close + 2) == word(open - 1)
    })
}

fn without(text: &str, mut cuts: Vec<Range<usize>>) -> String {
    cuts.sort_by_key(|cut| cut.start);
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        left.push_str(&text[at..cut.start]);
        at = cut.end;
    }
    left + &text[at..]
}

#[cfg(test)]
mod tests {
    use super::with_plain_scalars;

    #[test]
    fn a_selected_value_has_one_pair_of_parentheses_and_no_name() {
        for (printed, plain) in [
            ("own = (( SELECT f() AS f))", "own = (SELECT f())"),
            (
                "(( SELECT auth.uid() AS uid)) = id",
                "(SELECT auth.uid()) = id",
            ),
            (
                "a = (( SELECT f(g(x.b), ')') AS f)) AND NOT (( SELECT h() AS h))",
                "a = (SELECT f(g(x.b), ')')) AND NOT (SELECT h())",
            ),
            (
                "a = (( SELECT b.c\n   FROM b\n  WHERE b.d = (( SELECT f() AS f))))",
                "a = (SELECT b.c\n   FROM b\n  WHERE b.d = (SELECT f()))",
            ),
            ("a = (( SELECT f() AS other))", "a = (SELECT f() AS other)"),
            (
                "a = (( SELECT COALESCE(b, 1) AS \"coalesce\"))",
                "a = (SELECT COALESCE(b, 1) AS \"coalesce\")",
            ),
        ] {
            assert_eq!(with_plain_scalars(printed), plain);
            assert_eq!(with_plain_scalars(plain), plain);
        }
    }

    #[test]
    fn parentheses_that_a_word_needs_stay() {
        for expression in [
            "a = ANY (( SELECT f() AS f))",
            "a = ANY ((( SELECT f() AS f))::text[])",
            "f(( SELECT g() AS g))",
            "EXISTS ( SELECT 1)",
            "a = ((1 + 2) * 3)",
            "a = (( SELECT f() AS f) + 1)",
            "a = '(( SELECT f() AS f))'::text",
        ] {
            assert_eq!(with_plain_scalars(expression), expression);
        }
    }
}
