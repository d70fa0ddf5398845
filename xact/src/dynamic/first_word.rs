//! The statements that may be built at run time: given SQL, decides by its first word whether it leaves the session and the
//! transaction as they are.

use crate::statement_start::skip_to_word;

/// Statements that read or write rows, and those whose effect ends with the transaction. A list of allowed words, because new
/// versions of Postgres add statements. DO and CALL are absent: they can COMMIT.
const ALLOWED: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "EXPLAIN", "LOCK",
    "NOTIFY", "TRUNCATE",
];

/// Cuts a statement behind its first word. `Err` with the problem, for one that could end the transaction or leave state in the
/// session.
pub(super) fn split_first_word(sql: &str) -> Result<(&str, &str), String> {
    let rest = skip_to_word(sql);
    let word = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(rest, |end| &rest[..end]);
    if ALLOWED
        .iter()
        .any(|allowed| word.eq_ignore_ascii_case(allowed))
    {
        return Ok(sql.split_at(sql.len() - rest.len() + word.len()));
    }
    Err(match word {
        "" => "it does not begin with a word of SQL".to_owned(),
        word => format!(
            "`{word}` may end the transaction or outlive it: run it on the raw connection, `q.connection()`"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::split_first_word;

    #[test]
    fn statements_about_rows_are_allowed_behind_any_comment() {
        for (first, rest) in [
            ("SELECT", " 1"),
            ("select", "(1)"),
            ("((SELECT", " 1) UNION SELECT 2)"),
            ("-- COMMIT\nINSERT", " INTO t DEFAULT VALUES"),
            ("/* a /* nested */ */ WITH", " a AS (SELECT 1) TABLE a"),
            ("/***/ VALUES", " (1)"),
            ("\t\r\n\u{b}\u{c} TABLE", "\tt"),
            ("EXPLAIN", "/**/SELECT 1"),
            ("SELECT", ""),
        ] {
            assert_eq!(
                split_first_word(&format!("{first}{rest}")),
                Ok((first, rest))
            );
        }
    }

    #[test]
    fn statements_that_could_end_or_outlive_the_transaction_are_refused() {
        for sql in [
            "COMMIT",
            "/* SELECT */ ROLLBACK",
            "-- SELECT\rRESET ROLE",
            "SET ROLE postgres",
            "LISTEN orders",
            "CREATE TEMP TABLE t ()",
            "PREPARE p AS SELECT 1",
            "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
            "DISCARD ALL",
            "DO $$ BEGIN END $$",
            "SELECTED",
            "/* SELECT 1",
            "/*/ SELECT 1",
            "; SELECT 1",
            "",
        ] {
            assert!(split_first_word(sql).is_err(), "{sql}");
        }
    }
}
