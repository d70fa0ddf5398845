//! The same schema gives the same bytes, and a small change a small difference.

use super::server::{dumped, migrated, schema};

const TABLES: [&str; 4] = [
    "CREATE TYPE zoo AS ENUM ('ape', 'bee')",
    "CREATE TABLE b (id integer PRIMARY KEY, n integer UNIQUE CHECK (n > 0)); COMMENT ON TABLE b IS 'b'",
    "CREATE TABLE a (id serial PRIMARY KEY, b integer CHECK (b <> 3))",
    "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION e() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
];

#[tokio::test]
async fn the_dump_does_not_depend_on_the_order_of_creation() {
    let forwards = TABLES.join(";\n");
    let backwards = TABLES.iter().rev().copied().collect::<Vec<_>>().join(";\n");
    let (mut one, mut other) = (migrated(&forwards).await, migrated(&backwards).await);
    assert_eq!(schema(&mut one).await, schema(&mut other).await);
    super::server::drop(one).await;
    super::server::drop(other).await;
    assert_eq!(dumped(&forwards).await, dumped(&backwards).await);
}

#[tokio::test]
async fn a_foreign_key_adds_lines_and_moves_none() {
    let before = dumped(&TABLES.join(";\n")).await;
    let after =
        dumped(&(TABLES.join(";\n") + "; ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b")).await;
    let (before, after) = (without_revisions(&before), without_revisions(&after));
    let mut kept = after.lines();
    for line in before.lines() {
        assert!(kept.any(|other| other == line), "`{line}` moved:\n{after}");
    }
    assert!(
        after.contains("    -- foreign key: a_b_fkey (b) REFERENCES b(id)\n"),
        "{after}"
    );
}

/// The lines without the numbers that change with anything of a table.
fn without_revisions(sql: &str) -> String {
    let lines = sql.lines();
    let lines = lines.map(|line| line.split(" -- revision ").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}
