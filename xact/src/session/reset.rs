//! The SQL that resets a session, as a part of the message that begins a transaction.
//!
//! It is a transaction of its own in front of that transaction, so that a rollback does not undo it.

use std::fmt::Write as _;

use crate::error::Cause;

/// Role, settings, temporary objects, cursors and the values of sequences. RESET SESSION AUTHORIZATION resets the role too.
///
/// UNLISTEN is missing because it takes effect at COMMIT: the thorough reset refuses a session that listens instead.
const USUAL: &str =
    "; RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP; CLOSE ALL; DISCARD SEQUENCES";

/// The text that the thorough reset fails with in a session that cannot be reset, and its SQLSTATE:
/// `invalid_text_representation`.
const MARK: &str = "xact: this session is not new";
const MARK_CODE: &str = "22P02";

/// SQLSTATE `in_failed_sql_transaction`.
const ABORTED: &str = "25P02";

/// The start of the transaction that resets. The isolation is named because the session may have another by default, and a
/// serializable, deferrable transaction waits for others.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// That a row is a statement prepared by SQL or a channel, in the terms of the functions that list them.
const LEFT: &str = "from_sql OR pg_listening_channels IS NOT NULL";

/// How much of a session is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    /// The part of a session that utility statements reset.
    Usual,
    /// Also advisory locks of the session, statements prepared by SQL, LISTEN, and the seed of `random()`.
    Thorough,
}

impl Reset {
    /// Appends the transaction that resets the session.
    pub(crate) fn write_transaction(self, sql: &mut String, prepared: usize) {
        sql.push_str(BEGIN);
        self.write(sql, prepared);
        sql.push_str("; COMMIT");
    }

    /// The thorough reset of a direct session that no transaction is open in. Here UNLISTEN can take effect.
    pub(crate) fn write_apart(prepared: usize) -> String {
        let mut sql = String::from("BEGIN; UNLISTEN *; COMMIT; ");
        Self::Thorough.write_transaction(&mut sql, prepared);
        sql
    }

    /// Appends the reset to a message that has begun a transaction, in a session that should have so many prepared statements
    /// of this client; 0 if that is not known.
    ///
    /// The thorough one fails where the session has statements that were prepared by SQL, lacks some of this client's, or
    /// listens: that cannot be undone within a transaction. DEALLOCATE would need the names, and DEALLOCATE ALL drops the
    /// statements of this client too. A statement that has the name of one of this client's would run in its place.
    ///
    /// Most of its cost is to plan and to start a query, so there is one, with one scan, and the seed is a string that needs no
    /// cast. Scans of their own and subqueries cost half as much again (`benches/numbers/resets.rs`).
    pub(crate) fn write(self, sql: &mut String, prepared: usize) {
        sql.push_str(USUAL);
        if self == Self::Usual {
            return;
        }
        sql.push_str("; SELECT CAST(");
        let _infallible = match prepared {
            // `||` would be NULL in a row of a channel alone.
            0 => write!(sql, "pg_catalog.concat('{MARK}', name)"),
            _ => write!(
                sql,
                "CASE WHEN pg_catalog.bool_or({LEFT}) \
                 OR pg_catalog.count(*) FILTER (WHERE NOT from_sql) OPERATOR(pg_catalog.<) {prepared} THEN '{MARK}' END"
            ),
        };
        // A seed that one transaction set would let it predict the random numbers of the next.
        let seed = fastrand::f64();
        let _infallible = write!(
            sql,
            " AS pg_catalog.int4) FROM ROWS FROM (pg_catalog.pg_prepared_statement(), pg_catalog.pg_listening_channels(), \
             pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed('{seed:.15}'))"
        );
        if prepared == 0 {
            sql.push_str(" WHERE ");
            sql.push_str(LEFT);
        }
    }
}

/// Whether BEGIN failed because an earlier transaction left something in the session that cannot be reset. Closing the connection
/// within the failed transaction makes a pooler close its side too.
pub(crate) fn is_used(cause: &Cause) -> bool {
    let Cause::Sqlx(sqlx::Error::Database(error)) = cause else {
        return false;
    };
    let code = error.code();
    // An aborted transaction that sqlx does not know of, in a shared pool.
    code.as_deref() == Some(ABORTED)
        || code.as_deref() == Some(MARK_CODE) && error.message().contains(MARK)
}

#[cfg(test)]
mod tests {
    use super::Reset;

    #[test]
    fn only_the_thorough_reset_has_a_query() {
        for (reset, queries) in [(Reset::Usual, 0), (Reset::Thorough, 1)] {
            let mut sql = String::from("BEGIN");
            reset.write(&mut sql, 7);
            assert!(sql.starts_with("BEGIN; RESET SESSION AUTHORIZATION; RESET ALL; "));
            assert_eq!(sql.matches("; SELECT ").count(), queries);
        }
    }
}
