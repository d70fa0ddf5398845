//! Every query, attempted as one role.

use super::super::Kind;
use super::super::analysis::Typed;
use super::copies;
use super::one_by_one;
use crate::config::{Scope, Setting};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

/// What Postgres said.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    May,
    MayNot(String),
    /// It is a COPY into this table, whose policies restrict the role.
    MayNotCopy(String),
    /// It could not be tried, for a reason that has nothing to do with privileges.
    Unclear(String),
}

/// What the settings of a scope are for the attempt, one after the other: policies turn them into
/// other types, and the planner calls such functions before it looks at privileges.
const SETTINGS: &[&str] = &["", "00000000-0000-0000-0000-000000000000", "0", "{}"];

/// A privilege is missing; and what a role is told of a schema that it may not look into, for the
/// owner prepared the same statement.
const REFUSALS: &[&str] = &["42501", "42P01", "42883", "42704", "3F000"];

/// What all attempts of a transaction need.
pub(super) async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Dropped by a migration, perhaps.
    connection
        .execute("SET LOCAL client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS plpgsql")
        .await?;
    connection.execute(include_str!("attempt.sql")).await?;
    connection
        .execute(
            "GRANT EXECUTE ON FUNCTION pg_temp.xact_attempt TO PUBLIC;
             SET LOCAL plan_cache_mode = force_generic_plan",
        )
        .await?;
    Ok(())
}

/// The answer for each query; none if there is no such role.
pub(super) async fn all(
    connection: &mut PgConnection,
    role: &str,
    scope: &Scope,
    queries: &[Typed],
) -> Result<Option<Vec<Answer>>, sqlx::Error> {
    if !take(connection, role).await? {
        return Ok(None);
    }
    let mut answers = vec![Answer::May; queries.len()];
    let mut open: Vec<usize> = (0..queries.len())
        .filter(|index| queries[*index].query.kind != Kind::Untried)
        .collect();
    for value in SETTINGS {
        set(connection, scope, value).await?;
        let refused = attempt(connection, queries, &open).await?;
        for index in open.drain(..) {
            answers[index] = Answer::May;
        }
        for (index, state, message) in refused {
            let privileges = REFUSALS.contains(&state.as_str());
            let unknown_setting = message.contains("configuration parameter");
            answers[index] = if privileges && !unknown_setting {
                Answer::MayNot(message)
            } else {
                open.push(index);
                Answer::Unclear(message)
            };
        }
        if open.is_empty() || scope.settings.is_empty() {
            break;
        }
    }
    for index in copies::refused(connection, queries).await? {
        let written = queries[index]
            .tables
            .iter()
            .flat_map(|tables| &tables.writes);
        answers[index] = Answer::MayNotCopy(written.cloned().collect());
    }
    connection.execute("RESET ROLE").await?;
    Ok(Some(answers))
}

/// Takes the role; `false` if there is none of that name.
async fn take(connection: &mut PgConnection, role: &str) -> Result<bool, sqlx::Error> {
    let exists: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname::text = $1)",
    )
    .bind(role)
    .fetch_one(&mut *connection)
    .await?;
    if exists {
        let role = role.replace('"', "\"\"");
        let sql = format!("SET LOCAL ROLE \"{role}\"");
        connection.execute(AssertSqlSafe(sql)).await?;
    }
    Ok(exists)
}

async fn set(connection: &mut PgConnection, scope: &Scope, value: &str) -> Result<(), sqlx::Error> {
    let settings: Vec<&str> = scope.settings.iter().map(Setting::name).collect();
    sqlx::query(
        "SELECT pg_catalog.set_config(s.name, $2, true) FROM pg_catalog.unnest($1::text[]) s(name)",
    )
    .bind(settings)
    .bind(value)
    .execute(connection)
    .await?;
    Ok(())
}

/// What Postgres has against which query: its index, an error code and words.
async fn attempt(
    connection: &mut PgConnection,
    queries: &[Typed],
    wanted: &[usize],
) -> Result<Vec<(usize, String, String)>, sqlx::Error> {
    let statements: Vec<&str> = wanted
        .iter()
        .map(|index| queries[*index].query.sql.text.as_str())
        .collect();
    let arguments: Vec<Option<String>> = wanted
        .iter()
        .map(|index| arguments(&queries[*index]))
        .collect();
    if one_by_one::is_needed(connection).await? {
        let refused = one_by_one::attempt(connection, &statements, &arguments).await?;
        let refused = refused.into_iter();
        return Ok(refused
            .map(|(place, state, message)| (wanted[place], state, message))
            .collect());
    }
    let rows = sqlx::query("SELECT number, state, message FROM pg_temp.xact_attempt($1, $2)")
        .bind(statements)
        .bind(arguments)
        .fetch_all(connection)
        .await?;
    let refused = rows.iter().map(|row| {
        let number = usize::try_from(row.try_get::<i32, _>("number")?).unwrap_or_default();
        Ok((
            wanted[number - 1],
            row.try_get("state")?,
            row.try_get("message")?,
        ))
    });
    refused.collect()
}

/// `(NULL, NULL)`, as EXECUTE takes it; none for a utility, which cannot be explained.
fn arguments(typed: &Typed) -> Option<String> {
    if typed.query.kind != Kind::Analysed {
        return None;
    }
    let nulls = vec!["NULL"; typed.parameters.len()];
    Some(if nulls.is_empty() {
        String::new()
    } else {
        format!("({})", nulls.join(", "))
    })
}
