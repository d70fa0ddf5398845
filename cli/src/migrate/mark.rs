//! `xact migrate mark` and `unmark`: records without running anything.

use super::{Context, events};
use crate::report::say;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply;

/// Records versions as applied.
pub(super) async fn mark_versions(
    context: &Context<'_>,
    versions: &[i64],
) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let patience = context.patience;
    let marked = apply::mark(
        &mut session,
        &folder,
        versions,
        patience,
        &events::print_event,
    )
    .await?;
    print_changes(
        versions,
        &marked,
        ("recorded as applied", "was applied already"),
    );
    Ok(ExitCode::SUCCESS)
}

/// Deletes the records of versions.
pub(super) async fn unmark_versions(
    context: &Context<'_>,
    versions: &[i64],
) -> Result<ExitCode, Stop> {
    let mut session = context.session().await?;
    let patience = context.patience;
    let deleted = apply::unmark(&mut session, versions, patience, &events::print_event).await?;
    print_changes(
        versions,
        &deleted,
        ("no longer recorded", "was not recorded"),
    );
    Ok(ExitCode::SUCCESS)
}

fn print_changes(versions: &[i64], changed: &[i64], (yes, no): (&str, &str)) {
    for version in versions {
        let words = if changed.contains(version) { yes } else { no };
        say!("{version}: {words}");
    }
}
