//! Nothing is silently dropped: an object that schema.sql cannot hold is an error that names it.

use super::expected::assert_expected;
use super::server::{administer, dumped, execute, server_version, unsupported};

#[tokio::test]
async fn every_unsupported_object_is_named_in_one_error_with_what_helps() {
    let objects = unsupported(include_str!("unsupported.sql")).await;
    let lines = objects
        .iter()
        .map(|object| format!("{object}: {}\n", object.help()));
    assert_expected("unsupported.expected.txt", &lines.collect::<String>());
}

/// Only Postgres 15 takes these statements.
#[tokio::test]
async fn a_plain_column_beneath_a_generated_one_is_named() {
    if server_version().await >= 160_000 {
        return;
    }
    let objects = unsupported(
        "CREATE TABLE above (id integer);
         CREATE TABLE below () INHERITS (above);
         ALTER TABLE below ADD COLUMN twice integer;
         ALTER TABLE above ADD COLUMN twice integer GENERATED ALWAYS AS (id * 2) STORED;",
    )
    .await;
    let kinds: Vec<String> = objects.iter().map(ToString::to_string).collect();
    assert_eq!(kinds, ["plain table column `public.below.twice`"]);
}

/// A partitioned table stores nothing, and its tablespace is that of the next partition.
#[tokio::test]
async fn the_tablespace_of_every_kind_of_relation_is_named() {
    let mut admin = administer().await;
    execute(&mut admin, "SET allow_in_place_tablespaces = on").await;
    execute(&mut admin, "CREATE TABLESPACE shelf LOCATION ''").await;
    let objects = unsupported(
        "CREATE TABLE plain (id integer) TABLESPACE shelf;
         CREATE INDEX plain_id ON plain (id) TABLESPACE shelf;
         CREATE TABLE parted (id integer) PARTITION BY RANGE (id) TABLESPACE shelf;
         CREATE INDEX parted_id ON parted (id) TABLESPACE shelf;",
    )
    .await;
    execute(&mut admin, "DROP TABLESPACE shelf").await;
    let kinds: Vec<String> = objects.iter().map(ToString::to_string).collect();
    assert_eq!(
        kinds,
        [
            "tablespace of index `public.parted_id`",
            "tablespace of index `public.plain_id`",
            "tablespace of table `public.parted`",
            "tablespace of table `public.plain`",
        ]
    );
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
