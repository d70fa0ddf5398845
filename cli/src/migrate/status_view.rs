//! The status as tools read it.

use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use xact_codegen::migrate::apply::{MigrationState, Status, StatusRow};

/// The document.
#[derive(Debug, Serialize)]
pub(super) struct StatusView {
    up_to_date: bool,
    /// How many applied migrations have no file here.
    ahead: usize,
    /// Whether the schema differs from that of schema.sql, if both are known.
    drift: Option<bool>,
    heads: Vec<i64>,
    lock: Option<LockView>,
    migrations: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct LockView {
    pid: i32,
    application: String,
    role: String,
    seconds: i64,
}

#[derive(Debug, Serialize)]
struct RowView {
    version: i64,
    slug: String,
    /// `applied`, `pending`, `edited`, `missing`, `running` or `interrupted`.
    state: &'static str,
    out_of_order: bool,
    applied_at: Option<String>,
    milliseconds: Option<u64>,
    depends: Vec<i64>,
    /// Where an interrupted one continues.
    place: Option<String>,
}

impl StatusView {
    pub(super) fn of(status: &Status, drift: Option<bool>) -> Self {
        Self {
            up_to_date: status.is_current(),
            ahead: status.ahead(),
            drift,
            heads: status.heads.clone(),
            lock: status.holder.as_ref().map(|holder| LockView {
                pid: holder.pid,
                application: holder.application.clone(),
                role: holder.role.clone(),
                seconds: holder.seconds,
            }),
            migrations: status.rows.iter().map(view_row).collect(),
        }
    }
}

fn view_row(row: &StatusRow) -> RowView {
    let place = match &row.state {
        MigrationState::Interrupted(_, place) => Some(place.clone()),
        _ => None,
    };
    RowView {
        version: row.version,
        slug: row.slug.clone(),
        state: state_word(&row.state),
        out_of_order: row.out_of_order,
        applied_at: row.applied_at.and_then(|at| at.format(&Rfc3339).ok()),
        milliseconds: row.duration.map(|nanoseconds| nanoseconds / 1_000_000),
        depends: row.parents.clone(),
        place,
    }
}

/// A state in one word.
pub(super) fn state_word(state: &MigrationState) -> &'static str {
    match state {
        MigrationState::Applied => "applied",
        MigrationState::Pending => "pending",
        MigrationState::Edited => "edited",
        MigrationState::Missing => "missing",
        MigrationState::Running(_) => "running",
        MigrationState::Interrupted(..) => "interrupted",
    }
}
