//! Adopts a database that exists: what it has is compared with what the migrations build, and only
//! then are they recorded as applied.

use crate::database::{Database, read_whole};
use crate::migrate::apply::{Folder, Migration, Observer, Patience, Session, Target, mark};
use crate::report::Stop;
use crate::schema;
use similar::TextDiff;

/// What came of it.
#[derive(Debug)]
pub enum Baseline {
    /// These are recorded as applied; the database is what they build.
    Adopted(Vec<i64>),
    /// The database is something else: from what the migrations build to what it is, as a diff of
    /// schema.sql. Nothing is recorded.
    Different(String),
}

/// Compares the database with what the migrations up to `target` build, on a throwaway server.
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
    let mut built = Database::empty(server).await?;
    let wanted = built.build_and_read(&migrations).await;
    let roles = built.created_roles.clone();
    built.stop().await?;
    let wanted = schema::dump(&wanted?);
    let found = schema::dump(&read_whole(&mut session.connection, &roles).await?);
    if wanted != found {
        let diff = TextDiff::from_lines(&wanted, &found);
        let mut diff = diff.unified_diff();
        let diff = diff
            .context_radius(2)
            .header("what the migrations build", "the database");
        return Ok(Baseline::Different(diff.to_string()));
    }
    let versions: Vec<i64> = migrations
        .iter()
        .map(|migration| migration.version)
        .collect();
    let marked = mark(session, folder, &versions, patience, observer).await?;
    Ok(Baseline::Adopted(marked))
}
