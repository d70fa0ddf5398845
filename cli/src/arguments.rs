//! The command line: what can be typed, and what each command prints.

use crate::report::{Format, Manner};
use crate::{
    annotate, codegen, codes, completions, describe, dev, examples, explain, init, lint, migrate,
    report, schema, stats, wait, watch,
};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use std::path::PathBuf;
use std::process::ExitCode;
use xact_codegen::Failure;
use xact_codegen::config;
use xact_codegen::database::EMBEDDED;
use xact_codegen::project::MIGRATIONS;

/// Typed Rust from migrations and SQL queries.
#[derive(Debug, Parser)]
#[command(name = "xact", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The folder that holds `migrations/` and `queries/`; without it this one, or the nearest above that
    /// is a project.
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,

    /// A Postgres where throwaway databases may be made, or `embedded`; without one a private server is
    /// started, of the binaries on this machine, or the embedded one where there are none.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "XACT_SERVER_URL",
        hide_env_values = true
    )]
    server: Option<String>,

    /// How what is wrong with the project is written.
    #[arg(long, global = true, value_enum, default_value = "human")]
    format: Format,

    /// Print only what is wrong, and answers.
    #[arg(long, short, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a cargo project, or an empty folder, a project of this tool; nothing is overwritten.
    Init(init::Arguments),
    /// Write schema.sql and the typed module from migrations and queries.
    Codegen {
        /// Compare only, and fail if anything is out of date; write nothing.
        #[arg(long)]
        check: bool,
        /// Generate also if nothing changed since the last run.
        #[arg(long, conflicts_with = "check")]
        force: bool,
        /// Generate again after every change, until interrupted.
        #[arg(long, conflicts_with = "check")]
        watch: bool,
        /// Explain the code of a diagnostic, with an input that is right; generate nothing.
        #[arg(long, value_name = "CODE", exclusive = true)]
        explain: Option<String>,
    },
    /// Print what is known of one query: its types and the evidence, its tables, its scopes.
    Explain {
        /// The query, as its `-- name:` line calls it.
        name: String,
    },
    /// Print what is known of all queries, for tools: one JSON document.
    Describe,
    /// Write schema.sql alone, or print the schema.
    Schema {
        /// Print schema.sql instead; write nothing.
        #[arg(long)]
        stdout: bool,
        /// Print schema and annotations joined, compact, for a reviewer or a language model.
        #[arg(long, conflicts_with = "stdout")]
        for_llm: bool,
    },
    /// Add what `schema_annotations.yaml` lacks, to be filled in, and say how much is described.
    Annotate {
        /// Fail if a description is missing; write nothing.
        #[arg(long)]
        check: bool,
    },
    /// Check the conventions that tables keep, and print the SQL that mends what breaks them.
    Lint {
        /// List the rules.
        #[arg(long)]
        rules: bool,
        /// Explain one rule, by examples.
        #[arg(long, value_name = "RULE", conflicts_with = "rules")]
        explain: Option<String>,
    },
    /// Apply the migrations to a database, revert them, say where it stands.
    Migrate(migrate::Arguments),
    /// Run a local Postgres with a database for each branch.
    Dev(dev::Arguments),
    /// Wait until the database answers.
    Wait(wait::Arguments),
    /// Print what the database says of itself: connections, slow queries, sizes, unused indexes.
    Stats(stats::Arguments),
    /// Make an empty migration, up and down: `xact migrate add`.
    NewMigration {
        /// What it does, in a few words: `add_bookmarks`.
        name: String,
    },
    /// Print what a shell reads to complete what is typed.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

impl Command {
    /// Whether it needs a throwaway database, and surely: `codegen` finds out whether it does.
    fn asks_once(&self) -> bool {
        match self {
            Self::Explain { .. } | Self::Describe | Self::Schema { .. } | Self::Annotate { .. } => {
                true
            }
            Self::Lint { rules, explain } => !rules && explain.is_none(),
            Self::Migrate(arguments) => arguments.needs_throwaway(),
            _ => false,
        }
    }
}

/// The command line, with all its help.
pub(crate) fn command() -> clap::Command {
    examples::added_to(Arguments::command())
}

/// Reads the command line. What is wrong with it ends the process, as does `--help`.
pub(crate) fn parse() -> Arguments {
    let matches = command().get_matches();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The nearest folder, from the current one upwards, that is a project; else the current one. The search
/// ends at the top of the repository.
fn find_project() -> PathBuf {
    let here = PathBuf::from(".");
    let Ok(current) = std::env::current_dir() else {
        return here;
    };
    let mut relative = PathBuf::new();
    for folder in current.ancestors() {
        if folder.join(MIGRATIONS).is_dir() || folder.join(config::FILE).is_file() {
            let is_here = relative.as_os_str().is_empty();
            return if is_here { here } else { relative };
        }
        if folder.join(".git").exists() {
            break;
        }
        relative.push("..");
    }
    here
}

/// Runs one command and reports to the terminal.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    let Arguments {
        project,
        server,
        format,
        quiet,
        command,
    } = arguments;
    let project = match (project, &command) {
        (Some(project), _) => project,
        // It makes a project of the folder that it runs in.
        (None, Command::Init(_)) => PathBuf::from("."),
        (None, _) => find_project(),
    };
    report::speak(Manner {
        format,
        quiet,
        project: project.clone(),
    });
    // A variable that is set to nothing is not set.
    let server = server.filter(|url| !url.is_empty());
    if command.asks_once() {
        report::server(server.as_deref());
    }
    match command {
        Command::Init(arguments) => init::run(&project, &arguments),
        Command::Codegen {
            explain: Some(code),
            ..
        } => codes::explain(&code),
        Command::Codegen { check: true, .. } => codegen::check(&project, server.as_deref()).await,
        Command::Codegen { watch: true, .. } => watch::run(&project, server.as_deref()).await,
        Command::Codegen { force: true, .. } => {
            codegen::write_again(&project, server.as_deref()).await
        }
        Command::Codegen { .. } => codegen::write(&project, server.as_deref()).await,
        Command::Explain { name } => explain::run(&project, server.as_deref(), &name).await,
        Command::Describe => describe::json(&project, server.as_deref()).await,
        Command::Annotate { check: false } => annotate::write(&project, server.as_deref()).await,
        Command::Annotate { check: true } => annotate::check(&project, server.as_deref()).await,
        Command::Schema { for_llm: true, .. } => schema::summary(&project, server.as_deref()).await,
        Command::Schema { stdout: true, .. } => schema::print(&project, server.as_deref()).await,
        Command::Schema { stdout: false, .. } => schema::write(&project, server.as_deref()).await,
        Command::Lint { rules: true, .. } => lint::rules(),
        Command::Lint {
            explain: Some(rule),
            ..
        } => lint::explain(&rule),
        Command::Lint { .. } => lint::run(&project, server.as_deref()).await,
        Command::Migrate(arguments) => migrate::run(&project, server.as_deref(), arguments).await,
        Command::Dev(_) if server.as_deref() == Some(EMBEDDED) => {
            report::failure(&Failure::OneConnection)
        }
        Command::Dev(arguments) => dev::run(&project, server.as_deref(), arguments).await,
        Command::Wait(arguments) => wait::run(&project, &arguments).await,
        Command::Stats(arguments) => stats::run(&project, &arguments).await,
        Command::NewMigration { name } => migrate::new_migration(&project, &name),
        Command::Completions { shell } => completions::run(shell),
    }
}
