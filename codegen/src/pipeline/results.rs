//! The result of all stages, and that of all but the last.

use crate::config::Paths;
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::{Composed, Finished, Query, TypeCatalog};
use crate::report::Findings;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use std::sync::Arc;

/// The files that a run generates; nothing is written yet.
#[derive(Debug)]
pub struct Generated {
    /// The files, sorted by path.
    pub files: Vec<OutputFile>,
    /// Where the project has its files.
    pub paths: Paths,
    /// Warnings, sorted.
    pub warnings: Vec<Diagnostic>,
    /// How many queries there are.
    pub queries: usize,
    /// The [fingerprint](Project::fingerprint) of the project that they were made of.
    pub fingerprint: u64,
}

/// A project and everything that its database says of it.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) project: Project,
    pub(crate) schema: Arc<Schema>,
    pub(crate) types: Arc<TypeCatalog>,
    /// All queries that were parsed, in order, as they are written.
    pub(crate) written: Vec<Query>,
    /// The queries without an error so far.
    pub(crate) queries: Vec<Arc<Finished>>,
    /// SQL that they run and that is composed at run time.
    pub(crate) composed: Composed,
    /// Everything wrong with the rest.
    pub(crate) findings: Findings,
}
