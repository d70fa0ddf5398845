//! COPY, which PL/pgSQL cannot run: over the wire, each attempt in a savepoint.

use super::arguments::combine_choices;
use super::queries::{choose_parameters, object_of};
use super::relations::AttackedRelation;
use super::{AttackStage, Focus, Targets, read_probe};
use crate::prove::identities::Reach;
use crate::prove::probe::{Outcome, Probe, run_probes};
use crate::prove::rows::InsertValue;
use crate::query::{Bulk, Command, Finished};
use crate::report::Failure;
use futures_util::TryStreamExt as _;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Copies every table and view out, a row of the other tenant into every table, and rows by every `:copy` query.
pub(in crate::prove) async fn run_copies(
    connection: &mut PgConnection,
    stage: &AttackStage<'_>,
    targets: &Targets<'_>,
    focus: &Focus,
) -> Result<Vec<(Probe, Outcome)>, Failure> {
    let mut ran = Vec::new();
    let attacked = targets
        .relations
        .iter()
        .filter(|relation| focus.includes(&relation.object()));
    for relation in attacked.filter(|relation| relation.kind == "table") {
        let (names, out) = write_copy_out(stage, relation);
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
            ran.push((
                copy_probe(relation, show_lines(&statement, &line)),
                outcome.map_err(failed)?,
            ));
        }
    }
    let queries = targets
        .queries
        .iter()
        .filter(|query| focus.includes(&object_of(query)));
    for query in queries {
        if let (Command::Copy, Some(bulk)) = (query.query.command, &query.bulk) {
            ran.extend(
                run_query(connection, stage, query, bulk)
                    .await
                    .map_err(failed)?,
            );
        }
    }
    Ok(ran)
}

/// The columns that are read, and the statement that copies them out.
fn write_copy_out(stage: &AttackStage<'_>, relation: &AttackedRelation<'_>) -> (String, String) {
    let columns = relation.readable();
    let (names, listed) = if columns.is_empty() {
        ("*".to_owned(), String::new())
    } else {
        let names = super::reads::list_names(&columns);
        let listed = format!(" ({names})");
        (names, listed)
    };
    let is_plain = relation.table.is_some_and(|table| {
        let table = stage.tenants.tables[table].table;
        table.partition_key.is_none() && table.foreign.is_none()
    });
    // COPY reads no rows of partitioned and foreign tables by their names.
    let out = if is_plain {
        format!("COPY {}{listed} TO STDOUT", relation.sql)
    } else {
        format!("COPY (SELECT {names} FROM {}) TO STDOUT", relation.sql)
    };
    (names, out)
}

/// Copies rows of own and of foreign values, as the method of the query does, in the text format.
async fn run_query(
    connection: &mut PgConnection,
    stage: &AttackStage<'_>,
    query: &Finished,
    bulk: &Bulk,
) -> Result<Vec<(Probe, Outcome)>, sqlx::Error> {
    let all = choose_parameters(stage, query);
    let ordered: Vec<_> = bulk
        .values
        .iter()
        .filter_map(|value| all.get(value.parameter).cloned())
        .collect();
    let statement = bulk.sql.replace(" (FORMAT binary)", "");
    let mut ran = Vec::new();
    for values in combine_choices(&ordered, Reach::Everything) {
        // A value that the domain of a parameter refuses is none that the method can send.
        let Some(line) = write_line(connection, &values).await? else {
            continue;
        };
        let outcome = run_copy(connection, stage, &statement, Some(&line)).await?;
        let shown = show_lines(&statement, &line);
        let mut probe = read_probe(&object_of(query), "run", shown);
        probe.is_vague = true;
        ran.push((probe, outcome));
    }
    Ok(ran)
}

/// A line of COPY with these values, which are SQL.
async fn write_line(
    connection: &mut PgConnection,
    values: &[String],
) -> Result<Option<String>, sqlx::Error> {
    let texts = values
        .iter()
        .map(|value| format!("({value})::pg_catalog.text"));
    let texts: Vec<String> = texts.collect();
    let sql = format!("SELECT ARRAY[{}]::pg_catalog.text[]", texts.join(", "));
    let mut savepoint = connection.begin().await?;
    let cells = sqlx::query_scalar(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_one(&mut *savepoint)
        .await;
    savepoint.rollback().await?;
    let cells: Vec<Option<String>> = match cells {
        Ok(cells) => cells,
        Err(sqlx::Error::Database(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let cells = cells.iter().map(|cell| {
        cell.as_deref()
            .map_or_else(|| "\\N".to_owned(), escape_text)
    });
    Ok(Some(cells.collect::<Vec<_>>().join("\t")))
}

/// The statement with its lines, as `psql` takes them.
fn show_lines(statement: &str, line: &str) -> String {
    format!("{statement};\n{line}\n\\.")
}

fn failed(error: sqlx::Error) -> Failure {
    Failure::connection("attacking the tenants with COPY")(error)
}

fn copy_probe(relation: &AttackedRelation<'_>, statement: String) -> Probe {
    let mut probe = read_probe(&relation.object(), "COPY", statement);
    probe.is_vague = true;
    probe
}

/// The rows of the other tenant, as lines of COPY's text format.
fn list_lines(stage: &AttackStage<'_>, relation: &AttackedRelation<'_>) -> Vec<(String, String)> {
    let insertable = relation.insertable();
    let spares = stage.spare_rows(relation, true).into_iter();
    let lines = spares.map(|spare| {
        let cells = insertable.iter().filter_map(|column| {
            let (_, value) = spare.iter().find(|(name, _)| *name == column.name)?;
            let text = match value {
                InsertValue::Text(text) => escape_text(text),
                InsertValue::Null => "\\N".to_owned(),
                InsertValue::Default => return None,
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
    stage: &AttackStage<'_>,
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
