//! `xact migrate verify`: tries every migration up, down and up again.

use super::Context;
use crate::PROJECT;
use crate::report::{self, say};
use std::cell::Cell;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::Folder;
use xact_codegen::migrate::author::VerifyResult;
use xact_codegen::migrate::{apply, author};

/// Prints the result for each.
pub(super) async fn verify_folder(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let wrong = Cell::new(0);
    author::verify(&folder, context.server, |finding| {
        print_finding(&folder, finding);
        wrong.set(wrong.get() + usize::from(finding.is_wrong()));
    })
    .await?;
    match wrong.get() {
        0 => {
            match folder.migrations.len() {
                1 => say!("1 migration was tried up, down and up again"),
                count => say!("{count} migrations were tried up, down and up again"),
            }
            Ok(ExitCode::SUCCESS)
        }
        count => {
            eprintln!(
                "error: {count} of {} migrations leave traces",
                folder.migrations.len()
            );
            Ok(ExitCode::from(PROJECT))
        }
    }
}

fn down_path(folder: &Folder, version: i64) -> &str {
    let migration = folder.get(version);
    let down = migration.and_then(|migration| migration.down.as_ref());
    down.map_or("its down file", |file| &file.path)
}

fn print_finding(folder: &Folder, finding: &VerifyResult) {
    let version = finding.version();
    let name = folder
        .get(version)
        .map_or_else(|| version.to_string(), apply::Migration::name);
    match finding {
        VerifyResult::Sound(_, lost) if lost.is_empty() => say!("{name}: sound"),
        VerifyResult::Sound(_, lost) => {
            say!(
                "{name}: sound; its down file loses data: {}",
                lost.join(", ")
            );
        }
        VerifyResult::Irreversible(_) => say!("{name}: has no down file, so it is only tried up"),
        VerifyResult::NotUndone(_, diff) => {
            let down = down_path(folder, version);
            eprintln!("{name}: `{down}` does not bring back the schema from before\n{diff}");
        }
        VerifyResult::NotRepeated(_, diff) => {
            eprintln!("{name}: applied a second time, it gives another schema\n{diff}");
        }
        VerifyResult::RefusedAgain(_, found) => {
            let down = down_path(folder, version);
            eprintln!(
                "{name}: `{down}` leaves something behind, so it cannot be applied a second time"
            );
            report::print_diagnostics(found);
        }
    }
}
