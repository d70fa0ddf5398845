//! `xact dev prune`: drops the databases of deleted branches.

use super::running;
use crate::report::say;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::local::{self, LocalServer};

/// Drops them, or prints which they are.
pub(super) async fn prune_databases(
    server: &LocalServer,
    project: &Path,
    dry_run: bool,
) -> Result<ExitCode, Stop> {
    running(server)?;
    let leftovers = local::find_leftovers(server, project).await?;
    for leftover in &leftovers {
        let (database, branch) = (&leftover.database, &leftover.branch);
        if dry_run {
            eprintln!("would be dropped: {database}, of the deleted branch {branch}");
        } else {
            local::drop_leftover(server, leftover).await?;
            say!("dropped: {database}, of the deleted branch {branch}");
        }
    }
    if leftovers.is_empty() {
        say!("each database belongs to a branch that exists");
    }
    Ok(ExitCode::SUCCESS)
}
