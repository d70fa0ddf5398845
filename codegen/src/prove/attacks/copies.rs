//! COPY, which PL/pgSQL cannot run: over the wire, each attempt in a savepoint.

use super::relations::Relation;
use super::{Focus, Stage, Targets, read_probe};
use crate::prove::probe::{Outcome, Probe, run_probes};
use crate::prove::rows::Value;
use crate::report::Failure;
use futures_util::TryStreamExt as _;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Copies every table and view out, and a row of the other tenant into every table.
pub(in crate::prove) async fn run_copies(
    connection: &mut PgConnection,
    stage: &Stage<'_>,
    targets: &Targets<'_>,
    focus: &Focus,
) -> Result<Vec<(Probe, Outcome)>, Failure> {
    let mut ran = Vec::new();
    let attacked = targets
        .relations
        .iter()
        .filter(|relation| focus.includes(&relation.object()));
    for relation in attacked.filter(|relation| relation.kind == "table") {
        let columns = relation.readable();
        let names = if columns.is_empty() {
            "*".to_owned()
        } else {
            super::reads::list_names(&columns)
        };
        let listed = if columns.is_empty() {
            String::new()
        } else {
            format!(" ({names})")
        };
        let is_plain = relation.table.is_some_and(|table| {
            let table = stage.tenants.tables[table].table;
            table.partition_key.is_none() && table.foreign.is_none()
        });
        let out = if is_plain {
            format!("COPY {}{listed} TO STDOUT", relation.sql)
        } else {
            format!("COPY (SELECT {names} FROM {}) TO STDOUT", relation.sql)
        };
        // Surprise: sqlx loses count of the server's messages if COPY TO fails at once, so a SELECT goes first.
        let select = copy_probe(relation, format!("SELECT {names} FROM {}", relation.sql));
        let selected = run_probes(connection, stage.identity, &[select])
            .await?
            .pop();
        match selected {
            Some(selected) if selected.state == "00000" => {
                let outcome = run_copy(connection, stage, &out, None).await;
                ran.push((copy_probe(relation, out), outcome.map_err(failed)?));
            }
            refused => ran.push((copy_probe(relation, out), refused.unwrap_or_default())),
        }
        for (statement, line) in list_lines(stage, relation) {
            let outcome = run_copy(connection, stage, &statement, Some(&line)).await;
            let shown = format!("{statement};\n{line}\n\\.");
            ran.push((copy_probe(relation, shown), outcome.map_err(failed)?));
        }
    }
    Ok(ran)
}

fn failed(error: sqlx::Error) -> Failure {
    Failure::connection("attacking the tenants with COPY")(error)
}

fn copy_probe(relation: &Relation<'_>, statement: String) -> Probe {
    let mut probe = read_probe(&relation.object(), "COPY", statement);
    probe.is_vague = true;
    probe
}

/// The rows of the other tenant, as lines of COPY's text format.
fn list_lines(stage: &Stage<'_>, relation: &Relation<'_>) -> Vec<(String, String)> {
    let insertable = relation.insertable();
    let spares = stage.spare_rows(relation, true).into_iter();
    let lines = spares.map(|spare| {
        let cells = insertable.iter().filter_map(|column| {
            let (_, value) = spare.iter().find(|(name, _)| *name == column.name)?;
            let text = match value {
                Value::Text(text) => escape_text(text),
                Value::Null => "\\N".to_owned(),
                Value::Default => return None,
            };
            Some((column.sql.as_str(), text))
        });
        let (names, texts): (Vec<&str>, Vec<String>) = cells.unzip();
        let listed = if names.is_empty() {
            String::new()
        } else {
            format!(" ({})", names.join(", "))
        };
        (
            format!("COPY {}{listed} FROM STDIN", relation.sql),
            texts.join("\t"),
        )
    });
    lines.collect()
}

/// <https://www.postgresql.org/docs/current/sql-copy.html>, "Text Format".
fn escape_text(text: &str) -> String {
    // The backslash first, or those of the other escapes would be doubled.
    text.replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

async fn run_copy(
    connection: &mut PgConnection,
    stage: &Stage<'_>,
    statement: &str,
    line: Option<&str>,
) -> Result<Outcome, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    for step in &stage.identity.prologue {
        savepoint.execute(AssertSqlSafe(step.clone())).await?;
    }
    let copied = match line {
        None => copy_out(&mut savepoint, statement).await,
        Some(line) => copy_in(&mut savepoint, statement, line).await,
    };
    let outcome = match copied {
        Ok(mut outcome) => {
            // The attacked role may not see the row that it wrote.
            savepoint.execute("SET LOCAL ROLE NONE").await?;
            outcome.added = read_added(&mut savepoint).await?;
            outcome
        }
        Err(sqlx::Error::Database(error)) => match error.try_downcast::<PgDatabaseError>() {
            Ok(error) => Outcome {
                state: error.code().to_owned(),
                error: [error.message(), error.detail().unwrap_or_default()].join("\n"),
                ..Outcome::default()
            },
            Err(other) => return Err(sqlx::Error::Database(other)),
        },
        Err(error) => return Err(error),
    };
    // An attack that succeeded must not change the rows for the next one.
    savepoint.rollback().await?;
    Ok(outcome)
}

async fn copy_out(connection: &mut PgConnection, statement: &str) -> Result<Outcome, sqlx::Error> {
    let chunks: Vec<_> = connection
        .copy_out_raw(statement)
        .await?
        .try_collect()
        .await?;
    let answer: String = chunks
        .iter()
        .map(|chunk| String::from_utf8_lossy(chunk).into_owned())
        .collect();
    Ok(Outcome {
        state: "00000".to_owned(),
        affected: i64::try_from(answer.lines().count()).unwrap_or_default(),
        answer,
        ..Outcome::default()
    })
}

async fn copy_in(
    connection: &mut PgConnection,
    statement: &str,
    line: &str,
) -> Result<Outcome, sqlx::Error> {
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(format!("{line}\n").as_bytes()).await?;
    let rows = copy.finish().await?;
    Ok(Outcome {
        state: "00000".to_owned(),
        affected: i64::try_from(rows).unwrap_or_default(),
        ..Outcome::default()
    })
}

async fn read_added(
    connection: &mut PgConnection,
) -> Result<Vec<(usize, Vec<Option<String>>)>, sqlx::Error> {
    let added: Vec<(i32, Vec<Option<String>>)> = sqlx::query_as(
        "SELECT n.relation, n.cells FROM pg_temp.xact_now() n
         WHERE NOT EXISTS (SELECT FROM pg_temp.xact_before s WHERE s.relation = n.relation AND s.entry = n.entry)",
    )
    .fetch_all(connection)
    .await?;
    let numbered = added
        .into_iter()
        .map(|(table, cells)| (usize::try_from(table).unwrap_or_default(), cells));
    Ok(numbered.collect())
}
