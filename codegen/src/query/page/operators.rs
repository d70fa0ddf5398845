//! How values of ORDER BY are compared: by the operators of the family that sorts them.
//!
//! They are written with their schema unless it is `pg_catalog`: where the schema of an extension is not on the search path,
//! `<` of its type would be another operator, and the page another than the order says.

use crate::catalog_query::fetch_catalog_with;
use crate::query::analysis::OrderKey;
use crate::report::Failure;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// The operators of the family of a sort operator, as SQL writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SortOperators {
    pub(super) descending: bool,
    pub(super) less: String,
    pub(super) less_equal: String,
    pub(super) equal: String,
    pub(super) greater_equal: String,
    pub(super) greater: String,
}

impl SortOperators {
    /// Those of the types that Postgres itself has.
    #[cfg(test)]
    pub(super) fn built_in(descending: bool) -> Self {
        let [less, less_equal, equal, greater_equal, greater] =
            ["<", "<=", "=", ">=", ">"].map(str::to_owned);
        Self {
            descending,
            less,
            less_equal,
            equal,
            greater_equal,
            greater,
        }
    }
}

/// Reads the operators of the keys, by the OID of the one that sorts.
pub(super) async fn read(
    connection: &mut PgConnection,
    keys: &[OrderKey],
) -> Result<HashMap<u32, SortOperators>, Failure> {
    let oids: Vec<Oid> = keys.iter().map(|key| Oid(key.operator)).collect();
    let sql = include_str!("operators.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(oids)).await;
    let read = rows.and_then(|rows| {
        let mut found: HashMap<u32, SortOperators> = HashMap::new();
        for row in &rows {
            let sort: i64 = row.try_get("sort")?;
            let sort = u32::try_from(sort).map_err(|error| sqlx::Error::Decode(error.into()))?;
            let operators = found.entry(sort).or_default();
            operators.descending = row.try_get::<i32, _>("direction")? == GREATER;
            let place = match row.try_get("strategy")? {
                LESS => &mut operators.less,
                LESS_EQUAL => &mut operators.less_equal,
                EQUAL => &mut operators.equal,
                GREATER_EQUAL => &mut operators.greater_equal,
                _ => &mut operators.greater,
            };
            *place = row.try_get("operator")?;
        }
        Ok(found)
    });
    read.map_err(Failure::connection("reading the operators of ORDER BY"))
}

/// The strategies of B-trees: chapter "Index Methods and Operator Classes", table "B-Tree Strategies".
const LESS: i32 = 1;
const LESS_EQUAL: i32 = 2;
const EQUAL: i32 = 3;
const GREATER_EQUAL: i32 = 4;
const GREATER: i32 = 5;
