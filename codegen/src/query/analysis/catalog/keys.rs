//! Unique keys: which columns of a table identify a row, by which sense of equality.

use super::relations::Table;
use crate::catalog_query::fetch_catalog_with;
use crate::report::Failure;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// A primary key, unique constraint or unique index without condition or expression.
#[derive(Debug)]
pub(crate) struct Key {
    /// As SQL calls such a thing.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) columns: Vec<KeyColumn>,
}

/// One of the columns that are unique together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyColumn {
    pub(crate) number: i32,
    /// The OID of the operator family whose `=` makes duplicates.
    pub(crate) family: u32,
    /// The OID of the collation it is unique by; 0 for none.
    pub(crate) collation: u32,
}

/// Reads the keys of tables, each with the OID of its table.
pub(super) async fn read(
    connection: &mut PgConnection,
    tables: &HashMap<u32, Table>,
) -> Result<Vec<(u32, Key)>, Failure> {
    let oids: Vec<Oid> = tables.keys().map(|oid| Oid(*oid)).collect();
    let sql = include_str!("keys.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(oids)).await;
    let keys = rows.and_then(|rows| rows.iter().map(key).collect());
    keys.map_err(Failure::connection("reading the unique keys of tables"))
}

fn key(row: &PgRow) -> Result<(u32, Key), sqlx::Error> {
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "p" => "primary key",
        "u" => "unique constraint",
        _ => "unique index",
    };
    let numbers: Vec<i32> = row.try_get("columns")?;
    let families: Vec<i64> = row.try_get("families")?;
    let collations: Vec<i64> = row.try_get("collations")?;
    let columns = numbers
        .into_iter()
        .zip(families.into_iter().zip(collations));
    let columns: Result<Vec<KeyColumn>, sqlx::Error> = columns
        .map(|(number, (family, collation))| {
            Ok(KeyColumn {
                number,
                family: oid(family)?,
                collation: oid(collation)?,
            })
        })
        .collect();
    let key = Key {
        kind,
        name: row.try_get("name")?,
        columns: columns?,
    };
    Ok((oid(row.try_get("table_oid")?)?, key))
}

fn oid(number: i64) -> Result<u32, sqlx::Error> {
    u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}
