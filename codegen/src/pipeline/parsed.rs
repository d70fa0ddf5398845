//! The stages before the database: files → queries as written.

use crate::lint;
use crate::project::{Overlay, Project};
use crate::query::{self, Query};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Findings};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// A project whose queries are parsed, before a database is asked.
pub(crate) struct Parsed {
    pub(crate) project: Project,
    pub(crate) queries: Vec<Query>,
    pub(crate) findings: Findings,
}

/// The query files that were parsed last, by path: those with the same text are not parsed again.
#[derive(Debug, Default)]
pub(crate) struct ParsedFiles(HashMap<String, ParsedFile>);

#[derive(Debug)]
struct ParsedFile {
    file: Arc<SourceFile>,
    queries: Vec<Query>,
    diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The stages before the database: read, parse.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let (project, findings) = read_project(root, &Overlay::default())?;
        Ok(Self::parse(project, findings, &mut ParsedFiles::default()))
    }

    /// Parses a project that was read with these findings. Files that did not change are not parsed again.
    pub(crate) fn parse(
        mut project: Project,
        mut findings: Findings,
        files: &mut ParsedFiles,
    ) -> Self {
        let queries = findings.keep(files.parse_all(&mut project.queries));
        findings.extend(query::find_collisions(&queries));
        Self {
            project,
            queries,
            findings,
        }
    }
}

impl ParsedFiles {
    /// The queries of all files. A file that is as it was becomes the one that was parsed, so that its queries are known to be
    /// the same.
    fn parse_all(&mut self, files: &mut [Arc<SourceFile>]) -> (Vec<Query>, Vec<Diagnostic>) {
        let (mut queries, mut diagnostics) = (Vec::new(), Vec::new());
        // Removed files are left in it, and forgotten.
        let mut before = std::mem::take(&mut self.0);
        for file in files {
            let known = before.remove(&file.path);
            let parsed = match known.filter(|known| known.file.text == file.text) {
                Some(known) => known,
                None => ParsedFile::parse(file),
            };
            // The spans of the queries are in this file, so the project has to hold the same one.
            *file = Arc::clone(&parsed.file);
            queries.extend(parsed.queries.iter().cloned());
            diagnostics.extend(parsed.diagnostics.iter().cloned());
            self.0.insert(file.path.clone(), parsed);
        }
        (queries, diagnostics)
    }
}

impl ParsedFile {
    fn parse(file: &Arc<SourceFile>) -> Self {
        let (queries, diagnostics) = query::parse(file);
        Self {
            file: Arc::clone(file),
            queries,
            diagnostics,
        }
    }
}

/// Reads the files, with the texts of an overlay in place of those on disk.
pub(crate) fn read_project(root: &Path, overlay: &Overlay) -> Result<(Project, Findings), Failure> {
    let mut findings = Findings::default();
    let project = findings.keep(Project::read_with(root, overlay)?);
    findings.extend(lint::check_configuration(&project));
    Ok((project, findings))
}
