//! `xact init`: a cargo project, as it was found, into one that generates, builds and tests.
//!
//! ```text
//! inspect    the files of the folder          sqlc       the files of a sqlc project
//! sqlx       the traces of sqlx               runtime    the crate `xact` to depend on
//! manifest   the lines Cargo.toml needs       library    the line src/lib.rs needs
//! import     sqlc's files into ours           scaffold   the first migration, query and test
//! package_name  that of a new package
//! plan       the files to write, to extend and to leave
//! macros     sqlx's macros into query files, if that is asked for
//! agents     AGENTS.md, if that is asked for
//! ```
//! Given: a folder. Gives: files that were not there, and lines added to `Cargo.toml` and the
//! library. Never changes or removes a line but a dependency on the runtime that an earlier run wrote and cargo does not
//! resolve. Never starts a server, never needs the network.

mod inspect;
mod sqlc;
mod sqlx;

mod macros;

mod agents;
mod import;
mod library;
mod manifest;
mod package_name;
mod runtime;
mod scaffold;

mod plan;

pub use agents::{AGENTS, add_agents};
pub use macros::{MacroImport, import_macros};

use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::{output, query};
use plan::{InitPlan, PlanStep};
use runtime::Runtime;
use std::path::Path;
use std::sync::Arc;

/// The changes of a project.
#[derive(Debug, Default)]
pub struct InitReport {
    /// The findings in the folder, in words.
    pub found: Vec<String>,
    /// The files that are new.
    pub written: Vec<String>,
    /// The files that got lines.
    pub added: Vec<Lines>,
    /// The files that were there and stay as they are.
    pub left: Vec<Lines>,
    /// Why the new package is not named as its folder.
    pub renamed: Option<String>,
    /// The library's name in Rust, as the tests call it.
    pub crate_name: String,
    /// Diagnostics of the query files, which another tool may accept.
    pub differences: Vec<Diagnostic>,
}

/// Lines of a file: those that were added, or those that its owner may want to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Relative to the project.
    pub path: String,
    /// The action that the user may take, if any.
    pub note: String,
    /// One by one.
    pub lines: Vec<String>,
}

/// Makes an xact project of the cargo project at `root`, or of an empty folder.
///
/// It depends on the runtime in the folder `runtime`; without one, on that of the checkout that the tool was built in, or on the
/// published one.
///
/// # Errors
/// If `Cargo.toml` or a configuration cannot be read, or a file cannot be written. Files written
/// before that stay, and running it again goes on from there.
pub fn init(root: &Path, runtime: Option<&Path>) -> Result<InitReport, Stop> {
    // Everything is read and decided before the first file is written, so an error of the input leaves the folder as it was.
    let found = inspect::inspect_folder(root)?;
    let plan = InitPlan::of(&found, &Runtime::choose(runtime)?)?;
    let mut report = InitReport {
        found: found.describe_findings(),
        left: plan.left,
        renamed: match found.manifest {
            Some(_) => None,
            None => scaffold::package_name(&found).reason,
        },
        crate_name: scaffold::crate_name(&found),
        differences: find_differences(&found.paths.queries, &plan.steps),
        ..InitReport::default()
    };
    for step in plan.steps {
        match step {
            PlanStep::Create { path, text } => {
                output::create(root, &path, &text)?;
                report.written.push(path);
            }
            PlanStep::Add { text, lines } => {
                output::write_additions(root, &lines.path, &text)?;
                report.added.push(lines);
            }
        }
    }
    Ok(report)
}

/// Diagnostics of the written query files that need no database.
fn find_differences(folder: &str, steps: &[PlanStep]) -> Vec<Diagnostic> {
    let files = steps.iter().filter_map(|step| match step {
        PlanStep::Create { path, text } if path.starts_with(&format!("{folder}/")) => {
            Some(SourceFile::new(path.clone(), text.clone()))
        }
        _ => None,
    });
    files
        .flat_map(|file| query::parse(&Arc::new(file)).1)
        .collect()
}
