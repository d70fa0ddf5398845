//! `xact migrate status`: where the database stands, on standard output.

use super::status_view::{StatusView, words};
use super::{Context, PENDING};
use crate::{PROJECT, report};
use std::process::ExitCode;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Folder, Row, State, Status};
use xact_codegen::report::table_layout::aligned;
use xact_codegen::{Failure, Stop};

/// For people.
pub(super) async fn text(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let status = read(context).await?;
    let rows = status.rows.iter();
    let digits = rows.clone().map(|row| row.version.to_string().len()).max();
    let digits = digits.unwrap_or(0);
    let version = |row: &Row| format!("{:digits$}", row.version);
    let rows = rows.map(|row| [version(row), row.slug.clone(), state(row)]);
    let mut lines = aligned(&rows.collect::<Vec<_>>());
    if let Some(holder) = &status.holder {
        lines.push(format!("the database is being migrated by {holder}"));
    }
    lines.push(summary(&status));
    report::print_result(&(lines.join("\n") + "\n"))?;
    Ok(code(&status))
}

/// For tools.
pub(super) async fn json(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let status = read(context).await?;
    let text = serde_json::to_string_pretty(&StatusView::of(&status))
        .map_err(|error| Failure::Internal(format!("writing the status: {error}")))?;
    report::print_result(&(text + "\n"))?;
    Ok(code(&status))
}

async fn read(context: &Context<'_>) -> Result<Status, Stop> {
    let folder = Folder::read(context.project)?;
    let mut session = context.session().await?;
    Ok(apply::status(&mut session, &folder).await?)
}

fn code(status: &Status) -> ExitCode {
    match () {
        () if status.is_wrong() => ExitCode::from(PROJECT),
        () if status.is_current() => ExitCode::SUCCESS,
        () => ExitCode::from(PENDING),
    }
}

fn state(row: &Row) -> String {
    let late = if row.out_of_order {
        ", out of order"
    } else {
        ""
    };
    let words = words(&row.state);
    match &row.state {
        State::Applied => {
            let at = row
                .applied_at
                .map(|at| format!(" {}", at.date()))
                .unwrap_or_default();
            format!("{words}{at}{late}")
        }
        State::Interrupted(progress, place) => format!(
            "{words} while it was being {} at {place}; `xact migrate run` continues there",
            progress.direction.verb()
        ),
        State::Edited => format!("{words} after it was applied"),
        State::Missing => format!("{words}: it is applied, and its file is not there"),
        State::Pending | State::Running(_) => format!("{words}{late}"),
    }
}

fn summary(status: &Status) -> String {
    match (status.is_wrong(), status.pending()) {
        (true, _) => "something has to be mended: `cargo xact migrate run` says what".to_owned(),
        (_, 0) => "the database is up to date".to_owned(),
        (_, 1) => "1 migration is waiting".to_owned(),
        (_, waiting) => format!("{waiting} migrations are waiting"),
    }
}
