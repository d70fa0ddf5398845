//! `xact wait`: returns when the database answers.

use crate::database::DatabaseArgument;
use crate::report;
use crate::report::say;
use clap::Args;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use xact_codegen::Failure;
use xact_codegen::operations::{self, Access};

/// The options of `xact wait`.
#[derive(Debug, Args)]
pub(crate) struct WaitArguments {
    #[command(flatten)]
    database: DatabaseArgument,

    /// How long to wait.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,

    /// Accept a server that takes no writes: a standby.
    #[arg(long)]
    read_only: bool,
}

/// Waits; exits with 2 when the time is over.
pub(super) async fn run_wait(project: &Path, arguments: &WaitArguments) -> ExitCode {
    match wait_until_ready(project, arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report::print_failure(&failure),
    }
}

async fn wait_until_ready(project: &Path, arguments: &WaitArguments) -> Result<(), Failure> {
    let url = arguments.database.url(project)?;
    let limit = Duration::from_secs(arguments.timeout);
    let access = if arguments.read_only {
        Access::ReadOnly
    } else {
        Access::ReadWrite
    };
    let told = |reason: &str| say!("waiting: {reason}");
    let ready = operations::wait(&url, access, limit, told).await?;
    say!(
        "the database is ready after {:.1} s",
        ready.after.as_secs_f64()
    );
    Ok(())
}
