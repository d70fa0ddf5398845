//! The script that [`run`](super::run()) amounts to, for whoever runs it by hand with `psql`.

use super::folder::Migration;
use super::ledger::Direction;
use super::plan::RunPlan;
use super::recovery::needs_no_transaction;
use super::refusal;
use super::revert::refuse_irreversible;
use super::script::MigrationScript;
use super::squashed::SquashedRecord;
use crate::report::{Failure, Stop};
use crate::sql::quote::quote_literal;
use std::fmt::Write as _;

const TABLE: &str = "_sqlx_migrations";

/// Writes the plan out, each migration with its record. `lock` is the number of the lock, if the
/// database is known.
///
/// # Errors
/// A diagnostic at a statement that a migration cannot run, or a failure if a migration was interrupted: whether its next
/// statement is done depends on the database.
pub fn print_run(plan: &RunPlan<'_>, lock: Option<i64>) -> Result<String, Stop> {
    if let Some((migration, _)) = plan.continued {
        let version = migration.version;
        return Err(Failure::Interrupted { version }.into());
    }
    let replaced = plan.replaced.iter().map(print_replaced).collect();
    print_all((replaced, &plan.pending), Direction::Up, lock)
}

/// Writes out how the migrations are reverted, in the order given.
///
/// # Errors
/// As [`print_run`], or if a migration has no down file.
pub fn print_revert(migrations: &[&Migration], lock: Option<i64>) -> Result<String, Stop> {
    print_all((String::new(), migrations), Direction::Down, lock)
}

fn print_all(
    (before, migrations): (String, &[&Migration]),
    direction: Direction,
    lock: Option<i64>,
) -> Result<String, Stop> {
    // Without it `psql` goes on after an error, and records a migration that failed.
    let mut text = String::from("\\set ON_ERROR_STOP on\n");
    if let Some(lock) = lock {
        let _ = writeln!(text, "SELECT pg_advisory_lock({lock});");
    }
    let _ = writeln!(text, "{};", include_str!("ledger.sql").trim_end());
    text.push_str(&before);
    for migration in migrations {
        text.push_str(&print_one(migration, direction)?);
    }
    if let Some(lock) = lock {
        let _ = writeln!(text, "\nSELECT pg_advisory_unlock({lock});");
    }
    Ok(text)
}

/// The record of a squashed migration in place of those that it replaces.
fn print_replaced(squashed: &SquashedRecord<'_>) -> String {
    let SquashedRecord {
        migration,
        versions,
        ..
    } = squashed;
    let versions: Vec<String> = versions.iter().map(i64::to_string).collect();
    let versions = versions.join(", ");
    let (version, path) = (migration.version, &migration.up.path);
    let description = quote_literal(&migration.description());
    let checksum = print_bytes(&migration.checksum());
    // The aggregate makes Postgres delete all of them before the insert, whose version is one of theirs.
    format!(
        "\n-- {path}, in place of the records that it replaces\n\
         WITH replaced AS (DELETE FROM {TABLE} WHERE version IN ({versions}) RETURNING installed_on)\n\
         INSERT INTO {TABLE} (version, description, installed_on, success, checksum, execution_time)\n    \
         SELECT {version}, {description}, max(installed_on), true, '\\x{checksum}', -1 FROM replaced;\n"
    )
}

fn print_one(migration: &Migration, direction: Direction) -> Result<String, Stop> {
    let file =
        MigrationScript::of(migration, direction).ok_or_else(|| refuse_irreversible(migration))?;
    let script = MigrationScript::cut(file).map_err(refusal::stop_with_one)?;
    let mut statements = script.steps.iter().flatten();
    let outside =
        script.no_transaction || statements.any(|range| needs_no_transaction(script.text(range)));
    let mut text = format!("\n-- {}\n", file.path);
    match (outside, direction) {
        (false, _) => text.push_str("BEGIN;\n"),
        (true, Direction::Up) => text.push_str(&print_record(migration, "false")),
        (true, Direction::Down) => {
            // As a record of a way back at whose beginning nothing is done: see `ledger`.
            let _ = writeln!(
                text,
                "UPDATE {TABLE} SET success = false, checksum = '\\x{}', execution_time = -1 \
                 WHERE version = {};",
                print_bytes(&super::folder::hash_text("")),
                migration.version
            );
        }
    }
    text.push_str(&print_statements(&script));
    // As `Session::fresh` does: settings of one migration must not reach its record or the next
    // one.
    text.push_str("RESET SESSION AUTHORIZATION;\nRESET ALL;\n");
    let version = migration.version;
    match (outside, direction) {
        (_, Direction::Down) => {
            let _ = writeln!(text, "DELETE FROM {TABLE} WHERE version = {version};");
        }
        (false, Direction::Up) => text.push_str(&print_record(migration, "true")),
        (true, Direction::Up) => {
            let checksum = print_bytes(&migration.checksum());
            let _ = writeln!(
                text,
                "UPDATE {TABLE} SET success = true, checksum = '\\x{checksum}', execution_time = -1 \
                 WHERE version = {version};"
            );
        }
    }
    if !outside {
        text.push_str("COMMIT;\n");
    }
    Ok(text)
}

/// The statements, and the rows of each COPY up to the line that ends them.
fn print_statements(script: &MigrationScript<'_>) -> String {
    let mut text = String::new();
    for range in script.steps.iter().flatten() {
        let _ = writeln!(text, "{};", script.text(range));
        if let Some(rows) = script.rows(range) {
            let rows = &script.file.text[rows.clone()];
            text.push_str(rows);
            // `\.` has to be alone on its line.
            if !rows.is_empty() && !rows.ends_with('\n') {
                text.push('\n');
            }
            text.push_str("\\.\n");
        }
    }
    text
}

/// The row; one that is not successful yet says that no step is done.
fn print_record(migration: &Migration, success: &str) -> String {
    let description = quote_literal(&migration.description());
    let (checksum, time) = match success {
        "true" => (migration.checksum(), -1),
        _ => (super::folder::hash_text(""), 0),
    };
    format!(
        "INSERT INTO {TABLE} (version, description, success, checksum, execution_time) \
         VALUES ({}, {description}, {success}, '\\x{}', {time});\n",
        migration.version,
        print_bytes(&checksum)
    )
}

fn print_bytes(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
