//! Drift: the schema of a database was changed by other means than its migrations.

use crate::config::Paths;
use crate::database::{ThrowawayDatabase, read_whole};
use crate::migrate::apply::{Folder, Ledger, Migration, Session};
use crate::report::{Failure, Stop};
use crate::schema::{self, Schema};
use similar::TextDiff;
use sqlx::PgConnection;
use std::path::Path;

/// Compares the database with one that its applied migrations build on a throwaway server: from what
/// they build to its own schema, as a diff of schema.sql; nothing if they are equal.
///
/// # Errors
/// If a migration is refused, or one of the two schemas cannot be read.
///
/// # Cancellation
/// The throwaway server is removed.
pub async fn find_drift(
    session: &mut Session,
    folder: &Folder,
    server: Option<&str>,
) -> Result<Option<String>, Stop> {
    let ledger = Ledger::read(session).await?;
    let applied = folder.migrations.iter();
    let applied: Vec<&Migration> = applied
        .filter(|migration| ledger.has(migration.version))
        .collect();
    compare_schemas(&mut session.connection, &applied, server).await
}

/// Compares a database with one that the migrations build.
pub(super) async fn compare_schemas(
    connection: &mut PgConnection,
    migrations: &[&Migration],
    server: Option<&str>,
) -> Result<Option<String>, Stop> {
    let mut built = ThrowawayDatabase::empty(server).await?;
    let wanted = built.build_and_read(migrations).await;
    let roles = built.created_roles.clone();
    // Before the result is looked at: an error must not leave a server behind.
    built.stop().await?;
    let wanted = schema::dump(&wanted?);
    let found = schema::dump(&read_whole(connection, &roles).await?);
    if wanted == found {
        return Ok(None);
    }
    // A revision changes with its table, whose change is shown.
    let (wanted, found) = (
        schema::without_revisions(&wanted),
        schema::without_revisions(&found),
    );
    let diff = TextDiff::from_lines(&wanted, &found);
    let mut diff = diff.unified_diff();
    let diff = diff
        .context_radius(2)
        .header("the schema that the migrations build", "the database");
    Ok(Some(diff.to_string()))
}

/// Whether the schema of the database differs from that of schema.sql, by its text and without a
/// throwaway server; nothing if there is no such file, or if a person edited a table in it: the next migration is then written
/// from it, and it says nothing of those that exist.
///
/// An object that schema.sql cannot hold is a difference: `codegen` would have refused it.
///
/// # Errors
/// If the file cannot be read or the connection breaks.
///
/// # Cancellation
/// Nothing was changed.
pub async fn differs_from_file(
    session: &mut Session,
    root: &Path,
) -> Result<Option<bool>, Failure> {
    let path = root.join(Paths::read(root).schema);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", path)(error)),
    };
    if schema::has_edited_table(&text) {
        return Ok(None);
    }
    match read_whole(&mut session.connection, &[]).await {
        Ok(found) => Ok(Some(!is_equal(&text, &found))),
        // Objects that schema.sql cannot represent are not in it.
        Err(Stop::Diagnostics(_)) => Ok(Some(true)),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

/// Roles belong to the cluster, so both sides are compared without them. They come first in the file,
/// up to the heading of the next section.
fn is_equal(text: &str, found: &Schema) -> bool {
    let found = schema::dump(&Schema {
        roles: Vec::new(),
        ..found.clone()
    });
    without_roles(text) == without_roles(&found)
}

/// The statements of schema.sql but those of roles. The comments at its head say how it was made.
fn without_roles(text: &str) -> String {
    let text = schema::statements_of(text);
    let heading = "\n-- Roles\n";
    let Some(start) = text.find(heading) else {
        return text.to_owned();
    };
    let rest = &text[start + heading.len()..];
    let end = rest
        .find("\n-- ")
        .map_or(text.len(), |end| start + heading.len() + end);
    text[..start].to_owned() + &text[end..]
}
