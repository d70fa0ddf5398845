//! The keys that settings hold: columns of tables, or values without a table.

use super::{KeyId, TableId, TenantTable};
use crate::config;
use crate::project::Project;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::ops::Range;

/// A key whose values are in the settings of a scope.
#[derive(Clone, Debug)]
pub(in crate::prove) struct TenantKey {
    /// `users.id`, or the setting's name if no table has the key.
    pub(in crate::prove) name: String,
    /// Its table and column.
    pub(in crate::prove) place: Option<(TableId, String)>,
    /// The OID of its type, if a column tells it.
    pub(in crate::prove) type_oid: Option<u32>,
}

/// The table and column of `users.id` or `app.users.id`.
pub(in crate::prove) fn find_column<'t>(
    tables: &'t [TenantTable<'_>],
    written: &str,
) -> Option<(TableId, &'t crate::schema::model::Column)> {
    let (table, column) = written.rsplit_once('.')?;
    let id = tables.iter().position(|known| known.key() == table)?;
    Some((id, tables[id].table.column(column)?))
}

/// The place of this key, which is added if it is new.
pub(super) fn add_key(
    keys: &mut Vec<TenantKey>,
    tables: &[TenantTable<'_>],
    written: &str,
) -> Option<KeyId> {
    if let Some(known) = keys.iter().position(|key| key.name == written) {
        return Some(known);
    }
    let (table, column) = find_column(tables, written)?;
    keys.push(TenantKey {
        name: written.to_owned(),
        place: Some((table, column.name.clone())),
        type_oid: Some(column.type_oid.0),
    });
    Some(keys.len() - 1)
}

/// The key of the tenants: the one that the others lead to, or that most tables lead to.
pub(super) fn choose_tenant(
    project: &Project,
    tables: &[TenantTable<'_>],
    keys: &[TenantKey],
    problems: &mut Vec<Diagnostic>,
) -> KeyId {
    if let Some(named) = &project.config.prove.tenant {
        let found = keys.iter().position(|key| key.name == *named.get_ref());
        if found.is_none() {
            let known: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            let message = format!("`{}` is the key of no setting", named.get_ref());
            let help = format!("name one of {}", known.join(", "));
            problems.push(report_at(project, named.span(), message).help(help));
        }
        return found.unwrap_or(0);
    }
    let count = |key: KeyId| {
        tables
            .iter()
            .filter(|table| table.leads.contains(&key))
            .count()
    };
    // The later setting wins a tie: user first, tenant second is how scopes are usually written.
    (0..keys.len()).max_by_key(|key| count(*key)).unwrap_or(0)
}

/// An error of `[prove]`, or of a setting that it should explain, at its location in `xact.toml`.
pub(in crate::prove) fn report_at(
    project: &Project,
    range: Range<usize>,
    message: String,
) -> Diagnostic {
    let file = project
        .settings
        .iter()
        .find(|file| file.path == config::FILE);
    match file.cloned() {
        Some(file) => Diagnostic::error("prove-configuration", Span { file, range }, message),
        None => Diagnostic::in_file("prove-configuration", config::FILE, None, message),
    }
}
