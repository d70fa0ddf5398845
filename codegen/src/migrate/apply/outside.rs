//! A migration outside a transaction, with a record of intent from its beginning.
//!
//! Each step that Postgres takes in a transaction has one of its own, with the count of steps inside.
//! Only a step that it refuses there can be done and not counted, when the process or the server
//! dies between: that is what `recovery` is for.

use super::folder::{Migration, checksum};
use super::ledger::{self, Direction, Entry, Progress};
use super::progress::{Event, Observer, execute};
use super::refusal::{Left, code, one, refused};
use super::script::{Script, words};
use super::transaction::{commit, is_refused_in_transaction, roll_back};
use super::{Session, recovery};
use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use std::ops::Range;

/// Runs a script from its first step.
pub(super) async fn run(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &Script<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    count(session, migration, direction, script, 0).await?;
    steps(session, migration, direction, script, (0, observer)).await
}

/// Continues a script that was interrupted after `done` steps.
pub(super) async fn resume(
    session: &mut Session,
    migration: &Migration,
    progress: Progress,
    script: &Script<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let Progress { direction, done } = progress;
    observer(&Event::Continued(migration, direction, done));
    settings(session, script, done).await?;
    let mut next = done;
    if let Some([range]) = script.steps.get(done).map(Vec::as_slice)
        && recovery::is_done(session, script, range).await?
    {
        next += 1;
        count(session, migration, direction, script, next).await?;
    }
    steps(session, migration, direction, script, (next, observer)).await
}

/// The settings that the steps before made for those after them ended with their session.
async fn settings(session: &mut Session, script: &Script<'_>, done: usize) -> Result<(), Stop> {
    for range in script.steps.iter().take(done).flatten() {
        let text = script.text(range);
        let leading = words(text);
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

/// Whether the part that is done is still what the file begins with.
pub(super) fn unchanged(script: &Script<'_>, done: usize, recorded: &[u8]) -> Result<(), Stop> {
    if done <= script.steps.len() && checksum(script.done_text(done)) == recorded {
        return Ok(());
    }
    let message = "the part of this migration that is done already was edited";
    let path = &script.file.path;
    let help = format!(
        "restore the first {done} of its steps, or, after mending the database by hand, say what \
         is true with `xact migrate mark` or `unmark`"
    );
    Err(one(Diagnostic::in_file(
        "edited-migration",
        path,
        None,
        message,
    )
    .help(help)))
}

async fn steps(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &Script<'_>,
    (from, observer): (usize, Observer<'_>),
) -> Result<(), Stop> {
    for (place, step) in script.steps.iter().enumerate().skip(from) {
        let counted = Counted {
            migration,
            direction,
            done: place + 1,
        };
        let taken = take(session, script, step, &counted, observer).await;
        if let Err(stop) = taken {
            if place == 0 {
                abandon(session, migration, direction).await;
            }
            return Err(stop);
        }
    }
    finish(session, migration, direction).await
}

/// What is written when a step is done.
struct Counted<'a> {
    migration: &'a Migration,
    direction: Direction,
    done: usize,
}

async fn take(
    session: &mut Session,
    script: &Script<'_>,
    step: &[Range<usize>],
    counted: &Counted<'_>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let Counted {
        migration,
        direction,
        done,
    } = *counted;
    let left = if done == 1 {
        Left::Nothing
    } else {
        Left::Before
    };
    session.execute("BEGIN", "beginning a step").await?;
    for range in step {
        let (text, span) = (script.text(range), || script.span(range));
        let Err(error) = execute(session, text, span, observer).await else {
            continue;
        };
        roll_back(session).await;
        if !is_refused_in_transaction(&error) || step.len() > 1 {
            return Err(refused(script, range, error, left));
        }
        alone(session, script, range, left, observer).await?;
        return count(session, migration, direction, script, done).await;
    }
    count(session, migration, direction, script, done).await?;
    commit(session, script).await
}

/// A statement in no transaction. Where it was refused, what it left half-built is taken away.
async fn alone(
    session: &mut Session,
    script: &Script<'_>,
    range: &Range<usize>,
    left: Left,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let mut tries = 0;
    loop {
        let (text, span) = (script.text(range), || script.span(range));
        let Err(error) = execute(session, text, span, observer).await else {
            return Ok(());
        };
        recovery::clear(session, script, range).await?;
        tries += 1;
        // A stock tool that waits for the lock inside the server is what `CREATE INDEX
        // CONCURRENTLY` waits for in turn; Postgres ends one of the two.
        if code(&error) != Some(DEADLOCK) || tries == TRIES {
            return Err(refused(script, range, error, left));
        }
    }
}

const DEADLOCK: &str = "40P01";
const TRIES: usize = 5;

async fn count(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    script: &Script<'_>,
    done: usize,
) -> Result<(), Stop> {
    let table = session.table().await?;
    let entry = Entry {
        checksum: checksum(script.done_text(done)),
        ..Entry::of(migration)
    };
    let progress = Progress { direction, done };
    ledger::enter_progress(&mut session.connection, &table, &entry, progress)
        .await
        .map_err(|error| ledger::failed(error).into())
}

async fn finish(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
) -> Result<(), Stop> {
    let table = session.table().await?;
    session.fresh().await?;
    let connection = &mut session.connection;
    let written = match direction {
        Direction::Up => ledger::enter(connection, &table, &Entry::of(migration)).await,
        Direction::Down => ledger::strike(connection, &table, migration.version).await,
    };
    written.map_err(|error| ledger::failed(error).into())
}

/// Nothing was done, so nothing is recorded. Should that fail, the record says "0 steps", which is true.
async fn abandon(session: &mut Session, migration: &Migration, direction: Direction) {
    let Ok(table) = session.table().await else {
        return;
    };
    let connection = &mut session.connection;
    let _ = match direction {
        Direction::Up => ledger::strike(connection, &table, migration.version).await,
        Direction::Down => ledger::enter(connection, &table, &Entry::of(migration)).await,
    };
}
