//! Everything that the result of a check depends on: a check of the same inputs is not made again.

use crate::project::Project;
use crate::project::manifest::read_runtime;
use crate::report::Findings;
use crate::report::source::SourceFile;
use std::sync::Arc;

/// The texts of a project's files.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CheckInputs {
    files: Vec<Arc<SourceFile>>,
    /// The runtime in `Cargo.toml`, or in that of a workspace above, whose features are checked.
    runtime: String,
    /// Files that cannot be read are in no project, so their diagnostics are compared.
    findings: String,
}

impl CheckInputs {
    pub(super) fn of(project: &Project, findings: &Findings) -> Self {
        Self {
            files: project.files().cloned().collect(),
            runtime: format!("{:?}", read_runtime(&project.root)),
            findings: format!("{findings:?}"),
        }
    }
}
