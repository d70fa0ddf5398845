//! `xact init`: prints the files that were found, written, extended and left, and the next command.

use crate::report::{self, say};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xact_codegen::init::{self, AGENTS, InitReport, Lines, MacroImport};

/// The cost of the first `cargo test`, as `cargo tree -e normal,build,dev` counts it.
const FIRST_BUILD: &str = "about 155 crates, which later builds do not compile again";

/// The options of `xact init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder of the crate `xact`, to depend on it instead of the one beside this tool's sources, or the published version.
    #[arg(long, value_name = "DIR")]
    runtime: Option<PathBuf>,

    /// Write the queries of sqlx's macros (`query!`, `query_as!`, `query_scalar!`) into `queries/`; the Rust code stays as it is.
    #[arg(long)]
    from_macros: bool,

    /// Also write AGENTS.md, one page for agents that write code: the grammar of queries, the commands, the rules; one that is
    /// there stays as it is.
    #[arg(long)]
    agents: bool,
}

/// Makes a project of the folder.
pub(super) fn run_init(project: &Path, arguments: &InitArguments) -> ExitCode {
    // First, because a project that has queries gets no example of one.
    if arguments.from_macros {
        match init::import_macros(project) {
            Ok(import) => print_import(&import),
            Err(stop) => return report::print_stop(&stop),
        }
    }
    match init::init(project, arguments.runtime.as_deref()) {
        Ok(report) => {
            print_report(&report);
            if arguments.agents {
                return add_agents(project);
            }
            ExitCode::SUCCESS
        }
        Err(stop) => report::print_stop(&stop),
    }
}

fn add_agents(project: &Path) -> ExitCode {
    match init::add_agents(project) {
        Ok(true) => say!("wrote: {AGENTS}"),
        Ok(false) => say!("left: {AGENTS}: there is one"),
        Err(failure) => return report::print_failure(&failure),
    }
    ExitCode::SUCCESS
}

fn print_import(import: &MacroImport) {
    for path in &import.written {
        say!("wrote: {path}");
    }
    print_left(&import.left);
    let noun = if import.taken == 1 {
        "query"
    } else {
        "queries"
    };
    say!("from macros: {} {noun}", import.taken);
}

fn print_left(left: &[Lines]) {
    for Lines { path, note, lines } in left {
        say!("left: {path}: {note}");
        for line in lines {
            say!("    {line}");
        }
    }
}

fn print_report(report: &InitReport) {
    for found in &report.found {
        say!("found: {found}");
    }
    for path in &report.written {
        say!("wrote: {path}");
    }
    for Lines { path, lines, .. } in &report.added {
        for line in lines {
            say!("added: {path}: {line}");
        }
    }
    print_left(&report.left);
    report::print_diagnostics(&report.differences);
    if report.written.is_empty() && report.added.is_empty() {
        say!("there was nothing to add");
    }
    if let Some(reason) = &report.renamed {
        say!("note: the package is not named as its folder: {reason}");
    }
    say!(
        "crate: `{}`, as Rust code calls it: `use {0}::orm::Database;`",
        report.crate_name
    );
    say!("next: `xact codegen`, then `cargo test`");
    if !report.written.is_empty() {
        say!("note: the first build of the project compiles {FIRST_BUILD}");
    }
}
