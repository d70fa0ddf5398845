//! The promises of the lints: each rule finds its bad example, its SQL fixes it, and exceptions have reasons.

mod configuration;
mod rules;

use crate::schema::server::{Database, empty, execute, schema};
use tempfile::TempDir;
use xact_codegen::lint::{FOUNDATIONS, Report, lint};
use xact_codegen::project::Project;

/// The scopes that the examples are checked under.
const SCOPES: &str = "
[scopes.admin]
[scopes.customer]
role = \"customer\"
settings = [\"app.organization_id\"]
";

/// A project without migrations, whose `xact.toml` has `configuration` and the scopes.
fn project(configuration: &str) -> (TempDir, Project) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    std::fs::write(
        folder.path().join("xact.toml"),
        format!("{configuration}{SCOPES}"),
    )
    .unwrap();
    let (project, diagnostics) = Project::read(folder.path()).unwrap();
    assert_eq!(diagnostics.len(), 0, "{diagnostics:?}");
    (folder, project)
}

/// The violations in a database of its own, after each of `steps` ran.
async fn found(configuration: &str, steps: &[&str]) -> Report {
    let mut database = empty().await;
    let report = found_in(&mut database, configuration, steps).await;
    crate::schema::server::drop(database).await;
    report
}

/// The same in a database that others used before.
async fn found_in(database: &mut Database, configuration: &str, steps: &[&str]) -> Report {
    let (_folder, project) = project(configuration);
    let reset = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    execute(&mut database.connection, reset).await;
    execute(&mut database.connection, FOUNDATIONS).await;
    for step in steps {
        execute(&mut database.connection, step).await;
    }
    lint(&project, &schema(database).await)
}
