//! The script that [`run`](super::run()) amounts to, for whoever runs it by hand with `psql`.

use super::folder::Migration;
use super::recovery::needs_no_transaction;
use super::refusal;
use super::script::Script;
use crate::report::Stop;
use std::fmt::Write as _;

const TABLE: &str = "_sqlx_migrations";

/// Writes the migrations out, each with its record. `lock` is the number of the lock, if the
/// database is known.
///
/// # Errors
/// A diagnostic at a statement that begins or ends a transaction without its counterpart.
pub fn printed(migrations: &[&Migration], lock: Option<i64>) -> Result<String, Stop> {
    let mut text = String::from("\\set ON_ERROR_STOP on\n");
    if let Some(lock) = lock {
        let _ = writeln!(text, "SELECT pg_advisory_lock({lock});");
    }
    let _ = writeln!(text, "{};", include_str!("ledger.sql").trim_end());
    for migration in migrations {
        text.push_str(&one(migration)?);
    }
    if let Some(lock) = lock {
        let _ = writeln!(text, "\nSELECT pg_advisory_unlock({lock});");
    }
    Ok(text)
}

fn one(migration: &Migration) -> Result<String, Stop> {
    let script = Script::cut(&migration.up).map_err(refusal::one)?;
    let statements: Vec<&str> = script
        .steps
        .iter()
        .flatten()
        .map(|range| script.text(range))
        .collect();
    let outside = script.no_transaction || statements.iter().any(|sql| needs_no_transaction(sql));
    let mut text = format!("\n-- {}\n", migration.up.path);
    if outside {
        text.push_str(&record(migration, "false"));
    } else {
        text.push_str("BEGIN;\n");
    }
    for statement in statements {
        let _ = writeln!(text, "{statement};");
    }
    text.push_str("RESET SESSION AUTHORIZATION;\nRESET ALL;\n");
    if outside {
        let version = migration.version;
        let checksum = hexadecimal(&migration.checksum());
        let _ = writeln!(
            text,
            "UPDATE {TABLE} SET success = true, checksum = '\\x{checksum}', execution_time = -1 \
             WHERE version = {version};"
        );
    } else {
        text.push_str(&record(migration, "true"));
        text.push_str("COMMIT;\n");
    }
    Ok(text)
}

/// The row; one that is not successful yet says that no step is done.
fn record(migration: &Migration, success: &str) -> String {
    let description = migration.description().replace('\'', "''");
    let (checksum, time) = match success {
        "true" => (migration.checksum(), -1),
        _ => (super::folder::checksum(""), 0),
    };
    format!(
        "INSERT INTO {TABLE} (version, description, success, checksum, execution_time) \
         VALUES ({}, '{description}', {success}, '\\x{}', {time});\n",
        migration.version,
        hexadecimal(&checksum)
    )
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
