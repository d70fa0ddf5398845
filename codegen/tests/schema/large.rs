//! Hundreds of tables, with the functions, policies, views and partitions of as many.

use std::time::Instant;

use super::server::{drop, migrated, round_trip, schema};
use xact_codegen::schema::dump;

/// Migrations that make so many tables, besides 240 others.
fn large(tables: usize) -> String {
    let size = format!("SELECT set_config('large.tables', '{tables}', false);");
    size + include_str!("large.sql")
}

#[tokio::test]
async fn a_schema_of_hundreds_of_tables_survives() {
    let sql = round_trip(&large(160)).await;
    let of = |start: &str| sql.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(of("CREATE TABLE "), 160 + 20 + 20 * 11);
    assert_eq!(of("CREATE POLICY "), 160);
    assert_eq!(of("CREATE FUNCTION "), 2 + 40 + 40);
}

/// How long it takes is printed, and nothing is asserted of it: `--no-capture` shows it.
#[tokio::test]
async fn a_schema_of_a_thousand_tables_is_read_and_written_again_the_same() {
    let mut database = migrated(&large(760)).await;
    let start = Instant::now();
    let first = dump(&schema(&mut database).await);
    let (seconds, lines) = (start.elapsed().as_secs_f64(), first.lines().count());
    eprintln!("1,000 tables, {lines} lines: {seconds:.2} s");
    assert_eq!(dump(&schema(&mut database).await), first);
    drop(database).await;
}
