//! Reads the rows: one query for the names of all objects, one for all rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use super::omitted::{CATALOGS, COLUMNS, EXPRESSIONS};
use super::own_table::OwnTable;
use super::resolve::{CatalogNames, CatalogReference, is_compared, label_row, resolve_row};
use super::{CatalogRows, ColumnOrder};

/// Numbers from here on are those of objects that a user created.
const FIRST_USER_OID: u32 = 16384;

/// A catalog and its columns.
#[derive(Debug, Default)]
struct SystemCatalog {
    columns: Vec<String>,
    /// Its own number, by which comments and dependencies name it.
    number: i64,
    /// The columns that identify a row.
    key: Vec<String>,
}

impl CatalogRows {
    /// Reads the rows of the objects that users created. Nothing is changed, and settings are as before.
    ///
    /// # Errors
    /// If the connection breaks.
    ///
    /// # Cancellation
    /// Dropping the future leaves a transaction that the connection rolls back before its next use.
    pub async fn read(
        connection: &mut PgConnection,
        order: ColumnOrder,
    ) -> Result<Self, sqlx::Error> {
        let mut transaction = connection.begin().await?;
        // Every name is printed with its schema, and no operator of the project is chosen.
        sqlx::query(include_str!("../read/session.sql"))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)")
            .execute(&mut *transaction)
            .await?;
        let rows = read_rows(&mut transaction, order).await;
        transaction.rollback().await?;
        rows
    }
}

async fn read_rows(
    connection: &mut PgConnection,
    order: ColumnOrder,
) -> Result<CatalogRows, sqlx::Error> {
    let catalogs = read_catalogs(connection).await?;
    let references = read_references(connection).await?;
    let mut found: Vec<(String, Map<String, Value>)> = Vec::new();
    // All catalogs in one query: they are read in one snapshot, and names fit the rows.
    for row in fetch_all(connection, rows_query(&catalogs)).await? {
        if let Value::Object(values) = row.try_get("row")? {
            found.push((row.try_get("catalog")?, values));
        }
    }
    let classes = catalogs
        .iter()
        .map(|(name, catalog)| (catalog.number.to_string(), name.clone()));
    let mut names = CatalogNames::new(order, classes.collect());
    for row in fetch_all(connection, names_query(&catalogs)).await? {
        let number: i64 = row.try_get("number")?;
        names.objects.insert(
            (row.try_get("catalog")?, number.to_string()),
            row.try_get("name")?,
        );
    }
    // Before any row is resolved, because a row may refer to one that comes later.
    for (catalog, row) in &found {
        names.note_row(catalog, row);
    }
    names.rank_columns();
    let own = OwnTable::find(&found);
    let mut rows: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (catalog, row) in found
        .into_iter()
        .filter(|(catalog, row)| is_compared(catalog, row) && !own.has(catalog, row))
    {
        let none = Vec::new();
        let resolved = resolve_row(
            &catalog,
            &row,
            references.get(&catalog).unwrap_or(&none),
            &names,
        );
        let label = label_row(&catalog, &resolved, &catalogs[&catalog].key);
        // The tables that hold the long values of others follow from these.
        if !label.contains("pg_toast.") && !is_temporary(&label) {
            rows.entry(label).or_default().push(resolved);
        }
    }
    for rows in rows.values_mut() {
        rows.sort();
    }
    Ok(CatalogRows { rows })
}

/// Whether the row is of a session's own objects, or of their schema, which is left when the session ends (5.9, `pg_temp_nnn`).
fn is_temporary(label: &str) -> bool {
    let is_in_own_schema = |word: &str| {
        let schema = word.split_once('.').map_or("", |(schema, _)| schema);
        schema.starts_with("pg_temp") || schema.starts_with("pg_toast_temp")
    };
    // No user can name a schema so: the prefix `pg_` is reserved.
    label.starts_with("pg_namespace pg_") || label.split(' ').any(is_in_own_schema)
}

async fn fetch_all(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Vec<sqlx::postgres::PgRow>, sqlx::Error> {
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    query.fetch_all(connection).await
}

async fn read_catalogs(
    connection: &mut PgConnection,
) -> Result<BTreeMap<String, SystemCatalog>, sqlx::Error> {
    let mut catalogs: BTreeMap<String, SystemCatalog> = BTreeMap::new();
    for row in fetch_all(connection, include_str!("columns.sql").to_owned()).await? {
        let name: String = row.try_get("catalog")?;
        if CATALOGS.contains(&name.as_str()) {
            continue;
        }
        let catalog = catalogs.entry(name).or_default();
        catalog.number = row.try_get("number")?;
        let column: String = row.try_get("name")?;
        if row.try_get("is_key")? {
            catalog.key.push(column.clone());
        }
        catalog.columns.push(column);
    }
    Ok(catalogs)
}

async fn read_references(
    connection: &mut PgConnection,
) -> Result<HashMap<String, Vec<CatalogReference>>, sqlx::Error> {
    let mut references: HashMap<String, Vec<CatalogReference>> = HashMap::new();
    for row in fetch_all(connection, include_str!("references.sql").to_owned()).await? {
        references
            .entry(row.try_get("catalog")?)
            .or_default()
            .push(CatalogReference {
                columns: row.try_get("columns")?,
                target: row.try_get("target")?,
            });
    }
    Ok(references)
}

/// `SELECT 'pg_am', to_jsonb(row) …` for each catalog.
fn rows_query(catalogs: &BTreeMap<String, SystemCatalog>) -> String {
    let selects = catalogs.iter().map(|(name, catalog)| {
        let columns = catalog.columns.iter().filter_map(|column| select_column(name, column));
        let columns: Vec<String> = columns.collect();
        let first = catalog.columns.first().map_or("oid", String::as_str);
        let number = match (name.as_str(), catalog.columns.iter().any(|column| column == "oid")) {
            ("pg_enum", _) => "enumtypid",
            ("pg_depend", _) => "objid",
            (_, true) => "oid",
            _ => first,
        };
        // The schema `public` is there before any user's object, and can be created again.
        let public = if name == "pg_namespace" { " OR t.nspname = 'public'" } else { "" };
        format!(
            "SELECT '{name}' AS catalog, to_jsonb(r) AS row FROM (SELECT {} FROM pg_catalog.{name} t \
             WHERE t.{number} >= {FIRST_USER_OID}{public}) r",
            columns.join(", ")
        )
    });
    selects.collect::<Vec<_>>().join("\nUNION ALL ")
}

fn select_column(catalog: &str, column: &str) -> Option<String> {
    let place = format!("{catalog}.{column}");
    if COLUMNS.contains(&place.as_str()) {
        return None;
    }
    let expression = EXPRESSIONS.iter().find(|(name, _)| *name == place);
    Some(match expression {
        Some((_, expression)) => format!("{expression} AS {column}"),
        None => format!("t.{column}"),
    })
}

/// The name of every object of a user, and of every type and role.
fn names_query(catalogs: &BTreeMap<String, SystemCatalog>) -> String {
    // Labels of enums have no identity of their own.
    let unnamed = BTreeSet::from(["pg_enum", "pg_largeobject_metadata"]);
    let with_number = catalogs.iter().filter(|(name, catalog)| {
        catalog.columns.iter().any(|column| column == "oid") && !unnamed.contains(name.as_str())
    });
    let selects = with_number.map(|(name, _)| {
        format!(
            "SELECT '{name}' AS catalog, t.oid::int8 AS number, \
             (pg_identify_object('pg_catalog.{name}'::regclass, t.oid, 0)).identity AS name \
             FROM pg_catalog.{name} t WHERE t.oid >= {FIRST_USER_OID}"
        )
    });
    let roles =
        "SELECT 'pg_authid' AS catalog, oid::int8 AS number, rolname::text AS name FROM pg_roles"
            .to_owned();
    let schemas = format!(
        "SELECT 'pg_namespace', oid::int8, nspname::text FROM pg_namespace WHERE oid < {FIRST_USER_OID}"
    );
    let types = format!(
        "SELECT 'pg_type', oid::int8, format_type(oid, NULL) FROM pg_type WHERE oid < {FIRST_USER_OID}"
    );
    selects
        .chain([roles, schemas, types])
        .collect::<Vec<_>>()
        .join("\nUNION ALL ")
}
