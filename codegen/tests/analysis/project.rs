//! Queries through every stage up to the analysis, in a database of the test's own.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, PgConnection};
use xact_codegen::query::analysis::{Typed, analyse};
use xact_codegen::query::{TypeCatalog, describe, parse};
use xact_codegen::report::diagnostic::{Diagnostic, Style, render};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{Keys, Schema};
use xact_server::TestDatabase;

/// The tables that the cases are about.
pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// A connection to a database of the test's own in which `schema` ran. `XACT_POSTGRES_BIN` or
/// `XACT_SERVER_URL` give another Postgres, which is how other majors are tested.
pub(crate) async fn database(schema: &str) -> (TestDatabase, PgConnection) {
    let no_migrations = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&no_migrations).await.unwrap();
    let mut connection = test.connect().await.unwrap();
    execute(&mut connection, schema).await;
    (test, connection)
}

pub(super) async fn execute(connection: &mut PgConnection, sql: &str) {
    let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await;
    result.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

/// Analyses the text of a query file.
pub(super) async fn analysed(
    connection: &mut PgConnection,
    text: &str,
) -> (Vec<Typed>, Vec<Diagnostic>) {
    let file = Arc::new(SourceFile::new("queries/test.sql", text));
    let (queries, diagnostics) = parse(&file);
    assert!(
        diagnostics.is_empty(),
        "{}",
        render(&diagnostics, Style::Plain)
    );
    let schema = Schema::default();
    let (described, diagnostics) = describe(connection, queries, &schema).await.unwrap();
    assert!(
        diagnostics.is_empty(),
        "{}",
        render(&diagnostics, Style::Plain)
    );
    let types = TypeCatalog::read(connection).await.unwrap();
    analyse(connection, described, &types, &Keys::of(&schema))
        .await
        .unwrap()
}
