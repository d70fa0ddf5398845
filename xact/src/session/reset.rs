//! The SQL that resets a session, as a part of the message that begins a transaction.
//!
//! It runs behind BEGIN: a statement in front of it would be in the same transaction anyway, and one that takes a snapshot would
//! forbid ISOLATION LEVEL. A rollback undoes the reset of settings, and the next BEGIN repeats it.

use std::fmt::Write as _;

use crate::error::Cause;

/// Role, settings, temporary objects, cursors and the values of sequences. RESET SESSION AUTHORIZATION resets the role too.
///
/// UNLISTEN takes effect at COMMIT. It ends what another client of a pooler listens to.
const USUAL: &str = "; RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP; CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES";

/// The text that the thorough reset fails with in a session that cannot be reset, and its SQLSTATE:
/// `invalid_text_representation`.
const MARK: &str = "xact: this session is not new";
const MARK_CODE: &str = "22P02";

/// How much of a session is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    /// What utility statements reset.
    Usual,
    /// Also advisory locks of the session, statements prepared by SQL, LISTEN, and the seed of `random()`.
    Thorough,
}

impl Reset {
    /// Appends the reset to a message that has begun a transaction, in a session that should have so many prepared statements.
    ///
    /// The thorough one fails where the session has statements that were prepared by SQL, lacks some of this client's, or
    /// listens: that cannot be undone within a transaction. DEALLOCATE would need the names, and DEALLOCATE ALL drops the
    /// statements of this client too. A statement that has the name of one of this client's would run in its place.
    pub(crate) fn write(self, sql: &mut String, prepared: usize) {
        sql.push_str(USUAL);
        if self == Self::Thorough {
            let seed = fastrand::f64();
            let _infallible = write!(
                sql,
                "; SELECT pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed({seed:.15}), CAST(CASE WHEN (\
                 SELECT pg_catalog.count(*) FILTER (WHERE from_sql) OPERATOR(pg_catalog.>) 0 \
                 OR pg_catalog.count(*) FILTER (WHERE NOT from_sql) OPERATOR(pg_catalog.<) {prepared} \
                 FROM pg_catalog.pg_prepared_statement()) \
                 OR EXISTS (SELECT FROM pg_catalog.pg_listening_channels()) THEN '{MARK}' END AS pg_catalog.int4)"
            );
        }
    }
}

/// Whether BEGIN failed because an earlier transaction left something in the session that cannot be reset. Closing the connection
/// within the failed transaction makes a pooler close its side too.
pub(crate) fn is_used(cause: &Cause) -> bool {
    let Cause::Sqlx(sqlx::Error::Database(error)) = cause else {
        return false;
    };
    error.code().as_deref() == Some(MARK_CODE) && error.message().contains(MARK)
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
