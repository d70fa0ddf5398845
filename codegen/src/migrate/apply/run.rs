//! Applies pending migrations, in order of version, under the lock.

use super::ahead::{newer_versions, without_newer};
use super::folder::{Folder, Migration};
use super::ledger::{self, Direction, Ledger, MigrationRecord, Progress};
use super::lock::{self, Patience};
use super::progress::{Event, Observer};
use super::script::MigrationScript;
use super::transaction::{self, Ran};
use super::{Session, edited, outside, refusal, squashed};
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everything that is missing.
    Heads,
    /// Everything up to this version, it included.
    Version(i64),
}

impl Target {
    fn includes(self, version: i64) -> bool {
        match self {
            Self::Heads => true,
            Self::Version(last) => version <= last,
        }
    }
}

/// Applies pending migrations; gives those that were applied. An interrupted one is brought to its end first.
///
/// `root` is the project's folder: git there is asked for the former text of an applied migration.
///
/// # Errors
/// A diagnostic if an applied migration was edited or removed, or if a statement is refused; those
/// before it stay. A failure if the connection breaks.
///
/// # Cancellation
/// As if the process had died: the migration at work is rolled back or, outside a transaction,
/// continued by the next run; the lock ends with the connection.
pub async fn run<'a>(
    session: &mut Session,
    root: &Path,
    folder: &'a Folder,
    (target, patience): (Target, Patience),
    observer: Observer<'_>,
) -> Result<Vec<&'a Migration>, Stop> {
    lock::run_under_lock(session, patience, observer, async |session| {
        // Invariant: the table is read under the lock, or another process may be ahead of it.
        session.table().await?;
        let mut ledger = Ledger::read(session).await?;
        ledger = squashed::adopt_squashed(session, folder, ledger, observer).await?;
        let newer = newer_versions(folder, &ledger);
        check_applied(root, folder, &without_newer(&ledger, &newer))?;
        if !newer.is_empty() {
            observer(&Event::Ahead(&newer));
        }
        let mut applied = Vec::new();
        if let Some((version, progress)) = ledger.interrupted() {
            let continued = continue_with(session, folder, (version, progress), &ledger, observer);
            if continued.await? == Direction::Up {
                applied.extend(folder.get(version));
            }
            ledger = Ledger::read(session).await?;
        }
        for migration in choose_pending(folder, &ledger, target)? {
            apply_migration(session, migration, observer).await?;
            applied.push(migration);
        }
        Ok(applied)
    })
    .await
}

/// Applies migrations to a database of one's own, in the order given.
///
/// # Errors
/// As [`run`].
pub(crate) async fn build_migrations(
    session: &mut Session,
    migrations: &[&Migration],
) -> Result<(), Stop> {
    session.table().await?;
    for migration in migrations {
        apply_migration(session, migration, &super::silent).await?;
    }
    Ok(())
}

pub(super) fn choose_pending<'a>(
    folder: &'a Folder,
    ledger: &Ledger,
    target: Target,
) -> Result<Vec<&'a Migration>, Failure> {
    if let Target::Version(version) = target {
        folder.named(version)?;
    }
    let missing = |migration: &&Migration| {
        // Without regard to success: an interrupted one has been continued above.
        target.includes(migration.version) && !ledger.records.contains_key(&migration.version)
    };
    Ok(folder.migrations.iter().filter(missing).collect())
}

/// Whether the applied migrations are those of the folder.
pub(super) fn check_applied(root: &Path, folder: &Folder, ledger: &Ledger) -> Result<(), Stop> {
    let mut found = Vec::new();
    for (version, record) in &ledger.records {
        match folder.get(*version) {
            None => {
                let renamed = find_renamed(folder, ledger, record);
                found.push(edited::report_removed(root, *version, record, renamed));
            }
            // Its checksum is that of the part that is done, which `check_unchanged` compares.
            Some(_) if record.progress.is_some() => {}
            Some(migration) if migration.checksum() == record.checksum => {}
            Some(migration) => found.push(edited::report_edited(root, migration, record)),
        }
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Stop::Diagnostics(found))
    }
}

/// The pending migration with the text of an applied one that has no file: its version was changed.
fn find_renamed<'a>(
    folder: &'a Folder,
    ledger: &Ledger,
    record: &MigrationRecord,
) -> Option<&'a Migration> {
    let mut migrations = folder.migrations.iter();
    migrations.find(|migration| {
        !ledger.records.contains_key(&migration.version) && migration.checksum() == record.checksum
    })
}

/// Brings the interrupted migration to its end, in the direction that it was going.
pub(super) async fn continue_with(
    session: &mut Session,
    folder: &Folder,
    (version, progress): (i64, Progress),
    ledger: &Ledger,
    observer: Observer<'_>,
) -> Result<Direction, Stop> {
    let start = Instant::now();
    let migration = folder.named(version)?;
    let script = cut_interrupted(migration, progress, ledger)?;
    outside::resume_script(session, migration, progress, &script, observer).await?;
    let elapsed = start.elapsed();
    observer(&match progress.direction {
        Direction::Up => Event::Applied(migration, elapsed),
        Direction::Down => Event::Reverted(migration, elapsed),
    });
    Ok(progress.direction)
}

/// The script of an interrupted migration, whose finished part is as it was.
pub(super) fn cut_interrupted<'a>(
    migration: &'a Migration,
    progress: Progress,
    ledger: &Ledger,
) -> Result<MigrationScript<'a>, Stop> {
    let file = MigrationScript::of(migration, progress.direction);
    let file = file.ok_or_else(|| super::revert::refuse_irreversible(migration))?;
    let script = MigrationScript::cut(file).map_err(refusal::stop_with_one)?;
    let recorded = ledger
        .records
        .get(&migration.version)
        .map(|record| record.checksum.as_slice());
    outside::check_unchanged(&script, progress.done, recorded.unwrap_or_default())?;
    Ok(script)
}

async fn apply_migration(
    session: &mut Session,
    migration: &Migration,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let start = Instant::now();
    run_file(session, migration, Direction::Up, &migration.up, observer).await?;
    let elapsed = start.elapsed();
    ledger::record_duration(session, migration.version, elapsed).await?;
    observer(&Event::Applied(migration, elapsed));
    Ok(())
}

/// Runs one file of a migration: in a transaction if it can, outside if it must.
pub(super) async fn run_file(
    session: &mut Session,
    migration: &Migration,
    direction: Direction,
    file: &Arc<SourceFile>,
    observer: Observer<'_>,
) -> Result<(), Stop> {
    let script = MigrationScript::cut(file).map_err(refusal::stop_with_one)?;
    for range in &script.strays {
        observer(&Event::LeftOut(&script.span(range)));
    }
    session.fresh().await?;
    if !script.no_transaction {
        let ran = transaction::run(session, migration, direction, &script, observer).await?;
        let Ran::Refused(range) = ran else {
            return Ok(());
        };
        // Everything was rolled back, so the file can be run from its beginning in the other way.
        observer(&Event::Outside(migration, &script.span(&range)));
    }
    outside::run(session, migration, direction, &script, observer).await
}
