//! Plans a statement without running it, with parameters of which nothing is known.
//!
//! Postgres's planner refuses statements that its parser accepts: ON CONFLICT without such a key, FOR UPDATE of rows that
//! an outer join can leave out. It also evaluates constant expressions. EXPLAIN EXECUTE wants a value for each parameter
//! and takes NULL; a generic plan is made without looking at them (`plan_cache_mode`, chapter "PREPARE"), so no error is
//! owed to these NULLs.

use super::{TypeCatalog, TypeKind};
use crate::report::diagnostic::refusal_of;
use serde_json::Value;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// The name of the prepared statement, as in `attempt.sql`.
const NAME: &str = "xact_attempt";

/// A generic plan until the end of the transaction.
pub(super) const GENERIC: &str = "SET LOCAL plan_cache_mode = force_generic_plan";

/// How a statement is prepared and explained.
#[derive(Clone, Debug)]
pub(super) struct Placeholders {
    /// `(unknown, text)`, or nothing: the types that PREPARE declares.
    pub(super) types: String,
    /// `(NULL, NULL)`, or nothing: the arguments of EXECUTE.
    pub(super) arguments: String,
}

impl Placeholders {
    /// For parameters of these types.
    ///
    /// EXECUTE converts its arguments, and a domain may refuse NULL. So a parameter of a domain is declared to be of the
    /// domain's base type; the planner sees the cast to the domain, which runs with the statement only.
    pub(super) fn for_types(parameters: &[u32], catalog: &TypeCatalog) -> Self {
        let base_of_domain = |oid: &u32| {
            let found = catalog.get(*oid)?;
            let is_domain = matches!(found.kind, TypeKind::Domain(_));
            is_domain.then(|| catalog.base(*oid))?
        };
        let declared = parameters
            .iter()
            .map(|oid| base_of_domain(oid).map_or("unknown", |base| &base.sql_name));
        let is_needed = parameters.iter().any(|oid| base_of_domain(oid).is_some());
        let nulls = parameters.iter().map(|_| "NULL");
        Self {
            types: if is_needed {
                in_brackets(declared)
            } else {
                String::new()
            },
            arguments: in_brackets(nulls),
        }
    }
}

fn in_brackets<'t>(items: impl Iterator<Item = &'t str>) -> String {
    let items: Vec<&str> = items.collect();
    if items.is_empty() {
        String::new()
    } else {
        format!("({})", items.join(", "))
    }
}

/// The outcome of planning a statement.
#[derive(Debug)]
pub(super) enum Planned {
    Accepted,
    /// It cannot be prepared by name, so it was not planned.
    NotPrepared(Box<PgDatabaseError>),
    Refused(Box<PgDatabaseError>),
}

/// Plans a statement as the current role, in the transaction that the connection is in.
///
/// Without [`GENERIC`] the plan may be one for NULL arguments.
pub(super) async fn plan_statement(
    connection: &mut PgConnection,
    statement: &str,
    placeholders: &Placeholders,
) -> Result<Planned, sqlx::Error> {
    if let Some(error) = prepare_statement(connection, statement, placeholders).await? {
        return Ok(Planned::NotPrepared(error));
    }
    let explain = format!("EXPLAIN EXECUTE {NAME}{}", placeholders.arguments);
    let refused = run_and_undo(connection, explain).await;
    forget_statement(connection).await?;
    Ok(refused?.map_or(Planned::Accepted, Planned::Refused))
}

/// The plan of a statement in the form of `EXPLAIN (VERBOSE, FORMAT JSON)`; none if Postgres refuses it.
pub(super) async fn fetch_plan(
    connection: &mut PgConnection,
    statement: &str,
    placeholders: &Placeholders,
) -> Result<Option<Value>, sqlx::Error> {
    let prepared = prepare_statement(connection, statement, placeholders);
    if prepared.await?.is_some() {
        return Ok(None);
    }
    let mut savepoint = connection.begin().await?;
    let arguments = &placeholders.arguments;
    let explain = format!("EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE {NAME}{arguments}");
    let plan = sqlx::query_scalar(AssertSqlSafe(explain));
    let plan = plan.fetch_one(&mut *savepoint).await;
    savepoint.rollback().await?;
    forget_statement(connection).await?;
    match plan {
        Ok(plan) => Ok(Some(plan)),
        Err(error) => refusal_of(error).map(|_| None),
    }
}

/// Prepares a statement as [`NAME`]. Gives Postgres's refusal, if it refused.
async fn prepare_statement(
    connection: &mut PgConnection,
    statement: &str,
    placeholders: &Placeholders,
) -> Result<Option<Box<PgDatabaseError>>, sqlx::Error> {
    // By SQL and not by the protocol, because EXPLAIN EXECUTE needs the name, and sqlx chooses names itself.
    let types = &placeholders.types;
    run_and_undo(connection, format!("PREPARE {NAME}{types} AS {statement}")).await
}

/// Removes the statement that was prepared as [`NAME`].
async fn forget_statement(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Prepared statements outlive the rollback.
    let forget = format!("DEALLOCATE {NAME}");
    connection.execute(AssertSqlSafe(forget)).await?;
    Ok(())
}

/// Runs a statement and takes back its effects. Gives Postgres's refusal, if it refused.
pub(super) async fn run_and_undo(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Option<Box<PgDatabaseError>>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    let ran = (&mut *savepoint).execute(AssertSqlSafe(sql)).await;
    savepoint.rollback().await?;
    match ran {
        Ok(_) => Ok(None),
        Err(error) => refusal_of(error).map(Some),
    }
}
