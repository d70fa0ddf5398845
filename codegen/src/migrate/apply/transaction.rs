//! One migration in one transaction, its record inside.
//!
//! Whatever goes wrong, nothing of it is left: neither the schema nor the record.

use super::Session;
use super::folder::Migration;
use super::ledger::{self, Direction, Entry};
use super::progress::{Observer, execute};
use super::refusal::{Left, code, refused};
use super::script::Script;
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

/// Runs a script and writes what became of its migration.
pub(super) async fn run(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &Script<'_>,
    observer: Observer<'_>,
) -> Result<Ran, Stop> {
    let table = session.table().await?;
    session.execute("BEGIN", "beginning a migration").await?;
    for range in script.steps.iter().flatten() {
        let (text, span) = (script.text(range), || script.span(range));
        if let Err(error) = execute(session, text, span, observer).await {
            roll_back(session).await;
            return if is_refused_in_transaction(&error) {
                Ok(Ran::Refused(range.clone()))
            } else {
                Err(refused(script, range, error, Left::Nothing))
            };
        }
    }
    session.fresh().await?;
    let connection = &mut session.connection;
    let recorded = match direction {
        Direction::Up => ledger::enter(connection, &table, &Entry::of(migration)).await,
        Direction::Down => ledger::strike(connection, &table, migration.version).await,
    };
    if let Err(error) = recorded {
        roll_back(session).await;
        return Err(ledger::failed(error).into());
    }
    commit(session, script).await.map(|()| Ran::Done)
}

/// Constraints that are deferred speak up only here.
pub(super) async fn commit(session: &mut Session, script: &Script<'_>) -> Result<(), Stop> {
    let committed = sqlx::Executor::execute(&mut session.connection, "COMMIT").await;
    let whole = 0..script.file.text.len();
    let refused = |error| refused(script, &whole, error, Left::Nothing);
    committed.map(drop).map_err(refused)
}

/// On the way to report something else: a connection that cannot do this is dead, which rolls back too.
pub(super) async fn roll_back(session: &mut Session) {
    let _ = session.execute("ROLLBACK", "rolling back").await;
}

pub(super) fn is_refused_in_transaction(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| NOT_IN_TRANSACTION.contains(&code))
}

impl Entry {
    /// What is written of a migration that ran to its end.
    pub(super) fn of(migration: &Migration) -> Self {
        Self {
            version: migration.version,
            description: migration.description(),
            checksum: migration.checksum(),
        }
    }
}
