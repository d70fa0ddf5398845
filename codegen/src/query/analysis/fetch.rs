//! Postgres's own analysed tree of each query, as text.
//!
//! A query stored as the body of a function in SQL-standard form is kept as it was analysed, not
//! as it was written: `pg_proc.prosqlbody`. Everything is rolled back. A query whose tree cannot
//! be had (`SELECT … INTO`, a parameter of a pseudo-type) is no error: nothing is proved of it.

use super::super::{Described, Kind, TypeCatalog};
use crate::Failure;
use crate::catalog_query::fetch_catalog;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

/// How many functions are created in one round trip.
const BATCH: usize = 200;

const DOING: &str = "storing the queries to read their trees";

/// The tree of each query, in the same order.
pub(in crate::query) async fn trees(
    connection: &mut PgConnection,
    queries: &[Described],
    types: &TypeCatalog,
) -> Result<Vec<Option<String>>, Failure> {
    let numbered = queries.iter().enumerate();
    let functions: Vec<String> = numbered
        .filter_map(|(number, described)| function(number, described, types))
        .collect();
    let mut transaction = connection
        .begin()
        .await
        .map_err(Failure::connection(DOING))?;
    let read = create_and_read(&mut transaction, &functions, queries.len()).await;
    transaction
        .rollback()
        .await
        .map_err(Failure::connection(DOING))?;
    read.map_err(Failure::connection(DOING))
}

/// The statement that stores a query; none if it has no tree or a parameter cannot be declared.
fn function(number: usize, described: &Described, types: &TypeCatalog) -> Option<String> {
    if described.query.kind != Kind::Analysed {
        return None;
    }
    let parameters: Option<Vec<&str>> = described
        .parameters
        .iter()
        .map(|oid| types.get(*oid).map(|found| found.sql_name.as_str()))
        .collect();
    let parameters = parameters?.join(", ");
    let rows = if described.columns.is_empty() {
        "void"
    } else {
        "SETOF record"
    };
    let sql = &described.query.sql.text;
    // The line break ends a comment at the query's end.
    Some(format!(
        "CREATE FUNCTION pg_temp.xact_query_{number}({parameters}) RETURNS {rows} LANGUAGE sql BEGIN ATOMIC {sql}\n; END"
    ))
}

async fn create_and_read(
    connection: &mut PgConnection,
    functions: &[String],
    count: usize,
) -> Result<Vec<Option<String>>, sqlx::Error> {
    // The types of the rows are not wanted, so the validator need not compare them.
    connection
        .execute("SET LOCAL check_function_bodies = off")
        .await?;
    for batch in functions.chunks(BATCH) {
        create(connection, batch).await?;
    }
    let mut trees = vec![None; count];
    for row in fetch_catalog(connection, include_str!("fetch.sql")).await? {
        let number = usize::try_from(row.try_get::<i32, _>("number")?).unwrap_or(usize::MAX);
        if let Some(tree) = trees.get_mut(number) {
            *tree = row.try_get("tree")?;
        }
    }
    Ok(trees)
}

/// All at once, or one by one if one of them is refused.
async fn create(connection: &mut PgConnection, functions: &[String]) -> Result<(), sqlx::Error> {
    let all = functions.join(";\n");
    if attempt(connection, all).await? {
        return Ok(());
    }
    for function in functions {
        attempt(connection, function.clone()).await?;
    }
    Ok(())
}

/// Whether Postgres accepted it; if not, it did not happen.
async fn attempt(connection: &mut PgConnection, sql: String) -> Result<bool, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    match savepoint.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(_) => savepoint.commit().await.map(|()| true),
        Err(sqlx::Error::Database(_)) => savepoint.rollback().await.map(|()| false),
        Err(error) => Err(error),
    }
}
