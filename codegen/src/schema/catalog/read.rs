//! Reads the rows: what Postgres declares of its catalogs, then the names of all objects, then all rows.

use std::collections::{BTreeMap, HashMap};

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Connection as _, Either, PgConnection, Row as _};

use super::names::CatalogNames;
use super::resolve::{CatalogReference, RowResolver};
use super::select::{is_compared, names_query, rows_query};
use super::{CatalogRows, ColumnOrder};

/// The catalogs by their names.
pub(super) type SystemCatalogs = BTreeMap<String, SystemCatalog>;

/// A catalog and its columns.
#[derive(Debug, Default)]
pub(super) struct SystemCatalog {
    pub(super) columns: Vec<SystemColumn>,
    /// Its own number, by which comments and dependencies name it.
    number: u32,
    /// Whether its rows have a number of their own, `oid`.
    pub(super) has_number: bool,
}

impl SystemCatalog {
    /// Where a column is among those that are read.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }
}

/// A column of a catalog.
#[derive(Debug)]
pub(super) struct SystemColumn {
    pub(super) name: String,
    /// Whether its values are arrays or vectors.
    pub(super) is_list: bool,
    /// Whether it is one of the columns that identify a row.
    pub(super) is_key: bool,
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
        // One snapshot: the names fit the rows.
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            .execute(&mut *transaction)
            .await?;
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
    let names = read_names(connection, &catalogs).await?;
    let own = read_own_table(connection).await?;
    let queries = catalogs
        .iter()
        .map(|(name, catalog)| rows_query(name, catalog, &own, order));
    let queries = queries.collect::<Vec<_>>().join(";\n");
    let resolvers = catalogs.iter().map(|(name, catalog)| {
        let references = references.get(name).map_or(&[][..], Vec::as_slice);
        RowResolver::new(name, catalog, references, &names)
    });
    let resolvers: Vec<RowResolver<'_>> = resolvers.collect();
    let mut rows = Vec::new();
    let mut at = resolvers.iter();
    let mut resolver = at.next();
    // Row by row: a large schema has a million of them. Each query ends with a result.
    let mut found = sqlx::raw_sql(AssertSqlSafe(queries)).fetch_many(connection);
    while let Some(found) = found.try_next().await? {
        match (found, resolver) {
            (Either::Left(_), _) => resolver = at.next(),
            (Either::Right(row), Some(resolver)) => rows.extend(resolver.resolve(&row)?),
            (Either::Right(_), None) => {}
        }
    }
    rows.sort();
    let columns = catalogs.into_iter().map(|(name, catalog)| {
        let columns = catalog.columns.into_iter().map(|column| column.name);
        (name, columns.collect())
    });
    Ok(CatalogRows {
        columns: columns.collect(),
        rows,
    })
}

async fn fetch_all(
    connection: &mut PgConnection,
    sql: &'static str,
) -> Result<Vec<PgRow>, sqlx::Error> {
    sqlx::query(sql)
        .persistent(false)
        .fetch_all(connection)
        .await
}

async fn read_catalogs(connection: &mut PgConnection) -> Result<SystemCatalogs, sqlx::Error> {
    let mut catalogs = SystemCatalogs::new();
    for row in fetch_all(connection, include_str!("columns.sql")).await? {
        let name: String = row.try_get("catalog")?;
        let column = SystemColumn {
            name: row.try_get("name")?,
            is_list: row.try_get("is_list")?,
            is_key: row.try_get("is_key")?,
        };
        if !is_compared(&name, &column.name) {
            continue;
        }
        let catalog = catalogs.entry(name).or_default();
        catalog.number = row.try_get::<Oid, _>("number")?.0;
        catalog.has_number |= column.name == "oid";
        catalog.columns.push(column);
    }
    Ok(catalogs)
}

async fn read_references(
    connection: &mut PgConnection,
) -> Result<HashMap<String, Vec<CatalogReference>>, sqlx::Error> {
    let mut references: HashMap<String, Vec<CatalogReference>> = HashMap::new();
    for row in fetch_all(connection, include_str!("references.sql")).await? {
        let reference = CatalogReference {
            columns: row.try_get("columns")?,
            target: row.try_get("target")?,
        };
        let of = references.entry(row.try_get("catalog")?).or_default();
        of.push(reference);
    }
    Ok(references)
}

async fn read_names(
    connection: &mut PgConnection,
    catalogs: &SystemCatalogs,
) -> Result<CatalogNames, sqlx::Error> {
    let classes = catalogs
        .iter()
        .map(|(name, catalog)| (catalog.number, name.clone()));
    let mut names = CatalogNames::new(classes.collect());
    let sql = names_query(catalogs);
    let mut objects = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch(&mut *connection);
    while let Some(row) = objects.try_next().await? {
        let (catalog, number): (&str, Oid) = (row.try_get(0)?, row.try_get(1)?);
        names.add_object(catalog, number.0, row.try_get(2)?);
    }
    drop(objects);
    let sql = include_str!("columns_of_relations.sql");
    let mut columns = sqlx::query(sql).persistent(false).fetch(connection);
    while let Some(row) = columns.try_next().await? {
        let relation: Oid = row.try_get("relation")?;
        names.add_column(relation.0, row.try_get("number")?, row.try_get("name")?);
    }
    Ok(names)
}

async fn read_own_table(connection: &mut PgConnection) -> Result<Vec<u32>, sqlx::Error> {
    let rows = fetch_all(connection, include_str!("own_table.sql")).await?;
    let numbers = rows
        .iter()
        .map(|row| Ok(row.try_get::<Oid, _>("number")?.0));
    numbers.collect()
}
