//! The types of each query by Postgres's own Parse and Describe; utilities are tried as well.

use super::refusal::{add_casts, diagnose_refusal, refuse_records};
use super::{Kind, Query};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, refusal_of};
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgStatement;
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Either, Executor as _, PgConnection};
use sqlx::{SqlSafeStr as _, Statement as _};

/// A query with the types that Postgres gave it.
#[derive(Clone, Debug)]
pub struct DescribedQuery {
    /// The query.
    pub query: Query,
    /// The type of each parameter, `$1` first.
    pub parameters: Vec<u32>,
    /// The columns of its rows; none for a statement that has no rows.
    pub columns: Vec<DescribedColumn>,
}

/// One output column, as Describe gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribedColumn {
    /// As the client will see it.
    pub name: String,
    /// The OID of its type; of a domain, that of its base.
    pub type_oid: u32,
}

/// Describes every query. Those that Postgres refuses become diagnostics.
///
/// # Errors
/// If the connection breaks.
pub async fn describe(
    connection: &mut PgConnection,
    queries: Vec<Query>,
    schema: &Schema,
) -> Result<(Vec<DescribedQuery>, Vec<Diagnostic>), Failure> {
    let (mut described, mut diagnostics) = (Vec::new(), Vec::new());
    let is_many = queries.len() > MOST_KEPT;
    for query in queries {
        match describe_query(connection, query, schema).await? {
            Ok(query) => match refuse_records(&query, schema) {
                None => described.push(query),
                Some(refused) => diagnostics.push(refused),
            },
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    // `cached_statements_size` counts those of earlier runs too, each of another text that an editor had.
    if is_many || connection.cached_statements_size() > MOST_KEPT {
        let doing = Failure::connection("closing the described queries");
        connection.clear_cached_statements().await.map_err(doing)?;
    }
    Ok((described, diagnostics))
}

/// How many statements stay prepared on the connection. Postgres looks at each of them whenever a function is created or dropped
/// (`PlanCacheObjectCallback`), and the next stages create one for each query.
const MOST_KEPT: usize = 200;

/// One query, or why Postgres refuses it.
async fn describe_query(
    connection: &mut PgConnection,
    query: Query,
    schema: &Schema,
) -> Result<Result<DescribedQuery, Diagnostic>, Failure> {
    let refused = match prepare_query(connection, &query).await {
        Ok(statement) => match refused_when_run(connection, &query).await? {
            None => return Ok(Ok(from_statement(query, &statement))),
            Some(error) => error,
        },
        Err(error) => error,
    };
    // The pieces of a query with parts are sent as they are written.
    if query.shape.is_none()
        && let Some(with_casts) = add_casts(connection, &query, &refused).await?
    {
        match prepare_query(connection, &with_casts).await {
            Ok(statement) => return Ok(Ok(from_statement(with_casts, &statement))),
            Err(sqlx::Error::ColumnDecode { .. }) => {}
            // The first error is the one to report.
            Err(error) => drop(refusal_of(error).map_err(Failure::query(&query.name))?),
        }
    }
    let diagnostic = diagnose_refusal(connection, refused, &query, schema).await?;
    Ok(Err(query.in_variant(diagnostic)))
}

async fn prepare_query(
    connection: &mut PgConnection,
    query: &Query,
) -> Result<PgStatement, sqlx::Error> {
    let sql = AssertSqlSafe(query.sql.text.clone()).into_sql_str();
    connection.prepare(sql).await
}

fn from_statement(query: Query, statement: &PgStatement) -> DescribedQuery {
    let parameters = match statement.parameters() {
        Some(Either::Left(types)) => types
            .iter()
            .map(|t| t.oid().map_or(0, |oid| oid.0))
            .collect(),
        _ => Vec::new(),
    };
    let columns = statement.columns().iter().map(|column| DescribedColumn {
        name: column.name().to_owned(),
        type_oid: column.type_info().oid().map_or(0, |oid| oid.0),
    });
    DescribedQuery {
        parameters,
        columns: columns.collect(),
        query,
    }
}

/// Parse does not look inside a utility statement, so it is run, in a transaction that is
/// rolled back, in the throwaway database: a missing table or "cannot run inside a
/// transaction block" shows now and not in production.
async fn refused_when_run(
    connection: &mut PgConnection,
    query: &Query,
) -> Result<Option<sqlx::Error>, Failure> {
    // A statement with parameters is not tried, because there are no values for them here.
    if query.kind != Kind::Utility || !query.parameters.is_empty() {
        return Ok(None);
    }
    let doing = Failure::connection("trying a utility statement");
    let mut transaction = connection.begin().await.map_err(doing)?;
    let sql = AssertSqlSafe(query.sql.text.clone());
    let result = (&mut *transaction).execute(sql).await;
    let doing = Failure::connection("rolling a utility statement back");
    transaction.rollback().await.map_err(doing)?;
    Ok(result.err())
}
