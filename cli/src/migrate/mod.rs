//! `xact migrate …`: the commands about migrations.

mod add;
mod baseline;
mod diff;
mod events;
mod folder;
mod mark;
mod revert;
mod run;
mod show;
mod squash;
mod status;
mod status_view;
mod verify;

pub(crate) use events::print_event;

use crate::database::DatabaseArgument;
use crate::interruption::Interruption;
use crate::report;
use clap::{Args, Subcommand};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::{DEFAULT_LOCK_TIMEOUT, Folder, Patience, Session, Target};

/// The exit code if there are no errors and migrations are pending.
const PENDING: u8 = 3;

/// The arguments of `xact migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArguments {
    #[command(flatten)]
    database: DatabaseArgument,

    /// How long to wait for another process that migrates; without it, as long as that takes.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = parse_seconds)]
    wait: Option<f64>,

    /// How long a statement that changes the schema waits for a lock before its migration is rolled back
    /// and tried once more; 0 for as long as it takes, with all later queries on the table behind it.
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = DEFAULT_LOCK_TIMEOUT.as_secs_f64(),
        value_parser = parse_seconds
    )]
    lock_timeout: f64,

    #[command(flatten)]
    run: run::RunArguments,

    #[command(subcommand)]
    command: Option<MigrateCommand>,
}

#[derive(Debug, Subcommand)]
enum MigrateCommand {
    /// Apply pending migrations (also without a command).
    Run(run::RunArguments),
    /// Revert the last migration, or several.
    Revert(revert::RevertArguments),
    /// Print the status of the database. Exits with 0 if it has everything, 3 if migrations are
    /// pending, 1 if action is required.
    #[command(alias = "info")]
    Status {
        /// As JSON, on standard output.
        #[arg(long)]
        json: bool,
        /// Compare the database with a throwaway one that the migrations build, and print the difference.
        /// Exits with 1 if there is one.
        #[arg(long, conflicts_with = "json")]
        drift: bool,
    },
    /// Draw the tree of migrations.
    History,
    /// Print the migrations that no other one depends on.
    Heads,
    /// Print a migration with both of its files, the migrations that it depends on and those that need it.
    Show {
        /// Its version; without it, the heads.
        version: Option<i64>,
    },
    /// Create an empty migration, up and down, that depends on all heads.
    Add {
        /// Its purpose in a few words: `add bookmarks`.
        name: String,
    },
    /// Write a migration from the schema of the migrations to that of schema.sql after you edited it.
    Diff(diff::DiffArguments),
    /// Join the heads by an empty migration, if the order of their branches does not matter.
    Merge {
        /// The name of the migration.
        #[arg(default_value = "merge")]
        name: String,
    },
    /// Adopt a database: compare it with one that the migrations build, and record them as applied.
    Baseline {
        /// The last version that the database has; without it, all.
        version: Option<i64>,
        /// Write the first migration of an empty folder from the database, and record it as applied.
        #[arg(long, value_name = "NAME", conflicts_with = "version")]
        create: Option<String>,
    },
    /// Replace applied migrations by one with the same result, proved on throwaway databases.
    Squash {
        /// The name of the new migration.
        #[arg(default_value = "squashed")]
        name: String,
        /// The last version to replace; without it, all.
        #[arg(long, value_name = "VERSION")]
        to: Option<i64>,
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

impl MigrateArguments {
    /// What an interruption means to the command.
    pub(super) fn interruption(&self) -> Interruption {
        match &self.command {
            None => self.run.interruption(),
            Some(MigrateCommand::Run(run)) => run.interruption(),
            Some(MigrateCommand::Revert(revert)) => revert.interruption(),
            Some(
                MigrateCommand::Baseline { .. }
                | MigrateCommand::Mark { .. }
                | MigrateCommand::Unmark { .. },
            ) => Interruption::StopsMigrating,
            Some(_) if self.needs_throwaway() => Interruption::WritesNothing,
            Some(_) => Interruption::ChangesNothing,
        }
    }

    /// Whether the command writes files of the project.
    fn writes_files(&self) -> bool {
        matches!(
            self.command,
            Some(
                MigrateCommand::Add { .. }
                    | MigrateCommand::Diff(_)
                    | MigrateCommand::Merge { .. }
                    | MigrateCommand::Squash { .. }
                    | MigrateCommand::Baseline {
                        create: Some(_),
                        ..
                    }
            )
        )
    }

    /// Whether the command tries something in a throwaway database.
    pub(super) fn needs_throwaway(&self) -> bool {
        matches!(
            self.command,
            Some(
                MigrateCommand::Diff(_)
                    | MigrateCommand::Merge { .. }
                    | MigrateCommand::Baseline { .. }
                    | MigrateCommand::Squash { .. }
                    | MigrateCommand::Status { drift: true, .. }
                    | MigrateCommand::Verify
            )
        )
    }
}

/// Runs one command.
pub(super) async fn run(
    project: &Path,
    server: Option<&str>,
    arguments: MigrateArguments,
) -> ExitCode {
    if arguments.command.is_some() && arguments.run != run::RunArguments::default() {
        // Else `xact migrate --dry-run revert` would revert.
        let message = "`--to`, `--dry-run` and `--sql` are written behind the command, as in \
                       `xact migrate revert --dry-run`\n";
        clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, message).exit();
    }
    let is_local = arguments.database.is_local(project);
    let writes_files = arguments.writes_files();
    let done = dispatch(project, server, arguments).await;
    done.unwrap_or_else(|stop| {
        let stop = if is_local { with_reset(stop) } else { stop };
        if writes_files {
            report::print_stop(&stop)
        } else {
            report::print_refusal(&stop)
        }
    })
}

/// A local database is cheaper to recreate than to fix.
pub(crate) fn with_reset(stop: Stop) -> Stop {
    match stop {
        Stop::Diagnostics(found) => {
            let found = found.into_iter().map(|diagnostic| match diagnostic.code {
                "edited-migration" | "missing-migration" => {
                    diagnostic.help("or recreate this branch's local database: `xact dev reset`")
                }
                _ => diagnostic,
            });
            Stop::Diagnostics(found.collect())
        }
        failure @ Stop::Failure(_) => failure,
    }
}

async fn dispatch(
    project: &Path,
    server: Option<&str>,
    arguments: MigrateArguments,
) -> Result<ExitCode, Stop> {
    let MigrateArguments {
        database,
        wait,
        lock_timeout,
        run,
        command,
    } = arguments;
    let patience = wait.map_or(Patience::Endless, |seconds| {
        Patience::Until(Duration::from_secs_f64(seconds))
    });
    let context = Context {
        project,
        server,
        database,
        patience,
        lock_timeout: (lock_timeout > 0.0).then(|| Duration::from_secs_f64(lock_timeout)),
    };
    match command {
        None => run::dispatch_run(&context, &run).await,
        Some(MigrateCommand::Run(run)) => run::dispatch_run(&context, &run).await,
        Some(MigrateCommand::Revert(arguments)) => {
            revert::dispatch_revert(&context, &arguments).await
        }
        Some(MigrateCommand::Status { json: true, .. }) => status::print_json(&context).await,
        Some(MigrateCommand::Status { drift: true, .. }) => status::print_drift(&context).await,
        Some(MigrateCommand::Status { .. }) => status::print_text(&context).await,
        Some(MigrateCommand::History) => folder::print_history(&context).await,
        Some(MigrateCommand::Heads) => folder::print_heads(&context),
        Some(MigrateCommand::Show { version }) => show::print_migration(&context, version).await,
        Some(MigrateCommand::Add { name }) => add::add_empty(project, &name),
        Some(MigrateCommand::Diff(arguments)) => diff::write_difference(&context, &arguments).await,
        Some(MigrateCommand::Merge { name }) => add::merge_heads(&context, &name).await,
        Some(MigrateCommand::Squash { name, to }) => {
            squash::squash_folder(&context, &name, to.map_or(Target::Heads, Target::Version)).await
        }
        Some(MigrateCommand::Baseline {
            create: Some(name), ..
        }) => baseline::create_from_database(&context, &name).await,
        Some(MigrateCommand::Baseline { version, .. }) => {
            baseline::adopt_database(&context, version.map_or(Target::Heads, Target::Version)).await
        }
        Some(MigrateCommand::Mark { versions }) => mark::mark_versions(&context, &versions).await,
        Some(MigrateCommand::Unmark { versions }) => {
            mark::unmark_versions(&context, &versions).await
        }
        Some(MigrateCommand::Verify) => verify::verify_folder(&context).await,
    }
}

/// The arguments that all commands share.
struct Context<'a> {
    project: &'a Path,
    server: Option<&'a str>,
    database: DatabaseArgument,
    patience: Patience,
    lock_timeout: Option<Duration>,
}

impl Context<'_> {
    /// Connects to the database of the command, past a pooler if the user says how.
    async fn session(&self) -> Result<Session, Stop> {
        let mut session = self.database.connect(self.project).await?;
        session.lock_timeout = self.lock_timeout;
        Ok(session)
    }

    /// Reads the migrations, and prints warnings about their files.
    fn folder(&self) -> Result<Folder, Stop> {
        let folder = Folder::read(self.project)?;
        if !report::is_quiet() {
            report::print_diagnostics(&folder.warnings);
        }
        Ok(folder)
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    // A day is longer than any useful timeout, and short enough for Postgres's milliseconds.
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("write seconds from 0 to 86400".to_owned()),
    }
}

/// `xact new-migration`, as `xact migrate add`.
pub(super) fn new_migration(project: &Path, name: &str) -> ExitCode {
    add::add_empty(project, name).unwrap_or_else(|stop| report::print_stop(&stop))
}
