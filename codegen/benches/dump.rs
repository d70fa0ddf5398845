//! How long schema.sql takes: a schema of 1,000 tables read from the catalog and written, on a server that is up.
//!
//! `cargo bench --package xact-codegen --bench dump` prints the median of several runs. Each run reads a database that
//! was just made, as the tool does: Postgres has no statistics of its catalog yet.

use std::time::{Duration, Instant};
use xact_codegen::schema;
use xact_server::Server;

const RUNS: usize = 7;

/// 760 tables with all that belongs to them, beside the 240 that the script always makes.
const TABLES: &str = concat!(
    "SELECT set_config('large.tables', '760', false);",
    include_str!("../tests/schema/large.sql")
);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --benches` asks only whether it runs.
    let runs = if std::env::args().any(|argument| argument == "--bench") {
        RUNS
    } else {
        1
    };
    let (mut reading, mut writing, mut lines) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        let server = Server::start(None).await?;
        let mut connection = server.connect().await?;
        sqlx::raw_sql(TABLES).execute(&mut connection).await?;
        let start = Instant::now();
        let schema = schema::read(&mut connection, &[]).await?;
        reading.push(start.elapsed());
        let start = Instant::now();
        lines = schema::dump(&schema).lines().count();
        writing.push(start.elapsed());
        drop(connection);
        server.stop().await?;
    }
    println!("1,000 tables, {lines} lines of schema.sql, median of {runs} runs");
    println!("read   {:>8.1?}", median(&mut reading));
    println!("write  {:>8.1?}", median(&mut writing));
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
