//! Tries every migration on a throwaway database: up, down, up again, and the catalog is the same
//! each time.

use crate::database::{Database, read_whole};
use crate::migrate::apply::{Folder, Migration, build, silent, take_back};
use crate::report::Stop;
use crate::schema::{self, Schema};

/// What is to be said of one migration.
#[derive(Debug)]
pub enum Finding {
    /// Down and up again leave no trace; what its down file takes away with its rows, in words.
    Sound(i64, Vec<String>),
    /// It has no down file.
    Irreversible(i64),
    /// The schema after its down file differs from the one before it, as a diff.
    NotUndone(i64, String),
    /// The schema after the second time up differs from the first, as a diff.
    NotRepeated(i64, String),
}

/// Tries the migrations from the first to the last; those before each other one are applied.
///
/// # Errors
/// If a statement is refused or a schema cannot be read.
///
/// # Cancellation
/// The throwaway server is removed.
pub async fn verify(
    folder: &Folder,
    server: Option<&str>,
    told: impl Fn(&Finding),
) -> Result<(), Stop> {
    let mut database = Database::empty(server).await?;
    let tried = all(&mut database, folder, told).await;
    let stopped = database.stop().await;
    tried.and_then(|()| stopped.map_err(Stop::from))
}

async fn all(
    database: &mut Database,
    folder: &Folder,
    told: impl Fn(&Finding),
) -> Result<(), Stop> {
    let mut before = database.build_and_read(&[]).await?;
    for migration in &folder.migrations {
        let after = database.build_and_read(&[migration]).await?;
        if migration.down.is_none() {
            told(&Finding::Irreversible(migration.version));
        } else {
            told(&there_and_back(database, migration, &before, &after).await?);
        }
        before = after;
    }
    Ok(())
}

async fn there_and_back(
    database: &mut Database,
    migration: &Migration,
    before: &Schema,
    after: &Schema,
) -> Result<Finding, Stop> {
    let version = migration.version;
    take_back(&mut database.session, migration, &silent).await?;
    let roles = database.created_roles.clone();
    let undone = read_whole(&mut database.session.connection, &roles).await?;
    build(&mut database.session, &[migration]).await?;
    let again = read_whole(&mut database.session.connection, &roles).await?;
    // Roles belong to the cluster, and a down file may well leave them.
    let without_roles = |schema: &Schema| {
        let roles = Vec::new();
        schema::dump(&Schema {
            roles,
            ..schema.clone()
        })
    };
    let (was, is) = (without_roles(before), without_roles(&undone));
    if was != is {
        return Ok(Finding::NotUndone(version, diff(&was, &is)));
    }
    let (was, is) = (without_roles(after), without_roles(&again));
    if was != is {
        return Ok(Finding::NotRepeated(version, diff(&was, &is)));
    }
    Ok(Finding::Sound(version, lost(after, &undone)))
}

fn diff(before: &str, after: &str) -> String {
    similar::udiff::unified_diff(similar::Algorithm::Myers, before, after, 1, None)
}

/// The tables and columns of `from` that `to` has not: their rows and values are gone.
fn lost(from: &Schema, to: &Schema) -> Vec<String> {
    let mut lost = Vec::new();
    for table in &from.tables {
        let name = &table.name.sql;
        match to.tables.iter().find(|other| other.name == table.name) {
            None => lost.push(format!("table {name}")),
            Some(other) => {
                let gone = table.columns.iter().filter(|column| {
                    column.generated.is_none()
                        && !other.columns.iter().any(|c| c.name == column.name)
                });
                lost.extend(gone.map(|column| format!("column {name}.{}", column.sql)));
            }
        }
    }
    lost
}

impl Finding {
    /// The version it is about.
    pub fn version(&self) -> i64 {
        match self {
            Self::Sound(version, _)
            | Self::Irreversible(version)
            | Self::NotUndone(version, _)
            | Self::NotRepeated(version, _) => *version,
        }
    }

    /// Whether the migration has to be mended.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::NotUndone(..) | Self::NotRepeated(..))
    }
}
