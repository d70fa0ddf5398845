//! How long an editor waits for diagnostics after a key: 1,000 queries over 100 tables in 100 files, on a server that is up.
//!
//! `cargo bench --package xact-lsp --bench keystrokes` prints medians and memory. `XACT_BENCH_TABLES=500` makes 5,000 queries over
//! 500 tables. Every file of queries is open. An edit breaks a column or repairs it, so each has its own diagnostics.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/editor.rs"]
mod editor;

use editor::Editor;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const TABLES: usize = 100;
const QUERIES_OF_A_TABLE: usize = 10;
const RUNS: usize = 31;

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let tables = std::env::var("XACT_BENCH_TABLES").ok();
    let tables = tables.and_then(|tables| tables.parse().ok());
    let tables = tables.unwrap_or(if measures { TABLES } else { 3 });
    let runs = if measures { RUNS } else { 3 };
    let project = tempfile::tempdir().unwrap();
    write_project(project.path(), tables);
    let before = resident_kilobytes();

    let mut editor = Editor::open_project(project.path());
    let start = Instant::now();
    for table in 0..tables {
        editor.open(&format!("queries/t{table}.sql"));
    }
    let path = format!("queries/t{}.sql", tables / 2);
    editor.replace(&path, "a.title", "a.titel");
    editor.wait_until("the first diagnostics", |editor| {
        !editor.diagnostics(&path).is_empty()
    });
    println!(
        "{} queries over {tables} tables, every file open",
        tables * QUERIES_OF_A_TABLE
    );
    println!("first diagnostics        {:>8.1?}", start.elapsed());
    editor.replace(&path, "a.titel", "a.title");
    editor.wait_until("the end of the diagnostics", |editor| {
        editor.diagnostics(&path).is_empty()
    });

    let mut times = Vec::new();
    for run in 0..runs * 2 {
        let (old, new) = if run % 2 == 0 {
            ("a.title", "a.titel")
        } else {
            ("a.titel", "a.title")
        };
        let start = Instant::now();
        editor.replace(&path, old, new);
        editor.wait_until("the diagnostics of a key", |editor| {
            editor.diagnostics(&path).is_empty() == (run % 2 == 1)
        });
        times.push(start.elapsed());
    }
    println!(
        "key to diagnostics       {:>8.1?}  median of {}",
        median(&mut times),
        times.len()
    );

    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        assert!(editor.hover(&path, "a.title", 4).contains("never NULL"));
        times.push(start.elapsed());
    }
    println!(
        "hover                    {:>8.1?}  median of {runs}",
        median(&mut times)
    );
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        assert!(!editor.completions(&path, "WHERE a.").is_empty());
        times.push(start.elapsed());
    }
    println!(
        "completion               {:>8.1?}  median of {runs}",
        median(&mut times)
    );
    let grown = resident_kilobytes().saturating_sub(before);
    println!(
        "memory of the server     {:>6} MB, without its Postgres",
        grown / 1024
    );
    editor.shut_down().unwrap();
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The memory of this process, which has the server in it; 0 where the system does not tell.
fn resident_kilobytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Tables that refer to the one before, and queries that join both.
fn write_project(root: &Path, tables: usize) {
    let mut migration = String::new();
    for folder in ["migrations", "queries"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    for table in 0..tables {
        let before = table.saturating_sub(1);
        let _ = writeln!(
            migration,
            "CREATE TABLE t{table} (id bigint PRIMARY KEY, title text NOT NULL, body text, made_at timestamptz NOT NULL \
             DEFAULT now(), parent bigint REFERENCES t{before});"
        );
        let mut queries = String::new();
        for query in 0..QUERIES_OF_A_TABLE {
            let _ = writeln!(
                queries,
                "-- The rows of t{table} with the title of their parent.\n-- name: t{table}_q{query} :many\nSELECT a.id, a.title, \
                 a.body, a.made_at, b.title AS parent_title\nFROM t{table} a\nLEFT JOIN t{before} b ON b.id = a.parent\nWHERE \
                 a.id > :after AND a.title <> '{query}'\nORDER BY a.id;\n"
            );
        }
        std::fs::write(root.join(format!("queries/t{table}.sql")), queries).unwrap();
    }
    std::fs::write(root.join("migrations/1_tables.up.sql"), migration).unwrap();
}
