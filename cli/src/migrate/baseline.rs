//! `xact migrate baseline`: adopts a database.

use super::{Context, events};
use crate::report::say;
use crate::{PROJECT, report};
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::{Folder, Target};
use xact_codegen::migrate::author;
use xact_codegen::migrate::author::Baseline;

/// Compares and records, or shows the difference.
pub(super) async fn run(context: &Context<'_>, target: Target) -> Result<ExitCode, Stop> {
    let folder = Folder::read(context.project)?;
    let mut session = context.session().await?;
    let how = (target, context.patience);
    let server = context.server;
    match author::baseline(&mut session, &folder, how, server, &events::tell).await? {
        Baseline::Adopted(versions) => {
            for version in &versions {
                say!("recorded: {version}");
            }
            say!("the database is what the migrations build");
            Ok(ExitCode::SUCCESS)
        }
        Baseline::Different(diff) => {
            report::print_result(&diff)?;
            eprintln!("error: the database is not what the migrations build; nothing was recorded");
            eprintln!(
                "help: mend the migrations or the database, or say what is true with `xact migrate mark`"
            );
            Ok(ExitCode::from(PROJECT))
        }
    }
}
