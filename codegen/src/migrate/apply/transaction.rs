//! One migration in one transaction, its record inside.
//!
//! Whatever goes wrong, nothing of it is left: neither the schema nor the record.

use super::Session;
use super::folder::Migration;
use super::ledger::{self, Direction, MigrationEntry};
use super::lock_timeout::{is_timeout, limit_wait, pause_or_refuse};
use super::progress::{Observer, execute_statement};
use super::refusal::{Left, refuse_statement, sqlstate};
use super::script::MigrationScript;
use crate::report::Stop;
use std::ops::Range;

/// How it went.
pub(super) enum Ran {
    /// It is committed.
    Done,
    /// This statement is refused inside a transaction; everything is rolled back.
    Refused(Range<usize>),
}

/// The errors by which Postgres says "not in a transaction": `CREATE INDEX CONCURRENTLY`, `VACUUM`;
/// and `COMMIT` inside a procedure or DO block.
const NOT_IN_TRANSACTION: &[&str] = &["25001", "2D000"];

/// SQLSTATE `unsafe_new_enum_value_usage`: a label that ALTER TYPE added in the same transaction.
const NOT_COMMITTED: &str = "55P04";

/// Runs a script and records the result; tries once more while a lock is not available in time.
pub(super) async fn run(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &MigrationScript<'_>,
    observer: Observer<'_>,
) -> Result<Ran, Stop> {
    let mut attempt = 1;
    loop {
        let (range, error) = match try_once(session, migration, direction, script, observer).await?
        {
            Tried::Ran(ran) => return Ok(ran),
            Tried::Blocked(range, error) => (range, error),
        };
        let (at, found) = ((script, &range), (error, session.left(Left::Nothing)));
        pause_or_refuse(session, at, found, attempt, observer).await?;
        attempt += 1;
    }
}

enum Tried {
    Ran(Ran),
    Blocked(Range<usize>, sqlx::Error),
}

async fn try_once(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &MigrationScript<'_>,
    observer: Observer<'_>,
) -> Result<Tried, Stop> {
    let table = session.table().await?;
    session.begin("beginning a migration").await?;
    let mut limited = false;
    for range in script.steps.iter().flatten() {
        limit_wait(session, script, range, &mut limited).await?;
        if let Err(error) = execute_statement(session, script, range, observer).await {
            roll_back(session).await;
            let needs_commit = script.commits && sqlstate(&error) == Some(NOT_COMMITTED);
            return if is_refused_in_transaction(&error) || needs_commit {
                Ok(Tried::Ran(Ran::Refused(range.clone())))
            } else if is_timeout(&error) {
                Ok(Tried::Blocked(range.clone(), error))
            } else {
                let left = session.left(Left::Nothing);
                Err(refuse_statement(script, range, error, left))
            };
        }
    }
    session.fresh().await?;
    let connection = &mut session.connection;
    let recorded = match direction {
        Direction::Up => {
            ledger::insert_record(connection, &table, &MigrationEntry::of(migration)).await
        }
        Direction::Down => ledger::delete_record(connection, &table, migration.version).await,
    };
    if let Err(error) = recorded {
        roll_back(session).await;
        return Err(ledger::table_failure(error).into());
    }
    let committed = commit_migration(session, script).await;
    committed.map(|()| Tried::Ran(Ran::Done))
}

/// Ends listening too, which has no use beyond the session: sqlx does not read a notification that arrives between two statements, and one
/// of the migration's own NOTIFY arrives with the COMMIT.
const COMMIT: &str = "UNLISTEN *; COMMIT";

/// Constraints that are deferred speak up only here.
pub(super) async fn commit_migration(
    session: &mut Session,
    script: &MigrationScript<'_>,
) -> Result<(), Stop> {
    let committed = sqlx::Executor::execute(&mut session.connection, COMMIT).await;
    let whole = 0..script.file.text.len();
    let left = session.left(Left::Nothing);
    let refused = |error| refuse_statement(script, &whole, error, left);
    committed.map(drop).map_err(refused)
}

/// On the way to report something else: a connection that cannot do this is dead, which rolls back too.
pub(super) async fn roll_back(session: &mut Session) {
    let _ = session.execute("ROLLBACK", "rolling back").await;
}

pub(super) fn is_refused_in_transaction(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|code| NOT_IN_TRANSACTION.contains(&code))
}

impl MigrationEntry {
    /// The row of a migration that ran to its end.
    pub(super) fn of(migration: &Migration) -> Self {
        Self {
            version: migration.version,
            description: migration.description(),
            checksum: migration.checksum(),
        }
    }
}
