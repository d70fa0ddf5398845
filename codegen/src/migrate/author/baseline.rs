//! Adopts a database that exists: its schema is compared with the one that the migrations build, and
//! only then are they recorded as applied.

use super::drift;
use crate::migrate::apply::{Folder, Migration, Observer, Patience, Session, Target, mark};
use crate::report::Stop;

/// The result of adopting a database.
#[derive(Debug)]
pub enum Baseline {
    /// These are recorded as applied; the database has the schema that they build.
    Adopted(Vec<i64>),
    /// The database differs: from the schema that the migrations build to its own, as a diff of
    /// schema.sql. Nothing is recorded.
    Different(String),
}

/// Compares the database with one that the migrations up to `target` build, on a throwaway server.
///
/// # Errors
/// If one of the two cannot be read, or a migration is refused.
///
/// # Cancellation
/// The throwaway server is removed; nothing is recorded, or everything.
pub async fn baseline(
    session: &mut Session,
    folder: &Folder,
    (target, patience): (Target, Patience),
    server: Option<&str>,
    observer: Observer<'_>,
) -> Result<Baseline, Stop> {
    let migrations: Vec<&Migration> = match target {
        Target::Heads => folder.migrations.iter().collect(),
        Target::Version(version) => {
            folder.named(version)?;
            let migrations = folder.migrations.iter();
            migrations
                .filter(|migration| migration.version <= version)
                .collect()
        }
    };
    if let Some(diff) = drift::compare_schemas(&mut session.connection, &migrations, server).await?
    {
        return Ok(Baseline::Different(diff));
    }
    let versions: Vec<i64> = migrations
        .iter()
        .map(|migration| migration.version)
        .collect();
    let marked = mark(session, folder, &versions, patience, observer).await?;
    Ok(Baseline::Adopted(marked))
}
