//! The SQL that resets a session, as a part of the message that begins a transaction.
//!
//! It runs behind BEGIN: a statement in front of it would be in the same transaction anyway, and one that takes a snapshot would
//! forbid ISOLATION LEVEL. A rollback undoes the reset of settings, and the next BEGIN repeats it.

use std::fmt::Write as _;

use crate::error::Error;

/// Role, settings, temporary objects, cursors and the values of sequences. RESET SESSION AUTHORIZATION resets the role too.
///
/// UNLISTEN takes effect at COMMIT. It ends what another client of a pooler listens to.
const USUAL: &str = "; RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP; CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES";

/// Fails where the session has statements that were prepared by SQL, or listens: neither can be undone within a transaction.
/// DEALLOCATE would need their names, and DEALLOCATE ALL drops the statements of this client too. One that bears the name of a
/// statement of ours would run in its place.
const REFUSE_USED: &str = ", CAST(CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_prepared_statement() WHERE from_sql) \
    OR EXISTS (SELECT FROM pg_catalog.pg_listening_channels()) THEN 'xact: this session is not new' END AS pg_catalog.int4)";

/// The text that [`REFUSE_USED`] fails with, and its SQLSTATE: `invalid_text_representation`.
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
    /// Appends the reset to a message that has begun a transaction.
    pub(crate) fn write(self, sql: &mut String) {
        sql.push_str(USUAL);
        if self == Self::Thorough {
            let seed = fastrand::f64();
            let _infallible = write!(
                sql,
                "; SELECT pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed({seed:.15}){REFUSE_USED}"
            );
        }
    }
}

/// Whether BEGIN failed because an earlier transaction left something in the session that cannot be reset. Closing the connection
/// within the failed transaction makes a pooler close its side too.
pub(crate) fn is_used_session(error: &Error) -> bool {
    error.code() == Some(MARK_CODE) && error.to_string().contains(MARK)
}

#[cfg(test)]
mod tests {
    use super::{MARK, REFUSE_USED, Reset};

    #[test]
    fn only_the_thorough_reset_has_a_query() {
        for (reset, queries) in [(Reset::Usual, 0), (Reset::Thorough, 1)] {
            let mut sql = String::from("BEGIN");
            reset.write(&mut sql);
            assert!(sql.starts_with("BEGIN; RESET SESSION AUTHORIZATION; RESET ALL; "));
            assert_eq!(sql.matches("; SELECT ").count(), queries);
        }
        assert!(REFUSE_USED.contains(MARK));
    }
}
