//! SQL that is in no file, checked as a query file of the project.
//!
//! It is prepared and planned in the throwaway database, and statements that Postgres cannot plan are tried there and rolled back.

use super::check::write_all;
use crate::answer::ToolError;
use crate::queries::describe_stop;
use serde_json::{Value, json};
use xact_codegen::config::Paths;
use xact_codegen::explanation::{explain_checked, text};
use xact_codegen::workspace::Workspace;

/// The file among those of the queries that the text is checked as; it is never written.
const FILE: &str = "xact_mcp_describe.sql";

/// The explanations of its queries, and the diagnostics at its text.
pub(super) async fn describe_sql(workspace: &mut Workspace, sql: &str) -> Result<Value, ToolError> {
    let file = format!("{}/{FILE}", Paths::read(workspace.root()).queries);
    workspace.set_text(&file, sql);
    let checked = workspace.check().await;
    workspace.remove_text(&file);
    let checked = checked.map_err(|stop| describe_stop(&stop))?;
    let explanations = explain_checked(&checked);
    let own = explanations
        .queries
        .iter()
        .filter(|query| query.file == file);
    let diagnostics = checked.diagnostics.iter();
    let diagnostics: Vec<_> = diagnostics
        .filter(|found| found.location().starts_with(&file))
        .cloned()
        .collect();
    Ok(json!({
        "queries": own.map(text).collect::<Vec<_>>(),
        "diagnostics": write_all(&diagnostics),
    }))
}
