//! The command line: its options and commands.

use crate::interruption::Interruption;
use crate::report::{Format, OutputOptions};
use crate::{
    annotate, codegen, codes, completions, describe, dev, examples, explain, init, lint, migrate,
    prove, report, schema, stats, wait, watch,
};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use std::path::PathBuf;
use std::process::ExitCode;
use xact_codegen::config;
use xact_codegen::config::MIGRATIONS;

/// Typed Rust from migrations and SQL queries.
#[derive(Debug, Parser)]
#[command(name = "xact", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The folder that holds `migrations/` and `queries/`; without it this one, or the nearest above that
    /// is a project.
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,

    /// A Postgres for throwaway databases, or `embedded`. By default, a private server is started from the
    /// binaries of this machine, or the embedded one if there are none.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "XACT_SERVER_URL",
        hide_env_values = true
    )]
    server: Option<String>,

    /// Output format for diagnostics.
    #[arg(long, global = true, value_enum, default_value = "human")]
    format: Format,

    /// Print diagnostics and results only.
    #[arg(long, short, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set up this tool in a cargo project or an empty folder; nothing is overwritten.
    Init(init::InitArguments),
    /// Write schema.sql and the typed module from migrations and queries.
    Codegen {
        /// Compare only, and fail if anything is out of date; write nothing.
        #[arg(long)]
        check: bool,
        /// Generate even if nothing changed since the last run, and ask Postgres about all queries.
        #[arg(long, conflicts_with = "check")]
        force: bool,
        /// Generate again after every change, until interrupted.
        #[arg(long, conflicts_with = "check")]
        watch: bool,
        /// Explain the code of a diagnostic, with an input that is right; generate nothing.
        #[arg(long, value_name = "CODE", exclusive = true)]
        explain: Option<String>,
    },
    /// Explain one query: its types with the evidence, its tables, its scopes.
    Explain {
        /// The name in the `-- name:` line of the query.
        name: String,
    },
    /// Print all queries as one JSON document, for tools.
    Describe(describe::DescribeArguments),
    /// Write schema.sql alone, or print the schema.
    Schema {
        /// Print schema.sql instead; write nothing.
        #[arg(long)]
        stdout: bool,
        /// Print schema and annotations joined, compact, for a reviewer or a language model.
        #[arg(long, conflicts_with = "stdout")]
        for_llm: bool,
    },
    /// Add missing entries to `schema_annotations.yaml`, to be filled in, and count the descriptions.
    Annotate {
        /// Fail if a description is missing; write nothing.
        #[arg(long)]
        check: bool,
    },
    /// Check the conventions of tables, and print the SQL that fixes violations.
    Lint {
        /// List the rules.
        #[arg(long)]
        rules: bool,
        /// Explain one rule, by examples.
        #[arg(long, value_name = "RULE", conflicts_with = "rules")]
        explain: Option<String>,
    },
    /// Serve an editor on standard input and output: the Language Server Protocol.
    #[cfg(feature = "lsp")]
    Lsp,
    /// Serve the queries of a scope, or the project, to language models: a server of the Model Context Protocol on standard input
    /// and output.
    #[cfg(feature = "mcp")]
    Mcp(crate::mcp::McpArguments),
    /// Prove by attacks that no scope lets one tenant read or write rows of another.
    Prove(prove::ProveArguments),
    /// Apply migrations to a database, revert them, show their status.
    Migrate(migrate::MigrateArguments),
    /// Run a local Postgres with a database for each branch.
    Dev(dev::DevArguments),
    /// Wait until the database answers.
    Wait(wait::WaitArguments),
    /// Print statistics of the database: connections, slow queries, sizes, unused indexes.
    Stats(stats::StatsArguments),
    /// Create an empty migration, up and down: `xact migrate add`.
    NewMigration {
        /// The name of the migration: `add_bookmarks`.
        name: String,
    },
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

impl Arguments {
    /// Whether the command serves a client on standard input.
    pub(crate) fn reads_input(&self) -> bool {
        match self.command {
            #[cfg(feature = "lsp")]
            Command::Lsp => true,
            #[cfg(feature = "mcp")]
            Command::Mcp(_) => true,
            _ => false,
        }
    }
}

impl Arguments {
    /// What an interruption means to the command.
    pub(crate) fn interruption(&self) -> Interruption {
        match &self.command {
            #[cfg(feature = "lsp")]
            Command::Lsp => Interruption::IsUsual,
            #[cfg(feature = "mcp")]
            Command::Mcp(_) => Interruption::IsUsual,
            Command::Codegen { watch: true, .. } => Interruption::EndsWatch,
            Command::Wait(_) | Command::Stats(_) => Interruption::ChangesNothing,
            Command::Migrate(arguments) => arguments.interruption(),
            Command::Dev(arguments) => arguments.interruption(),
            _ => Interruption::WritesNothing,
        }
    }
}

impl Command {
    /// Whether it needs a throwaway database, and surely: `codegen` finds out whether it does.
    fn asks_once(&self) -> bool {
        match self {
            Self::Prove(_)
            | Self::Explain { .. }
            | Self::Describe(_)
            | Self::Schema { .. }
            | Self::Annotate { .. } => true,
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

/// Reads the command line. An invalid one ends the process, as does `--help`.
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
        // What is above the repository is another project.
        if folder.join(".git").exists() {
            break;
        }
        relative.push("..");
    }
    here
}

/// The project of a command that names none.
fn choose_project(command: &Command) -> PathBuf {
    match command {
        // It makes a project of the folder that it runs in.
        Command::Init(_) => PathBuf::from("."),
        _ => find_project(),
    }
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
    #[cfg(feature = "lsp")]
    let named = project.clone();
    let project = project.unwrap_or_else(|| choose_project(&command));
    report::set_output_options(OutputOptions {
        format,
        quiet,
        project: project.clone(),
    });
    // A variable that is set to nothing is not set.
    let server = server.as_deref().filter(|url| !url.is_empty());
    if command.asks_once() {
        report::report_server(server);
    }
    let project = &project;
    match command {
        Command::Init(arguments) => init::run_init(project, &arguments),
        Command::Codegen {
            explain: Some(code),
            ..
        } => codes::print_explanation(&code),
        Command::Codegen { check: true, .. } => codegen::check_generated(project, server).await,
        Command::Codegen { watch: true, .. } => Box::pin(watch::run_watch(project, server)).await,
        Command::Codegen { force: true, .. } => codegen::write_again(project, server).await,
        Command::Codegen { .. } => codegen::write_if_changed(project, server).await,
        Command::Explain { name } => explain::run_explain(project, server, &name).await,
        Command::Describe(arguments) => describe::run_describe(project, server, &arguments).await,
        Command::Annotate { check: false } => annotate::write_missing(project, server).await,
        Command::Annotate { check: true } => annotate::check_descriptions(project, server).await,
        Command::Schema { for_llm: true, .. } => schema::print_summary(project, server).await,
        Command::Schema { stdout: true, .. } => schema::print_schema(project, server).await,
        Command::Schema { stdout: false, .. } => schema::write_schema(project, server).await,
        Command::Lint { rules: true, .. } => lint::list_rules(),
        Command::Lint {
            explain: Some(rule),
            ..
        } => lint::explain_rule(&rule),
        Command::Lint { .. } => lint::run_lint(project, server).await,
        #[cfg(feature = "lsp")]
        Command::Lsp => crate::lsp::run_lsp(named, server).await,
        #[cfg(feature = "mcp")]
        Command::Mcp(arguments) => Box::pin(crate::mcp::run_mcp(project, server, &arguments)).await,
        Command::Prove(arguments) => prove::run_prove(project, server, &arguments).await,
        Command::Migrate(arguments) => migrate::run(project, server, arguments).await,
        Command::Dev(arguments) => dev::run(project, server, arguments).await,
        Command::Wait(arguments) => wait::run_wait(project, &arguments).await,
        Command::Stats(arguments) => stats::run_stats(project, &arguments).await,
        Command::NewMigration { name } => migrate::new_migration(project, &name),
        Command::Completions { shell } => completions::print_completions(shell),
    }
}
