//! `xact migrate diff`: writes a migration from the schema of the migrations to that of a file.

use super::{Context, add};
use crate::report::say;
use crate::{PROJECT, report};
use clap::Args;
use std::process::ExitCode;
use std::sync::Arc;
use xact_codegen::config::Paths;
use xact_codegen::migrate::author::{
    self, Content, GeneratedMigration, Unproved, WrittenMigration,
};
use xact_codegen::output::note_schema;
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::diff::Rename;
use xact_codegen::{Failure, Stop};

/// The arguments of `xact migrate diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// Its purpose in a few words: `add tags`.
    name: String,
    /// The file with the target schema; without it that of the project, schema.sql.
    #[arg(long, value_name = "FILE")]
    to: Option<String>,
    /// Print both scripts instead of writing them.
    #[arg(long)]
    stdout: bool,
    /// Write the migration even if it loses rows or values.
    #[arg(long)]
    allow_data_loss: bool,
    /// Write it also if it has no way back: without a `.down.sql`, and marked in the file.
    #[arg(long)]
    up_only: bool,
    /// A table or column that is called otherwise now: `table=new`, `table.column=new`.
    #[arg(long = "rename", value_name = "OLD=NEW", value_parser = Rename::parse)]
    renames: Vec<Rename>,
}

/// Writes the migration, or prints the reasons why it cannot be written.
pub(super) async fn write_difference(
    context: &Context<'_>,
    arguments: &DiffArguments,
) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let schema = Paths::read(context.project).schema;
    let to = arguments.to.as_ref().unwrap_or(&schema);
    let path = context.project.join(to);
    let text = std::fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let target = Arc::new(SourceFile::new(to.clone(), text));
    let renames = &arguments.renames;
    match author::generate(&folder, &target, renames, context.server).await? {
        GeneratedMigration::Nothing => {
            note_target(context, to, &schema);
            say!("`{to}` has the schema that the migrations build");
            Ok(ExitCode::SUCCESS)
        }
        GeneratedMigration::Unproved(found) if arguments.up_only && found.is_up_proved => {
            if !found.losses.is_empty() && !arguments.allow_data_loss {
                return Ok(refuse_losses(&found.losses, &[]));
            }
            let up = author::without_way_back(&found);
            if arguments.stdout {
                report::print_result(&format!("-- up\n{up}"))?;
                return Ok(ExitCode::SUCCESS);
            }
            let written = Content { up, down: None };
            add::create_files(context.project, &folder, &arguments.name, &written)
        }
        GeneratedMigration::Unproved(found) => report_unproved(arguments, &found),
        GeneratedMigration::Proved(written) => {
            if !written.losses.is_empty() && !arguments.allow_data_loss {
                return Ok(refuse_losses(&written.losses, &written.renames));
            }
            if arguments.stdout {
                let WrittenMigration { up, down, .. } = &written;
                report::print_result(&format!("-- up\n{up}\n-- down\n{down}"))?;
                return Ok(ExitCode::SUCCESS);
            }
            let WrittenMigration { up, down, .. } = written;
            note_target(context, to, &schema);
            add::create_files(
                context.project,
                &folder,
                &arguments.name,
                &Content {
                    up,
                    down: Some(down),
                },
            )
        }
    }
}

/// From now on the migrations say all that the edited file says, so that it may be written again.
fn note_target(context: &Context<'_>, to: &str, schema: &str) {
    if to == schema {
        note_schema(context.project);
    }
}

fn report_unproved(arguments: &DiffArguments, found: &Unproved) -> Result<ExitCode, Stop> {
    for reason in &found.reasons {
        eprintln!("error: {reason}");
    }
    report::print_diagnostics(&found.refused);
    if arguments.stdout {
        report::print_result(&format!("-- up, not proved\n{}", found.up))?;
        if let Some(down) = &found.down {
            report::print_result(&format!("\n-- down, not proved\n{down}"))?;
        }
    } else {
        eprintln!(
            "help: `--stdout` prints the script as far as it goes; write the rest by hand, in a \
             migration of `xact migrate add`"
        );
    }
    if found.is_up_proved {
        eprintln!("help: `--up-only` writes it without a way back");
    }
    eprintln!("nothing was written");
    Ok(ExitCode::from(PROJECT))
}

fn refuse_losses(losses: &[String], renames: &[String]) -> ExitCode {
    for loss in losses {
        eprintln!("error: this would lose {loss}");
    }
    for option in renames {
        eprintln!("help: if it was only renamed, `{option}`");
    }
    eprintln!("help: `--allow-data-loss` writes it all the same");
    eprintln!("nothing was written");
    ExitCode::from(PROJECT)
}
