//! The first migration of a project, from a database that exists.

use super::squash::migration_of;
use crate::config::Paths;
use crate::database::{ThrowawayDatabase, read_whole};
use crate::migrate::apply::{Folder, Ledger, Migration, Session};
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Stop};
use crate::schema;
use similar::TextDiff;
use std::path::Path;

/// The text of a migration that builds the schema of the database. A throwaway database built from it
/// has the same schema.
///
/// # Errors
/// [`Failure::NotFirst`] if there are migrations; if the schema has objects that cannot be represented,
/// or the text does not build it.
///
/// # Cancellation
/// The throwaway server is removed; nothing is changed.
pub async fn first_migration(
    session: &mut Session,
    root: &Path,
    server: Option<&str>,
) -> Result<String, Stop> {
    let folder = Paths::read(root).migrations;
    let is_first = !root.join(&folder).exists() || Folder::read(root)?.migrations.is_empty();
    if !is_first || !Ledger::read(session).await?.records.is_empty() {
        return Err(Failure::NotFirst.into());
    }
    let wanted = read_whole(&mut session.connection, &[]).await?;
    let text = schema::dump_as_migration(&wanted);
    let first: Migration = migration_of(1, "first", &text);
    let mut database = ThrowawayDatabase::empty(server).await?;
    let built = database.build_and_read(&[&first]).await;
    database.stop().await?;
    let (wanted, built) = (schema::dump(&wanted), schema::dump(&built?));
    if wanted == built {
        return Ok(text);
    }
    let diff = TextDiff::from_lines(&wanted, &built);
    let mut diff = diff.unified_diff();
    let diff = diff
        .context_radius(1)
        .header("the database", "the migration");
    let message = "the migration would not build the schema of the database";
    let diagnostic = Diagnostic::in_file("unproved-migration", folder, None, message)
        .note(diff.to_string().trim_end())
        .help("write the first migration with `pg_dump --schema-only --no-owner`, and record it with `xact migrate mark`");
    Err(Stop::Diagnostics(vec![diagnostic]))
}
