//! Defaults as CREATE TABLE and CREATE DOMAIN read them.

use crate::sql::lexer::words;
use crate::sql::quote::parenthesised;

/// The words of operators that the grammar of `DEFAULT` has only in parentheses: it takes a `b_expr` (gram.y), and Postgres
/// prints the expression without them.
const PARENTHESISED: &[&str] = &[
    "AND", "OR", "NOT", "IS", "IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN", "ANY", "ALL", "COLLATE",
    "AT", "OVERLAPS",
];

/// ` DEFAULT expression`, or nothing.
pub(super) fn write_default(expression: Option<&str>) -> String {
    let written = expression.map(|expression| {
        if needs_parentheses(expression) {
            parenthesised(expression)
        } else {
            expression.to_owned()
        }
    });
    written.map_or_else(String::new, |default| format!(" DEFAULT {default}"))
}

fn needs_parentheses(expression: &str) -> bool {
    let mut cases = 0_usize;
    words(expression).iter().any(|word| {
        match word.text {
            "CASE" => cases += 1,
            // The words of conditions in a CASE are between it and its END.
            "END" => cases = cases.saturating_sub(1),
            _ => {}
        }
        cases == 0 && word.depth == 0 && PARENTHESISED.contains(&word.text)
    })
}

#[cfg(test)]
mod tests {
    use super::write_default;

    #[test]
    fn only_operators_that_default_does_not_take_are_in_parentheses() {
        for (expression, written) in [
            ("1 = ANY (ARRAY[1, 2])", "(1 = ANY (ARRAY[1, 2]))"),
            ("true AND NOT false", "(true AND NOT false)"),
            ("now() IS NOT NULL", "(now() IS NOT NULL)"),
            ("'a'::text COLLATE \"C\"", "('a'::text COLLATE \"C\")"),
            ("'AND'::text || \"AND\"()", "'AND'::text || \"AND\"()"),
            ("f(1 IN (1))", "f(1 IN (1))"),
            (
                "CASE WHEN true AND f() THEN 1 ELSE 2 END",
                "CASE WHEN true AND f() THEN 1 ELSE 2 END",
            ),
            ("now() + '1 day'::interval", "now() + '1 day'::interval"),
        ] {
            assert_eq!(
                write_default(Some(expression)),
                format!(" DEFAULT {written}")
            );
        }
    }
}
