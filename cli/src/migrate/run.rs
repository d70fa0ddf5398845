//! `xact migrate run`: applies, plans or prints pending migrations.

use super::{Context, events};
use crate::interruption::Interruption;
use crate::report;
use crate::report::say;
use clap::Args;
use std::process::ExitCode;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Event, Folder, Migration, RunPlan, Target, print_run};
use xact_codegen::{Failure, Stop};

/// The arguments of `xact migrate run`, and of `xact migrate` alone.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(super) struct RunArguments {
    /// The last version to apply.
    #[arg(long, value_name = "VERSION")]
    to: Option<i64>,
    /// Print which migrations would be applied, and change nothing.
    #[arg(long, conflicts_with = "sql")]
    dry_run: bool,
    /// Print the script, records included, and change nothing. Without a database: all of it.
    #[arg(long)]
    sql: bool,
}

impl RunArguments {
    /// What an interruption means to the command.
    pub(super) fn interruption(&self) -> Interruption {
        Interruption::of_migrating(self.dry_run || self.sql)
    }
}

/// Applies, plans or prints.
pub(super) async fn dispatch_run(
    context: &Context<'_>,
    arguments: &RunArguments,
) -> Result<ExitCode, Stop> {
    let target = arguments.to.map_or(Target::Heads, Target::Version);
    match (arguments.dry_run, arguments.sql) {
        (true, _) => plan_pending(context, target).await,
        (_, true) => print_pending(context, target).await,
        _ => apply_pending(context, target).await,
    }
}

/// Applies pending migrations, and prints each.
async fn apply_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
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
        say!("help: `xact migrate merge` joins them");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints which migrations would be applied.
async fn plan_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let planned = apply::plan(&mut session, context.project, &folder, target).await?;
    print_plan(&planned);
    Ok(ExitCode::SUCCESS)
}

fn print_plan(plan: &RunPlan<'_>) {
    for record in &plan.replaced {
        let (path, count) = (&record.migration.up.path, record.versions.len());
        eprintln!("would be recorded: {path}, in place of {count} migrations that it replaces");
    }
    if let Some((migration, progress)) = plan.continued {
        let (name, verb) = (migration.name(), progress.direction.verb());
        eprintln!("would be continued: {name}, which was interrupted while it was being {verb}");
    }
    for migration in &plan.pending {
        eprintln!("would be applied: {}", migration.up.path);
    }
    if !plan.newer.is_empty() {
        events::print_event(&Event::Ahead(&plan.newer));
    }
    if plan.replaced.is_empty() && plan.continued.is_none() && plan.pending.is_empty() {
        say!("the database is up to date");
    }
}

/// Prints the script: of pending migrations, or of all if no database is named.
async fn print_pending(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let (planned, lock) = match context.session().await {
        Ok(mut session) => {
            let lock = session.lock_id().await?;
            let planned = apply::plan(&mut session, context.project, &folder, target).await?;
            (planned, Some(lock))
        }
        // A script for a new database needs none.
        Err(Stop::Failure(Failure::NoDatabase)) => {
            let pending = migrations_up_to(&folder, target)?;
            let plan = RunPlan {
                pending,
                ..RunPlan::default()
            };
            (plan, None)
        }
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
