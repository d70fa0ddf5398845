//! `xact init`: says what was found, written, added and left, and what comes next.

use super::report;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xact_codegen::init::{self, Lines, Report};

/// What can be typed after `xact init`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of the crate `xact` in a checkout, to depend on it instead of the published version.
    #[arg(long, value_name = "DIR")]
    runtime: Option<PathBuf>,
}

/// Makes a project of the folder.
pub(super) fn run(project: &Path, arguments: &Arguments) -> ExitCode {
    match init::init(project, arguments.runtime.as_deref()) {
        Ok(report) => {
            print(&report);
            ExitCode::SUCCESS
        }
        Err(stop) => report::stop(&stop),
    }
}

fn print(report: &Report) {
    for found in &report.found {
        eprintln!("found: {found}");
    }
    for path in &report.written {
        eprintln!("wrote: {path}");
    }
    for Lines { path, lines, .. } in &report.added {
        for line in lines {
            eprintln!("added: {path}: {line}");
        }
    }
    for Lines { path, note, lines } in &report.left {
        eprintln!("left: {path}: {note}");
        for line in lines {
            eprintln!("    {line}");
        }
    }
    report::diagnostics(&report.differences);
    if report.written.is_empty() && report.added.is_empty() {
        eprintln!("there was nothing to add");
    }
    eprintln!("next: `cargo xact codegen`, then `cargo test`");
}
