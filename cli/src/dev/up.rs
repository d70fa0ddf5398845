//! `xact dev up` and `reset`: the branch's database, up to date.

use crate::migrate::{print_event, with_reset};
use crate::report;
use crate::report::say;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use xact_codegen::Stop;
use xact_codegen::local::{self, Brought, LocalServer};
use xact_codegen::migrate::apply::Folder;

/// Starts the server if it does not run, and migrates.
pub(super) async fn bring_up(server: &LocalServer, project: &Path) -> Result<ExitCode, Stop> {
    let start = Instant::now();
    let folder = Folder::read(project)?;
    server.start()?;
    server.ready().await?;
    let brought = local::bring_up(server, project, &folder, &print_event).await;
    let brought = brought.map_err(with_reset)?;
    let name = &server.place.database;
    let result = match brought {
        Brought::Created => "was created with all migrations".to_owned(),
        Brought::Migrated(0) => "is up to date".to_owned(),
        Brought::Migrated(1) => "has 1 migration more".to_owned(),
        Brought::Migrated(count) => format!("has {count} migrations more"),
    };
    say!(
        "database {name} {result} ({:.1} s)",
        start.elapsed().as_secs_f64()
    );
    report::print_result(&format!("{}\n", server.url()?))?;
    Ok(ExitCode::SUCCESS)
}

/// Drops the database, if there is one, and begins again.
pub(super) async fn reset_database(server: &LocalServer, project: &Path) -> Result<ExitCode, Stop> {
    // A database that could not be created once more is not dropped.
    Folder::read(project)?;
    server.start()?;
    server.ready().await?;
    local::wipe(server).await?;
    bring_up(server, project).await
}
