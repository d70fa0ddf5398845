//! `xact lint`: violations of conventions, with the SQL that fixes each.

use crate::report::Format;
use crate::report::say;
use crate::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::lint::{self, RULES, Report};
use xact_codegen::read_schema;
use xact_codegen::report::diagnostic::nearest;

/// Checks the project's schema.
pub(super) async fn run_lint(project: &Path, server: Option<&str>) -> ExitCode {
    let (project, schema) = match read_schema(project, server).await {
        Ok(read) => read,
        Err(stop) => return report::print_stop(&stop),
    };
    let found = lint::lint(&project, &schema);
    let printed = match report::output_format() {
        Format::Human | Format::Github => {
            report::print_diagnostics(&found.diagnostics());
            print_summary(&found);
            Ok(())
        }
        // One document, with more than diagnostics hold.
        Format::Json => lint::write_json(&found).and_then(|text| report::print_result(&text)),
    };
    match printed {
        Err(failure) => report::print_failure(&failure),
        Ok(()) if found.is_clean() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(PROJECT),
    }
}

/// Prints the rules.
pub(super) fn list_rules() -> ExitCode {
    print_answer(&lint::list_rules())
}

/// Prints all there is to know of one rule.
pub(super) fn explain_rule(id: &str) -> ExitCode {
    if let Some(rule) = lint::named(id) {
        return print_answer(&lint::explain_rule(rule));
    }
    eprintln!("error: there is no rule `{id}`");
    match nearest(id, RULES.iter().map(|rule| rule.id)) {
        Some(nearest) => eprintln!("help: perhaps you meant `{nearest}`"),
        None => eprintln!("help: `xact lint --rules` lists them"),
    }
    ExitCode::from(PROJECT)
}

fn print_answer(text: &str) -> ExitCode {
    match report::print_result(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report::print_failure(&failure),
    }
}

fn print_summary(report: &Report) {
    let found = report.violations.len() + report.exceptions.len();
    let excepted = match report.excepted {
        0 => String::new(),
        excepted => format!(", {excepted} excepted"),
    };
    say!("{} rules, {found} found{excepted}", report.checked);
    if let Some(violation) = report.violations.first() {
        let rule = violation.rule.id;
        say!("help: `xact lint --explain {rule}` says why, and how to make an exception");
    }
}
