//! `xact migrate show`: one migration, on standard output.

use super::Context;
use super::folder::read_states;
use super::status_view::state_word;
use crate::report;
use std::process::ExitCode;
use xact_codegen::Stop;
use xact_codegen::migrate::apply::{Folder, Migration, MigrationState};
use xact_codegen::report::source::SourceFile;

/// Prints the facts of a migration as comments of SQL, and its files; if a database is named, with its state there.
pub(super) async fn print_migration(
    context: &Context<'_>,
    version: Option<i64>,
) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let shown = match version {
        Some(version) => vec![folder.named(version)?],
        None => folder.heads(),
    };
    let states = read_states(context, &folder).await?;
    let shown = shown.into_iter().map(|migration| {
        let state = states.get(&migration.version);
        describe_migration(&folder, migration, state)
    });
    report::print_result(&shown.collect::<Vec<_>>().join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Comments, so that the whole is a script that `psql` takes.
fn describe_migration(
    folder: &Folder,
    migration: &Migration,
    state: Option<&MigrationState>,
) -> String {
    let children = folder.migrations.iter();
    let children = children.filter(|other| other.parents.contains(&migration.version));
    let children: Vec<i64> = children.map(|child| child.version).collect();
    let facts = [
        ("migration", Some(migration.name())),
        ("state", state.map(|state| state_word(state).to_owned())),
        ("depends", join_versions(&migration.parents)),
        ("needed by", join_versions(&children)),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(word, fact)| Some(format!("-- {word}: {}\n", fact?)));
    let up = show_file("up", Some(&migration.up));
    let down = show_file("down", migration.down.as_deref());
    facts.chain([up, down]).collect()
}

fn join_versions(versions: &[i64]) -> Option<String> {
    let joined: Vec<String> = versions.iter().map(i64::to_string).collect();
    (!joined.is_empty()).then(|| joined.join(", "))
}

fn show_file(way: &str, file: Option<&SourceFile>) -> String {
    match file {
        Some(file) => format!("-- {way}: {}\n{}\n", file.path, file.text.trim_end()),
        None => format!("-- {way}: there is no file\n"),
    }
}
