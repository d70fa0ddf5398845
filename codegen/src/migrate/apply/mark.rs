//! Records migrations as applied, or deletes their records, without running them.

use super::Session;
use super::folder::Folder;
use super::ledger::{self, Ledger, MigrationEntry};
use super::lock::{self, Patience};
use super::progress::Observer;
use crate::report::Stop;

/// Records versions as applied; gives those that were not.
///
/// # Errors
/// If a version has no file, or the connection breaks.
///
/// # Cancellation
/// All are recorded or none.
pub async fn mark(
    session: &mut Session,
    folder: &Folder,
    versions: &[i64],
    patience: Patience,
    observer: Observer<'_>,
) -> Result<Vec<i64>, Stop> {
    let migrations = versions.iter().map(|version| folder.named(*version));
    let migrations = migrations.collect::<Result<Vec<_>, _>>()?;
    lock::run_under_lock(session, patience, observer, async |session| {
        let table = session.table().await?;
        let ledger = Ledger::read(session).await?;
        // In one transaction: a database that is half marked would run the rest.
        session.execute("BEGIN", "recording migrations").await?;
        let mut marked = Vec::new();
        for migration in migrations {
            // A migration that is recorded keeps its time and its checksum, so that an edit still
            // shows.
            if !ledger.has(migration.version) {
                let entry = MigrationEntry::of(migration);
                let inserted = ledger::insert_record(&mut session.connection, &table, &entry).await;
                inserted.map_err(ledger::table_failure)?;
                marked.push(migration.version);
            }
        }
        session.execute("COMMIT", "recording migrations").await?;
        Ok(marked)
    })
    .await
}

/// Deletes the records of versions; gives those that had one.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// All are deleted or none.
pub async fn unmark(
    session: &mut Session,
    versions: &[i64],
    patience: Patience,
    observer: Observer<'_>,
) -> Result<Vec<i64>, Stop> {
    lock::run_under_lock(session, patience, observer, async |session| {
        let table = session.table().await?;
        let ledger = Ledger::read(session).await?;
        session
            .execute("BEGIN", "deleting records of migrations")
            .await?;
        let recorded = versions
            .iter()
            .filter(|version| ledger.records.contains_key(version));
        let recorded: Vec<i64> = recorded.copied().collect();
        for version in &recorded {
            let deleted = ledger::delete_record(&mut session.connection, &table, *version).await;
            deleted.map_err(ledger::table_failure)?;
        }
        session
            .execute("COMMIT", "deleting records of migrations")
            .await?;
        Ok(recorded)
    })
    .await
}
