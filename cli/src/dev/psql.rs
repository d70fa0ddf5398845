//! `xact dev psql`: Postgres's own client on the branch's database.

use super::running;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use xact_codegen::local::LocalServer;
use xact_codegen::{Failure, Stop};

/// Becomes `psql`. The password goes by the environment, where no list of processes shows it.
pub(super) async fn open_psql(
    server: &LocalServer,
    arguments: &[OsString],
) -> Result<ExitCode, Stop> {
    running(server)?;
    // For the message: `psql` does not know how the database is created.
    server.connect().await?.close().await;
    let beside = server
        .cluster
        .as_ref()
        .and_then(|cluster| cluster.program("psql"));
    let program = beside.unwrap_or_else(|| PathBuf::from("psql"));
    let mut command = Command::new(&program);
    match &server.cluster {
        Some(cluster) => {
            let options = server.options(&server.place.database)?;
            let host = options.get_socket().map_or_else(
                || options.get_host().to_owned(),
                |folder| folder.display().to_string(),
            );
            command
                .env("PGHOST", host)
                .env("PGPORT", options.get_port().to_string());
            command
                .env("PGUSER", "postgres")
                .env("PGDATABASE", &server.place.database);
            // Not as an argument, which every user of the machine can read.
            command.env("PGPASSWORD", cluster.password().map_err(Failure::from)?);
        }
        None => {
            command.arg(server.url()?);
        }
    }
    let error = command.args(arguments).exec();
    Err(Failure::io("run", program)(error).into())
}
