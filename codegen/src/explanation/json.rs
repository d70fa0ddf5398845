//! Explanations as JSON, for tools: the queries, and beside them the diagnostics.

use super::{Explanation, Explanations};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

/// The whole document.
#[derive(Serialize)]
struct ExplanationDocument<'e> {
    queries: &'e [Explanation],
    errors: Vec<DiagnosticItem<'e>>,
    warnings: Vec<DiagnosticItem<'e>>,
}

/// A diagnostic.
#[derive(Serialize)]
struct DiagnosticItem<'e> {
    code: &'e str,
    message: &'e str,
    file: &'e str,
    line: Option<usize>,
    column: Option<usize>,
    notes: &'e [String],
    help: &'e [String],
}

/// One document, indented.
///
/// # Errors
/// If it cannot be written as JSON, which is a bug of the tool.
pub fn json(explanations: &Explanations) -> Result<String, Failure> {
    let of = |severity: Severity| {
        let diagnostics = explanations.diagnostics.iter();
        diagnostics
            .filter(|diagnostic| diagnostic.severity == severity)
            .map(finding)
            .collect()
    };
    let document = ExplanationDocument {
        queries: &explanations.queries,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
    };
    serde_json::to_string_pretty(&document)
        .map(|text| text + "\n")
        .map_err(|error| Failure::Internal(format!("explanations are no JSON: {error}")))
}

fn finding(diagnostic: &Diagnostic) -> DiagnosticItem<'_> {
    let (file, position) = diagnostic.path_and_position();
    DiagnosticItem {
        code: diagnostic.code,
        message: &diagnostic.message,
        file,
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    }
}
