//! `xact stats`: statistics of the database, on standard output.

use crate::database::DatabaseArgument;
use crate::report;
use clap::Args;
use sqlx::Connection as _;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::migrate::apply::read_url;
use xact_codegen::operations::{self, IndexStats, SlowQuery, Stats, TableStats};
use xact_codegen::project::Project;
use xact_codegen::{Failure, Stop, query};

/// How many tables and indexes the text output shows.
const SHOWN: usize = 15;
/// How much of a statement without a name the text output shows.
const LONGEST: usize = 70;

/// The options of `xact stats`.
#[derive(Debug, Args)]
pub(crate) struct StatsArguments {
    #[command(flatten)]
    database: DatabaseArgument,

    /// As JSON, and all of it.
    #[arg(long)]
    json: bool,
}

/// Prints the statistics.
pub(super) async fn run_stats(project: &Path, arguments: &StatsArguments) -> ExitCode {
    match print_stats(project, arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => report::print_stop(&stop),
    }
}

async fn print_stats(project: &Path, arguments: &StatsArguments) -> Result<(), Stop> {
    let (read, _) = Project::read(project)?;
    // A query that cannot be read has no name to call a statement by.
    let queries: Vec<_> = read
        .queries
        .iter()
        .flat_map(|file| query::parse(file).0)
        .collect();
    let url = arguments.database.url(project)?;
    let options = read_url(&url)?;
    let mut connection = sqlx::PgConnection::connect_with(&options)
        .await
        .map_err(Failure::database_at(&options))?;
    let stats = operations::stats(&mut connection, &queries).await?;
    let text = if arguments.json {
        serde_json::to_string_pretty(&stats)
            .map_err(|error| Failure::Internal(format!("writing the statistics: {error}")))?
            + "\n"
    } else {
        format_stats(&stats)
    };
    Ok(report::print_result(&text)?)
}

fn format_stats(stats: &Stats) -> String {
    let connections = &stats.connections;
    let mut text = format!(
        "connections  {} of {}: {} active, {} idle, {} idle in a transaction, {} waiting for a lock\n",
        connections.total,
        connections.allowed,
        connections.active,
        connections.idle,
        connections.idle_in_transaction,
        connections.waiting_for_locks,
    );
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        text,
        "oldest transaction  {:.0} s",
        connections.oldest_transaction_seconds
    );
    slow_queries(&mut text, stats.slow_queries.as_deref());
    format_tables(&mut text, &stats.tables);
    format_indexes(&mut text, &stats.indexes);
    text
}

fn slow_queries(text: &mut String, slow: Option<&[SlowQuery]>) {
    let Some(slow) = slow else {
        text.push_str(
            "\nslow queries  not known: load `pg_stat_statements` by `shared_preload_libraries`, and \
             `CREATE EXTENSION pg_stat_statements` in this database\n",
        );
        return;
    };
    text.push_str("\nslow queries      total       mean      calls\n");
    for query in slow {
        let words: Vec<&str> = query.sql.split_whitespace().collect();
        let sql: String = words.join(" ").chars().take(LONGEST).collect();
        let name = query.function.as_deref().unwrap_or(&sql);
        let SlowQuery {
            total_ms,
            mean_ms,
            calls,
            ..
        } = query;
        let _ = writeln!(
            text,
            "  {total_ms:>15.1} ms {mean_ms:>7.2} ms {calls:>10}  {name}"
        );
    }
}

fn format_tables(text: &mut String, tables: &[TableStats]) {
    text.push_str("\ntables             size    indexes       rows\n");
    for table in tables.iter().take(SHOWN) {
        let bloat = if table.bloated {
            format!(
                "  bloated: {} dead rows, `VACUUM {}`",
                table.dead_rows, table.name
            )
        } else {
            String::new()
        };
        let (all, indexes) = (format_size(table.bytes), format_size(table.index_bytes));
        let _ = writeln!(
            text,
            "  {all:>21} {indexes:>10} {:>10}  {}{bloat}",
            table.rows, table.name
        );
    }
    format_remainder(text, tables.len());
}

fn format_indexes(text: &mut String, indexes: &[IndexStats]) {
    let told = |index: &&IndexStats| index.unused || index.invalid;
    let told: Vec<_> = indexes.iter().filter(told).collect();
    let _ = writeln!(
        text,
        "\nindexes  {}, of which unused or invalid: {}",
        indexes.len(),
        told.len()
    );
    for index in told.iter().take(SHOWN) {
        let why = if index.invalid {
            "invalid: drop it and build it again"
        } else {
            "unused since the statistics began"
        };
        let _ = writeln!(
            text,
            "  {:>21}  {} on {}, {why}",
            format_size(index.bytes),
            index.name,
            index.table
        );
    }
    format_remainder(text, told.len());
}

fn format_remainder(text: &mut String, count: usize) {
    if count > SHOWN {
        let _ = writeln!(text, "  … and {} more: `--json` has all", count - SHOWN);
    }
}

fn format_size(bytes: i64) -> String {
    match bytes {
        ..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
