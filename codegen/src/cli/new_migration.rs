//! `xact new-migration NAME`: an empty pair of files with the next version.

use super::report;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::output::new_migration;

/// Makes both files and prints their paths.
pub(super) fn run(project: &Path, name: &str) -> ExitCode {
    match new_migration(project, name) {
        Ok(paths) => {
            for path in paths {
                eprintln!("created: {path}");
            }
            ExitCode::SUCCESS
        }
        Err(failure) => report::failure(&failure),
    }
}
