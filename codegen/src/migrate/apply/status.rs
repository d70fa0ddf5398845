//! The status of a database: each migration of the folder and of the table, and the holder of the lock.

use super::folder::{Folder, Migration};
use super::ledger::{Direction, Ledger, MigrationRecord, Progress};
use super::lock::{self, Holder};
use super::script::MigrationScript;
use super::{Session, squashed};
use crate::report::Failure;
use sqlx::types::time::OffsetDateTime;
use std::collections::BTreeSet;

/// The status of one database.
#[derive(Clone, Debug)]
pub struct Status {
    /// In order of version.
    pub rows: Vec<StatusRow>,
    /// The versions that no other migration builds on.
    pub heads: Vec<i64>,
    /// Who migrates at this moment.
    pub holder: Option<Holder>,
}

/// The status of one migration.
#[derive(Clone, Debug)]
pub struct StatusRow {
    /// Its version.
    pub version: i64,
    /// Its slug: that of its file, or of the table if there is no file.
    pub slug: String,
    /// Its state.
    pub state: MigrationState,
    /// Whether a higher version was applied before it.
    pub out_of_order: bool,
    /// When it was applied.
    pub applied_at: Option<OffsetDateTime>,
    /// How long that took, in nanoseconds.
    pub duration: Option<u64>,
    /// The migrations it builds on.
    pub parents: Vec<i64>,
}

/// The state of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// The database has it.
    Applied,
    /// The database does not have it yet.
    Pending,
    /// The database has it as it was before its file was edited.
    Edited,
    /// The database has it, and there is no file.
    Missing,
    /// It runs at this moment, outside a transaction.
    Running(Progress),
    /// It ran outside a transaction and was interrupted, at this place: `path:line`.
    Interrupted(Progress, String),
}

impl Status {
    /// Whether the database has everything that the folder has, unchanged.
    pub fn is_current(&self) -> bool {
        self.pending() == 0 && !self.is_wrong()
    }

    /// Whether action is required before the rest can be applied. A database that is only ahead of
    /// the files needs none.
    pub fn is_wrong(&self) -> bool {
        let is_edited = |row: &StatusRow| row.state == MigrationState::Edited;
        self.rows.iter().any(is_edited) || self.ahead() > 0 && self.pending() > 0
    }

    /// How many applied migrations have no file.
    pub fn ahead(&self) -> usize {
        let is_missing = |row: &&StatusRow| row.state == MigrationState::Missing;
        self.rows.iter().filter(is_missing).count()
    }

    /// How many migrations are pending, an interrupted one among them.
    pub fn pending(&self) -> usize {
        let waits = |row: &&StatusRow| {
            matches!(
                row.state,
                MigrationState::Pending
                    | MigrationState::Running(_)
                    | MigrationState::Interrupted(..)
            )
        };
        self.rows.iter().filter(waits).count()
    }
}

/// Compares the folder with the database. Changes nothing and takes no lock.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Nothing was changed.
pub async fn status(session: &mut Session, folder: &Folder) -> Result<Status, Failure> {
    let ledger = Ledger::read(session).await?;
    // A database that has only some squashed migrations is shown as it is.
    let ledger = squashed::as_adopted(folder, &ledger).unwrap_or(ledger);
    let holder = lock::read_holder_of_database(session).await?;
    let versions: BTreeSet<i64> = folder
        .migrations
        .iter()
        .map(|migration| migration.version)
        .chain(ledger.records.keys().copied())
        .collect();
    let row = |version| build_row(version, folder, &ledger, holder.is_some());
    Ok(Status {
        rows: versions.into_iter().map(row).collect(),
        heads: folder.heads().iter().map(|head| head.version).collect(),
        holder: holder.clone(),
    })
}

fn build_row(version: i64, folder: &Folder, ledger: &Ledger, locked: bool) -> StatusRow {
    let (migration, record) = (folder.get(version), ledger.records.get(&version));
    let recorded = || record.map(|record| record.description.replace(' ', "_"));
    let state = find_state(migration, record, locked);
    let late = match record {
        // Pending below an applied version: it came by a merge, and will run out of order.
        None => ledger.records.range(version..).next().is_some(),
        Some(record) => ledger
            .records
            .range(version..)
            .any(|(_, other)| other.installed_on < record.installed_on),
    };
    StatusRow {
        version,
        slug: migration
            .map(|migration| migration.slug.clone())
            .or_else(recorded)
            .unwrap_or_default(),
        state,
        out_of_order: late,
        applied_at: record.map(|record| record.installed_on),
        duration: record.and_then(|record| record.duration),
        parents: migration
            .map(|migration| migration.parents.clone())
            .unwrap_or_default(),
    }
}

fn find_state(
    migration: Option<&Migration>,
    record: Option<&MigrationRecord>,
    locked: bool,
) -> MigrationState {
    match (migration, record) {
        (_, None) => MigrationState::Pending,
        (None, Some(_)) => MigrationState::Missing,
        (
            Some(_),
            Some(MigrationRecord {
                progress: Some(progress),
                ..
            }),
            // The lock tells an interrupted migration from one at work: its holder died with the
            // connection.
        ) if locked => MigrationState::Running(*progress),
        (
            Some(migration),
            Some(MigrationRecord {
                progress: Some(progress),
                ..
            }),
        ) => MigrationState::Interrupted(*progress, find_place(migration, *progress)),
        (Some(migration), Some(record)) if migration.checksum() != record.checksum => {
            MigrationState::Edited
        }
        _ => MigrationState::Applied,
    }
}

/// The statement that comes next, as `path:line`.
fn find_place(migration: &Migration, progress: Progress) -> String {
    let file = MigrationScript::of(migration, progress.direction).unwrap_or(&migration.up);
    let next = MigrationScript::cut(file).ok().and_then(|script| {
        let range = script.steps.get(progress.done)?.first()?.clone();
        Some(script.span(&range).position().line)
    });
    match next {
        Some(line) => format!("{}:{line}", file.path),
        None => format!("the end of {}", file.path),
    }
}

impl Direction {
    /// The state that the migration is on its way to, in words.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Up => "applied",
            Self::Down => "reverted",
        }
    }
}
