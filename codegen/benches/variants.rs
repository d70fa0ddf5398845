//! How long the variants of a query take: 12 parts and 8 orders, of which about 1,000 variants are prepared and analysed.
//!
//! `cargo bench --package xact-codegen --bench variants` prints the time of one variant in each stage, and in all of them, which
//! has to stay below 1.5 ms.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use xact_codegen::query::{
    Authorised, TypeCatalog, add_variants, analysis, describe, fold_variants, parse,
};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{self, Keys};
use xact_server::Server;

/// Of each about 250 variants are checked.
const QUERIES: usize = 4;
const RUNS: usize = 5;
const MOST_MICROSECONDS: u128 = 1500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --benches` asks only whether it runs.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let runs = if measures { RUNS } else { 1 };
    let server = Server::start(None).await?;
    let mut connection = server.connect().await?;
    let table = "CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL, body text, owner_id bigint, score int)";
    sqlx::raw_sql(table).execute(&mut connection).await?;
    let mut stages: [Vec<Duration>; 4] = Default::default();
    let mut count = 0;
    for _ in 0..runs {
        let mut connection = server.connect().await?;
        let schema = schema::read(&mut connection, &[]).await?;
        let types = TypeCatalog::read(&mut connection).await?;
        let path = "queries/all.sql".to_owned();
        let (queries, found) = parse(&Arc::new(SourceFile {
            path,
            text: queries(),
        }));
        assert!(found.is_empty(), "{found:?}");
        let (described, _) = describe(&mut connection, queries, &schema).await?;
        let start = Instant::now();
        let (mut described, variants, _) = add_variants(described);
        stages[0].push(start.elapsed());
        count = variants.len();
        let start = Instant::now();
        described.extend(describe(&mut connection, variants, &schema).await?.0);
        stages[1].push(start.elapsed());
        let start = Instant::now();
        let keys = Keys::of(&schema);
        let (typed, _) = analysis::analyse(&mut connection, described, &types, &keys).await?;
        stages[2].push(start.elapsed());
        let start = Instant::now();
        let authorised = typed.into_iter().map(Authorised::from).collect();
        let (folded, found) = fold_variants(authorised, &types);
        stages[3].push(start.elapsed());
        assert_eq!((folded.len(), found.len()), (QUERIES, 0));
    }
    println!("{count} variants of {QUERIES} queries, median of {runs} runs, for one variant");
    let mut all = 0;
    for (stage, times) in ["write", "prepare", "analyse", "fold"]
        .iter()
        .zip(&mut stages)
    {
        times.sort_unstable();
        let each = times[times.len() / 2].as_micros() / count as u128;
        println!("{stage:<8} {each:>6} µs");
        all += each;
    }
    println!("all      {all:>6} µs");
    assert!(
        !measures || all < MOST_MICROSECONDS,
        "more than {MOST_MICROSECONDS} µs"
    );
    drop(connection);
    server.stop().await?;
    Ok(())
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
