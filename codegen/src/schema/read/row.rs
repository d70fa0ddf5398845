//! Rows of the catalog queries → the fields that every kind of object has.

use std::collections::HashMap;

use sqlx::postgres::{PgRow, types::Oid as SqlOid};
use sqlx::{PgConnection, Row};

use crate::catalog_query::fetch_catalog;
use crate::schema::model::{ColumnNumber, Name, Number, Oid};

/// All rows of one catalog query without parameters.
pub(super) async fn rows(
    connection: &mut PgConnection,
    sql: &'static str,
) -> Result<Vec<PgRow>, sqlx::Error> {
    fetch_catalog(connection, sql).await
}

/// The object's name from the columns `schema`, `name` and `sql`.
pub(super) fn name(row: &PgRow) -> Result<Name, sqlx::Error> {
    Ok(Name {
        schema: row.try_get("schema")?,
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
    })
}

/// A catalog number.
pub(super) fn oid(row: &PgRow, column: &str) -> Result<Oid, sqlx::Error> {
    Ok(Number(row.try_get::<SqlOid, _>(column)?.0))
}

/// A catalog number that may be absent.
pub(super) fn optional_oid(row: &PgRow, column: &str) -> Result<Option<Oid>, sqlx::Error> {
    Ok(row
        .try_get::<Option<SqlOid>, _>(column)?
        .map(|oid| Number(oid.0)))
}

/// Column numbers.
pub(super) fn positions(row: &PgRow, column: &str) -> Result<Vec<ColumnNumber>, sqlx::Error> {
    let numbers: Vec<i16> = row.try_get(column)?;
    Ok(numbers.into_iter().map(Number).collect())
}

/// Things grouped by the OID of their object.
pub(super) fn grouped<T>(parts: Vec<(Oid, T)>) -> HashMap<u32, Vec<T>> {
    let mut groups: HashMap<u32, Vec<T>> = HashMap::new();
    for (Number(parent), part) in parts {
        groups.entry(parent).or_default().push(part);
    }
    groups
}
