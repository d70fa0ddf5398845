//! The tools for agents that change a project: its schema, its queries, and everything that is wrong with it.
//!
//! They read the files as they are on disk at each call, and ask a throwaway database that the migrations built. No row of any
//! other database is ever read.

mod check;
mod describe;
mod schema;

use crate::answer::ToolError;
use crate::queries::{describe_stop, read_sql};
use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;
use xact_codegen::explanation::{self, Unexplained, explain_checked};
use xact_codegen::workspace::{CheckedProject, Workspace};

/// The tools of a project.
pub(crate) struct DevelopTools {
    workspace: Mutex<Workspace>,
    allow_sql: bool,
}

/// A tool: name, description, the one argument and whether it is required.
type DevelopTool = (&'static str, &'static str, Option<(&'static str, bool)>);

/// The tools.
const TOOLS: &[DevelopTool] = &[
    (
        "schema",
        "The tables, views, types and functions of the database, or one table with its columns, keys, checks and policies",
        Some(("table", false)),
    ),
    (
        "queries",
        "The queries of queries/*.sql: name, file, parameters, and the scopes that may run each",
        None,
    ),
    (
        "explain",
        "Everything known of one query: types and NULLs with the evidence, rows, tables, scopes",
        Some(("query", true)),
    ),
    (
        "check",
        "Every error and warning of the project, and the generated files that are out of date; writes nothing",
        None,
    ),
];

/// The tool that takes SQL.
const DESCRIBE: DevelopTool = (
    "describe",
    "The types of the parameters and columns of SQL that is in no file, and everything wrong with it: one or more queries, each \
     with its line `-- name: …`",
    Some(("sql", true)),
);

impl DevelopTools {
    /// Of this project.
    pub(crate) fn new(workspace: Workspace, allow_sql: bool) -> Self {
        Self {
            workspace: Mutex::new(workspace),
            allow_sql,
        }
    }

    /// The tools.
    pub(crate) fn list(&self) -> Vec<Tool> {
        let tools = TOOLS.iter().chain(self.allow_sql.then_some(&DESCRIBE));
        tools
            .map(|(name, description, argument)| describe_tool(name, description, *argument))
            .collect()
    }

    /// Calls the tool of this name; none if there is none.
    pub(crate) async fn call(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
    ) -> Option<Result<Value, ToolError>> {
        // A tool that was not allowed is as unknown as one that there is not.
        let known = self.list().into_iter().any(|tool| tool.name == name);
        if !known {
            return None;
        }
        let answer = match name {
            "check" => check::check_project(&mut *self.workspace.lock().await).await,
            // It changes the workspace, so it holds the lock to its end.
            "describe" => match read_sql(arguments) {
                Ok(sql) => describe::describe_sql(&mut *self.workspace.lock().await, sql).await,
                Err(error) => Err(error),
            },
            _ => match self.check().await {
                Ok(checked) => answer_of(&checked, name, arguments),
                Err(error) => Err(error),
            },
        };
        Some(answer)
    }

    /// Stops the throwaway database.
    pub(crate) async fn close(&self) {
        // It is removed with the process in any case.
        let _ = self.workspace.lock().await.stop().await;
    }

    async fn check(&self) -> Result<CheckedProject, ToolError> {
        let checked = self.workspace.lock().await.check().await;
        checked.map_err(|stop| describe_stop(&stop))
    }
}

fn answer_of(
    checked: &CheckedProject,
    name: &str,
    arguments: &Map<String, Value>,
) -> Result<Value, ToolError> {
    match name {
        "schema" => schema::describe_schema(checked, read_name(arguments, "table")?),
        "queries" => Ok(list_queries(checked)),
        _ => {
            let query = read_name(arguments, "query")?;
            let query = query.ok_or_else(|| ToolError::new("argument `query`: it is required"))?;
            explain_query(checked, query)
        }
    }
}

fn describe_tool(name: &'static str, text: &'static str, argument: Option<(&str, bool)>) -> Tool {
    let mut schema = json!({"type": "object", "properties": {}});
    if let Some((argument, is_required)) = argument {
        schema["properties"][argument] = json!({"type": "string"});
        if is_required {
            schema["required"] = json!([argument]);
        }
    }
    let schema = schema.as_object().cloned().unwrap_or_default();
    Tool::new(name, text, Arc::new(schema)).with_annotations(ToolAnnotations::new().read_only(true))
}

/// The one argument of a tool.
fn read_name<'a>(
    arguments: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a str>, ToolError> {
    if let Some(unknown) = arguments.keys().find(|given| *given != name) {
        let problem = format!("there is no argument `{unknown}`; the tool takes `{name}`");
        return Err(ToolError::new(problem));
    }
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ToolError::new(format!(
            "argument `{name}`: expected a string"
        ))),
    }
}

fn list_queries(checked: &CheckedProject) -> Value {
    let queries = explain_checked(checked).queries.into_iter().map(|query| {
        let scopes = query.scopes.iter().filter(|scope| scope.allowed);
        json!({
            "name": query.name,
            "file": query.file,
            "line": query.line,
            "command": query.command,
            "parameters": query.params.iter().map(|p| &p.name).collect::<Vec<_>>(),
            "scopes": scopes.map(|scope| &scope.name).collect::<Vec<_>>(),
        })
    });
    json!({"queries": queries.collect::<Vec<_>>()})
}

fn explain_query(checked: &CheckedProject, name: &str) -> Result<Value, ToolError> {
    let explanations = explain_checked(checked);
    match explanations.named(name) {
        Ok(query) => Ok(json!({"explanation": explanation::text(query)})),
        Err(Unexplained::Wrong(stop)) => Err(describe_stop(&stop)),
        Err(Unexplained::Unknown(nearest)) => {
            let help = nearest.map(|name| format!("; perhaps you meant `{name}`"));
            let help = help.unwrap_or_default();
            Err(ToolError::new(format!("there is no query `{name}`{help}")))
        }
    }
}
