//! `xact migrate status`: where the database stands, on standard output.

use super::status_view::{StatusView, state_word};
use super::{Context, PENDING};
use crate::report::say;
use crate::{PROJECT, report};
use std::process::ExitCode;
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{MigrationState, Status, StatusRow};
use xact_codegen::migrate::author;
use xact_codegen::report::table_layout::aligned;
use xact_codegen::{Failure, Stop};

/// For people.
pub(super) async fn print_text(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let (status, drift) = read_status(context).await?;
    let rows = status.rows.iter();
    let digits = rows.clone().map(|row| row.version.to_string().len()).max();
    let digits = digits.unwrap_or(0);
    let version = |row: &StatusRow| format!("{:digits$}", row.version);
    let rows = rows.map(|row| [version(row), row.slug.clone(), describe_state(row)]);
    let mut lines = aligned(&rows.collect::<Vec<_>>());
    if let Some(holder) = &status.holder {
        lines.push(format!("the database is being migrated by {holder}"));
    }
    if drift == Some(true) {
        lines.push(
            "drift: the schema is not that of schema.sql; `xact migrate status --drift` shows \
             how"
            .to_owned(),
        );
    }
    lines.push(summarise_status(&status));
    report::print_result(&(lines.join("\n") + "\n"))?;
    Ok(exit_code(&status))
}

/// For people: how the schema of the database differs from the one that the migrations build.
pub(super) async fn print_drift(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    match author::find_drift(&mut session, &folder, context.server).await? {
        None => {
            say!("the database has the schema that its migrations build");
            Ok(ExitCode::SUCCESS)
        }
        Some(diff) => {
            report::print_result(&diff)?;
            eprintln!("error: the database was changed by other means than its migrations");
            eprintln!(
                "help: write the change as a migration and record it with `xact migrate mark`, or undo it"
            );
            Ok(ExitCode::from(PROJECT))
        }
    }
}

/// For tools.
pub(super) async fn print_json(context: &Context<'_>) -> Result<ExitCode, Stop> {
    let (status, drift) = read_status(context).await?;
    let text = serde_json::to_string_pretty(&StatusView::of(&status, drift))
        .map_err(|error| Failure::Internal(format!("writing the status: {error}")))?;
    report::print_result(&(text + "\n"))?;
    Ok(exit_code(&status))
}

/// The status; and whether the schema differs from that of schema.sql, if both are known.
async fn read_status(context: &Context<'_>) -> Result<(Status, Option<bool>), Stop> {
    let folder = context.folder()?;
    let mut session = context.session().await?;
    let status = apply::status(&mut session, &folder).await?;
    let comparable = status.is_current() && status.ahead() == 0;
    let drift = if comparable {
        author::differs_from_file(&mut session, context.project).await?
    } else {
        None
    };
    Ok((status, drift))
}

fn exit_code(status: &Status) -> ExitCode {
    match () {
        () if status.is_wrong() => ExitCode::from(PROJECT),
        () if status.is_current() => ExitCode::SUCCESS,
        () => ExitCode::from(PENDING),
    }
}

fn describe_state(row: &StatusRow) -> String {
    let late = if row.out_of_order {
        ", out of order"
    } else {
        ""
    };
    let words = state_word(&row.state);
    match &row.state {
        MigrationState::Applied => {
            let at = row
                .applied_at
                .map(|at| format!(" {}", at.date()))
                .unwrap_or_default();
            format!("{words}{at}{late}")
        }
        MigrationState::Interrupted(progress, place) => format!(
            "{words} while it was being {} at {place}; `xact migrate run` continues there",
            progress.direction.verb()
        ),
        MigrationState::Edited => format!("{words} after it was applied"),
        MigrationState::Missing => format!("{words}: it is applied, and its file is not here"),
        MigrationState::Pending | MigrationState::Running(_) => format!("{words}{late}"),
    }
}

fn summarise_status(status: &Status) -> String {
    let ahead = match status.ahead() {
        0 => String::new(),
        count => format!(", and ahead of the files by {count}"),
    };
    match (status.is_wrong(), status.pending()) {
        (true, _) => "action is required: `xact migrate run` says which".to_owned(),
        (_, 0) => format!("the database is up to date{ahead}"),
        (_, 1) => "1 migration is pending".to_owned(),
        (_, waiting) => format!("{waiting} migrations are pending"),
    }
}
