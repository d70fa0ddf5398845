//! Replaces the first migrations by one that builds the same: schema, rows and positions of sequences.
//!
//! The new file has the version of the last one that it replaces, and names all of them with their
//! checksums in `-- squashes:` lines. A database that has all of them needs nothing but other records.

use crate::config::MIGRATIONS;
use crate::database::ThrowawayDatabase;
use crate::git;
use crate::migrate::apply::{Folder, Migration, Target, tree};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use crate::schema::{self, Schema};
use crate::sql::quote::quote_literal;
use similar::TextDiff;
use sqlx::PgConnection;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// A migration that was proved to build the same as others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squashed {
    /// Its version: the last one that it replaces.
    pub version: i64,
    /// The file that is applied. It has no down file: its way back is the empty database.
    pub up: String,
    /// The paths of all files that it replaces.
    pub replaced_files: Vec<String>,
    /// The versions that it replaces.
    pub replaced: Vec<i64>,
}

/// The contents of a database that migrations leave.
#[derive(Debug)]
struct Contents {
    schema: Schema,
    /// `SELECT setval(…)` for each sequence that was used.
    positions: String,
}

/// Writes the migration that replaces all up to `target`, and proves it.
///
/// # Errors
/// [`Failure::NotCommitted`] if a file is not in git. A diagnostic if there is only one migration, the
/// migrations up to `target` are no branch of the tree, or the proof fails.
///
/// # Cancellation
/// The throwaway servers are removed; nothing was written.
pub async fn squash(
    root: &Path,
    folder: &Folder,
    target: Target,
    server: Option<&str>,
) -> Result<Squashed, Stop> {
    let replaced = choose_replaced(folder, target)?;
    // The replaced files are deleted, so git has to have them.
    if !git::is_committed(root, &folder.path) {
        let folder = folder.path.clone();
        return Err(Failure::NotCommitted { folder }.into());
    }
    let wanted = build_contents(&replaced, server).await?;
    let version = replaced.last().map_or(0, |last| last.version);
    let body = schema::dump_as_migration(&wanted.schema) + &wanted.positions;
    let up = squashes_lines(&replaced) + &body;
    let built = build_contents(&[&migration_of(version, "squashed", &up)], server).await?;
    prove_equal(&folder.path, &wanted, &built)?;
    let files = replaced.iter().flat_map(|migration| {
        let down = migration.down.iter();
        down.chain([&migration.up]).map(|file| file.path.clone())
    });
    Ok(Squashed {
        version,
        up,
        replaced_files: files.collect(),
        replaced: replaced.iter().map(|migration| migration.version).collect(),
    })
}

fn choose_replaced(folder: &Folder, target: Target) -> Result<Vec<&Migration>, Stop> {
    let last = match target {
        Target::Heads => i64::MAX,
        Target::Version(version) => folder.named(version)?.version,
    };
    let migrations = folder.migrations.iter();
    let chosen: Vec<&Migration> = migrations
        .filter(|migration| migration.version <= last)
        .collect();
    let [_, .., head] = chosen.as_slice() else {
        let message = "there is only one migration to replace, or none";
        return Err(refuse_squash(
            folder,
            "nothing-to-squash",
            message,
            "choose a later version with `--to`",
        ));
    };
    // A migration of another branch has a lower version and is not below the head, so it would be
    // lost.
    if tree::collect_branch(&folder.migrations, head.version).len() < chosen.len() {
        let message = format!(
            "not all migrations up to version {} are before it in the tree",
            head.version
        );
        let help = "join the heads first: `xact migrate merge`";
        return Err(refuse_squash(folder, "open-branches", &message, help));
    }
    Ok(chosen)
}

fn refuse_squash(folder: &Folder, code: &'static str, message: &str, help: &str) -> Stop {
    let diagnostic = Diagnostic::in_file(code, &folder.path, None, message).help(help);
    Stop::Diagnostics(vec![diagnostic])
}

/// The lines that name the replaced migrations. One that is squashed already names those before it too.
fn squashes_lines(replaced: &[&Migration]) -> String {
    let mut text = String::new();
    for migration in replaced {
        for (version, checksum) in &migration.squashes {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "-- squashes: {version} {checksum}");
        }
        let (name, checksum) = (
            migration.name(),
            crate::migrate::apply::short_checksum(&migration.checksum()),
        );
        let _ = writeln!(text, "-- squashes: {name} {checksum}");
    }
    text
}

async fn build_contents(migrations: &[&Migration], server: Option<&str>) -> Result<Contents, Stop> {
    let mut database = ThrowawayDatabase::empty(server).await?;
    let contents = read_contents(&mut database, migrations).await;
    database.stop().await?;
    contents
}

async fn read_contents(
    database: &mut ThrowawayDatabase,
    migrations: &[&Migration],
) -> Result<Contents, Stop> {
    let mut schema = database.build_and_read(migrations).await?;
    let connection = &mut database.session.connection;
    let failed = Failure::connection("reading the rows that the migrations insert");
    let read = schema::read_all_rows(connection, &mut schema).await;
    read.map_err(failed)?;
    let positions = read_positions(connection).await?;
    Ok(Contents { schema, positions })
}

/// The position of each sequence that was used: an INSERT with explicit keys does not move it.
async fn read_positions(connection: &mut PgConnection) -> Result<String, Failure> {
    let rows: Vec<(String, i64)> = sqlx::query_as(include_str!("positions.sql"))
        .fetch_all(connection)
        .await
        .map_err(Failure::connection("reading the positions of sequences"))?;
    let line = |(name, last): &(String, i64)| {
        let name = quote_literal(name);
        // `true`: the value was given out, and the next call gives the one after it.
        format!("SELECT pg_catalog.setval({name}, {last}, true);\n")
    };
    Ok(rows.iter().map(line).collect())
}

fn prove_equal(folder: &str, wanted: &Contents, built: &Contents) -> Result<(), Stop> {
    let text = |contents: &Contents| schema::dump(&contents.schema) + &contents.positions;
    let (wanted, built) = (text(wanted), text(built));
    if wanted == built {
        return Ok(());
    }
    let diff = TextDiff::from_lines(&wanted, &built);
    let mut diff = diff.unified_diff();
    let diff = diff
        .context_radius(1)
        .header("the migrations", "the new migration");
    let message = "one migration would not build the same as these";
    let diagnostic = Diagnostic::in_file("unproved-migration", folder, None, message)
        .note(diff.to_string().trim_end())
        .help("replace fewer of them: `--to VERSION`");
    Err(Stop::Diagnostics(vec![diagnostic]))
}

/// A migration that is in no file yet.
pub(super) fn migration_of(version: i64, slug: &str, text: &str) -> Migration {
    // Diagnostics name it by its path, which no file has.
    let path = format!("{MIGRATIONS}/{version}_{slug}.up.sql");
    let text = text.to_owned();
    Migration {
        version,
        slug: slug.to_owned(),
        up: Arc::new(SourceFile::new(path, text)),
        down: None,
        parents: Vec::new(),
        squashes: Vec::new(),
    }
}
