//! `xact migrate verify`: tries every migration up, down and up again.

use super::Context;
use crate::PROJECT;
use crate::report::say;
use std::cell::Cell;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::Folder;
use xact_codegen::migrate::author::Finding;
use xact_codegen::migrate::{apply, author};

/// Prints the result of each.
pub(super) async fn run(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let folder = Folder::read(context.project)?;
    let wrong = Cell::new(0);
    author::verify(&folder, context.server, |finding| {
        tell(&folder, finding);
        wrong.set(wrong.get() + usize::from(finding.is_wrong()));
    })
    .await?;
    match wrong.get() {
        0 => {
            say!(
                "{} migrations were tried up, down and up again",
                folder.migrations.len()
            );
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

fn tell(folder: &Folder, finding: &Finding) {
    let version = finding.version();
    let name = folder
        .get(version)
        .map_or_else(|| version.to_string(), apply::Migration::name);
    match finding {
        Finding::Sound(_, lost) if lost.is_empty() => say!("{name}: sound"),
        Finding::Sound(_, lost) => {
            say!(
                "{name}: sound; its down file loses data: {}",
                lost.join(", ")
            );
        }
        Finding::Irreversible(_) => say!("{name}: has no down file, so it is only tried up"),
        Finding::NotUndone(_, diff) => {
            eprintln!("{name}: its down file does not bring back what was before\n{diff}");
        }
        Finding::NotRepeated(_, diff) => {
            eprintln!("{name}: up again gives something else than the first time\n{diff}");
        }
    }
}
