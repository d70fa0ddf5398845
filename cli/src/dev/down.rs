//! `xact dev down` and `wipe`: stop the server, remove it, drop a database.

use super::running;
use crate::report::say;
use std::process::ExitCode;
use xact_codegen::local::{self, LocalServer};
use xact_codegen::{Failure, Stop};

/// Stops the server.
pub(super) fn stop_server(server: &LocalServer) -> Result<ExitCode, Stop> {
    let stopped = match &server.cluster {
        Some(cluster) => cluster.stop().map_err(Failure::from)?,
        None => false,
    };
    say!(
        "{}",
        match (&server.cluster, stopped) {
            (None, _) => "the given server is not this tool's to stop",
            (Some(_), true) => "the local Postgres was stopped; its data stays",
            (Some(_), false) => "the local Postgres was not running",
        }
    );
    Ok(ExitCode::SUCCESS)
}

/// Stops the server and removes everything.
pub(super) fn purge_server(server: &LocalServer) -> Result<ExitCode, Stop> {
    let Some(cluster) = &server.cluster else {
        eprintln!("the given server is not this tool's to remove");
        return Ok(ExitCode::SUCCESS);
    };
    if cluster.remove().map_err(Failure::from)? {
        say!("the local Postgres was removed with all its databases");
    } else {
        say!("there is no local Postgres");
    }
    Ok(ExitCode::SUCCESS)
}

/// Drops the branch's database.
pub(super) async fn wipe_database(server: &LocalServer) -> Result<ExitCode, Stop> {
    running(server)?;
    let name = &server.place.database;
    if local::wipe(server).await? {
        say!("database {name} was dropped; those of other branches stay");
    } else {
        say!("there is no database {name}");
    }
    Ok(ExitCode::SUCCESS)
}
