//! `xact migrate revert`: takes migrations back.

use super::{Context, events};
use crate::report::{self, say};
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Back, print_revert};

/// Reverts, and prints each file.
pub(super) async fn run(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let how = (back, context.patience);
    let reverted =
        apply::revert(&mut session, context.project, &folder, how, &events::tell).await?;
    if reverted.is_empty() {
        say!("there is nothing to revert");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints which migrations would be reverted.
pub(super) async fn plan(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let planned = apply::plan_revert(&mut session, context.project, &folder, back).await?;
    for migration in &planned {
        let file = migration.down.as_ref().unwrap_or(&migration.up);
        eprintln!("would be reverted: {}", file.path);
    }
    if planned.is_empty() {
        say!("there is nothing to revert");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the script.
pub(super) async fn print(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let lock = session.lock_id().await?;
    let planned = apply::plan_revert(&mut session, context.project, &folder, back).await?;
    report::answer(&print_revert(&planned, Some(lock))?)?;
    Ok(ExitCode::SUCCESS)
}
