//! Runs attacks, many in a round trip, and gives the result of each as a caller would see it.

use super::identities::ScopeIdentity;
use super::rows::StoredRow;
use crate::report::Failure;
use sqlx::{Executor as _, PgConnection, Row as _};

/// One statement that an identity runs.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    /// The object that it attacks: `table notes`, `query notes_get`.
    pub(super) object: String,
    /// `SELECT`, `INSERT`, `run` …
    pub(super) operation: &'static str,
    /// Without parameters, as `psql` takes it.
    pub(super) statement: String,
    /// Whether it is to have rows.
    pub(super) with_rows: bool,
    /// Statements of another tenant that ran before on the same connection.
    pub(super) before: Vec<String>,
    /// Whether it may change rows, so that all of them are compared.
    pub(super) is_watched: bool,
    /// Whether its result may differ without a reason, so that it is compared with nothing.
    pub(super) is_vague: bool,
}

/// The result of a probe.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// The SQLSTATE; `00000` without an error.
    pub(super) state: String,
    /// Message, detail and hint of the error.
    pub(super) error: String,
    /// The rows as text.
    pub(super) answer: String,
    /// The number of rows.
    pub(super) affected: i64,
    /// The values that a condition saw before the row was filtered.
    pub(super) peeked: String,
    /// The texts of the rows that were changed or deleted.
    pub(super) lost: Vec<String>,
    /// The new rows: the number of the table, and the cells.
    pub(super) added: Vec<(usize, Vec<Option<String>>)>,
}

impl Outcome {
    /// Whether the role lacks a privilege.
    pub(super) fn is_refused(&self) -> bool {
        self.state == "42501"
    }
}

/// How many probes go in one message: fewer cost round trips, more would hide the progress.
const TOGETHER: usize = 200;

/// Longer than any honest statement on a few rows takes: a function that loops would otherwise never end. No other session uses the
/// throwaway database, unless a foreign table leads back to it: Postgres finds no deadlock of such a session with this one.
const LIMIT: &str = "SET LOCAL statement_timeout = '120s'; SET LOCAL lock_timeout = '5s'";

/// Creates the functions of `probe.sql`.
pub(super) async fn create_probe(connection: &mut PgConnection) -> Result<(), Failure> {
    let created = connection.execute(include_str!("probe.sql")).await;
    created.map_err(failed)?;
    connection.execute(LIMIT).await.map_err(failed)?;
    let table = "CREATE TEMP TABLE xact_before (relation int4, entry text)";
    connection.execute(table).await.map_err(failed)?;
    Ok(())
}

/// Notes the rows with which the results are compared.
pub(super) async fn note_rows(
    connection: &mut PgConnection,
    rows: &[StoredRow],
) -> Result<(), Failure> {
    connection
        .execute("DELETE FROM pg_temp.xact_before")
        .await
        .map_err(failed)?;
    let relations: Vec<i32> = rows
        .iter()
        .map(|row| i32::try_from(row.table).unwrap_or_default())
        .collect();
    let entries: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    sqlx::query("INSERT INTO pg_temp.xact_before SELECT * FROM unnest($1::pg_catalog.int4[], $2::pg_catalog.text[])")
        .bind(relations)
        .bind(entries)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

/// Runs the probes as the identity.
pub(super) async fn run_probes(
    connection: &mut PgConnection,
    identity: &ScopeIdentity,
    probes: &[Probe],
) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = Vec::new();
    for chunk in probes.chunks(TOGETHER) {
        let statements: Vec<&str> = chunk.iter().map(|probe| probe.statement.as_str()).collect();
        let with_rows: Vec<bool> = chunk.iter().map(|probe| probe.with_rows).collect();
        let watched: Vec<bool> = chunk.iter().map(|probe| probe.is_watched).collect();
        let before: Vec<Option<String>> = chunk
            .iter()
            .map(|probe| (!probe.before.is_empty()).then(|| probe.before.join("\x01")))
            .collect();
        let rows = sqlx::query("SELECT * FROM pg_temp.xact_probe($1, $2, $3, $4, $5)")
            .bind(&identity.prologue)
            .bind(before)
            .bind(statements)
            .bind(with_rows)
            .bind(watched)
            .fetch_all(&mut *connection)
            .await
            .map_err(failed)?;
        for row in &rows {
            outcomes.push(read_outcome(row).map_err(failed)?);
        }
    }
    Ok(outcomes)
}

fn read_outcome(row: &sqlx::postgres::PgRow) -> Result<Outcome, sqlx::Error> {
    let added: Vec<String> = row.try_get("added")?;
    let added = added.iter().map(|text| serde_json::from_str(text));
    let added: Result<_, serde_json::Error> = added.collect();
    Ok(Outcome {
        state: row.try_get("state")?,
        error: row.try_get("error")?,
        answer: row.try_get("answer")?,
        affected: row.try_get("affected")?,
        peeked: row
            .try_get::<Option<String>, _>("peeked")?
            .unwrap_or_default(),
        lost: row.try_get("lost")?,
        added: added.map_err(|error| sqlx::Error::Decode(error.into()))?,
    })
}

fn failed(error: sqlx::Error) -> Failure {
    Failure::connection("attacking the tenants")(error)
}
