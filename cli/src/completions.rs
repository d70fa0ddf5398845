//! `xact completions SHELL`: the completion script of a shell, on standard output.

use crate::arguments::command;
use crate::report;
use clap_complete::{Shell, generate};
use std::process::ExitCode;

/// Prints the script.
pub(super) fn print_completions(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    generate(shell, &mut command(), "xact", &mut script);
    match report::print_result(&String::from_utf8_lossy(&script)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report::print_failure(&failure),
    }
}
