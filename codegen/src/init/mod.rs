//! `xact init`: a cargo project, as it was found, into one that generates, builds and tests.
//!
//! ```text
//! found      what the folder has              sqlc       which files a sqlc project has
//! manifest   the lines Cargo.toml needs       library    the line src/lib.rs needs
//! import     sqlc's files into ours           start      the first migration, query and test
//! plan       what is written, added and left
//! ```
//! Given: a folder. Gives: files that were not there, and lines added to `Cargo.toml` and the
//! library. Never changes or removes a line, never starts a server, never needs the network.

mod inspect;
mod sqlc;

mod import;
mod library;
mod manifest;
mod scaffold;

mod plan;

use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::{output, query};
use plan::{Plan, Step};
use std::path::Path;
use std::sync::Arc;

/// What was done to a project.
#[derive(Debug, Default)]
pub struct Report {
    /// What the folder had, in words.
    pub found: Vec<String>,
    /// The files that are new.
    pub written: Vec<String>,
    /// The files that got lines.
    pub added: Vec<Lines>,
    /// The files that were there and stay as they are.
    pub left: Vec<Lines>,
    /// What the query files say that this tool reads otherwise.
    pub differences: Vec<Diagnostic>,
}

/// Lines of a file: those that were added, or those that its owner may want to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Relative to the project.
    pub path: String,
    /// What to do about it, if there is something.
    pub note: String,
    /// One by one.
    pub lines: Vec<String>,
}

/// Makes an xact project of the cargo project at `root`, or of an empty folder.
///
/// It depends on the published runtime, or on the one in the folder `runtime`.
///
/// # Errors
/// If `Cargo.toml` or a configuration cannot be read, or a file cannot be written. What was written
/// before that stays, and running it again goes on from there.
pub fn init(root: &Path, runtime: Option<&Path>) -> Result<Report, Stop> {
    let found = inspect::inspect_folder(root)?;
    let plan = Plan::of(&found, &manifest::runtime_dependency(runtime)?)?;
    let mut report = Report {
        found: found.describe_findings(),
        left: plan.left,
        differences: find_differences(&plan.steps),
        ..Report::default()
    };
    for step in plan.steps {
        match step {
            Step::Create { path, text } => {
                output::create(root, &path, &text)?;
                report.written.push(path);
            }
            Step::Add { text, lines } => {
                output::write_additions(root, &lines.path, &text)?;
                report.added.push(lines);
            }
        }
    }
    Ok(report)
}

/// What is wrong with the query files that are written, as far as no database is needed to see it.
fn find_differences(steps: &[Step]) -> Vec<Diagnostic> {
    let files = steps.iter().filter_map(|step| match step {
        Step::Create { path, text } if path.starts_with("queries/") => Some(SourceFile {
            path: path.clone(),
            text: text.clone(),
        }),
        _ => None,
    });
    files
        .flat_map(|file| query::parse(&Arc::new(file)).1)
        .collect()
}
