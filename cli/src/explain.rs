//! `xact explain NAME`: everything known of one query, on standard output.

use crate::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::explanation::{self, Unexplained};

/// Prints the query, or says which name was perhaps meant.
pub(super) async fn run_explain(project: &Path, server: Option<&str>, name: &str) -> ExitCode {
    let explanations = match xact_codegen::explain(project, server).await {
        Ok(explanations) => explanations,
        Err(stop) => return report::print_stop(&stop),
    };
    match explanations.named(name) {
        Ok(query) => match report::print_result(&explanation::text(query)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => report::print_failure(&failure),
        },
        Err(Unexplained::Wrong(stop)) => report::print_stop(&stop),
        Err(Unexplained::Unknown(nearest)) => {
            eprintln!("error: there is no query `{name}`");
            if let Some(nearest) = nearest {
                eprintln!("help: perhaps you meant `{nearest}`");
            }
            ExitCode::from(PROJECT)
        }
    }
}
