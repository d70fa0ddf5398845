//! The result of a check.

use crate::pipeline::Understood;
use crate::project::Project;
use crate::query::{Finished, Query, TypeCatalog};
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything that is known of a project. Parts that did not change since the last check are shared with its result.
#[derive(Clone, Debug)]
pub struct CheckedProject {
    /// The files that were read, as they are in the editor or on disk.
    pub project: Project,
    /// The schema that the migrations build; empty if `schema.sql` cannot represent it.
    pub schema: Arc<Schema>,
    /// The types of the database, Postgres's own among them.
    pub types: Arc<TypeCatalog>,
    /// All queries that could be parsed, in order of their files and places, as they are written.
    pub written: Vec<Query>,
    /// The queries that Postgres accepts and that were analysed without an error, in the same order.
    pub queries: Vec<Arc<Finished>>,
    /// SQL that is composed at run time: by the name of the query that runs it, who composes it.
    pub composed: HashMap<String, Vec<String>>,
    /// All errors and warnings, those of the migrations among them, sorted by location.
    pub diagnostics: Vec<Diagnostic>,
    /// If the migrations are refused: the diagnostics of the migrations. Everything else is then of the last migrations that were
    /// accepted.
    pub stale: Option<Vec<Diagnostic>>,
}

impl CheckedProject {
    pub(super) fn new(
        understood: Understood,
        diagnostics: Vec<Diagnostic>,
        stale: Option<Vec<Diagnostic>>,
    ) -> Self {
        let Understood {
            project,
            schema,
            types,
            written,
            queries,
            composed,
            ..
        } = understood;
        Self {
            project,
            schema,
            types,
            written,
            queries,
            composed,
            diagnostics,
            stale,
        }
    }

    /// The query of this name, if it has no error.
    pub fn find_query(&self, name: &str) -> Option<&Arc<Finished>> {
        self.queries.iter().find(|query| query.query.name == name)
    }
}
