//! Reverts applied migrations, the highest version first, under the lock.

use super::folder::{Folder, Migration};
use super::ledger::{Direction, Ledger, Progress};
use super::lock::{self, Patience};
use super::progress::{Event, Observer};
use super::script::MigrationScript;
use super::{Session, refusal, run, squashed};
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Stop};
use std::path::Path;
use std::time::Instant;

/// How far to go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// So many migrations.
    Count(usize),
    /// To this version, which stays; 0 is the empty database, unless a migration has that version.
    To(i64),
    /// To the empty database.
    All,
}

/// Reverts migrations; gives those that were reverted.
///
/// # Errors
/// A diagnostic if one of them has no down file, before any is reverted, or if a statement is
/// refused. A failure if the connection breaks.
///
/// # Cancellation
/// As [`run()`](super::run()).
pub async fn revert<'a>(
    session: &mut Session,
    root: &Path,
    folder: &'a Folder,
    (back, patience): (Back, Patience),
    observer: Observer<'_>,
) -> Result<Vec<&'a Migration>, Stop> {
    lock::run_under_lock(session, patience, observer, async |session| {
        let mut ledger = Ledger::read(session).await?;
        ledger = squashed::adopt_squashed(session, folder, ledger, observer).await?;
        run::check_applied(root, folder, &ledger)?;
        let mut reverted = Vec::new();
        if let Some(interrupted) = ledger.interrupted() {
            not_going_up(interrupted)?;
            run::continue_with(session, folder, interrupted, &ledger, observer).await?;
            reverted.extend(folder.get(interrupted.0));
            ledger = Ledger::read(session).await?;
        }
        for migration in choose_reverted(folder, &ledger, back, reverted.len())? {
            take_back(session, migration, observer).await?;
            reverted.push(migration);
        }
        Ok(reverted)
    })
    .await
}

/// The migrations that [`revert`] would revert, the highest first. Changes nothing and takes no lock.
///
/// # Errors
/// As [`revert`], except for the errors that only running shows.
///
/// # Cancellation
/// Nothing was changed.
pub async fn plan_revert<'a>(
    session: &mut Session,
    root: &Path,
    folder: &'a Folder,
    back: Back,
) -> Result<Vec<&'a Migration>, Stop> {
    let ledger = squashed::as_adopted(folder, &Ledger::read(session).await?)?;
    run::check_applied(root, folder, &ledger)?;
    if let Some(interrupted) = ledger.interrupted() {
        return Err(Failure::Interrupted {
            version: interrupted.0,
        }
        .into());
    }
    let planned = choose_reverted(folder, &ledger, back, 0)?;
    for migration in &planned {
        // A dry run names the errors that would stop the run.
        if let Some(down) = &migration.down {
            MigrationScript::cut(down).map_err(refusal::stop_with_one)?;
        }
    }
    Ok(planned)
}

/// The migrations to revert, the highest first; `done` of those asked for are reverted already.
fn choose_reverted<'a>(
    folder: &'a Folder,
    ledger: &Ledger,
    back: Back,
    done: usize,
) -> Result<Vec<&'a Migration>, Stop> {
    let applied = folder.migrations.iter().rev();
    let applied = applied.filter(|migration| ledger.has(migration.version));
    let chosen: Vec<&Migration> = match back {
        Back::Count(count) => applied.take(count.saturating_sub(done)).collect(),
        Back::All => applied.collect(),
        Back::To(0) if folder.get(0).is_none() => applied.collect(),
        Back::To(version) => {
            folder.named(version)?;
            applied
                .take_while(|migration| migration.version > version)
                .collect()
        }
    };
    // Before any is reverted: half of the way back would be left.
    match chosen.iter().find(|migration| migration.down.is_none()) {
        Some(migration) => Err(refuse_irreversible(migration)),
        None => Ok(chosen),
    }
}

pub(super) fn refuse_irreversible(migration: &Migration) -> Stop {
    let path = &migration.up.path;
    let message = "this migration has no down file, so it cannot be reverted";
    let down = path.replace(".up.sql", ".down.sql");
    let down = if down == *path {
        path.replace(".sql", ".down.sql")
    } else {
        down
    };
    refusal::stop_with_one(
        Diagnostic::in_file("irreversible", path, None, message)
            .note("nothing was reverted")
            .help(format!("write `{down}`")),
    )
}

fn not_going_up((version, progress): (i64, Progress)) -> Result<(), Failure> {
    match progress.direction {
        Direction::Down => Ok(()),
        Direction::Up => Err(Failure::Interrupted { version }),
    }
}

pub(in crate::migrate) async fn take_back(
    session: &mut Session,
    migration: &Migration,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let start = Instant::now();
    let Some(down) = &migration.down else {
        return Err(refuse_irreversible(migration));
    };
    run::run_file(session, migration, Direction::Down, down, observer).await?;
    observer(&Event::Reverted(migration, start.elapsed()));
    Ok(())
}
