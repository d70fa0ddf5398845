//! How long the variants of queries take: queries with 12 parts and 8 orders, of which about 1,000 variants are prepared, analysed,
//! judged for their session, and tried in two scopes.
//!
//! `cargo bench --package xact-codegen --bench variants` prints the time of one variant: the whole run of the tool, less that of
//! the same project without parts. It has to stay below 1.5 ms.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use xact_codegen::query::{choose_variants, parse};
use xact_codegen::report::source::SourceFile;
use xact_server::Server;

/// Of each about 250 variants are checked.
const QUERIES: usize = 4;
const RUNS: usize = 5;
const MOST_MICROSECONDS: u128 = 1500;

const MIGRATION: &str = "
CREATE ROLE reader;
CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL, body text, owner_id bigint, score int);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY notes_reader ON notes TO reader USING (owner_id > 0);
GRANT SELECT ON notes TO reader;";

const CONFIG: &str = "[scopes.everything]\n\n[scopes.reader]\nrole = \"reader\"\n";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --benches` asks only whether it runs.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let runs = if measures { RUNS } else { 1 };
    let server = Server::start(None).await?;
    let options = server.options();
    let socket = options.get_socket().ok_or("the server has a socket")?;
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        socket.display()
    );
    let with_parts = queries();
    let count = count_variants(&with_parts);
    let (with, without) = (tempfile::tempdir()?, tempfile::tempdir()?);
    write_project(with.path(), &with_parts)?;
    write_project(without.path(), &without_switches(&with_parts))?;
    let (mut slow, mut fast) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        slow.push(time_run(with.path(), &url).await?);
        fast.push(time_run(without.path(), &url).await?);
    }
    let (slow, fast) = (median(&mut slow), median(&mut fast));
    let each = slow.saturating_sub(fast).as_micros() / count.max(1) as u128;
    println!("{count} variants of {QUERIES} queries, median of {runs} runs");
    println!("with parts {slow:.1?}, without {fast:.1?}, a variant {each} µs");
    assert!(
        !measures || each < MOST_MICROSECONDS,
        "more than {MOST_MICROSECONDS} µs"
    );
    server.stop().await?;
    Ok(())
}

async fn time_run(project: &Path, url: &str) -> Result<Duration, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let generated = xact_codegen::generate(project, Some(url)).await;
    let generated = generated.map_err(|stop| format!("{stop:?}"))?;
    assert_eq!(generated.queries, QUERIES);
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn write_project(root: &Path, queries: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(root.join("migrations"))?;
    std::fs::create_dir_all(root.join("queries"))?;
    std::fs::write(root.join("migrations/1_notes.up.sql"), MIGRATION)?;
    std::fs::write(root.join("queries/notes.sql"), queries)?;
    std::fs::write(root.join("xact.toml"), CONFIG)
}

/// The same with comments that switch nothing.
fn without_switches(queries: &str) -> String {
    queries
        .replace("-- if", "-- when")
        .replace("-- order", "-- by")
}

fn count_variants(text: &str) -> usize {
    let (queries, _) = parse(&Arc::new(SourceFile::new("queries/notes.sql", text)));
    let shapes = queries.iter().filter_map(|query| query.shape.as_deref());
    shapes.map(|shape| choose_variants(shape).len()).sum()
}

/// Queries with 12 parts and 8 orders.
fn queries() -> String {
    let mut text = String::new();
    for query in 0..QUERIES {
        let _infallible = writeln!(
            text,
            "-- name: notes_search_{query} :many\nSELECT n.id, n.title, n.body, o.title AS owner\nFROM notes n\n\
             LEFT JOIN notes o ON o.id = n.owner_id\nWHERE n.id > 0"
        );
        for part in 0..6 {
            let _infallible = writeln!(
                text,
                "  AND n.title <> :title_{part}  -- if :title_{part}\n  AND n.score > {part}  -- if scored_{part}"
            );
        }
        text.push_str("ORDER BY n.id  -- order o0\n");
        for order in 1..8 {
            let _infallible = writeln!(text, "-- order o{order}: n.score + {order}, n.id");
        }
        text.push_str("LIMIT :limit;\n\n");
    }
    text
}
