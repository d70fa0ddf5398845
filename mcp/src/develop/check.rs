//! Everything that is wrong with a project, and the generated files that are out of date.

use crate::answer::ToolError;
use crate::queries::describe_stop;
use serde_json::{Value, json};
use xact_codegen::Stop;
use xact_codegen::output;
use xact_codegen::report::diagnostic::{self, Diagnostic};
use xact_codegen::workspace::Workspace;

/// The diagnostics, or the files that differ.
pub(super) async fn check_project(workspace: &mut Workspace) -> Result<Value, ToolError> {
    let generated = match workspace.generate().await {
        Ok(generated) => generated,
        Err(Stop::Diagnostics(found)) => {
            return Ok(json!({"diagnostics": write_all(&found)}));
        }
        Err(stop) => return Err(describe_stop(&stop)),
    };
    let folder = &generated.paths.output;
    let changes = output::compare(workspace.root(), folder, &generated.files);
    let changes = changes.map_err(|failure| ToolError::new(failure.to_string()))?;
    let stale = changes.missing.iter().chain(&changes.stale);
    let stale: Vec<&String> = stale.chain(&changes.orphaned).collect();
    let mut answer = json!({"diagnostics": write_all(&generated.warnings), "out_of_date": stale});
    if !changes.is_empty() {
        answer["help"] = "run `xact codegen`".into();
    }
    Ok(answer)
}

/// Diagnostics as `--format json` has them.
pub(super) fn write_all(diagnostics: &[Diagnostic]) -> Vec<Value> {
    let lines = diagnostics.iter().map(diagnostic::json);
    lines
        .filter_map(|line| serde_json::from_str(&line).ok())
        .collect()
}
