//! Lock timeout: how long a statement that changes the schema may wait for a lock at a time.
//!
//! While `ALTER TABLE` waits for one long transaction, every later query on the table waits behind it
//! (Postgres, "Explicit Locking": locks are granted in the order of their requests). So the wait is
//! short, the migration is rolled back, the queries go on, and the migration is tried once more.

use super::Session;
use super::progress::{Event, Observer};
use super::refusal::{Left, refuse_statement, sqlstate};
use super::script::{MigrationScript, leading_words};
use crate::report::{Failure, Stop};
use std::ops::Range;
use std::time::Duration;

/// How long a statement waits if the user does not say: long enough for the usual transactions of an
/// application, short enough for its clients not to give up.
pub const DEFAULT: Duration = Duration::from_secs(5);

/// How often a migration is tried. With the pauses between, and the default timeout, that is about
/// three minutes, after which a person should look at the transaction in the way.
const ATTEMPTS: usize = 10;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// SQLSTATE `lock_not_available`.
const NOT_AVAILABLE: &str = "55P03";

/// The statements that take strong locks on tables: they change the schema. An UPDATE waits for rows,
/// and no other query waits behind it.
const SCHEMA_CHANGES: &[&str] = &[
    "ALTER", "CLUSTER", "COMMENT", "CREATE", "DROP", "GRANT", "IMPORT", "LOCK", "REASSIGN",
    "REFRESH", "REINDEX", "REVOKE", "SECURITY", "TRUNCATE",
];

/// Sets the timeout of the statement at `range`, inside a transaction. `limited` is whether the
/// statement before had one.
pub(super) async fn limit_wait(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
    limited: &mut bool,
) -> Result<(), Failure> {
    let Some(timeout) = session
        .lock_timeout
        .filter(|_| !has_its_own(session, script))
    else {
        return Ok(());
    };
    let leading = leading_words(script.text(range));
    let wanted = leading
        .first()
        .is_some_and(|word| SCHEMA_CHANGES.contains(&word.as_str()));
    // Only on a change: a round trip for each statement would double the time of a large file.
    if wanted != *limited {
        *limited = wanted;
        let milliseconds = if wanted { timeout.as_millis() } else { 0 };
        // LOCAL, so that it ends with the transaction and with each rollback.
        let sql = format!("SET LOCAL lock_timeout = {milliseconds}");
        session.execute(&sql, "setting the lock timeout").await?;
    }
    Ok(())
}

/// A timeout that the migration, the role or the database sets is left alone.
fn has_its_own(session: &Session, script: &MigrationScript<'_>) -> bool {
    session.has_lock_timeout || script.names_lock_timeout
}

/// Whether a statement waited for a lock as long as it may.
pub(super) fn is_timeout(error: &sqlx::Error) -> bool {
    sqlstate(error) == Some(NOT_AVAILABLE)
}

/// Pauses before the next attempt, so that the queries behind go on.
///
/// # Errors
/// The refusal itself, if this was the last attempt or none was asked for.
pub(super) async fn pause_or_refuse(
    session: &Session,
    (script, range): (&MigrationScript<'_>, &Range<usize>),
    (error, left): (sqlx::Error, Left),
    attempt: usize,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    if session.lock_timeout.is_none() || attempt >= ATTEMPTS {
        return Err(refuse_statement(script, range, error, left));
    }
    // 1, 2, 4 … seconds; the bound keeps the shift within its type.
    let pause = Duration::from_secs(1 << attempt.min(6)) / 2;
    let pause = pause.min(LONGEST_PAUSE);
    observer(&Event::Blocked(&Blocked {
        span: script.span(range),
        attempt,
        attempts: ATTEMPTS,
        pause,
    }));
    tokio::time::sleep(pause).await;
    Ok(())
}

/// A statement that did not get its lock in time.
#[derive(Debug)]
pub struct Blocked {
    /// The statement.
    pub span: crate::report::source::Span,
    /// Which attempt this was, from 1.
    pub attempt: usize,
    /// How many there are.
    pub attempts: usize,
    /// How long until the next one.
    pub pause: Duration,
}
