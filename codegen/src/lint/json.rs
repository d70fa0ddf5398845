//! A report as one JSON document, for tools.

use super::rule::{FindingFix, Violation};
use super::{Report, Rule};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Position;
use serde::Serialize;

#[derive(Serialize)]
struct LintDocument<'a> {
    violations: Vec<FindingItem<'a>>,
    excepted: usize,
    unneeded_exceptions: Vec<Unneeded<'a>>,
}

#[derive(Serialize)]
struct FindingItem<'a> {
    rule: &'static str,
    promise: &'static str,
    object: &'a str,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
}

#[derive(Serialize)]
struct Unneeded<'a> {
    location: String,
    message: &'a str,
}

/// The document, with a newline at its end.
///
/// # Errors
/// Never in practice: only if a text could not be written as JSON.
pub fn write_json(report: &Report) -> Result<String, Failure> {
    let violations = report.violations.iter();
    let exceptions = report.exceptions.iter();
    let document = LintDocument {
        violations: violations
            .map(|violation| view_violation(report, violation))
            .collect(),
        excepted: report.excepted,
        unneeded_exceptions: exceptions.map(view_unneeded).collect(),
    };
    let text = serde_json::to_string_pretty(&document);
    let text = text.map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(text + "\n")
}

fn view_violation<'a>(report: &'a Report, violation: &'a Violation) -> FindingItem<'a> {
    let Rule { id, promise, .. } = violation.rule;
    let Position { line, column } = report.position(violation);
    let finding = &violation.finding;
    let (sql, advice) = match &finding.fix {
        FindingFix::Sql(text) => (Some(text.as_str()), None),
        FindingFix::Advice(text) => (None, Some(text.as_str())),
    };
    FindingItem {
        rule: id,
        promise,
        object: &finding.object,
        message: &finding.message,
        file: &report.schema.path,
        line,
        column,
        sql,
        advice,
    }
}

fn view_unneeded(diagnostic: &Diagnostic) -> Unneeded<'_> {
    Unneeded {
        location: diagnostic.location(),
        message: &diagnostic.message,
    }
}
