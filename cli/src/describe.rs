//! `xact describe`: everything known of all queries, on standard output.

use crate::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::explanation::{self, Explanations};

/// Prints the document. It contains the diagnostics, and errors set the exit code.
pub(super) async fn print_json(project: &Path, server: Option<&str>) -> ExitCode {
    let explanations = match xact_codegen::explain(project, server).await {
        Ok(explanations) => explanations,
        Err(Stop::Diagnostics(found)) => Explanations::none(found),
        Err(Stop::Failure(failure)) => return report::print_failure(&failure),
    };
    let printed = explanation::json(&explanations).and_then(|text| report::print_result(&text));
    if let Err(failure) = printed {
        return report::print_failure(&failure);
    }
    if explanations.has_errors() {
        ExitCode::from(PROJECT)
    } else {
        ExitCode::SUCCESS
    }
}
