//! `xact mcp`: a server of the Model Context Protocol on standard input and output.

use crate::database::DatabaseArgument;
use crate::{FAILURE, report};
use clap::Args;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use xact::{Pool, PoolSettings};
use xact_mcp::{Limits, McpServer, QueryOptions, StartError, open_develop, open_queries};

/// The options of `xact mcp`.
#[derive(Debug, Args)]
pub(crate) struct McpArguments {
    /// Serve the queries that this scope of xact.toml may run, each as a tool; without it the schema, the queries and the
    /// diagnostics of the project, for agents that change it.
    #[arg(long, value_name = "NAME")]
    scope: Option<String>,

    /// The value of a setting of the scope, such as `user_id=usr_1`; every setting needs one.
    #[arg(long = "setting", value_name = "NAME=VALUE", requires = "scope", value_parser = split_setting)]
    settings: Vec<(String, String)>,

    /// Queries that may write, separated by commas; others that write are no tools.
    #[arg(long, value_name = "QUERY", requires = "scope", value_delimiter = ',')]
    allow_writes: Vec<String>,

    /// Add a tool that takes SQL: with a scope one SELECT, run read-only; otherwise queries that are described and not run.
    #[arg(long)]
    allow_sql: bool,

    /// The most rows of a result.
    #[arg(long, value_name = "ROWS", requires = "scope", default_value_t = Limits::default().rows)]
    max_rows: u32,

    /// The most bytes of a result's values.
    #[arg(long, value_name = "BYTES", requires = "scope", default_value_t = Limits::default().bytes)]
    max_bytes: usize,

    /// The longest that a statement may run.
    #[arg(long, value_name = "SECONDS", requires = "scope", default_value_t = Limits::default().timeout.as_secs())]
    timeout: u64,

    #[command(flatten)]
    database: DatabaseArgument,
}

/// The connections of one client: its calls run side by side, up to so many.
const CONNECTIONS: u32 = 4;

fn split_setting(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=');
    let (name, value) = split.ok_or("write NAME=VALUE, such as `user_id=usr_1`")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Serves until standard input ends.
pub(super) async fn run_mcp(
    project: &Path,
    server: Option<&str>,
    arguments: &McpArguments,
) -> ExitCode {
    let opened = match &arguments.scope {
        None => open_develop(project, server, arguments.allow_sql),
        Some(scope) => match Box::pin(open_scope(project, server, scope, arguments)).await {
            Ok(opened) => opened,
            Err(error) => return print_start_error(error),
        },
    };
    match opened.serve_stdio().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error.to_string()),
    }
}

async fn open_scope(
    project: &Path,
    server: Option<&str>,
    scope: &str,
    arguments: &McpArguments,
) -> Result<McpServer, StartError> {
    let url = arguments.database.url(project)?;
    let settings = PoolSettings::from_url(&url)?.size(CONNECTIONS);
    let pool = Pool::from_settings(&settings.application_name("xact mcp"));
    let mut options = QueryOptions::new(scope)
        .allow_sql(arguments.allow_sql)
        .limits(Limits {
            rows: arguments.max_rows,
            bytes: arguments.max_bytes,
            timeout: Duration::from_secs(arguments.timeout),
        });
    for (name, value) in &arguments.settings {
        options = options.with_setting(name, value);
    }
    for query in &arguments.allow_writes {
        options = options.allow_write(query);
    }
    open_queries(project, server, &pool, options).await
}

fn print_start_error(error: StartError) -> ExitCode {
    match error {
        StartError::Stop(stop) => report::print_stop(&stop),
        other => print_error(&other.to_string()),
    }
}

fn print_error(problem: &str) -> ExitCode {
    eprintln!("error: {problem}");
    ExitCode::from(FAILURE)
}
