//! SQL that is in no file, checked as a query file of the project.
//!
//! It is prepared and planned in the throwaway database, and statements that Postgres cannot plan are tried there and rolled back.

use super::check::write_all;
use crate::answer::ToolError;
use crate::queries::describe_stop;
use serde_json::{Value, json};
use xact_codegen::explanation::{explain_checked, text};
use xact_codegen::workspace::Workspace;

/// The file that the text is checked as; it is never written.
const FILE: &str = "queries/xact_mcp_describe.sql";

/// The explanations of its queries, and the diagnostics at its text.
pub(super) async fn describe_sql(workspace: &mut Workspace, sql: &str) -> Result<Value, ToolError> {
    workspace.set_text(FILE, sql);
    let checked = workspace.check().await;
    workspace.remove_text(FILE);
    let checked = checked.map_err(|stop| describe_stop(&stop))?;
    let explanations = explain_checked(&checked);
    let own = explanations
        .queries
        .iter()
        .filter(|query| query.file == FILE);
    let diagnostics = checked.diagnostics.iter();
    let diagnostics: Vec<_> = diagnostics
        .filter(|found| found.location().starts_with(FILE))
        .cloned()
        .collect();
    Ok(json!({
        "queries": own.map(text).collect::<Vec<_>>(),
        "diagnostics": write_all(&diagnostics),
    }))
}
