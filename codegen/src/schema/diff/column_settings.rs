//! Storage settings of a column, and those that are taken back.

use super::tables::alter_options;
use crate::schema::model::Column;

/// The changes, without `ALTER COLUMN x`. A column of another type is stored as its type is by default: Postgres
/// resets storage and compression with the type (`ATExecAlterColumnType`).
pub(super) fn alter_column_settings(old: &Column, new: &Column, is_retyped: bool) -> Vec<String> {
    let mut changes = Vec::new();
    for (word, default) in list_defaults(new) {
        let is_reset = is_retyped && word != STATISTICS;
        if is_set(old, word) && !is_set(new, word) && !is_reset {
            changes.push(default);
        }
    }
    changes.extend(alter_options(&list_parameters(old), &list_parameters(new)));
    let plain = new.settings.iter();
    let plain = plain.filter(|setting| !setting.starts_with("SET ("));
    let is_kept = |setting: &&String| {
        let is_reset = is_retyped && !setting.starts_with(STATISTICS);
        old.settings.contains(setting) && !is_reset
    };
    changes.extend(plain.filter(|setting| !is_kept(setting)).cloned());
    changes
}

const STATISTICS: &str = "SET STATISTICS";

/// The settings that are set back by a value, each with that.
fn list_defaults(column: &Column) -> [(&'static str, String); 3] {
    let storage = default_storage(&column.data_type);
    [
        ("SET STORAGE", format!("SET STORAGE {storage}")),
        ("SET COMPRESSION", "SET COMPRESSION default".to_owned()),
        (STATISTICS, "SET STATISTICS -1".to_owned()),
    ]
}

fn is_set(column: &Column, word: &str) -> bool {
    column
        .settings
        .iter()
        .any(|setting| setting.starts_with(word))
}

fn list_parameters(column: &Column) -> Vec<String> {
    let mut settings = column.settings.iter();
    let set = settings.find_map(|setting| setting.strip_prefix("SET (")?.strip_suffix(')'));
    set.map(|set| set.split(", ").map(str::to_owned).collect())
        .unwrap_or_default()
}

/// How Postgres stores long values of the type unless told otherwise.
fn default_storage(data_type: &str) -> &'static str {
    match data_type.split('(').next().unwrap_or_default() {
        "numeric" | "inet" | "cidr" => "MAIN",
        _ => "EXTENDED",
    }
}
