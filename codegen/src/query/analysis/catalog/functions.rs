//! Functions: how they treat NULL, and their rules in the reviewed lists.

use super::bodies::{self, Body};
use super::listed::{self, NotNullRule};
use crate::catalog_query::fetch_catalog_with;
use crate::report::Failure;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::{HashMap, HashSet};

/// A function, an operator's function, an aggregate or a window function.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the catalog, independent of the others"
)]
#[derive(Debug)]
pub(crate) struct CatalogFunction {
    /// As people write it: an operator's is that of the operator.
    pub(crate) name: String,
    /// Whether it is Postgres's own.
    pub(crate) built_in: bool,
    /// Whether any NULL argument makes it NULL without being called.
    pub(crate) strict: bool,
    /// Whether two calls with equal arguments in one statement give the same.
    pub(crate) repeatable: bool,
    /// Whether the type of its result follows from those of its arguments: it gives values that it takes.
    pub(crate) polymorphic: bool,
    /// The rule for its result.
    pub(crate) rule: NotNullRule,
    /// Its body, if it is written in SQL and not Postgres's own.
    pub(crate) body: Option<Body>,
}

const DOING: &str = "reading the functions of the queries";

/// Reads the reviewed lists, by the OIDs that functions have on this server.
pub(super) async fn rules(
    connection: &mut PgConnection,
) -> Result<HashMap<u32, NotNullRule>, Failure> {
    let rules = listed::read(connection).await;
    rules.map_err(Failure::connection(DOING))
}

/// Reads functions by their OIDs.
pub(super) async fn read(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
    rules: &HashMap<u32, NotNullRule>,
) -> Result<HashMap<u32, CatalogFunction>, Failure> {
    let bound: Vec<Oid> = oids.iter().map(|oid| Oid(*oid)).collect();
    let sql = include_str!("functions.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(bound)).await;
    let functions = rows.and_then(|rows| rows.iter().map(|row| function(row, rules)).collect());
    let mut functions: HashMap<u32, CatalogFunction> =
        functions.map_err(Failure::connection(DOING))?;
    for (oid, body) in bodies::read(connection, oids).await? {
        if let Some(function) = functions.get_mut(&oid) {
            function.body = Some(body);
        }
    }
    Ok(functions)
}

fn function(
    row: &PgRow,
    rules: &HashMap<u32, NotNullRule>,
) -> Result<(u32, CatalogFunction), sqlx::Error> {
    let oid: i64 = row.try_get("oid")?;
    let oid = u32::try_from(oid).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let name: String = row.try_get("name")?;
    let built_in: bool = row.try_get("built_in")?;
    // A user's function may have the name of a built-in aggregate and another behaviour.
    let by_name = if built_in {
        listed::by_name(&name)
    } else {
        None
    };
    let extension: Option<String> = row.try_get("extension")?;
    let of_extension = extension.and_then(|extension| listed::by_extension(&extension, &name));
    // By OID first: a signature says more than a name, which all overloads share.
    let rule = rules
        .get(&oid)
        .copied()
        .or(by_name)
        .or(of_extension)
        // A function that no list has, such as one of a newer major version, is unproved until it
        // is reviewed.
        .unwrap_or(NotNullRule::MayBeNull);
    let operator: Option<String> = row.try_get("operator")?;
    let function = CatalogFunction {
        name: operator.unwrap_or(name),
        built_in,
        strict: row.try_get("strict")?,
        repeatable: row.try_get("repeatable")?,
        polymorphic: row.try_get("polymorphic")?,
        rule,
        body: None,
    };
    Ok((oid, function))
}
