//! The settings that make the scope of a transaction, which no query may set.

use crate::config::{Config, ScopeSetting};

/// The settings of every scope of a project.
pub(crate) type Protected<'a> = &'a [&'a str];

/// Settings by which Postgres decides as whom, and on which tables, a statement runs.
const OF_POSTGRES: &[(&str, &str)] = &[
    ("role", ROLE),
    ("session authorization", ROLE),
    ("session_authorization", ROLE),
    (
        // Names without a schema would be found elsewhere for the rest of the transaction.
        "search_path",
        "write the schema before each name: `schema.name`",
    ),
    (
        "row_security",
        "run the query in a scope whose role may see these rows",
    ),
];

const ROLE: &str = "run the query in a scope with that `role` in xact.toml";

/// The names of the settings of all scopes.
pub(super) fn of_scopes(config: &Config) -> Vec<&str> {
    let scopes = config.scopes.values();
    let settings = scopes.flat_map(|scope| &scope.settings);
    settings.map(ScopeSetting::name).collect()
}

/// The alternative to changing this setting; none if a query may set it until its transaction ends.
pub(super) fn find_help(setting: &str, protected: Protected<'_>) -> Option<&'static str> {
    // Names of settings have no case (`guc_name_compare`, guc.c).
    let is_it = |name: &str| name.eq_ignore_ascii_case(setting);
    if let Some((_, help)) = OF_POSTGRES.iter().find(|(name, _)| is_it(name)) {
        return Some(help);
    }
    let of_scope = protected.iter().any(|name| is_it(name));
    of_scope.then_some("give the value to the scope where the transaction begins: `db.xact_…`")
}
