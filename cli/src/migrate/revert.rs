//! `xact migrate revert`: takes migrations back.

use super::{Context, events};
use crate::report::say;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Back, Folder};

/// Reverts migrations, and prints them.
pub(super) async fn run(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = Folder::read(context.project)?;
    let mut session = context.session().await?;
    let how = (back, context.patience);
    let reverted =
        apply::revert(&mut session, context.project, &folder, how, &events::tell).await?;
    if reverted.is_empty() {
        say!("there is nothing to revert");
    }
    Ok(ExitCode::SUCCESS)
}
