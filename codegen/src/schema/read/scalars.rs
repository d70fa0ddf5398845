//! A value that an expression selects, as Postgres prints it → as a person would write it.
//!
//! `(( SELECT f() AS f))` becomes `(SELECT f())`: the second pair of parentheses says nothing, and a column that is
//! a function's result has the function's name anyway. Nothing that Postgres would read differently is touched.

use std::ops::Range;

use crate::sql::lexer::{Token, TokenKind, tokens};

/// Writes each value that is selected within an operator's reach without its implicit parts.
pub(super) fn with_plain_scalars(expression: &str) -> String {
    let tokens: Vec<Token> = tokens(expression)
        .into_iter()
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let word = |place: usize| {
        tokens
            .get(place)
            .map_or("", |token| &expression[token.range.clone()])
    };
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for open in 0..tokens.len() {
        let starts = word(open) == "(" && word(open + 1) == "(" && word(open + 2) == "SELECT";
        let before = open.checked_sub(1).map(|before| &tokens[before]);
        if !starts || !before.is_none_or(|before| is_operator(before, expression)) {
            continue;
        }
        let Some(close) = closing(&word, open + 1).filter(|close| word(close + 1) == ")") else {
            continue;
        };
        cuts.push(tokens[open].range.start..tokens[open + 1].range.start);
        cuts.push(tokens[open + 1].range.end..tokens[open + 2].range.start);
        cuts.push(tokens[close].range.end..tokens[close + 1].range.end);
        if names_its_function(&word, open + 3, close) {
            cuts.push(tokens[close - 3].range.end..tokens[close].range.start);
        }
    }
    without(expression, cuts)
}

/// After a word such as ANY or IN, or a function's name, the parentheses would be the word's.
fn is_operator(token: &Token, expression: &str) -> bool {
    let word = &expression[token.range.clone()];
    token.kind == TokenKind::Operator || matches!(word, "AND" | "OR" | "NOT")
}

/// Where the parenthesis that opens at `open` is closed.
fn closing<'a>(word: &impl Fn(usize) -> &'a str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut place = open;
    loop {
        match word(place) {
            "" => return None,
            "(" => depth += 1,
            ")" if depth == 1 => return Some(place),
            ")" => depth -= 1,
            _ => {}
        }
        place += 1;
    }
}

/// Whether `schema.f(…) AS f` is all that stands from `start` to `end`.
fn names_its_function<'a>(word: &impl Fn(usize) -> &'a str, start: usize, end: usize) -> bool {
    let open = if word(start + 1) == "." {
        start + 3
    } else {
        start + 1
    };
    if word(open) != "(" {
        return false;
    }
    closing(word, open).is_some_and(|close| {
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
