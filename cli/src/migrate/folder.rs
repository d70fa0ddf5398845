//! `xact migrate history` and `heads`: the tree of migrations, on standard output.

use super::Context;
use super::status_view::state_word;
use crate::report;
use std::collections::BTreeMap;
use std::process::ExitCode;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Folder, MigrationState};
use xact_codegen::{Failure, Stop};

/// Draws the tree; if a database is named, with the state of each migration in it.
pub(super) async fn print_history(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let states = read_states(context, &folder).await?;
    let note = |version: i64| {
        let state = states.get(&version)?;
        (*state != MigrationState::Applied).then(|| format!("[{}]", state_word(state)))
    };
    report::print_result(&apply::draw(&folder, note))?;
    Ok(ExitCode::SUCCESS)
}

/// The states in the database that is named; none if none is.
pub(super) async fn read_states(
    context: &Context<'_>,
    folder: &Folder,
) -> Result<BTreeMap<i64, MigrationState>, Stop> {
    let mut session = match context.session().await {
        Ok(session) => session,
        // The tree needs no database.
        Err(Stop::Failure(Failure::NoDatabase)) => return Ok(BTreeMap::new()),
        Err(stop) => return Err(stop),
    };
    let status = apply::status(&mut session, folder).await?;
    Ok(status
        .rows
        .into_iter()
        .map(|row| (row.version, row.state))
        .collect())
}

/// Prints the heads, one a line.
pub(super) fn print_heads(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let heads = folder.heads();
    let names: Vec<String> = heads.iter().map(|head| head.name() + "\n").collect();
    report::print_result(&names.concat())?;
    if heads.len() > 1 {
        eprintln!("help: `xact migrate merge` joins them");
    }
    Ok(ExitCode::SUCCESS)
}
