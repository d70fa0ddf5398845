//! Every query, attempted as one role.

use super::copies;
use super::one_by_one;
use crate::catalog_query::ask_for_english;
use crate::config::{Scope, ScopeSetting};
use crate::query::Kind;
use crate::query::TypeCatalog;
use crate::query::analysis::Typed;
use crate::query::planned::{GENERIC, Placeholders};
use crate::sql::quote::quote_identifier;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

/// Postgres's answer.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    May,
    MayNot(String),
    /// It is a COPY into this table, whose policies restrict the role.
    MayNotCopy(String),
    /// It could not be tried, for a reason that has nothing to do with privileges.
    Unclear(AttemptRefusal),
}

/// Postgres's words against a statement.
#[derive(Clone, Debug)]
pub(super) struct AttemptRefusal {
    pub(super) state: String,
    pub(super) message: String,
    /// The routine of Postgres that reported it, if it is known. The language of a message is that of the server.
    pub(super) routine: Option<String>,
    /// Whether the statement was prepared before, so that it was the planner that refused.
    pub(super) planned: bool,
    /// The functions that raised it, a line for each.
    pub(super) context: String,
}

impl Answer {
    /// Whether another attempt may have another answer.
    pub(super) fn is_of_the_moment(&self) -> bool {
        matches!(self, Self::Unclear(refusal) if refusal.is_of_the_moment())
    }
}

impl AttemptRefusal {
    /// Whether a privilege is missing, or a role is told so of a schema that it may not look into, because the owner
    /// prepared the same statement.
    fn is_of_privileges(&self) -> bool {
        let states = ["42501", "42P01", "42883", "42704", "3F000"];
        states.contains(&self.state.as_str()) && !self.is_of_settings()
    }

    /// Whether a setting is missing that the application has.
    pub(super) fn is_of_settings(&self) -> bool {
        let routine = self.routine.as_deref();
        routine.is_some_and(|routine| SETTINGS_ROUTINES.contains(&routine))
    }

    /// Whether it says something of the server or of the moment.
    pub(super) fn is_of_the_moment(&self) -> bool {
        is_unsettled(&self.state)
    }

    /// Whether the statement itself is wrong for this role, such as by a policy that reads its own table. Errors of values
    /// may be those of the settings that were tried.
    fn is_of_statement(&self) -> bool {
        let class = ["42", "0A"]
            .iter()
            .any(|class| self.state.starts_with(class));
        self.planned && class && self.context.is_empty() && !self.is_of_settings()
    }

    /// Whether it is one of privileges or of settings, which only the routine tells: an object that is not found may be a type
    /// or a setting.
    fn needs_routine(&self) -> bool {
        self.routine.is_none() && ["42704", "42602"].contains(&self.state.as_str())
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.state, &self.message) == (&other.state, &other.message)
    }
}

/// Classes of errors: Appendix A.
const UNSETTLED: &[&str] = &["08", "25", "40", "53", "57", "58", "XX"];

/// Whether an error may be one of the server or of the moment, so that another attempt may have another answer.
pub(in crate::query) fn is_unsettled(state: &str) -> bool {
    UNSETTLED.iter().any(|class| state.starts_with(class))
}

/// The routines of Postgres's `guc.c` that report a setting which does not exist, or whose name is none.
const SETTINGS_ROUTINES: &[&str] = &["find_option", "assignable_custom_variable_name"];

/// The values of a scope's settings for the attempt, one after the other: policies turn them into
/// other types, and the planner calls such functions before it looks at privileges.
const SETTINGS: &[&str] = &["", "00000000-0000-0000-0000-000000000000", "0", "{}"];

/// Prepares a transaction for all attempts.
pub(super) async fn prepare_attempts(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Again, because a migration may have reset the session.
    ask_for_english(connection).await?;
    // Dropped by a migration, perhaps.
    connection
        .execute("SET LOCAL client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS plpgsql")
        .await?;
    connection.execute(include_str!("attempt.sql")).await?;
    connection
        .execute("GRANT EXECUTE ON FUNCTION pg_temp.xact_attempt TO PUBLIC")
        .await?;
    connection.execute(GENERIC).await?;
    Ok(())
}

/// The answer for each query; none if there is no such role.
pub(super) async fn attempt_all(
    connection: &mut PgConnection,
    role: &str,
    scope: &Scope,
    queries: &[Typed],
    types: &TypeCatalog,
) -> Result<Option<Vec<Answer>>, sqlx::Error> {
    if !take_role(connection, role).await? {
        return Ok(None);
    }
    let mut answers = vec![Answer::May; queries.len()];
    let open = (0..queries.len())
        .filter(|index| queries[*index].query.kind != Kind::Untried)
        .collect();
    let settings: Vec<&str> = scope.settings.iter().map(ScopeSetting::name).collect();
    for (index, refusal, always) in
        find_refusals(connection, queries, types, open, &settings).await?
    {
        let may_not = refusal.is_of_privileges() || always && refusal.is_of_statement();
        answers[index] = if may_not {
            Answer::MayNot(refusal.message)
        } else {
            Answer::Unclear(refusal)
        };
    }
    for index in copies::find_refused_copies(connection, queries).await? {
        let written = queries[index]
            .tables
            .iter()
            .flat_map(|tables| &tables.writes);
        answers[index] = Answer::MayNotCopy(written.cloned().collect());
    }
    connection.execute("RESET ROLE").await?;
    Ok(Some(answers))
}

/// The refusals of these queries that remain whatever the settings are: one of privileges, or the last one, and whether
/// every value of the settings met the same one.
pub(super) async fn find_refusals(
    connection: &mut PgConnection,
    queries: &[Typed],
    types: &TypeCatalog,
    mut open: Vec<usize>,
    settings: &[&str],
) -> Result<Vec<(usize, AttemptRefusal, bool)>, sqlx::Error> {
    let mut found: Vec<(usize, AttemptRefusal, bool)> = Vec::new();
    for value in SETTINGS {
        set_settings(connection, settings, value).await?;
        let refused = attempt_statements(connection, queries, types, &open).await?;
        let mut before = found.clone();
        before.retain(|(index, ..)| open.contains(index));
        found.retain(|(index, ..)| !open.contains(index));
        open.clear();
        for (index, refusal) in refused {
            let last = before.iter().find(|(before, ..)| *before == index);
            let always = last.is_none_or(|(_, last, always)| *always && last.is_same(&refusal));
            // A missing privilege stays missing whatever the settings are; other errors may be those of the tried value.
            if !refusal.is_of_privileges() {
                open.push(index);
            }
            found.push((index, refusal, always));
        }
        if open.is_empty() || settings.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// Takes the role; `false` if there is none of that name.
async fn take_role(connection: &mut PgConnection, role: &str) -> Result<bool, sqlx::Error> {
    let exists = role_exists(connection, role).await?;
    if exists {
        let sql = format!("SET LOCAL ROLE {}", quote_identifier(role));
        connection.execute(AssertSqlSafe(sql)).await?;
    }
    Ok(exists)
}

pub(super) async fn role_exists(
    connection: &mut PgConnection,
    role: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) $1)",
    )
    .bind(role)
    .fetch_one(connection)
    .await
}

async fn set_settings(
    connection: &mut PgConnection,
    settings: &[&str],
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT pg_catalog.set_config(s.name, $2, true) FROM pg_catalog.unnest($1::pg_catalog.text[]) s(name)",
    )
    .bind(settings)
    .bind(value)
    .execute(connection)
    .await?;
    Ok(())
}

/// Postgres's refusals, each with the place of its query.
async fn attempt_statements(
    connection: &mut PgConnection,
    queries: &[Typed],
    types: &TypeCatalog,
    wanted: &[usize],
) -> Result<Vec<(usize, AttemptRefusal)>, sqlx::Error> {
    let statements: Vec<(&str, Option<Placeholders>)> = wanted
        .iter()
        .map(|index| {
            let wanted = &queries[*index];
            (
                wanted.query.sql.text.as_str(),
                placeholders_of(wanted, types),
            )
        })
        .collect();
    let refused = if one_by_one::is_needed(connection).await? {
        one_by_one::attempt_each(connection, &statements).await?
    } else {
        let mut refused = attempt_together(connection, &statements).await?;
        add_routines(connection, &statements, &mut refused).await?;
        refused
    };
    let refused = refused.into_iter();
    Ok(refused
        .map(|(place, refusal)| (wanted[place], refusal))
        .collect())
}

/// Attempts those statements once more of which the routine decides, over the wire. They are few.
async fn add_routines(
    connection: &mut PgConnection,
    statements: &[(&str, Option<Placeholders>)],
    refused: &mut [(usize, AttemptRefusal)],
) -> Result<(), sqlx::Error> {
    for (place, refusal) in refused {
        if refusal.needs_routine() {
            let again = one_by_one::attempt_each(connection, &statements[*place..=*place]).await?;
            let found = again.into_iter().next();
            refusal.routine = found.and_then(|(_, found)| found.routine);
        }
    }
    Ok(())
}

async fn attempt_together(
    connection: &mut PgConnection,
    statements: &[(&str, Option<Placeholders>)],
) -> Result<Vec<(usize, AttemptRefusal)>, sqlx::Error> {
    let of = |part: fn(&Placeholders) -> &str| -> Vec<Option<&str>> {
        let all = statements.iter();
        all.map(|(_, placeholders)| placeholders.as_ref().map(part))
            .collect()
    };
    let texts: Vec<&str> = statements.iter().map(|(statement, _)| *statement).collect();
    let rows = sqlx::query(
        "SELECT number, state, message, planned, context FROM pg_temp.xact_attempt($1, $2, $3)",
    )
    .bind(texts)
    .bind(of(|placeholders| &placeholders.types))
    .bind(of(|placeholders| &placeholders.arguments))
    .fetch_all(connection)
    .await?;
    let refused = rows.iter().map(|row| {
        let number = usize::try_from(row.try_get::<i32, _>("number")?).unwrap_or_default();
        let place = number.saturating_sub(1);
        let refusal = AttemptRefusal {
            state: row.try_get("state")?,
            message: row.try_get("message")?,
            routine: None,
            planned: row.try_get("planned")?,
            context: row.try_get("context")?,
        };
        Ok((place, refusal))
    });
    refused.collect()
}

/// How the query is planned; none for a utility, which cannot be explained.
pub(super) fn placeholders_of(typed: &Typed, catalog: &TypeCatalog) -> Option<Placeholders> {
    let parameters: Vec<u32> = typed.parameters.iter().map(|p| p.type_oid).collect();
    (typed.query.kind == Kind::Analysed).then(|| Placeholders::for_types(&parameters, catalog))
}
