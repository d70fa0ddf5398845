//! The stages before the database: files → queries as written.

use crate::lint;
use crate::project::{Overlay, Project};
use crate::query::{self, Query};
use crate::report::{Failure, Findings};
use std::path::Path;

/// A project whose queries are parsed, before a database is asked.
pub(crate) struct Parsed {
    pub(crate) project: Project,
    pub(crate) queries: Vec<Query>,
    pub(crate) findings: Findings,
}

impl Parsed {
    /// The stages before the database: read, parse.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        Self::read_with(root, &Overlay::default())
    }

    /// The same, with the texts of an overlay in place of those on disk.
    pub(crate) fn read_with(root: &Path, overlay: &Overlay) -> Result<Self, Failure> {
        let (project, mut findings) = read_project(root, overlay)?;
        let queries = findings.keep(query::parse_all(&project.queries));
        Ok(Self {
            project,
            queries,
            findings,
        })
    }
}

/// Reads the files.
pub(super) fn read_project(root: &Path, overlay: &Overlay) -> Result<(Project, Findings), Failure> {
    let mut findings = Findings::default();
    let project = findings.keep(Project::read_with(root, overlay)?);
    findings.extend(lint::check_configuration(&project));
    Ok((project, findings))
}
