//! `xact migrate run`: applies, plans or prints pending migrations.

use super::{Context, events};
use crate::report;
use crate::report::say;
use std::process::ExitCode;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Folder, Migration, Target, print_run};
use xact_codegen::{Failure, Stop};

/// Applies pending migrations, and prints each.
pub(super) async fn apply_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let how = (target, context.patience);
    apply::run(
        &mut session,
        context.project,
        &folder,
        how,
        &events::print_event,
    )
    .await?;
    let status = apply::status(&mut session, &folder).await?;
    match status.pending() {
        0 => say!("the database is up to date"),
        waiting => say!("{waiting} more up to the head"),
    }
    if let [_, _, ..] = status.heads.as_slice() {
        let heads: Vec<String> = status.heads.iter().map(i64::to_string).collect();
        say!(
            "note: there are {} heads: {}",
            heads.len(),
            heads.join(", ")
        );
        say!("help: `cargo xact migrate merge` joins them");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints which migrations would be applied.
pub(super) async fn plan_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let planned = apply::plan(&mut session, context.project, &folder, target).await?;
    for migration in &planned {
        eprintln!("would be applied: {}", migration.up.path);
    }
    if planned.is_empty() {
        say!("the database is up to date");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the script: of pending migrations, or of all if no database is named.
pub(super) async fn print_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let (planned, lock) = match context.session().await {
        Ok(mut session) => {
            let lock = session.lock_id().await?;
            let planned = apply::plan(&mut session, context.project, &folder, target).await?;
            (planned, Some(lock))
        }
        // A script for a new database needs none.
        Err(Stop::Failure(Failure::NoDatabase)) => (migrations_up_to(&folder, target)?, None),
        Err(stop) => return Err(stop),
    };
    report::print_result(&print_run(&planned, lock)?)?;
    Ok(ExitCode::SUCCESS)
}

fn migrations_up_to(folder: &Folder, target: Target) -> Result<Vec<&Migration>, Failure> {
    let last = match target {
        Target::Heads => i64::MAX,
        Target::Version(version) => folder.named(version)?.version,
    };
    let migrations = folder.migrations.iter();
    Ok(migrations
        .filter(|migration| migration.version <= last)
        .collect())
}
