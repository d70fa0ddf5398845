//! Writes a migration from what the migrations build to what a file of SQL says, and proves it.
//!
//! Two throwaway databases are compared. The script is shown only if, run on the first, it gives the
//! second, and if its way back gives the first again: no "no changes" is ever guessed.

use crate::database::{Database, read_whole};
use crate::migrate::apply::{Folder, Migration, silent, take_back};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use crate::schema::catalog::{CatalogRows, ColumnOrder};
use crate::schema::diff::{Rename, Script, diff, in_order_of_names, suggest_renames};
use crate::schema::{self, Schema};
use similar::udiff::unified_diff;
use std::sync::Arc;

/// What came of it.
#[derive(Debug)]
pub enum Generated {
    /// The file says what the migrations build.
    Nothing,
    /// The scripts do what they shall.
    Proved(Written),
    /// Something is left to a person.
    Unproved(Unproved),
}

/// A migration that does not do what it shall.
#[derive(Debug, Default)]
pub struct Unproved {
    /// What cannot be expressed, and what would still differ.
    pub reasons: Vec<String>,
    /// What Postgres said to a statement that it refused.
    pub refused: Vec<Diagnostic>,
    /// The script as far as it goes.
    pub up: String,
    /// The way back, if it came to that.
    pub down: Option<String>,
}

/// A migration that was proved.
#[derive(Debug)]
pub struct Written {
    /// What is applied.
    pub up: String,
    /// What takes it back.
    pub down: String,
    /// The rows and values that are lost by applying it, in words.
    pub losses: Vec<String>,
    /// What looks like a rename that nobody declared, as options.
    pub renames: Vec<String>,
}

/// Writes the migration that makes of what `folder` builds what `target` says.
///
/// # Errors
/// If a migration or the file is refused, or a schema cannot be read.
///
/// # Cancellation
/// The throwaway servers are removed.
pub async fn generate(
    folder: &Folder,
    target: &Arc<SourceFile>,
    renames: &[Rename],
    server: Option<&str>,
) -> Result<Generated, Stop> {
    let mut wanted = Database::empty(server).await?;
    let loaded = load_target(&mut wanted, target).await;
    wanted.stop().await?;
    let wanted = loaded?;
    let mut database = Database::empty(server).await?;
    let generated = on(&mut database, folder, &wanted, renames).await;
    database.stop().await?;
    generated
}

/// A schema, and the rows of the catalog that it was read from.
///
/// Invariant: whatever is called proved is equal in both. A schema alone would not do: an object that its reader loses is
/// lost on both sides of a comparison.
#[derive(Debug)]
struct State {
    schema: Schema,
    rows: CatalogRows,
}

async fn load_target(database: &mut Database, target: &Arc<SourceFile>) -> Result<State, Stop> {
    let schema = database.load_and_read(target).await?;
    let rows = read_rows(database).await?;
    Ok(State { schema, rows })
}

async fn read_state(database: &mut Database) -> Result<State, Stop> {
    let schema = read(database).await?;
    let rows = read_rows(database).await?;
    Ok(State { schema, rows })
}

async fn read_rows(database: &mut Database) -> Result<CatalogRows, Failure> {
    let rows = CatalogRows::read(&mut database.session.connection, ColumnOrder::Ignored).await;
    rows.map_err(Failure::connection("reading the catalog"))
}

async fn on(
    database: &mut Database,
    folder: &Folder,
    target: &State,
    renames: &[Rename],
) -> Result<Generated, Stop> {
    let migrations: Vec<&Migration> = folder.migrations.iter().collect();
    database.build(&migrations).await?;
    let old = read_state(database).await?;
    let wanted = &target.schema;
    let from = after_renames(database, renames, &old.schema).await?;
    if difference(("the migrations", &old), ("the file", target)).is_none() {
        return Ok(Generated::Nothing);
    }
    let script = diff(&from, wanted);
    let losses = script.losses().map(str::to_owned).collect();
    let mut unproved = Unproved {
        reasons: script.left.clone(),
        ..Unproved::default()
    };
    unproved.up = text(&script.after(renames));
    let built = database
        .build(&[&migration(folder, &unproved.up, "")])
        .await;
    if let Err(stop) = built {
        return refused(stop, unproved);
    }
    let new = read_state(database).await?;
    let still = difference(("the file", target), ("the result of the script", &new));
    unproved.reasons.extend(still);
    if !unproved.reasons.is_empty() {
        return Ok(Generated::Unproved(unproved));
    }
    let back = diff(&new.schema, &from).before_undoing(renames);
    let (up, down) = (unproved.up.clone(), text(&back));
    unproved.reasons = back.left;
    unproved.down = Some(down.clone());
    let generated = migration(folder, &up, &down);
    let taken = take_back(&mut database.session, &generated, &silent).await;
    if let Err(stop) = taken {
        return refused(stop, unproved);
    }
    let undone = read_state(database).await?;
    let still = difference(("before", &old), ("the result of the way back", &undone));
    unproved.reasons.extend(still);
    if !unproved.reasons.is_empty() {
        return Ok(Generated::Unproved(unproved));
    }
    let renames = suggest_renames(&from, wanted);
    Ok(Generated::Proved(Written {
        up,
        down,
        losses,
        renames,
    }))
}

/// A script that Postgres refuses is still something that a person can go on from.
fn refused(stop: Stop, mut unproved: Unproved) -> Result<Generated, Stop> {
    match stop {
        Stop::Diagnostics(found) => {
            unproved.refused = found;
            Ok(Generated::Unproved(unproved))
        }
        Stop::Failure(failure) => Err(Stop::Failure(failure)),
    }
}

/// The schema as it is once the renames are done; the database is as before.
async fn after_renames(
    database: &mut Database,
    renames: &[Rename],
    old: &Schema,
) -> Result<Schema, Stop> {
    if renames.is_empty() {
        return Ok(old.clone());
    }
    let doing = "renaming what was declared";
    for rename in renames {
        let done = database.session.execute(&rename.sql(), doing).await;
        done.map_err(|failure| unknown_rename(rename, &failure))?;
    }
    let called = read(database).await?;
    for rename in renames.iter().rev() {
        database.session.execute(&rename.undo(), doing).await?;
    }
    Ok(called)
}

fn unknown_rename(rename: &Rename, failure: &Failure) -> Failure {
    let source = std::io::Error::other(failure.to_string());
    Failure::io("rename", rename.sql().trim_end())(source)
}

async fn read(database: &mut Database) -> Result<Schema, Stop> {
    let roles = database.created_roles.clone();
    read_whole(&mut database.session.connection, &roles).await
}

/// Roles belong to the cluster, and columns stand where Postgres puts them.
fn comparable(schema: &Schema) -> String {
    let roles = Vec::new();
    schema::dump(&Schema {
        roles,
        ..in_order_of_names(schema)
    })
}

/// How two states differ: in schema.sql or, where that shows nothing, in the rows of the catalog.
fn difference((from, wanted): (&str, &State), (to, found): (&str, &State)) -> Option<String> {
    let (before, after) = (comparable(&wanted.schema), comparable(&found.schema));
    if before != after {
        let names = Some((from, to));
        let diff = unified_diff(similar::Algorithm::Myers, &before, &after, 1, names);
        return Some(format!("the schema would still differ:\n{diff}"));
    }
    let rows = wanted.rows.differences(&found.rows, from, to);
    (!rows.is_empty()).then(|| format!("the catalog would still differ:\n{}", rows.join("\n")))
}

/// Functions may speak of what is created after them.
fn text(script: &Script) -> String {
    let text = script.text();
    if text.contains(" FUNCTION ") || text.contains(" PROCEDURE ") {
        return format!("SET LOCAL check_function_bodies = off;\n{text}");
    }
    text
}

/// The scripts as the migration that they would be.
fn migration(folder: &Folder, up: &str, down: &str) -> Migration {
    let version = folder.migrations.last().map_or(0, |last| last.version) + 1;
    let file = |way: &str, text: &str| {
        let path = format!("generated.{way}.sql");
        Arc::new(SourceFile {
            path,
            text: text.to_owned(),
        })
    };
    Migration {
        version,
        slug: "generated".to_owned(),
        up: file("up", up),
        down: Some(file("down", down)),
        parents: Vec::new(),
    }
}
