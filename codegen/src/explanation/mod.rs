//! The facts about each query, for people and for tools.
//!
//! Given: the queries that were understood. Gives: [`Explanations`], a view of finished strings,
//! which [`text()`] lays out for people and which is JSON as it is. Never decides anything about a
//! query: all of it was proved before.

mod json;
mod page;
mod shape;
mod text;

pub use json::json;
pub use page::{ExplainedPageKey, ExplainedPageOrder};
pub use shape::{ExplainedOrder, ExplainedSwitch, Variants};
pub use text::text;

use crate::pipeline::{Understood, understand_project};
use crate::project::Project;
use crate::query::analysis::{Cardinality, Typed};
use crate::query::{Command, Composed, Finished, Query, ScopeVerdict, TypeCatalog};
use crate::report::Stop;
use crate::report::diagnostic::{Diagnostic, Severity, nearest};
use crate::rust::{self, RustTypes};
use crate::schema::Schema;
use crate::workspace::CheckedProject;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Every query of a project.
#[derive(Debug)]
pub struct Explanations {
    /// The queries that can be explained, in order of their files.
    pub queries: Vec<Explanation>,
    /// The diagnostics of the project, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of all queries, also of those that cannot be explained.
    names: Vec<String>,
}

/// One query.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// As written after `-- name:`.
    pub name: String,
    /// Its file, relative to the project.
    pub file: String,
    /// The line of its name.
    pub line: usize,
    /// The word after the colon: `many`.
    pub command: &'static str,
    /// How many rows there are, as proved, or else as asked for: `one`, `optional`, `many` or `none`.
    pub cardinality: &'static str,
    /// Why there is no second row, if that is proved.
    pub cardinality_evidence: Option<String>,
    /// The statement as written.
    #[serde(skip)]
    pub written: String,
    /// The statement as sent to Postgres.
    pub sql: String,
    /// Its parameters, `$1` first.
    pub params: Vec<ExplainedParameter>,
    /// The switches of its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExplainedSwitch>,
    /// The orders that the caller can choose, the default first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<ExplainedOrder>,
    /// How many variants it has, if it has parts or orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Variants>,
    /// The columns of its rows.
    pub columns: Vec<ExplainedColumn>,
    /// The orders of its pages, if it is read in pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<ExplainedPageOrder>,
    /// The tables and views that it reads, sorted; none if Postgres does not analyse it.
    pub reads: Option<Vec<String>>,
    /// The tables and views that it writes to, sorted; none if Postgres does not analyse it.
    pub writes: Option<Vec<String>>,
    /// Functions that compose SQL at run time for it (`EXECUTE`), with the way to each. No check has seen that SQL, and it is
    /// in neither `reads` nor `writes`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub composed_sql: Vec<String>,
    /// Who may run it.
    pub scopes: Vec<ExplainedScope>,
}

/// A parameter of a query.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedParameter {
    /// As the generated method calls it.
    pub name: String,
    /// As SQL names the type.
    pub pg_type: String,
    /// As the generated method takes it.
    pub rust_type: String,
    /// Whether the caller may pass NULL.
    pub nullable: bool,
}

/// A column of a query's rows.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedColumn {
    /// As the client sees it.
    pub name: String,
    /// The embedded row that it is in.
    pub row: Option<EmbeddedRow>,
    /// As SQL names the type.
    pub pg_type: String,
    /// As the generated row holds it; none if the command gives no rows.
    pub rust_type: Option<String>,
    /// Whether it can be NULL; in an embedded row, where that row is there.
    pub nullable: bool,
    /// Why it can be NULL or not.
    pub evidence: String,
    /// The same, from the statement about the column to the fact that it follows from.
    pub evidence_steps: Vec<String>,
}

/// A row in a query's row.
#[derive(Clone, Debug, Serialize)]
pub struct EmbeddedRow {
    /// As the field is called.
    pub field: String,
    /// Whether it can be missing; all its columns are NULL then.
    pub optional: bool,
}

/// Whether a scope may run a query.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedScope {
    /// The scope's name.
    pub name: String,
    /// The role that it takes.
    pub role: Option<String>,
    /// Whether it may run the query.
    pub allowed: bool,
    /// Why not; or why that could not be proved.
    pub reason: Option<String>,
}

/// Explains every query of the project at `root`; an error in one query does not keep the others from being explained.
/// Nothing is written.
///
/// # Errors
/// [`Stop::Diagnostics`] if the migrations are refused, so that nothing is known of any query;
/// [`Stop::Failure`] if something is wrong with the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server.
pub async fn explain(root: &Path, server: Option<&str>) -> Result<Explanations, Stop> {
    Ok(explain_queries(
        Box::pin(understand_project(root, server)).await?,
    ))
}

/// Explains the queries of a project that was checked.
pub fn explain_checked(checked: &CheckedProject) -> Explanations {
    let explained = ExplanationSources::of_checked(checked).explain(&checked.queries);
    Explanations {
        // Their diagnostics are among those of the check, which renders the same types.
        queries: explained.filter_map(Result::ok).collect(),
        diagnostics: checked.diagnostics.clone(),
        names: list_names(&checked.written),
    }
}

/// Explains one query of a project that was checked; none if Rust has no type for one of its values.
pub fn explain_finished(checked: &CheckedProject, query: &Arc<Finished>) -> Option<Explanation> {
    let mut explained =
        ExplanationSources::of_checked(checked).explain(std::slice::from_ref(query));
    explained.next()?.ok()
}

fn explain_queries(mut understood: Understood) -> Explanations {
    let mut findings = std::mem::take(&mut understood.findings);
    let sources = ExplanationSources {
        project: &understood.project,
        schema: &understood.schema,
        types: &understood.types,
        queries: &understood.queries,
        composed: &understood.composed,
    };
    let mut queries = Vec::new();
    for explained in sources.explain(&understood.queries) {
        match explained {
            Ok(explanation) => queries.push(explanation),
            Err(found) => findings.extend(found),
        }
    }
    Explanations {
        queries,
        diagnostics: findings.into_sorted(),
        names: list_names(&understood.written),
    }
}

/// The parts of a project that its queries are explained from.
struct ExplanationSources<'p> {
    project: &'p Project,
    schema: &'p Schema,
    types: &'p TypeCatalog,
    queries: &'p [Arc<Finished>],
    composed: &'p Composed,
}

impl<'p> ExplanationSources<'p> {
    fn of_checked(checked: &'p CheckedProject) -> Self {
        Self {
            project: &checked.project,
            schema: &checked.schema,
            types: &checked.types,
            queries: &checked.queries,
            composed: &checked.composed,
        }
    }

    /// Explains each of these queries; a diagnostic for each value that Rust has no type for.
    fn explain(
        self,
        wanted: &'p [Arc<Finished>],
    ) -> impl Iterator<Item = Result<Explanation, Vec<Diagnostic>>> {
        let Self { types, queries, .. } = self;
        let rust_types = rust::rust_types(self.project, self.schema, types, queries, wanted);
        wanted.iter().zip(rust_types).map(move |(query, found)| {
            let composed = self.composed.get(&query.query.name).cloned();
            let composed = composed.unwrap_or_default();
            found.map(|rust_types| explanation(query, rust_types, types, composed))
        })
    }
}

fn list_names(written: &[Query]) -> Vec<String> {
    written.iter().map(|query| query.name.clone()).collect()
}

/// Why a name cannot be explained.
#[derive(Debug)]
pub enum Unexplained {
    /// There is no query of that name; perhaps one of this was meant.
    Unknown(Option<String>),
    /// There is, and this is wrong with the project.
    Wrong(Stop),
}

impl Explanations {
    /// Nothing but diagnostics.
    pub fn none(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            queries: Vec::new(),
            diagnostics,
            names: Vec::new(),
        }
    }

    /// The query of this name.
    ///
    /// # Errors
    /// If there is none, or something is wrong with it.
    pub fn named(&self, name: &str) -> Result<&Explanation, Unexplained> {
        if let Some(found) = self.queries.iter().find(|query| query.name == name) {
            return Ok(found);
        }
        if self.names.iter().any(|known| known == name) {
            return Err(Unexplained::Wrong(Stop::Diagnostics(
                self.diagnostics.clone(),
            )));
        }
        let names = self.names.iter().map(String::as_str);
        Err(Unexplained::Unknown(
            nearest(name, names).map(str::to_owned),
        ))
    }

    /// Whether something is wrong with any query.
    pub fn has_errors(&self) -> bool {
        let mut diagnostics = self.diagnostics.iter();
        diagnostics.any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

fn explanation(
    typed: &Finished,
    rust_types: RustTypes,
    catalog: &TypeCatalog,
    composed_sql: Vec<String>,
) -> Explanation {
    let query = &typed.query;
    let sql_name = |oid: u32| catalog.get(oid).map_or("?", |t| &t.sql_name).to_owned();
    let parameters = typed.parameters.iter().zip(rust_types.parameters);
    let parameters = parameters.map(|(parameter, rust_type)| ExplainedParameter {
        name: parameter.name.clone(),
        pg_type: sql_name(parameter.type_oid),
        rust_type,
        nullable: parameter.nullable,
    });
    let mut rust_columns = rust_types.columns.into_iter();
    let row = |index: usize| {
        let mut rows = typed.embedded.iter();
        let row = rows.find(|row| row.columns.contains(&index))?;
        Some(EmbeddedRow {
            field: row.field.clone(),
            optional: row.optional,
        })
    };
    let columns = typed.columns.iter().enumerate();
    let columns = columns.map(|(index, column)| ExplainedColumn {
        name: column.name.clone(),
        row: row(index),
        pg_type: sql_name(column.type_oid),
        rust_type: rust_columns.next(),
        nullable: column.nullable,
        evidence: column.evidence.to_string(),
        evidence_steps: column.evidence.steps().map(str::to_owned).collect(),
    });
    Explanation {
        name: query.name.clone(),
        file: query.span.file.path.clone(),
        line: query.name_span.position().line,
        command: query.command.word(),
        cardinality: cardinality(typed),
        cardinality_evidence: evidence(&typed.cardinality),
        written: query.span.text().to_owned(),
        sql: typed.sent().into_owned(),
        params: parameters.collect(),
        parts: shape::list_parts(query),
        orders: shape::list_orders(query),
        variants: shape::count(query),
        columns: columns.collect(),
        pages: page::list_page_orders(typed, catalog),
        reads: typed.tables.as_ref().map(|tables| tables.reads.clone()),
        writes: typed.tables.as_ref().map(|tables| tables.writes.clone()),
        composed_sql,
        scopes: typed.scopes.iter().map(scope).collect(),
    }
}

fn evidence(cardinality: &Cardinality) -> Option<String> {
    match cardinality {
        Cardinality::ExactlyOne { evidence } | Cardinality::AtMostOne { evidence } => {
            Some(evidence.clone())
        }
        Cardinality::Unknown => None,
    }
}

fn cardinality(typed: &Typed) -> &'static str {
    match (&typed.cardinality, typed.query.command) {
        (_, Command::Exec | Command::ExecRows | Command::Copy) => "none",
        (_, Command::Batch) if typed.columns.is_empty() => "none",
        (_, Command::Batch | Command::Page)
        | (Cardinality::Unknown, Command::Many | Command::Stream) => "many",
        (Cardinality::ExactlyOne { .. }, _) | (Cardinality::Unknown, Command::One) => "one",
        (Cardinality::AtMostOne { .. }, _) | (Cardinality::Unknown, Command::Optional) => {
            "optional"
        }
    }
}

fn scope(verdict: &ScopeVerdict) -> ExplainedScope {
    ExplainedScope {
        name: verdict.scope.clone(),
        role: verdict.role.clone(),
        allowed: verdict.allowed,
        reason: verdict.refusal().or_else(|| verdict.reason.clone()),
    }
}
