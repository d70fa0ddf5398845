//! A diagnostic as one line of JSON, for editors and other tools.

use super::{Diagnostic, Place, Severity};
use serde_json::{Value, json};

/// One JSON object, without a line break. Lines and columns count from 1, columns in characters; the end
/// is the first position that no longer belongs to the place.
///
/// ```
/// # use xact_codegen::report::diagnostic::{Diagnostic, json};
/// let diagnostic = Diagnostic::in_file("unreadable-file", "queries/a.sql", None, "no");
/// assert!(json(&diagnostic).starts_with(r#"{"code":"unreadable-file","column":null"#));
/// ```
pub fn json(diagnostic: &Diagnostic) -> String {
    let (path, start) = diagnostic.path_and_position();
    let end = match &diagnostic.place {
        Place::Span(span) => Some(span.file.position(span.range.end)),
        Place::File { position, .. } => *position,
    };
    let object = json!({
        "severity": severity_name(diagnostic.severity),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "file": path,
        "line": start.map(|start| start.line),
        "column": start.map(|start| start.column),
        "end_line": end.map(|end| end.line),
        "end_column": end.map(|end| end.column),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    });
    object.to_string()
}

/// A failure of the machine, in the same form.
pub fn failure_json(message: &str) -> String {
    let object: Value = json!({ "severity": "failure", "message": message });
    object.to_string()
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
