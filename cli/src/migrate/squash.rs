//! `xact migrate squash`: replaces applied migrations by one.

use super::Context;
use crate::report::say;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::Target;
use xact_codegen::migrate::author;

/// Writes the new migration and removes the files that it replaces, after the proof.
pub(super) async fn squash_folder(
    context: &Context<'_>,
    name: &str,
    target: Target,
) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let squashed = author::squash(context.project, &folder, target, context.server).await?;
    let path = author::replace_migrations(context.project, name, &squashed)?;
    say!(
        "{} migrations build the same schema as {path}, which replaces them",
        squashed.replaced.len()
    );
    say!("note: `xact migrate` replaces their records in each database that has all of them");
    Ok(ExitCode::SUCCESS)
}
