//! `xact migrate baseline`: adopts a database.

use super::{Context, events};
use crate::report::say;
use crate::{PROJECT, report};
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::{self, Target};
use xact_codegen::migrate::author::{self, Baseline};

/// Compares and records, or prints the difference.
pub(super) async fn adopt_database(
    context: &Context<'_>,
    target: Target,
) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let how = (target, context.patience);
    let server = context.server;
    match author::baseline(&mut session, &folder, how, server, &events::print_event).await? {
        Baseline::Adopted(versions) => {
            for version in &versions {
                say!("recorded: {version}");
            }
            say!("the database has the schema that the migrations build");
            Ok(ExitCode::SUCCESS)
        }
        Baseline::Different(diff) => {
            report::print_result(&diff)?;
            eprintln!(
                "error: the database differs from the schema that the migrations build; nothing was recorded"
            );
            eprintln!(
                "help: fix the migrations or the database, or record the migrations that it has with \
                 `xact migrate mark`"
            );
            Ok(ExitCode::from(PROJECT))
        }
    }
}

/// Writes the first migration from the database, and records it there.
pub(super) async fn create_from_database(
    context: &Context<'_>,
    name: &str,
) -> Result<ExitCode, Stop> {
    let mut session = context.session().await?;
    let text = author::first_migration(&mut session, context.project, context.server).await?;
    let path = author::create_first_migration(context.project, name, &text)?;
    say!("created: {path}");
    let folder = context.folder()?;
    let versions: Vec<i64> = folder
        .migrations
        .iter()
        .map(|first| first.version)
        .collect();
    let patience = context.patience;
    apply::mark(
        &mut session,
        &folder,
        &versions,
        patience,
        &events::print_event,
    )
    .await?;
    say!("a throwaway database built from it has the same schema; it is recorded as applied");
    Ok(ExitCode::SUCCESS)
}
