//! Nothing is silently dropped: an object that schema.sql cannot hold is an error that names it.

use super::expected::assert_expected;
use super::server::{dumped, unsupported};

#[tokio::test]
async fn every_unsupported_object_is_named_in_one_error_with_what_helps() {
    let objects = unsupported(include_str!("unsupported.sql")).await;
    let lines = objects
        .iter()
        .map(|object| format!("{object}: {}\n", object.remedy()));
    assert_expected("unsupported.expected.txt", &lines.collect::<String>());
}

#[tokio::test]
async fn rows_of_enum_tables_are_in_the_dump() {
    let sql = dumped(
        "CREATE TABLE colour_enum (value text PRIMARY KEY, position integer);
         INSERT INTO colour_enum VALUES ('red', 10), ('green', 9), ('a ''b''', NULL);
         CREATE TABLE colours (value text); INSERT INTO colours VALUES ('blue');",
    )
    .await;
    let rows = "INSERT INTO colour_enum (value, \"position\") VALUES\n    ('a ''b''', NULL),\n    ('green', 9),\n    ('red', 10);\n";
    assert!(sql.contains(rows), "{sql}");
    assert!(!sql.contains("blue"));
}

#[tokio::test]
async fn the_table_of_applied_migrations_is_left_out() {
    let empty = dumped("SELECT 1").await;
    let sql = dumped(
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text DEFAULT '')",
    )
    .await;
    assert_eq!(sql, empty);
}
