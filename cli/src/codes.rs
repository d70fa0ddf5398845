//! `xact codegen --explain CODE`: the explanation of a diagnostic.

use crate::{PROJECT, lint, report};
use std::process::ExitCode;
use xact_codegen::lint::named;
use xact_codegen::report::diagnostic::{codes, explain_code, find_code, nearest};

/// Prints the explanation of a code; that of a lint rule is the rule's own.
pub(crate) fn print_explanation(name: &str) -> ExitCode {
    if named(name).is_some() {
        return lint::explain_rule(name);
    }
    if let Some(code) = find_code(name) {
        return match report::print_result(&explain_code(&code)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => report::print_failure(&failure),
        };
    }
    eprintln!("error: there is no diagnostic `{name}`");
    match nearest(name, codes().map(|code| code.name)) {
        Some(nearest) => eprintln!("help: perhaps you meant `{nearest}`"),
        None => eprintln!("help: the code is between the brackets: `error[unknown-column]`"),
    }
    ExitCode::from(PROJECT)
}
