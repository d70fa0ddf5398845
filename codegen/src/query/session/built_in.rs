//! Functions of Postgres that change the session, and the alternatives.

use super::protected::{self, Protected};
use super::statement::{Effect, SessionChange};
use crate::query::analysis::SetConfig;

/// By name; `set_config` depends on its arguments.
const FUNCTIONS: &[(&str, &str)] = &[
    // Session-level locks outlive the transaction ("Advisory Lock Functions").
    ("pg_advisory_lock", "use `pg_advisory_xact_lock`"),
    (
        "pg_advisory_lock_shared",
        "use `pg_advisory_xact_lock_shared`",
    ),
    ("pg_try_advisory_lock", "use `pg_try_advisory_xact_lock`"),
    (
        "pg_try_advisory_lock_shared",
        "use `pg_try_advisory_xact_lock_shared`",
    ),
    ("pg_advisory_unlock", UNLOCK),
    ("pg_advisory_unlock_shared", UNLOCK),
    ("pg_advisory_unlock_all", UNLOCK),
    ("dblink_connect", DBLINK),
    ("dblink_connect_u", DBLINK),
];

const UNLOCK: &str =
    "use `pg_advisory_xact_lock`, whose lock ends with the transaction, and leave this out";

const DBLINK: &str = "give the connection string to `dblink` itself, which closes the connection";

/// The names of all that are looked for.
pub(super) fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).collect()
}

/// The change that a call of this function makes.
pub(super) fn find_change(name: &str) -> Option<SessionChange> {
    let (_, help) = FUNCTIONS.iter().find(|(function, _)| *function == name)?;
    Some(SessionChange::new(Effect::Outlives, name, *help))
}

/// The change that a call of `set_config` makes.
pub(super) fn of_set_config(call: &SetConfig, protected: Protected<'_>) -> Option<SessionChange> {
    let shown = match &call.setting {
        Some(setting) => format!("set_config('{setting}', …)"),
        None => "set_config".to_owned(),
    };
    // `is_local = false` keeps the value until the session ends, where the next user of the
    // connection sees it.
    if !call.local {
        let help = "pass `true` as its third argument";
        return Some(SessionChange::new(Effect::Outlives, shown, help));
    }
    let help = match &call.setting {
        // An unknown name could be one of those that make the scope.
        None => "write the name of the setting as a literal",
        Some(setting) => protected::find_help(setting, protected)?,
    };
    Some(SessionChange::new(Effect::LeavesScope, shown, help))
}

/// The change that an UPDATE of `pg_settings` makes, by its rule.
pub(super) fn of_pg_settings() -> SessionChange {
    let help = "use `SET LOCAL …`, which ends with the transaction";
    SessionChange::new(Effect::Outlives, "UPDATE pg_settings", help)
}
