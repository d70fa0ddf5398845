//! Huge results and slow statements.

use crate::world::{Client, World, write_project};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use xact_mcp::{Limits, QueryOptions};

const QUERIES: &str = "
-- name: numbers :many
SELECT generate_series(1, :upto::int8) AS n, repeat('x', :width::int4) AS text;

-- name: sleeps :many
SELECT pg_sleep(:seconds::float8)::text AS slept;

-- name: notes_page :page
SELECT n.id, n.text FROM notes n ORDER BY n.id LIMIT :limit;

-- name: notes_touch :many
UPDATE notes SET text = text || '!' WHERE id <= :upto RETURNING id;
";

const MIGRATION: &str = "
CREATE TABLE notes (id int8 PRIMARY KEY, text text NOT NULL);
INSERT INTO notes SELECT n, repeat('y', 300) FROM generate_series(1, 50) n;
";

async fn connect(world: &World, project: &std::path::Path) -> Client {
    let limits = Limits {
        rows: 10,
        bytes: 2_000,
        timeout: Duration::from_millis(700),
    };
    let options = QueryOptions::new("admin")
        .allow_write("notes_touch")
        .limits(limits);
    Client::connect(world.open_project(project, options).await).await
}

#[tokio::test]
async fn huge_results_are_cut_and_say_so() {
    let project = write_project(MIGRATION, QUERIES);
    let world = World::of_project(project.path()).await;
    let client = connect(&world, project.path()).await;

    let whole = client
        .call("numbers", json!({"width": 1, "upto": 10}))
        .await;
    assert_eq!(whole["rows"].as_array().unwrap().len(), 10);
    assert_eq!(whole["cut"], Value::Null);

    // A billion rows: only as many are read as are shown.
    let begin = Instant::now();
    let rows = json!({"width": 1, "upto": 1_000_000_000_i64});
    let rows = client.call("numbers", rows).await;
    assert_eq!(rows["rows"].as_array().unwrap().len(), 10);
    assert!(rows["cut"].as_str().unwrap().contains("10 rows"), "{rows}");
    assert!(begin.elapsed() < Duration::from_secs(20));

    let bytes = client
        .call("numbers", json!({"width": 900, "upto": 10}))
        .await;
    assert_eq!(bytes["rows"].as_array().unwrap().len(), 2);
    assert!(
        bytes["cut"].as_str().unwrap().contains("2000 bytes"),
        "{bytes}"
    );

    let one = json!({"width": 100_000, "upto": 10});
    let refused = client.refuse("numbers", one).await;
    assert!(refused.contains("--max-bytes"), "{refused}");
}

#[tokio::test]
async fn a_page_that_is_too_large_becomes_smaller_and_its_cursor_is_right() {
    let project = write_project(MIGRATION, QUERIES);
    let world = World::of_project(project.path()).await;
    let client = connect(&world, project.path()).await;
    let mut seen = Vec::new();
    let mut arguments = json!({"limit": 1_000});
    loop {
        let page = client.call("notes_page", arguments).await;
        let rows = page["rows"].as_array().unwrap();
        assert!((1..=10).contains(&rows.len()), "{page}");
        seen.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => arguments = json!({"limit": 1_000, "after": next}),
            None => break,
        }
    }
    assert_eq!(seen, (1..=50).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_statement_that_writes_runs_to_its_end_though_its_rows_are_cut() {
    let project = write_project(MIGRATION, QUERIES);
    let world = World::of_project(project.path()).await;
    let client = connect(&world, project.path()).await;
    let touched = client.call("notes_touch", json!({"upto": 30})).await;
    assert_eq!(touched["rows"].as_array().unwrap().len(), 10);
    assert!(touched["cut"].as_str().unwrap().contains("ran to its end"));
    let changed = "SELECT count(*)::text FROM notes WHERE text LIKE '%!'";
    assert_eq!(world.read_text(changed).await, "30");
}

#[tokio::test]
async fn a_slow_statement_is_stopped_and_the_next_call_works() {
    let project = write_project(MIGRATION, QUERIES);
    let world = World::of_project(project.path()).await;
    let client = connect(&world, project.path()).await;
    let refused = client.refuse("sleeps", json!({"seconds": 30})).await;
    assert!(refused.contains("--timeout"), "{refused}");
    client.call("sleeps", json!({"seconds": 0})).await;
}

#[tokio::test]
async fn a_statement_runs_no_longer_than_its_scope_allows() {
    let project = write_project(MIGRATION, QUERIES);
    let scope = "[scopes.admin]\nstatement-timeout = \"200ms\"\n";
    std::fs::write(project.path().join("xact.toml"), scope).unwrap();
    let world = World::of_project(project.path()).await;
    let options = QueryOptions::new("admin").limits(Limits {
        timeout: Duration::from_mins(1),
        ..Limits::default()
    });
    let client = Client::connect(world.open_project(project.path(), options).await).await;
    let refused = client.refuse("sleeps", json!({"seconds": 30})).await;
    assert!(refused.contains("0.2 s"), "{refused}");
    client.call("sleeps", json!({"seconds": 0})).await;
}

#[tokio::test]
async fn a_call_that_its_client_cancels_is_stopped_in_the_database() {
    let project = write_project(MIGRATION, QUERIES);
    let world = World::of_project(project.path()).await;
    let options = QueryOptions::new("admin").limits(Limits {
        timeout: Duration::from_mins(1),
        ..Limits::default()
    });
    let client = Client::connect(world.open_project(project.path(), options).await).await;
    let call = client.try_call("sleeps", json!({"seconds": 50}));
    let dropped = tokio::time::timeout(Duration::from_millis(500), call).await;
    assert!(dropped.is_err());
    let sleeping = "SELECT count(*)::text FROM pg_stat_activity \
                    WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() \
                    AND query LIKE '%pg_sleep($%'";
    let deadline = Instant::now() + Duration::from_secs(20);
    while world.read_text(sleeping).await != "0" {
        assert!(Instant::now() < deadline, "the statement still runs");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
