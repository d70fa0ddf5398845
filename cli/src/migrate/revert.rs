//! `xact migrate revert`: takes migrations back.

use super::{Context, events};
use crate::interruption::Interruption;
use crate::report::{self, say};
use clap::Args;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Back, print_revert};

/// The arguments of `xact migrate revert`.
#[derive(Debug, Args)]
pub(super) struct RevertArguments {
    /// How many.
    #[arg(
        long,
        short = 'n',
        value_name = "COUNT",
        default_value_t = 1,
        conflicts_with = "to"
    )]
    count: usize,
    /// The version to go back to, which stays; 0 for the empty database.
    #[arg(long, value_name = "VERSION")]
    to: Option<i64>,
    /// Revert all migrations.
    #[arg(long, conflicts_with_all = ["to", "count"])]
    all: bool,
    /// Print which migrations would be reverted, and change nothing.
    #[arg(long, conflicts_with = "sql")]
    dry_run: bool,
    /// Print the script, records included, and change nothing.
    #[arg(long)]
    sql: bool,
}

impl RevertArguments {
    /// What an interruption means to the command.
    pub(super) fn interruption(&self) -> Interruption {
        Interruption::of_migrating(self.dry_run || self.sql)
    }
}

/// Reverts, plans or prints.
pub(super) async fn dispatch_revert(
    context: &Context<'_>,
    arguments: &RevertArguments,
) -> Result<ExitCode, Stop> {
    let back = match arguments.to {
        _ if arguments.all => Back::All,
        Some(version) => Back::To(version),
        None => Back::Count(arguments.count),
    };
    match (arguments.dry_run, arguments.sql) {
        (true, _) => plan_reverts(context, back).await,
        (_, true) => print_reverts(context, back).await,
        _ => revert_migrations(context, back).await,
    }
}

/// Reverts, and prints each file.
async fn revert_migrations(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let how = (back, context.patience);
    let reverted = apply::revert(
        &mut session,
        context.project,
        &folder,
        how,
        &events::print_event,
    )
    .await?;
    if reverted.is_empty() {
        say!("there is nothing to revert");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints which migrations would be reverted.
async fn plan_reverts(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
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
async fn print_reverts(context: &Context<'_>, back: Back) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let lock = session.lock_id().await?;
    let planned = apply::plan_revert(&mut session, context.project, &folder, back).await?;
    report::print_result(&print_revert(&planned, Some(lock))?)?;
    Ok(ExitCode::SUCCESS)
}
