//! `xact migrate …`: the commands about migrations.

mod add;
mod baseline;
mod diff;
mod events;
mod folder;
mod mark;
mod revert;
mod run;
mod status;
mod status_view;
mod verify;

pub(crate) use events::tell;

use crate::database::DatabaseArgument;
use crate::report;
use clap::{Args, Subcommand};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::{Back, Patience, Session, Target};

/// The exit code if there are no errors and migrations are pending.
const PENDING: u8 = 3;

/// The options of `xact migrate`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    database: DatabaseArgument,

    /// How long to wait for another process that migrates; without it, as long as that takes.
    #[arg(long, global = true, value_name = "SECONDS")]
    wait: Option<u64>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Apply pending migrations (the default command).
    Run {
        /// The last version to apply.
        #[arg(long, value_name = "VERSION")]
        to: Option<i64>,
        /// List pending migrations, and change nothing.
        #[arg(long, conflicts_with = "sql")]
        dry_run: bool,
        /// Print the script, records included, and change nothing. Without a database: all of it.
        #[arg(long)]
        sql: bool,
    },
    /// Revert the last migration, or several.
    Revert {
        /// How many.
        #[arg(
            long,
            short = 'n',
            value_name = "COUNT",
            default_value_t = 1,
            conflicts_with = "to"
        )]
        count: usize,
        /// The version to go back to, which stays; 0 for the empty database.
        #[arg(long, value_name = "VERSION")]
        to: Option<i64>,
    },
    /// Show the status of the database. Exits with 0 if it is up to date, 3 if migrations are
    /// pending, 1 if action is required.
    #[command(alias = "info")]
    Status {
        /// As JSON, on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Draw the tree of migrations.
    History,
    /// Print the migrations that no other one depends on.
    Heads,
    /// Create an empty migration, up and down, that depends on all heads.
    Add {
        /// The name of the migration: `add bookmarks`.
        name: String,
    },
    /// Write the migration from the current schema to an edited schema.sql.
    Diff(diff::Arguments),
    /// Join the heads by an empty migration, if the order of their branches does not matter.
    Merge {
        /// The name of the migration.
        #[arg(default_value = "merge")]
        name: String,
    },
    /// Adopt a database: compare it with the schema of the migrations, and record them as applied.
    Baseline {
        /// The last version that the database has; without it, all.
        version: Option<i64>,
    },
    /// Record versions as applied without running them.
    Mark {
        /// The versions.
        #[arg(required = true)]
        versions: Vec<i64>,
    },
    /// Delete the records of versions without reverting them.
    Unmark {
        /// The versions.
        #[arg(required = true)]
        versions: Vec<i64>,
    },
    /// Try every migration up, down and up again on a throwaway database.
    Verify,
}

impl Arguments {
    /// Whether the command tries something in a throwaway database.
    pub(super) fn needs_throwaway(&self) -> bool {
        matches!(
            self.command,
            Some(
                Command::Diff(_)
                    | Command::Merge { .. }
                    | Command::Baseline { .. }
                    | Command::Verify
            )
        )
    }
}

/// Runs one command.
pub(super) async fn run(project: &Path, server: Option<&str>, arguments: Arguments) -> ExitCode {
    let done = dispatch(project, server, arguments).await;
    done.unwrap_or_else(|stop| report::print_stop(&stop))
}

async fn dispatch(
    project: &Path,
    server: Option<&str>,
    arguments: Arguments,
) -> Result<ExitCode, Stop> {
    let Arguments {
        database,
        wait,
        command,
    } = arguments;
    let patience = wait.map_or(Patience::Endless, |seconds| {
        Patience::Until(Duration::from_secs(seconds))
    });
    let context = Context {
        project,
        server,
        database,
        patience,
    };
    match command {
        None => run::apply(&context, Target::Heads).await,
        Some(Command::Run { to, dry_run, sql }) => {
            let target = to.map_or(Target::Heads, Target::Version);
            match (dry_run, sql) {
                (true, _) => run::plan(&context, target).await,
                (_, true) => run::print(&context, target).await,
                _ => run::apply(&context, target).await,
            }
        }
        Some(Command::Revert { count, to }) => {
            revert::run(&context, to.map_or(Back::Count(count), Back::To)).await
        }
        Some(Command::Status { json: true }) => status::json(&context).await,
        Some(Command::Status { json: false }) => status::text(&context).await,
        Some(Command::History) => folder::history(&context).await,
        Some(Command::Heads) => folder::heads(&context),
        Some(Command::Add { name }) => add::empty(project, &name),
        Some(Command::Diff(arguments)) => diff::run(&context, &arguments).await,
        Some(Command::Merge { name }) => add::merge(&context, &name).await,
        Some(Command::Baseline { version }) => {
            baseline::run(&context, version.map_or(Target::Heads, Target::Version)).await
        }
        Some(Command::Mark { versions }) => mark::mark(&context, &versions).await,
        Some(Command::Unmark { versions }) => mark::unmark(&context, &versions).await,
        Some(Command::Verify) => verify::run(&context).await,
    }
}

/// The common arguments of the commands.
struct Context<'a> {
    project: &'a Path,
    server: Option<&'a str>,
    database: DatabaseArgument,
    patience: Patience,
}

impl Context<'_> {
    /// Connects to the database that is meant.
    async fn session(&self) -> Result<Session, Stop> {
        let url = self.database.url(self.project)?;
        Ok(Session::connect(&url).await?)
    }
}

/// `xact new-migration`, as `xact migrate add`.
pub(super) fn new_migration(project: &Path, name: &str) -> ExitCode {
    add::empty(project, name).unwrap_or_else(|stop| report::print_stop(&stop))
}
