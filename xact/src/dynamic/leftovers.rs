//! What a statement about rows may leave behind in the session all the same: given SQL, says whether it names something that does.

/// Of functions, and of `SELECT … INTO TEMPORARY`. The functions of a transaction, `pg_advisory_xact_lock` and its like, are
/// called otherwise.
const WORDS: &[&str] = &[
    "set_config",
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "temp",
    "temporary",
    "pg_temp",
    "dblink",
];

/// Whether one of its words is of that sort; also one in a string or a comment, for too often is only slow.
pub(super) fn possible(sql: &str) -> bool {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| WORDS.iter().any(|known| names(word, known)))
}

/// `pg_advisory_lock_shared` is `pg_advisory_lock` too.
fn names(word: &str, known: &str) -> bool {
    let (start, rest) = word.split_at_checked(known.len()).unwrap_or_default();
    start.eq_ignore_ascii_case(known) && (rest.is_empty() || rest.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::possible;

    #[test]
    fn functions_and_tables_of_a_session_are_found_and_those_of_a_transaction_are_not() {
        for sql in [
            "SELECT set_config('a.b', 'c', false)",
            "SELECT pg_catalog.\"set_config\"/**/('a.b', 'c', false)",
            "SELECT PG_ADVISORY_LOCK(1)",
            "SELECT pg_try_advisory_lock_shared(1)",
            "SELECT 1 INTO TEMP t",
            "SELECT 1 INTO temporary TABLE t",
            "SELECT dblink_connect('')",
        ] {
            assert!(possible(sql), "{sql}");
        }
        for sql in [
            "SELECT pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(2)",
            "SELECT temperature, template FROM attempts",
            "SELECT reset_config FROM t",
            "",
        ] {
            assert!(!possible(sql), "{sql}");
        }
    }
}
