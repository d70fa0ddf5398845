//! `xact migrate`: applies the migrations to a database, as `sqlx migrate run` would.

use std::path::Path;
use std::process::ExitCode;
use xact_codegen::database::migrate_database;

/// Applies what is missing and says how much that was.
pub(super) async fn run(project: &Path, url: &str) -> ExitCode {
    match migrate_database(project, url).await {
        Ok(applied) => {
            for migration in &applied {
                eprintln!("applied: {migration}");
            }
            eprintln!("the database is up to date");
            ExitCode::SUCCESS
        }
        Err(stop) => super::report::stop(&stop),
    }
}
