//! Says what is true of migrations without running them.

use super::Session;
use super::folder::Folder;
use super::ledger::{self, Entry, Ledger};
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
    lock::under(session, patience, observer, async |session| {
        let table = session.table().await?;
        let ledger = Ledger::read(session).await?;
        session.execute("BEGIN", "recording migrations").await?;
        let mut marked = Vec::new();
        for migration in migrations {
            if !ledger.has(migration.version) {
                let entry = Entry::of(migration);
                let entered = ledger::enter(&mut session.connection, &table, &entry).await;
                entered.map_err(ledger::failed)?;
                marked.push(migration.version);
            }
        }
        session.execute("COMMIT", "recording migrations").await?;
        Ok(marked)
    })
    .await
}

/// Strikes the records of versions; gives those that had one.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// All are struck or none.
pub async fn unmark(
    session: &mut Session,
    versions: &[i64],
    patience: Patience,
    observer: Observer<'_>,
) -> Result<Vec<i64>, Stop> {
    lock::under(session, patience, observer, async |session| {
        let table = session.table().await?;
        let ledger = Ledger::read(session).await?;
        session
            .execute("BEGIN", "striking records of migrations")
            .await?;
        let recorded = versions
            .iter()
            .filter(|version| ledger.records.contains_key(version));
        let recorded: Vec<i64> = recorded.copied().collect();
        for version in &recorded {
            let struck = ledger::strike(&mut session.connection, &table, *version).await;
            struck.map_err(ledger::failed)?;
        }
        session
            .execute("COMMIT", "striking records of migrations")
            .await?;
        Ok(recorded)
    })
    .await
}
