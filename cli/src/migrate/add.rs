//! `xact migrate add` and `merge`: new files.

use super::Context;
use crate::PROJECT;
use crate::report::say;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::config::Paths;
use xact_codegen::migrate::apply::Folder;
use xact_codegen::migrate::author::{self, Content, Joined, new_migration};

/// Makes an empty migration and prints the paths.
pub(super) fn add_empty(project: &Path, name: &str) -> Result<ExitCode, Stop> {
    // A project begins with its first migration.
    let path = Paths::read(project).migrations;
    let folder = if project.join(&path).exists() {
        Folder::read(project)?
    } else {
        Folder::empty(&path)
    };
    create_files(project, &folder, name, &Content::default())
}

/// Joins the heads, once it is proved that the order of their branches does not matter.
pub(super) async fn merge_heads(context: &Context<'_>, name: &str) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    match author::merge(&folder, context.server).await? {
        Joined::Nothing => {
            say!("there is nothing to join: no two heads");
            Ok(ExitCode::SUCCESS)
        }
        Joined::Proved { heads, reordered } => {
            say!(
                "the {} branches give the same schema in every order",
                heads.len()
            );
            if !reordered.is_empty() {
                say!(
                    "note: the columns of {} have another order, depending on which branch comes first; \
                     generated queries do not depend on it",
                    reordered.join(", ")
                );
            }
            let nothing = Content {
                up: "-- Joins branches; there is nothing to do.\n".to_owned(),
                down: Some("-- Nothing was done.\n".to_owned()),
            };
            create_files(context.project, &folder, name, &nothing)
        }
        Joined::Different(_, diff) => {
            eprint!("{diff}");
            eprintln!("error: the branches give different schemas, depending on which comes first");
            eprintln!(
                "help: fix one of them, or write a migration by hand that joins them: \
                 `xact migrate add` names all heads"
            );
            Ok(ExitCode::from(PROJECT))
        }
    }
}

pub(super) fn create_files(
    project: &Path,
    folder: &Folder,
    name: &str,
    content: &Content,
) -> Result<ExitCode, Stop> {
    for path in new_migration(project, folder, name, content)? {
        say!("created: {path}");
    }
    Ok(ExitCode::SUCCESS)
}
