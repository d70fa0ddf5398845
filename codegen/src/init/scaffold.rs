//! The first migration, query and test of a project that has none.

use super::import::make_version;
use super::inspect::Found;
use super::manifest::Manifest;
use super::package_name::{PackageName, choose_package_name};
use super::plan::PlanStep;

/// The first files of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scaffold {
    /// A table of notes, and queries of it.
    FromNothing,
    /// A query that needs no table.
    OnMigrations,
}

/// The first migration, up and down.
pub(super) const FIRST_MIGRATION: [&str; 2] = [
    include_str!("files/notes.up.sql"),
    include_str!("files/notes.down.sql"),
];

impl Scaffold {
    /// The files.
    pub(super) fn list_steps(self, found: &Found) -> Vec<PlanStep> {
        let (name, query, test) = match self {
            Self::FromNothing => (
                "notes",
                include_str!("files/notes.sql"),
                include_str!("files/notes.rs"),
            ),
            Self::OnMigrations => (
                "database",
                include_str!("files/database.sql"),
                include_str!("files/database.rs"),
            ),
        };
        let mut steps = match self {
            Self::FromNothing if found.migrations.is_empty() => {
                migration_steps(&found.paths.migrations)
            }
            Self::FromNothing | Self::OnMigrations => Vec::new(),
        };
        let path = format!("tests/{name}.rs");
        if has_test(found) && !found.has(&path) {
            steps.push(create_step(
                &path,
                &test.replace("CRATE", &crate_name(found)),
            ));
        }
        // Last, because a run that finds a query writes none of these files: one that was interrupted goes on from here.
        steps.push(create_step(
            &format!("{}/{name}.sql", found.paths.queries),
            query,
        ));
        steps
    }
}

fn migration_steps(folder: &str) -> Vec<PlanStep> {
    let version = make_version(0);
    let path = |way: &str| format!("{folder}/{version}_notes.{way}.sql");
    let [up, down] = FIRST_MIGRATION;
    vec![
        create_step(&path("up"), up),
        create_step(&path("down"), down),
    ]
}

/// The test begins a transaction as `admin`, which is a scope where nothing else is said.
fn has_test(found: &Found) -> bool {
    let scopes = found.scopes.as_ref();
    scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope == "admin"))
}

/// The library's name, also where there is no manifest yet.
pub(super) fn crate_name(found: &Found) -> String {
    let manifest = found.manifest.as_ref();
    manifest.map_or_else(
        || package_name(found).name.replace('-', "_"),
        Manifest::crate_name,
    )
}

/// The name of the package that a folder becomes.
pub(super) fn package_name(found: &Found) -> PackageName {
    let root = found.root.canonicalize().ok();
    let name = root.as_ref().and_then(|root| root.file_name()?.to_str());
    choose_package_name(name)
}

fn create_step(path: &str, text: &str) -> PlanStep {
    PlanStep::Create {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
