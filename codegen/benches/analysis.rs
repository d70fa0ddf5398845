//! How long the analysis takes: 1,000 queries over 100 tables, on a server that is up.
//!
//! `cargo bench --package xact-codegen` prints the median of several runs. The queries are those that a data layer is made
//! of: reads by key, lists with joins, aggregates, WITH, windows, writes that return rows.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use xact_codegen::query::{TypeCatalog, analysis, describe, parse};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{self, Keys};
use xact_server::Server;

const TABLES: usize = 100;
const RUNS: usize = 7;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --benches` asks only whether it runs.
    let runs = if std::env::args().any(|argument| argument == "--bench") {
        RUNS
    } else {
        1
    };
    let server = Server::start(None).await?;
    let mut connection = server.connect().await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(tables()))
        .execute(&mut connection)
        .await?;
    let (mut describing, mut analysing) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut connection = server.connect().await?;
        let (schema, types) = (
            schema::read(&mut connection, &[]).await?,
            TypeCatalog::read(&mut connection).await?,
        );
        let (queries, _) = parse(&Arc::new(SourceFile::new("queries/all.sql", queries())));
        let start = Instant::now();
        let (described, _) = describe(&mut connection, queries, &schema).await?;
        describing.push(start.elapsed());
        let start = Instant::now();
        let keys = Keys::of(&schema);
        let (analysed, _) = analysis::analyse(&mut connection, described, &types, &keys).await?;
        analysing.push(start.elapsed());
        assert_eq!(analysed.len(), TABLES * 10);
    }
    println!("1,000 queries over 100 tables, median of {runs} runs");
    println!("describe  {:>8.1?}", median(&mut describing));
    println!("analyse   {:>8.1?}", median(&mut analysing));
    drop(connection);
    server.stop().await?;
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn tables() -> String {
    let mut sql = String::new();
    for table in 0..TABLES {
        let parent = table.saturating_sub(1);
        let _infallible = writeln!(
            sql,
            "CREATE TABLE t{table} (id bigint PRIMARY KEY, name text NOT NULL, note text, created_at timestamptz NOT NULL
             DEFAULT now(), amount numeric, active boolean NOT NULL, parent_id bigint REFERENCES t{parent} (id));"
        );
    }
    sql
}

fn queries() -> String {
    (0..TABLES)
        .map(|table| {
            let parent = table.saturating_sub(1);
            include_str!("analysis.sql")
                .replace("{table}", &format!("t{table}"))
                .replace("{parent}", &format!("t{parent}"))
        })
        .collect()
}
