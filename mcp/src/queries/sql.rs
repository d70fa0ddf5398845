//! The tool that takes SQL, where the server was started with `--allow-sql`.
//!
//! The text is checked as if it were a query file of the project: it has to be one statement that reads, that Postgres accepts,
//! that changes neither the session nor the scope by any function it reaches, and that the role of the scope may run. Only then
//! it runs, in the scope and read-only, as any other query.

use super::known::{Access, KnownQuery, know_queries, writes_table};
use super::run::QueryRunner;
use crate::answer::ToolError;
use crate::scope::AgentScope;
use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;
use xact_codegen::Stop;
use xact_codegen::config::Paths;
use xact_codegen::query::Finished;
use xact_codegen::report::diagnostic::{Severity, Style, render};
use xact_codegen::sql::lexer::tokens;
use xact_codegen::workspace::{CheckedProject, Workspace};

/// The name of the tool.
pub(crate) const SQL_TOOL: &str = "run_sql";

/// The name of the statement among the queries of the project.
const QUERY: &str = "xact_mcp_run_sql";

/// The file among those of the queries that the statement is checked as; it is never written.
const FILE: &str = "xact_mcp_run_sql.sql";

/// The first words of statements that read.
const READING: &[&str] = &["select", "with", "values", "table"];

/// Checks and runs SQL.
pub(crate) struct SqlTool {
    workspace: Mutex<Workspace>,
    scope: AgentScope,
    scope_name: String,
}

impl SqlTool {
    /// With the project that the text is checked against.
    pub(crate) fn new(workspace: Workspace, scope: AgentScope, scope_name: &str) -> Self {
        Self {
            workspace: Mutex::new(workspace),
            scope,
            scope_name: scope_name.to_owned(),
        }
    }

    /// The tool.
    pub(crate) fn describe() -> Tool {
        let schema = json!({
            "type": "object",
            "properties": {"sql": {"type": "string"}},
            "required": ["sql"],
        });
        let schema = schema.as_object().cloned().unwrap_or_default();
        let description = "Runs one SELECT of PostgreSQL, read-only";
        Tool::new(SQL_TOOL, description, Arc::new(schema))
            .with_annotations(ToolAnnotations::new().read_only(true))
    }

    /// Runs the statement in `arguments`.
    pub(crate) async fn call(
        &self,
        runner: &QueryRunner,
        arguments: &Map<String, Value>,
    ) -> Result<Value, ToolError> {
        let sql = read_sql(arguments)?;
        // Before the check, which runs statements of other kinds to try them.
        refuse_other_statements(sql)?;
        refuse_composing_functions(sql)?;
        let query = self.check_sql(sql).await?;
        runner.call(&query, &Map::new()).await
    }

    async fn check_sql(&self, sql: &str) -> Result<KnownQuery, ToolError> {
        let mut workspace = self.workspace.lock().await;
        let file = format!("{}/{FILE}", Paths::read(workspace.root()).queries);
        // On a line of its own: the text may end in a comment.
        workspace.set_text(&file, format!("-- name: {QUERY} :many\n{sql}\n;\n"));
        let checked = workspace.check().await;
        // Removed at once, or the text would be part of the project for the next call.
        workspace.remove_text(&file);
        // Other calls need not wait until the statement has run.
        drop(workspace);
        let checked = checked.map_err(|stop| describe_stop(&stop))?;
        let finished = find_statement(&checked, &file)?;
        self.refuse_statement(finished, checked.composed.contains_key(QUERY))?;
        let only = |query: &Finished| (query.query.name == QUERY).then_some(Access::Reads);
        let known = know_queries(&checked, &self.scope, only);
        known
            .into_iter()
            .next()
            .ok_or_else(|| ToolError::new(ONE_STATEMENT))
    }

    fn refuse_statement(&self, query: &Finished, is_composed: bool) -> Result<(), ToolError> {
        if !query.parameters.is_empty() {
            return Err(ToolError::new(
                "write the values into the statement: it has no parameters",
            ));
        }
        if writes_table(query) {
            return Err(ToolError::new(
                "the statement writes: only a SELECT can be run",
            ));
        }
        if is_composed {
            return Err(ToolError::new(
                "the statement reaches a function that composes SQL, which cannot be checked",
            ));
        }
        let mut verdicts = query.scopes.iter();
        let refused = verdicts.find(|verdict| verdict.scope == self.scope_name && !verdict.allowed);
        match refused {
            Some(verdict) => Err(ToolError::new(verdict.refusal().unwrap_or_default())),
            None => Ok(()),
        }
    }
}

const ONE_STATEMENT: &str =
    "pass one SELECT, without `-- name:` and without `;` between statements";

/// The text in the arguments of a tool that takes SQL.
pub(crate) fn read_sql(arguments: &Map<String, Value>) -> Result<&str, ToolError> {
    let unknown = arguments.keys().find(|name| *name != "sql");
    let sql = arguments.get("sql").and_then(Value::as_str);
    match (sql, unknown) {
        (Some(sql), None) if !sql.contains('\0') => Ok(sql),
        (Some(_), None) => Err(ToolError::new("argument `sql`: it has a NUL character")),
        _ => Err(ToolError::new("pass one argument, `sql`, a string")),
    }
}

/// Statements that read begin with one of four words; any other, such as COPY, would be tried by the check itself.
fn refuse_other_statements(sql: &str) -> Result<(), ToolError> {
    let all = tokens(sql);
    let mut words = all.iter().filter(|token| !token.kind.is_trivia());
    // A SELECT may be in brackets.
    let first = words.find(|token| &sql[token.range.clone()] != "(");
    let first = first.map_or("", |token| &sql[token.range.clone()]);
    if READING.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return Ok(());
    }
    Err(ToolError::new(
        "the statement has to begin with SELECT, WITH, VALUES or TABLE",
    ))
}

/// Functions that run SQL which they are given as text, or change settings: by them a statement could leave the scope while it
/// runs. The check of query files trusts their author with these; the author of this statement may be anyone.
const COMPOSING: &[&str] = &[
    "set_config",
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "ts_stat",
    "ts_rewrite",
    "connectby",
    "xpath_table",
];

/// Of extensions, by the beginnings of their names.
const COMPOSING_FAMILIES: &[&str] = &["dblink", "crosstab"];

fn refuse_composing_functions(sql: &str) -> Result<(), ToolError> {
    for token in tokens(sql) {
        let text = &sql[token.range.clone()];
        // Also in quotes, and wherever it is: a name cannot be told from a call for sure.
        let word = text.trim_matches('"').to_ascii_lowercase();
        let is_composing = COMPOSING.contains(&word.as_str())
            || COMPOSING_FAMILIES
                .iter()
                .any(|family| word.starts_with(family));
        // `U&"\0073et_config"` is a name too ("Identifiers with Unicode Escapes").
        let is_escaped = word.starts_with("u&");
        if is_composing || is_escaped {
            return Err(ToolError::new(format!(
                "the statement may not have `{text}`"
            )));
        }
    }
    Ok(())
}

/// The statement, if the text is that one statement and nothing is wrong with it.
fn find_statement<'c>(checked: &'c CheckedProject, file: &str) -> Result<&'c Finished, ToolError> {
    let diagnostics = checked.diagnostics.iter();
    let own: Vec<_> = diagnostics
        .filter(|found| found.severity == Severity::Error && found.location().starts_with(file))
        .cloned()
        .collect();
    if !own.is_empty() {
        return Err(ToolError::new(render(&own, Style::Plain)));
    }
    let in_file = checked.written.iter();
    // A second `-- name:` in the text would make a second query.
    let in_file = in_file.filter(|query| query.span.file.path == file).count();
    let found = checked.find_query(QUERY).filter(|_| in_file == 1);
    found
        .map(AsRef::as_ref)
        .ok_or_else(|| ToolError::new(ONE_STATEMENT))
}

/// The text of a check that was not possible.
pub(crate) fn describe_stop(stop: &Stop) -> ToolError {
    ToolError::new(match stop {
        Stop::Diagnostics(found) => render(found, Style::Plain),
        Stop::Failure(failure) => failure.to_string(),
    })
}
