//! A migration on tables that have rows: values that it changes, and conversions that no value passes.
//!
//! Given: a database that has the old schema and no rows, and both scripts. A few rows are inserted into each affected
//! table, with NULLs and extreme values; the migration is applied and taken back, and the rows are compared. All of it is
//! one transaction, which is rolled back.

mod sample;
mod trial;

use crate::schema::Schema;
use crate::schema::diff::Script;
use sample::insert_statements;
use sqlx::PgConnection;
use trial::Trial;

/// How many tables are tried: each takes some twenty round trips.
const TABLES: usize = 200;

/// What rows show that an empty database does not.
#[derive(Debug, Default)]
pub(super) struct RowFindings {
    /// Values that are others after the migration was applied and taken back, described.
    pub(super) lost: Vec<String>,
    /// Conversions that failed for each value, described.
    pub(super) impossible: Vec<String>,
}

/// Tries both scripts on rows. Nothing stays in the database.
pub(super) async fn try_on_rows(
    connection: &mut PgConnection,
    old: &Schema,
    up: &Script,
    down: &Script,
) -> Result<RowFindings, sqlx::Error> {
    let affected = affected_tables(old, up);
    if affected.tables.is_empty() {
        return Ok(RowFindings::default());
    }
    let mut trial = Trial::begin(connection).await?;
    for table in &affected.tables {
        for inserts in insert_statements(&affected, table) {
            trial.try_one_of(&inserts).await?;
        }
    }
    let before = trial.read_tables(&affected.tables).await?;
    // Statements after one that fails for another reason than a row say nothing.
    let is_applied = trial.run_script(up, &affected.tables).await?
        && trial.run_script(down, &affected.tables).await?;
    let mut findings = RowFindings::default();
    if is_applied {
        let after = trial.read_tables(&affected.tables).await?;
        let lost = trial.compare_rows(&before, &after).into_iter();
        let is_marked = |lost: &trial::Lost| up.losses().any(|loss| loss.contains(&lost.table));
        findings.lost = lost
            .filter(|lost| !is_marked(lost))
            .map(|lost| lost.to_string())
            .collect();
    }
    findings.impossible = trial.end().await?;
    Ok(findings)
}

/// The part of the schema that the script affects: tables that it names, or that have columns of types that it names. Rows
/// of a table whose name ends in `_enum` are part of the schema, and compared there.
fn affected_tables(old: &Schema, up: &Script) -> Schema {
    let text = up.text();
    let is_affected = |table: &crate::schema::model::Table| {
        // By text: too many tables only cost time, and every change has the name of its object.
        let names_type = table.columns.iter().any(|column| {
            let named = column.data_type.trim_end_matches("[]");
            !is_built_in(old, named) && text.contains(named)
        });
        let is_stored = table.foreign.is_none()
            && table.partition_key.is_none()
            && !table.name.name.ends_with("_enum");
        is_stored && (names_type || text.contains(&table.name.sql))
    };
    let affected = old.tables.iter().filter(|table| is_affected(table));
    let tables = affected.take(TABLES).cloned().collect();
    Schema {
        tables,
        ..old.clone()
    }
}

fn is_built_in(schema: &Schema, data_type: &str) -> bool {
    let is = |name: &crate::schema::model::Name| name.sql == data_type;
    let own = schema.enums.iter().any(|item| is(&item.name))
        || schema.composites.iter().any(|item| is(&item.name))
        || schema.domains.iter().any(|item| is(&item.name));
    !own
}
