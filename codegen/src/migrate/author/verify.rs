//! Tries every migration on a throwaway database: up, down, up again, and the catalog is the same
//! each time.

use crate::database::{ThrowawayDatabase, read_whole};
use crate::migrate::apply::{Folder, Migration, build_migrations, silent, take_back};
use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use crate::schema::{self, Schema};

/// The result for one migration.
#[derive(Debug)]
pub enum VerifyResult {
    /// Down and up again leave no trace; the tables and columns that its down file drops, in words.
    Sound(i64, Vec<String>),
    /// It has no down file.
    Irreversible(i64),
    /// The schema after its down file differs from the one before it, as a diff.
    NotUndone(i64, String),
    /// The schema after the second time up differs from the first, as a diff.
    NotRepeated(i64, String),
    /// The schema is the one before it, and still its up file is refused the second time: its down file
    /// leaves something that is in no schema, such as a role.
    RefusedAgain(i64, Vec<Diagnostic>),
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
    told: impl Fn(&VerifyResult),
) -> Result<(), Stop> {
    let mut database = ThrowawayDatabase::empty(server).await?;
    let tried = try_all(&mut database, folder, server, told).await;
    let stopped = database.stop().await;
    tried.and_then(|()| stopped.map_err(Stop::from))
}

async fn try_all(
    database: &mut ThrowawayDatabase,
    folder: &Folder,
    server: Option<&str>,
    told: impl Fn(&VerifyResult),
) -> Result<(), Stop> {
    let mut before = database.build_and_read(&[]).await?;
    for (place, migration) in folder.migrations.iter().enumerate() {
        let after = database.build_and_read(&[migration]).await?;
        let finding = match &migration.down {
            None => VerifyResult::Irreversible(migration.version),
            Some(_) => there_and_back(database, migration, &before, &after).await?,
        };
        told(&finding);
        if finding.is_wrong() {
            // The next migrations are tried on the database that the files up to here build.
            let tried: Vec<&Migration> = folder.migrations[..=place].iter().collect();
            let other = ThrowawayDatabase::empty(server).await?;
            std::mem::replace(database, other).stop().await?;
            database.build(&tried).await?;
        }
        before = after;
    }
    Ok(())
}

async fn there_and_back(
    database: &mut ThrowawayDatabase,
    migration: &Migration,
    before: &Schema,
    after: &Schema,
) -> Result<VerifyResult, Stop> {
    let version = migration.version;
    take_back(&mut database.session, migration, &silent).await?;
    let roles = database.created_roles.clone();
    let undone = read_whole(&mut database.session.connection, &roles).await?;
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
        return Ok(VerifyResult::NotUndone(version, diff_texts(&was, &is)));
    }
    if let Err(stop) = build_migrations(&mut database.session, &[migration]).await {
        return match stop {
            Stop::Diagnostics(found) => Ok(VerifyResult::RefusedAgain(version, found)),
            failure @ Stop::Failure(_) => Err(failure),
        };
    }
    let again = read_whole(&mut database.session.connection, &roles).await?;
    let (was, is) = (without_roles(after), without_roles(&again));
    if was != is {
        return Ok(VerifyResult::NotRepeated(version, diff_texts(&was, &is)));
    }
    Ok(VerifyResult::Sound(version, list_losses(after, &undone)))
}

fn diff_texts(before: &str, after: &str) -> String {
    similar::udiff::unified_diff(similar::Algorithm::Myers, before, after, 1, None)
}

/// The tables and columns of `from` that `to` lacks: their rows and values are lost.
fn list_losses(from: &Schema, to: &Schema) -> Vec<String> {
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

impl VerifyResult {
    /// The version it is about.
    pub fn version(&self) -> i64 {
        match self {
            Self::Sound(version, _)
            | Self::Irreversible(version)
            | Self::NotUndone(version, _)
            | Self::NotRepeated(version, _)
            | Self::RefusedAgain(version, _) => *version,
        }
    }

    /// Whether the migration has to be fixed.
    pub fn is_wrong(&self) -> bool {
        matches!(
            self,
            Self::NotUndone(..) | Self::NotRepeated(..) | Self::RefusedAgain(..)
        )
    }
}
