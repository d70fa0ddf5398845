//! Writes the migration from the schema that the migrations build to that of a file of SQL, and proves it.
//!
//! Two throwaway databases are compared. The script is shown only if, run on the first, it gives the
//! second, and if its way back gives the first again: no "no changes" is ever guessed.

use super::rows::try_on_rows;
use crate::database::{ThrowawayDatabase, read_whole};
use crate::migrate::apply::{Folder, Migration, silent, take_back};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use crate::schema::catalog::{CatalogRows, ColumnOrder};
use crate::schema::diff::{
    Rename, RenameSteps, Script, carry_names, convert_serials, diff, in_order_of_names,
    resolve_renames, suggest_renames,
};
use crate::schema::{self, Schema};
use similar::udiff::unified_diff;
use std::sync::Arc;

/// The result of writing a migration.
#[derive(Debug)]
pub enum GeneratedMigration {
    /// The file has the schema that the migrations build.
    Nothing,
    /// The scripts give the target and, reverted, the schema before.
    Proved(WrittenMigration),
    /// Something is left to a person.
    Unproved(Unproved),
}

/// A migration whose proof failed.
#[derive(Debug, Default)]
pub struct Unproved {
    /// Changes that cannot be expressed, and differences that would stay.
    pub reasons: Vec<String>,
    /// The statements that Postgres refused.
    pub refused: Vec<Diagnostic>,
    /// The script as far as it goes.
    pub up: String,
    /// The way back, if it came to that.
    pub down: Option<String>,
    /// Whether the script forward was proved, and only the way back was not.
    pub is_up_proved: bool,
    /// The rows and values that are lost by applying it, described.
    pub losses: Vec<String>,
}

/// A migration that was proved.
#[derive(Debug)]
pub struct WrittenMigration {
    /// The script that is applied.
    pub up: String,
    /// The script that reverts it.
    pub down: String,
    /// The rows and values that are lost by applying it, in words.
    pub losses: Vec<String>,
    /// Likely renames that were not declared, as options.
    pub renames: Vec<String>,
}

/// Writes the migration that takes the schema built by `folder` to the one in `target`.
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
) -> Result<GeneratedMigration, Stop> {
    let mut wanted = ThrowawayDatabase::empty(server).await?;
    let loaded = load_target(&mut wanted, target).await;
    // Before an error is returned, which would leave the server running.
    wanted.stop().await?;
    let wanted = loaded?;
    let mut database = ThrowawayDatabase::empty(server).await?;
    let generated = generate_on(&mut database, folder, &wanted, renames).await;
    database.stop().await?;
    generated
}

/// A schema, and the rows of the catalog that it was read from.
///
/// Invariant: whatever is called proved is equal in both. A schema alone would not do: an object that its reader loses is
/// lost on both sides of a comparison.
#[derive(Debug)]
struct SchemaState {
    schema: Schema,
    rows: CatalogRows,
}

async fn load_target(
    database: &mut ThrowawayDatabase,
    target: &Arc<SourceFile>,
) -> Result<SchemaState, Stop> {
    let schema = database.load_and_read(target).await?;
    let rows = read_rows(database).await?;
    Ok(SchemaState { schema, rows })
}

async fn read_state(database: &mut ThrowawayDatabase) -> Result<SchemaState, Stop> {
    let schema = read_schema(database).await?;
    let rows = read_rows(database).await?;
    Ok(SchemaState { schema, rows })
}

async fn read_rows(database: &mut ThrowawayDatabase) -> Result<CatalogRows, Failure> {
    let rows = CatalogRows::read(&mut database.session.connection, ColumnOrder::Ignored).await;
    rows.map_err(Failure::connection("reading the catalog"))
}

async fn generate_on(
    database: &mut ThrowawayDatabase,
    folder: &Folder,
    target: &SchemaState,
    renames: &[Rename],
) -> Result<GeneratedMigration, Stop> {
    let migrations: Vec<&Migration> = folder.migrations.iter().collect();
    database.build(&migrations).await?;
    let old = read_state(database).await?;
    let wanted = &target.schema;
    let (renames, from) = rename_and_read(database, renames, &old.schema, wanted).await?;
    if describe_difference(("the migrations", &old), ("the file", target)).is_none() {
        return Ok(GeneratedMigration::Nothing);
    }
    let script = diff(&from, wanted);
    let losses: Vec<String> = script.losses().map(str::to_owned).collect();
    let mut unproved = Unproved {
        reasons: script.left.clone(),
        losses: losses.clone(),
        ..Unproved::default()
    };
    unproved.up = script_text(&script.clone().after(&renames));
    let built = database
        .build(&[&generated_migration(folder, &unproved.up, "")])
        .await;
    if let Err(stop) = built {
        return keep_refused(stop, unproved);
    }
    let new = read_state(database).await?;
    let still = describe_difference(("the file", target), ("the result of the script", &new));
    unproved.reasons.extend(still);
    if !unproved.reasons.is_empty() {
        return Ok(GeneratedMigration::Unproved(unproved));
    }
    unproved.is_up_proved = true;
    let script = script.after(&renames);
    let back = diff(&new.schema, &from).before_undoing(&renames);
    let (up, down) = (unproved.up.clone(), script_text(&back));
    unproved.reasons.clone_from(&back.left);
    unproved.down = Some(down.clone());
    let generated = generated_migration(folder, &up, &down);
    let taken = take_back(&mut database.session, &generated, &silent).await;
    if let Err(stop) = taken {
        return keep_refused(stop, unproved);
    }
    let undone = read_state(database).await?;
    let still = describe_difference(("before", &old), ("the result of the way back", &undone));
    unproved.reasons.extend(still);
    if !unproved.reasons.is_empty() {
        return Ok(GeneratedMigration::Unproved(unproved));
    }
    let findings = try_on_rows(
        &mut database.session.connection,
        &old.schema,
        &script,
        &back,
    )
    .await;
    let findings = findings.map_err(Failure::connection("trying the migration on rows"))?;
    // A script that says so still takes an empty table to the target.
    let shown: Vec<String> = [findings.lost, findings.impossible].concat();
    let losses = losses.into_iter().chain(shown.iter().cloned()).collect();
    let up = mark_losses(&shown) + &up;
    let renames = suggest_renames(&from, wanted);
    Ok(GeneratedMigration::Proved(WrittenMigration {
        up,
        down,
        losses,
        renames,
    }))
}

/// The script of a migration that cannot be reverted, with a remark that says so and why.
pub fn without_way_back(unproved: &Unproved) -> String {
    let refused = unproved.refused.iter().map(|found| &found.message);
    let reasons = unproved.reasons.iter().chain(refused);
    let first = reasons.flat_map(|reason| reason.lines()).next();
    let reason = first.unwrap_or("it was not proved");
    format!(
        "-- no way back: {}\n{}",
        reason.trim_end_matches(':'),
        unproved.up
    )
}

/// The losses that only rows show, as remarks above the script.
fn mark_losses(lost: &[String]) -> String {
    let marks: Vec<String> = lost
        .iter()
        .map(|lost| format!("-- data loss: {lost}\n"))
        .collect();
    marks.concat()
}

/// A script that Postgres refuses is still something that a person can go on from.
fn keep_refused(stop: Stop, mut unproved: Unproved) -> Result<GeneratedMigration, Stop> {
    match stop {
        Stop::Diagnostics(found) => {
            unproved.refused = found;
            Ok(GeneratedMigration::Unproved(unproved))
        }
        Stop::Failure(failure) => Err(Stop::Failure(failure)),
    }
}

/// The renames as statements, with those that follow from them, and the schema after them; the database
/// is as before.
async fn rename_and_read(
    database: &mut ThrowawayDatabase,
    renames: &[Rename],
    old: &Schema,
    wanted: &Schema,
) -> Result<(Vec<RenameSteps>, Schema), Stop> {
    let mut steps = resolve_renames(renames, old).map_err(refused_rename)?;
    run_renames(database, steps.iter().map(|step| &step.sql)).await?;
    let mut result = if steps.is_empty() {
        old.clone()
    } else {
        read_schema(database).await?
    };
    for follow in [carry_names, convert_serials] {
        let following = follow(&steps, &result, wanted);
        if !following.is_empty() {
            run_renames(database, following.iter().map(|step| &step.sql)).await?;
            result = read_schema(database).await?;
            steps.extend(following);
        }
    }
    // Undone again: the script that is proved begins with the renames.
    run_renames(database, steps.iter().rev().map(|step| &step.undo)).await?;
    Ok((steps, result))
}

async fn run_renames(
    database: &mut ThrowawayDatabase,
    statements: impl Iterator<Item = &String>,
) -> Result<(), Stop> {
    for sql in statements {
        let doing = "renaming the declared objects";
        let done = database.session.execute(sql, doing).await;
        done.map_err(|failure| refused_rename(format!("{}: {failure}", sql.trim_end())))?;
    }
    Ok(())
}

fn refused_rename(reason: String) -> Failure {
    Failure::Rename { reason }
}

async fn read_schema(database: &mut ThrowawayDatabase) -> Result<Schema, Stop> {
    let roles = database.created_roles.clone();
    read_whole(&mut database.session.connection, &roles).await
}

/// Roles belong to the cluster, and columns stand where Postgres puts them.
fn comparable_text(schema: &Schema) -> String {
    let roles = Vec::new();
    schema::dump(&Schema {
        roles,
        ..in_order_of_names(schema)
    })
}

/// How two states differ: in schema.sql or, where that shows nothing, in the rows of the catalog.
fn describe_difference(
    (from, wanted): (&str, &SchemaState),
    (to, found): (&str, &SchemaState),
) -> Option<String> {
    let (before, after) = (
        comparable_text(&wanted.schema),
        comparable_text(&found.schema),
    );
    if before != after {
        let names = Some((from, to));
        let diff = unified_diff(similar::Algorithm::Myers, &before, &after, 1, names);
        return Some(format!("the schema would still differ:\n{diff}"));
    }
    let rows = wanted.rows.differences(&found.rows, from, to);
    (!rows.is_empty()).then(|| format!("the catalog would still differ:\n{}", rows.join("\n")))
}

/// Functions may refer to objects that are created after them.
fn script_text(script: &Script) -> String {
    let text = script.text();
    if text.contains(" FUNCTION ") || text.contains(" PROCEDURE ") {
        // A body may name what a later statement creates.
        return format!("SET LOCAL check_function_bodies = off;\n{text}");
    }
    text
}

/// The scripts as the migration that they would be.
fn generated_migration(folder: &Folder, up: &str, down: &str) -> Migration {
    let version = folder.migrations.last().map_or(0, |last| last.version) + 1;
    let file = |way: &str, text: &str| {
        let path = format!("generated.{way}.sql");
        Arc::new(SourceFile::new(path, text))
    };
    Migration {
        version,
        slug: "generated".to_owned(),
        up: file("up", up),
        down: Some(file("down", down)),
        parents: Vec::new(),
        squashes: Vec::new(),
    }
}
