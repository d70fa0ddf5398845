//! A migration outside a transaction, with a record of intent from its beginning.
//!
//! Each step that Postgres takes in a transaction has one of its own, with the count of steps inside.
//! Only a step that it refuses there can be done and not counted, when the process or the server
//! dies between; `recovery` finds out.

use super::folder::{Migration, hash_text};
use super::ledger::{self, Direction, MigrationEntry, Progress};
use super::lock_timeout::{is_timeout, limit_wait, pause_or_refuse};
use super::progress::{Event, Observer, execute_statement};
use super::refusal::{Left, refuse_statement, sqlstate, stop_with_one};
use super::script::{MigrationScript, leading_words};
use super::transaction::{commit_migration, is_refused_in_transaction, roll_back};
use super::{Session, recovery};
use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use std::ops::Range;

/// Runs a script from its first step.
pub(super) async fn run(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &MigrationScript<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    // The record of intent, committed before the first step: without it a crash in that step would
    // leave no trace.
    count_steps(session, migration, direction, script, 0).await?;
    run_steps(session, migration, direction, script, (0, observer)).await
}

/// Continues a script that was interrupted after `done` steps.
pub(super) async fn resume_script(
    session: &mut Session,
    migration: &Migration,
    progress: Progress,
    script: &MigrationScript<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let Progress { direction, done } = progress;
    observer(&Event::Continued(migration, direction, done));
    repeat_settings(session, script, done).await?;
    let mut next = done;
    // Only a step of a single statement can have run outside a transaction.
    if let Some([range]) = script.steps.get(done).map(Vec::as_slice)
        && recovery::is_done(session, script, range).await?
    {
        next += 1;
        count_steps(session, migration, direction, script, next).await?;
    }
    run_steps(session, migration, direction, script, (next, observer)).await
}

/// The settings that the steps before made for those after them ended with their session.
async fn repeat_settings(
    session: &mut Session,
    script: &MigrationScript<'_>,
    done: usize,
) -> Result<(), Stop> {
    for range in script.steps.iter().take(done).flatten() {
        let text = script.text(range);
        let leading = leading_words(text);
        if leading
            .first()
            .is_some_and(|word| word == "SET" || word == "RESET")
        {
            session
                .execute(text, "repeating a setting of the migration")
                .await?;
        }
    }
    Ok(())
}

/// Whether the file still begins with the part that is done.
pub(super) fn check_unchanged(
    script: &MigrationScript<'_>,
    done: usize,
    recorded: &[u8],
) -> Result<(), Stop> {
    if done <= script.steps.len() && hash_text(script.done_text(done)) == recorded {
        return Ok(());
    }
    let message = "the part of this migration that is done already was edited";
    let path = &script.file.path;
    let steps = match done {
        1 => "its first step".to_owned(),
        _ => format!("its first {done} steps"),
    };
    let help = format!(
        "restore {steps}, or, after fixing the database by hand, \
         record its state with `xact migrate mark` or `unmark`"
    );
    Err(stop_with_one(
        Diagnostic::in_file("edited-migration", path, None, message).help(help),
    ))
}

async fn run_steps(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &MigrationScript<'_>,
    (from, observer): (usize, Observer<'_>),
) -> Result<(), Stop> {
    for (place, step) in script.steps.iter().enumerate().skip(from) {
        let counted = Counted {
            migration,
            direction,
            done: place + 1,
        };
        let taken = take_patiently(session, script, step, &counted, observer).await;
        if let Err(stop) = taken {
            // Nothing was done, so stock sqlx must not be kept away by a record without success.
            if place == 0 {
                record_nothing(session, migration, direction).await;
            }
            return Err(stop);
        }
    }
    record_end(session, migration, direction).await
}

/// The record of a step that is done.
struct Counted<'a> {
    migration: &'a Migration,
    direction: Direction,
    done: usize,
}

impl Counted<'_> {
    /// The part that stays if the step is refused.
    fn left(&self) -> Left {
        if self.done == 1 {
            Left::Nothing
        } else {
            Left::Before
        }
    }
}

/// Takes a step, once more while a lock is not available in time.
async fn take_patiently(
    session: &mut Session,
    script: &MigrationScript<'_>,
    step: &[Range<usize>],
    counted: &Counted<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let mut attempt = 1;
    while let Some((range, error)) = take_step(session, script, step, counted, observer).await? {
        let (at, found) = ((script, &range), (error, session.left(counted.left())));
        pause_or_refuse(session, at, found, attempt, observer).await?;
        attempt += 1;
    }
    Ok(())
}

/// Takes a step; gives the statement that did not get its lock, after rolling back.
async fn take_step(
    session: &mut Session,
    script: &MigrationScript<'_>,
    step: &[Range<usize>],
    counted: &Counted<'_>,
    observer: Observer<'_>,
) -> Result<Option<(Range<usize>, sqlx::Error)>, Stop> {
    let Counted {
        migration,
        direction,
        done,
    } = *counted;
    let left = session.left(counted.left());
    session.begin("beginning a step").await?;
    let mut limited = false;
    for range in step {
        limit_wait(session, script, range, &mut limited).await?;
        let Err(error) = execute_statement(session, script, range, observer).await else {
            continue;
        };
        roll_back(session).await;
        if is_timeout(&error) {
            return Ok(Some((range.clone(), error)));
        }
        // Statements between BEGIN and COMMIT belong together, so none of them is run alone.
        if !is_refused_in_transaction(&error) || step.len() > 1 {
            return Err(refuse_statement(script, range, error, left));
        }
        run_alone(session, script, range, left, observer).await?;
        // After the statement, since nothing can be in one transaction with it. A crash between the
        // two is the case that `recovery` decides.
        count_steps(session, migration, direction, script, done).await?;
        return Ok(None);
    }
    count_steps(session, migration, direction, script, done).await?;
    commit_migration(session, script).await.map(|()| None)
}

/// A statement in no transaction. If it is refused, the index that it left half-built is dropped. It
/// has no lock timeout: `CONCURRENTLY` waits for transactions to end, and no query waits behind it.
async fn run_alone(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
    left: Left,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let mut tries = 0;
    loop {
        let Err(error) = execute_statement(session, script, range, observer).await else {
            return Ok(());
        };
        recovery::drop_half_built_index(session, script, range).await?;
        tries += 1;
        // A stock tool waits for the lock inside the server, and `CREATE INDEX CONCURRENTLY` waits for
        // that tool in turn; Postgres ends one of the two. It ends the tool within a few tries.
        if sqlstate(&error) != Some(DEADLOCK) || tries == TRIES {
            return Err(refuse_statement(script, range, error, left));
        }
    }
}

const DEADLOCK: &str = "40P01";
const TRIES: usize = 5;

async fn count_steps(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &MigrationScript<'_>,
    done: usize,
) -> Result<(), Stop> {
    let table = session.table().await?;
    let entry = MigrationEntry {
        checksum: hash_text(script.done_text(done)),
        ..MigrationEntry::of(migration)
    };
    let progress = Progress { direction, done };
    ledger::insert_progress(&mut session.connection, &table, &entry, progress)
        .await
        .map_err(|error| ledger::table_failure(error).into())
}

async fn record_end(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
) -> Result<(), Stop> {
    let table = session.table().await?;
    // The migration may have changed the role, which then might not write the table.
    session.fresh().await?;
    let connection = &mut session.connection;
    let written = match direction {
        Direction::Up => {
            ledger::insert_record(connection, &table, &MigrationEntry::of(migration)).await
        }
        Direction::Down => ledger::delete_record(connection, &table, migration.version).await,
    };
    written.map_err(|error| ledger::table_failure(error).into())
}

/// Nothing was done, so nothing is recorded. Should that fail, the record says "0 steps", which is true.
async fn record_nothing(session: &mut Session, migration: &Migration, direction: Direction) {
    let Ok(table) = session.table().await else {
        return;
    };
    let connection = &mut session.connection;
    let _ = match direction {
        Direction::Up => ledger::delete_record(connection, &table, migration.version).await,
        Direction::Down => {
            ledger::insert_record(connection, &table, &MigrationEntry::of(migration)).await
        }
    };
}
