//! `xact init`: says what was found, written, added and left, and what comes next.

use super::report;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::init::{self, Lines, Report};

/// Makes a project of the folder.
pub(super) fn run(project: &Path) -> ExitCode {
    match init::init(project) {
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
