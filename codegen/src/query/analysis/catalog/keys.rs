//! Unique keys: which columns of a table, or expressions over them, identify a row, by which sense of equality.

use super::relations::CatalogRelation;
use crate::catalog_query::fetch_catalog_with;
use crate::query::analysis::tree::{self, Expr};
use crate::report::Failure;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// A primary key, unique constraint or unique index without condition.
#[derive(Debug)]
pub(crate) struct CatalogKey {
    /// As SQL calls such a thing.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) columns: Vec<KeyColumn>,
}

/// One of the columns and expressions that are unique together.
#[derive(Clone, Debug)]
pub(crate) struct KeyColumn {
    /// Its number in the table; 0 for an expression.
    pub(crate) number: i32,
    /// The expression, whose columns are those of relation 1.
    pub(crate) expression: Option<Expr>,
    /// As the index names it.
    pub(crate) definition: String,
    /// The OID of the operator family whose `=` makes duplicates.
    pub(crate) family: u32,
    /// The OID of the collation it is unique by; 0 for none.
    pub(crate) collation: u32,
}

/// Reads the keys of tables, each with the OID of its table.
pub(super) async fn read(
    connection: &mut PgConnection,
    tables: &HashMap<u32, CatalogRelation>,
) -> Result<Vec<(u32, CatalogKey)>, Failure> {
    let oids: Vec<Oid> = tables.keys().map(|oid| Oid(*oid)).collect();
    let sql = include_str!("keys.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(oids)).await;
    let keys = rows.and_then(|rows| rows.iter().filter_map(|row| key(row).transpose()).collect());
    keys.map_err(Failure::connection("reading the unique keys of tables"))
}

/// None if an expression of it is not understood.
fn key(row: &PgRow) -> Result<Option<(u32, CatalogKey)>, sqlx::Error> {
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "p" => "primary key",
        "u" => "unique constraint",
        _ => "unique index",
    };
    let numbers: Vec<i32> = row.try_get("columns")?;
    let families: Vec<i64> = row.try_get("families")?;
    let collations: Vec<i64> = row.try_get("collations")?;
    let definitions: Vec<String> = row.try_get("definitions")?;
    let text: Option<String> = row.try_get("expressions")?;
    // `indexprs` has only the expressions, in the order of the zeros in `indkey` (pg_index).
    let mut expressions = text
        .and_then(|text| tree::read_expressions(&text))
        .unwrap_or_default()
        .into_iter();
    let mut columns = Vec::new();
    let parts = numbers.into_iter().zip(definitions);
    for ((number, definition), (family, collation)) in
        parts.zip(families.into_iter().zip(collations))
    {
        let expression = if number == 0 {
            expressions.next()
        } else {
            None
        };
        // A key with a part that is not understood must not count as a key of its other parts.
        if number == 0 && expression.is_none() {
            return Ok(None);
        }
        columns.push(KeyColumn {
            number,
            expression,
            definition,
            family: oid(family)?,
            collation: oid(collation)?,
        });
    }
    let key = CatalogKey {
        kind,
        name: row.try_get("name")?,
        columns,
    };
    Ok(Some((oid(row.try_get("table_oid")?)?, key)))
}

fn oid(number: i64) -> Result<u32, sqlx::Error> {
    u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}
