//! `xact dev …`: the local database of this branch.

mod down;
mod logs;
mod prune;
mod psql;
mod status;
mod up;

use crate::interruption::Interruption;
use crate::report;
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::database::EMBEDDED;
use xact_codegen::local::LocalServer;
use xact_codegen::{Failure, Stop};

/// The arguments of `xact dev`.
#[derive(Debug, Args)]
pub(crate) struct DevArguments {
    #[command(subcommand)]
    command: DevCommand,
}

#[derive(Debug, Subcommand)]
enum DevCommand {
    /// Start the Postgres of this repository, and bring this branch's database up to date.
    Up,
    /// Stop it; all data stays.
    Down {
        /// Remove it with the databases of all branches.
        #[arg(long)]
        purge: bool,
    },
    /// Print the server and its databases. Exits with 0 if this branch's database is up to date, else with 3.
    Status {
        /// As JSON, on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Print the URL of this branch's database.
    Url,
    /// Drop this branch's database; those of other branches stay.
    Wipe,
    /// Drop this branch's database and create it once more.
    Reset,
    /// Drop the databases of branches that were deleted.
    Prune {
        /// Print which they are, and drop none.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the end of the server's log.
    Logs {
        /// How many lines.
        #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
        lines: usize,
        /// Go on with the lines that come, until interrupted.
        #[arg(long, short)]
        follow: bool,
    },
    /// Open `psql` on this branch's database.
    Psql {
        /// The arguments of `psql`: `-c 'SELECT 1'`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

impl DevArguments {
    /// What an interruption means to the command.
    pub(crate) fn interruption(&self) -> Interruption {
        match self.command {
            DevCommand::Logs { follow: true, .. } => Interruption::IsUsual,
            DevCommand::Logs { .. }
            | DevCommand::Status { .. }
            | DevCommand::Url
            | DevCommand::Psql { .. }
            | DevCommand::Prune { dry_run: true } => Interruption::ChangesNothing,
            DevCommand::Up
            | DevCommand::Down { .. }
            | DevCommand::Wipe
            | DevCommand::Reset
            | DevCommand::Prune { dry_run: false } => Interruption::StopsLocalChange,
        }
    }
}

/// Runs one command.
pub(super) async fn run(project: &Path, server: Option<&str>, arguments: DevArguments) -> ExitCode {
    if server == Some(EMBEDDED) {
        return report::print_failure(&Failure::OneConnection);
    }
    let done = dispatch(project, server, arguments.command).await;
    done.unwrap_or_else(|stop| report::print_refusal(&stop))
}

async fn dispatch(
    project: &Path,
    server: Option<&str>,
    command: DevCommand,
) -> Result<ExitCode, Stop> {
    let server = LocalServer::of(project, server)?;
    match command {
        DevCommand::Up => up::bring_up(&server, project).await,
        DevCommand::Reset => up::reset_database(&server, project).await,
        DevCommand::Wipe => down::wipe_database(&server).await,
        DevCommand::Prune { dry_run } => prune::prune_databases(&server, project, dry_run).await,
        DevCommand::Logs { lines, follow } => logs::print_log(&server, lines, follow).await,
        DevCommand::Down { purge: false } => down::stop_server(&server),
        DevCommand::Down { purge: true } => down::purge_server(&server),
        DevCommand::Status { json: false } => status::print_text(&server, project).await,
        DevCommand::Status { json: true } => status::print_json(&server, project).await,
        DevCommand::Url => {
            running(&server)?;
            report::print_result(&format!("{}\n", server.url()?))?;
            Ok(ExitCode::SUCCESS)
        }
        DevCommand::Psql { arguments } => psql::open_psql(&server, &arguments).await,
    }
}

/// Fails if there is no server: the command does not start one.
fn running(server: &LocalServer) -> Result<(), Failure> {
    if server.is_running() {
        Ok(())
    } else {
        Err(Failure::NotRunning)
    }
}
