//! Whether a statement by itself can leave something in its session that the usual reset does not find, or can create a
//! function that does: given SQL, judges by its words.
//!
//! `reach.sql` applies the same words to the functions of the database.

use crate::statement_start::skip_to_word;

/// Words of SQL: statements that prepare or listen, and dynamic SQL, which can be any statement.
const WORDS: &[&str] = &["execute", "prepare", "deallocate", "listen"];

/// Parts of words: functions that take a lock of the session, seed `random()`, or run a query that is text to them; and the
/// beginning of an identifier whose characters are written as numbers.
const PARTS: &[&str] = &[
    "advisory_lock",
    "setseed",
    "_to_xml",
    "ts_stat",
    "ts_rewrite",
    "u&",
];

/// Parts of words of queries with an effect at COMMIT that the caller may wait for: notifications, the end of locks, and the COMMIT of
/// other servers.
const AT_COMMIT: &[&str] = &["notify", "advisory", "dblink"];

/// Whether one of its words is of that sort; also one in a string or a comment, because too often is only slow.
pub(crate) fn may_outlive(sql: &str) -> bool {
    has_part(sql, PARTS) || has_word(sql) || is_block(sql)
}

/// Whether its transaction may do something at COMMIT, besides ending, even if it only reads.
pub(crate) fn may_act_at_commit(sql: &str) -> bool {
    let reads = ["select", "with", "values", "table"];
    !reads.into_iter().any(|word| begins_with(sql, word)) || has_part(sql, AT_COMMIT)
}

/// Whether it can change which functions of the database leave something, or which statements reach them.
pub(crate) fn may_define(sql: &str) -> bool {
    let definitions = ["create", "alter", "import"];
    definitions.into_iter().any(|word| begins_with(sql, word)) || is_block(sql)
}

/// Whether its first word is this one, which is in lower case.
fn begins_with(sql: &str, word: &str) -> bool {
    let rest = skip_to_word(sql).as_bytes();
    let start = rest.get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        && !rest.get(word.len()).copied().is_some_and(continues_word)
}

fn has_part(sql: &str, parts: &[&str]) -> bool {
    let bytes = sql.as_bytes();
    parts
        .iter()
        .any(|part| find_bytes(bytes, part.as_bytes()).is_some())
}

fn has_word(sql: &str) -> bool {
    let bytes = sql.as_bytes();
    WORDS.iter().any(|word| {
        let mut from = 0;
        while let Some(at) = find_bytes(&bytes[from..], word.as_bytes()) {
            let (start, end) = (from + at, from + at + word.len());
            let before = start.checked_sub(1).map(|before| bytes[before]);
            if !before.is_some_and(continues_word)
                && !bytes.get(end).copied().is_some_and(continues_word)
            {
                return true;
            }
            from = end;
        }
        false
    })
}

/// A DO block may be in any language.
fn is_block(sql: &str) -> bool {
    begins_with(sql, "do")
}

/// Whether a byte can be a part of a word.
pub(super) fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Where `wanted`, which is in lower case, begins in `bytes`.
fn find_bytes(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let last = bytes.len().checked_sub(wanted.len())?;
    (0..=last).find(|&at| {
        // The first byte rules out most places without a comparison of slices.
        bytes[at].to_ascii_lowercase() == first
            && bytes[at..at + wanted.len()].eq_ignore_ascii_case(wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::{may_act_at_commit, may_define, may_outlive};

    #[test]
    fn locks_of_the_session_and_statements_made_of_text_are_found() {
        for sql in [
            "SELECT pg_advisory_lock(1)",
            "SELECT PG_TRY_ADVISORY_LOCK_SHARED(1)",
            "SELECT U&\"pg_advisory\\005flock\"(1)",
            "SELECT query_to_xml('…', true, false, '')",
            "SELECT pg_catalog.setseed(0.5)",
            "PREPARE a AS SELECT 1",
            "explain analyze Execute a",
            "/* a */ DO LANGUAGE plperl $$ $$",
            "do'BEGIN END'",
            "LISTEN orders",
            "execute",
        ] {
            assert!(may_outlive(sql), "{sql}");
        }
    }

    #[test]
    fn statements_that_the_usual_reset_undoes_are_not() {
        for sql in [
            "SELECT pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(2)",
            "SELECT set_config('a.b', 'c', false)",
            "INSERT INTO listeners (prepared_at) VALUES (now()) ON CONFLICT DO NOTHING",
            "SELECT executed, unprepare FROM documents",
            "CREATE TEMP TABLE a ()",
            "dot",
            "",
        ] {
            assert!(!may_outlive(sql), "{sql}");
        }
    }

    #[test]
    fn queries_that_only_read_are_told_from_those_with_an_effect_at_commit() {
        for sql in [
            "SELECT pg_notify('orders', '1')",
            "notify orders",
            "select Pg_Advisory_Xact_Lock(1)",
            "SELECT * FROM dblink('…', '…') AS a (b int)",
            "LOCK TABLE a IN SHARE MODE",
            "SET TRANSACTION READ WRITE",
            "CALL a()",
            "",
        ] {
            assert!(may_act_at_commit(sql), "{sql}");
        }
        for sql in [
            "SELECT 1",
            "/* a */ (select b FROM c) UNION (SELECT 2)",
            "WITH a AS (SELECT 1) TABLE a",
            "VALUES (1)",
        ] {
            assert!(!may_act_at_commit(sql), "{sql}");
        }
    }

    #[test]
    fn definitions_are_told_from_rows_about_them() {
        for sql in [
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
            "-- a\nalter table a enable trigger b",
            "DO $$ BEGIN CREATE TABLE a (); END $$",
        ] {
            assert!(may_define(sql), "{sql}");
        }
        for sql in [
            "INSERT INTO events (kind) VALUES ('create')",
            "SELECT created FROM a",
            "CREATED",
            "",
        ] {
            assert!(!may_define(sql), "{sql}");
        }
    }
}
