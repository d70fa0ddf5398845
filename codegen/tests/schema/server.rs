//! The server the tests use, and databases of their own on it.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::expected::assert_same;
use super::oracle::pg_dump;
use crate::server;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use xact_codegen::schema::catalog::{CatalogRows, ColumnOrder};
use xact_codegen::schema::{Schema, SchemaReadError, UnsupportedObject, dump, read};

/// A database that one test made.
pub(crate) struct Database {
    name: String,
    url: String,
    pub(crate) connection: PgConnection,
}

impl Database {
    /// Where clients find it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its name on the server.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// An empty database.
pub(crate) async fn empty() -> Database {
    copy_of("template0").await
}

/// A database that begins as another one, to which there is no connection.
pub(crate) async fn copy_of(template: &str) -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "schema_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    execute(
        &mut administer().await,
        &format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    let url = server::url_of(&name).await;
    let connection = PgConnection::connect(&url).await.unwrap();
    Database {
        name,
        url,
        connection,
    }
}

/// A database in which `migrations` ran.
pub(crate) async fn migrated(migrations: &str) -> Database {
    let mut database = empty().await;
    execute(&mut database.connection, migrations).await;
    database
}

pub(crate) async fn execute(connection: &mut PgConnection, sql: &str) {
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    result.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

pub(crate) async fn schema(database: &mut Database) -> Schema {
    read(&mut database.connection, &[]).await.unwrap()
}

/// The rows of the catalog.
pub(crate) async fn catalog_rows(database: &mut Database, order: ColumnOrder) -> CatalogRows {
    let rows = CatalogRows::read(&mut database.connection, order).await;
    rows.unwrap()
}

pub(crate) async fn drop(database: Database) {
    database.connection.close().await.unwrap();
    execute(
        &mut administer().await,
        &format!("DROP DATABASE {}", database.name),
    )
    .await;
}

/// schema.sql of a database in which `migrations` ran.
pub(crate) async fn dumped(migrations: &str) -> String {
    let mut database = migrated(migrations).await;
    let sql = dump(&schema(&mut database).await);
    drop(database).await;
    sql
}

/// The objects for which a database in which `migrations` ran cannot be read.
pub(crate) async fn unsupported(migrations: &str) -> Vec<UnsupportedObject> {
    let mut database = migrated(migrations).await;
    let error = read(&mut database.connection, &[]).await.unwrap_err();
    drop(database).await;
    let SchemaReadError::Unsupported(objects) = error else {
        panic!("{error}")
    };
    objects
}

/// schema.sql of `migrations`, after checking that it [survives](survives).
pub(crate) async fn round_trip(migrations: &str) -> String {
    survives(migrated(migrations).await).await
}

/// schema.sql of the database, after checking that it loads by wire and by `psql` into an empty one, that
/// reading either back gives the same bytes and the same value, and that neither `pg_dump` nor the rows of the catalog
/// differ.
pub(crate) async fn survives(original: Database) -> String {
    survives_in_order(original, ColumnOrder::Compared).await
}

/// [`survives`], where the order of columns may be compared or not.
pub(crate) async fn survives_in_order(mut original: Database, order: ColumnOrder) -> String {
    let read_first = schema(&mut original).await;
    let rows = catalog_rows(&mut original, order).await;
    let sql = dump(&read_first);
    let mut by_wire = migrated(&sql).await;
    let mut by_psql = empty().await;
    psql(&by_psql, &sql);
    for reloaded in [&mut by_wire, &mut by_psql] {
        let read_again = schema(reloaded).await;
        assert_same(
            "schema.sql of the reloaded database",
            &sql,
            &dump(&read_again),
        );
        assert_same(
            "pg_dump of the reloaded database",
            &pg_dump(&original.url),
            &pg_dump(&reloaded.url),
        );
        let differences = rows.differences(
            &catalog_rows(reloaded, order).await,
            "the original",
            "the reloaded database",
        );
        assert!(differences.is_empty(), "{}\n{sql}", differences.join("\n"));
        // The values list the columns in their order too.
        if order == ColumnOrder::Compared && read_first != read_again {
            assert_same(
                "the schema of the reloaded database",
                &write_comparable(&read_first),
                &write_comparable(&read_again),
            );
        }
    }
    for database in [original, by_wire, by_psql] {
        drop(database).await;
    }
    sql
}

/// Runs a script with `psql`.
pub(crate) fn psql(database: &Database, sql: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), sql).unwrap();
    let url = database.url.clone();
    let output = Command::new("psql")
        .args(["-qX", "-v", "ON_ERROR_STOP=1", &url, "-f"])
        .arg(file.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{sql}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The server's version, as in 180004.
pub(crate) async fn server_version() -> i32 {
    let query = "SELECT current_setting('server_version_num')::int4";
    sqlx::query_scalar(query)
        .fetch_one(&mut administer().await)
        .await
        .unwrap()
}

pub(crate) async fn administer() -> PgConnection {
    PgConnection::connect(server::url().await).await.unwrap()
}

/// A schema to be read, without that which two databases may have differently: OIDs, and names that Postgres 18 chose for
/// NOT NULL constraints, which schema.sql leaves to it.
fn write_comparable(schema: &Schema) -> String {
    let text = format!("{schema:#?}");
    let lines = text.lines();
    let lines = lines.filter(|line| {
        let value = line.trim_end_matches(',').trim();
        let name = value.trim_matches(|mark: char| mark == '"' || mark.is_ascii_digit());
        let number = value.strip_prefix("relation: ").unwrap_or(value);
        number.parse::<u32>().is_err() && !name.ends_with("_not_null")
    });
    lines.collect::<Vec<_>>().join("\n")
}
