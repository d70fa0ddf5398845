//! How long an editor waits for diagnostics after a key, and how much memory the open project takes: 1,000 queries over 100 tables,
//! then 5,000 over 500, ten in a file, every file open.
//!
//! `cargo bench --package xact-lsp --bench keystrokes` prints medians and memory; `XACT_BENCH_TABLES=200` measures one other size.
//! An edit breaks a column or repairs it, so each has its own diagnostics.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/editor.rs"]
mod editor;

#[path = "keystrokes/memory.rs"]
mod memory;

use editor::Editor;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// The smaller one first: the peak of a process never falls.
const TABLES: [usize; 2] = [100, 500];
const QUERIES_OF_A_TABLE: usize = 10;
const RUNS: usize = 31;

fn main() {
    // `cargo test --benches` asks only whether it runs.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let tables = std::env::var("XACT_BENCH_TABLES").ok();
    let tables = tables.and_then(|tables| tables.parse().ok());
    match (tables, measures) {
        (Some(tables), _) => measure(tables, RUNS),
        (None, true) => TABLES.iter().for_each(|tables| measure(*tables, RUNS)),
        (None, false) => measure(3, 3),
    }
}

fn measure(tables: usize, runs: usize) {
    let project = tempfile::tempdir().unwrap();
    write_project(project.path(), tables);
    println!(
        "{} queries over {tables} tables, every file open",
        tables * QUERIES_OF_A_TABLE
    );
    let mut editor = Editor::open_project(project.path());
    let path = format!("queries/t{}.sql", tables / 2);
    measure_opening(&mut editor, tables, &path);
    measure_keys(&mut editor, &path, runs);
    measure_answers(&mut editor, &path, runs);
    let (own, server) = (memory::read_peak(), memory::sum_children());
    println!("peak memory              {own:>8} MB  of this process, with the editor in it");
    println!("memory of its Postgres   {server:>8} MB  without what its processes share twice");
    editor.shut_down().unwrap();
}

fn measure_opening(editor: &mut Editor, tables: usize, path: &str) {
    let start = Instant::now();
    for table in 0..tables {
        editor.open(&format!("queries/t{table}.sql"));
    }
    editor.replace(path, "a.title", "a.titel");
    editor.wait_until("the first diagnostics", |editor| {
        !editor.diagnostics(path).is_empty()
    });
    println!("first diagnostics        {:>8.1?}", start.elapsed());
    editor.replace(path, "a.titel", "a.title");
    editor.wait_until("the end of the diagnostics", |editor| {
        editor.diagnostics(path).is_empty()
    });
}

fn measure_keys(editor: &mut Editor, path: &str, runs: usize) {
    let mut times = Vec::new();
    for run in 0..runs * 2 {
        let (old, new) = if run % 2 == 0 {
            ("a.title", "a.titel")
        } else {
            ("a.titel", "a.title")
        };
        let start = Instant::now();
        editor.replace(path, old, new);
        editor.wait_until("the diagnostics of a key", |editor| {
            editor.diagnostics(path).is_empty() == (run % 2 == 1)
        });
        times.push(start.elapsed());
    }
    print_median("key to diagnostics", &mut times);
}

fn measure_answers(editor: &mut Editor, path: &str, runs: usize) {
    let (mut hovers, mut completions) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        let hover = editor.hover(path, "a.title", 4);
        hovers.push(start.elapsed());
        assert!(hover.contains("never NULL"), "{hover}");
        let start = Instant::now();
        assert!(!editor.completions(path, "WHERE a.").is_empty());
        completions.push(start.elapsed());
    }
    print_median("hover", &mut hovers);
    print_median("completion", &mut completions);
}

fn print_median(name: &str, times: &mut [Duration]) {
    let median = median(times);
    println!("{name:<25}{median:>8.1?}  median of {}", times.len());
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
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
