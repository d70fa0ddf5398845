//! Kept tables: their columns, settings and rows.

use super::affected::kept_tables;
use super::change::Script;
use super::recreated::Recreated;
use super::{columns, inheritance, rows, sequences};
use crate::schema::Schema;
use crate::schema::model::{Constraint, Index, ObjectId, Table};

/// Alters each kept table to its new definition.
pub(super) fn alter_tables(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    for (before, after) in kept_tables(old, new) {
        let key = ObjectId::relation(after.name.sql.as_str());
        if recreated.has(&key) {
            continue;
        }
        check_inherited(script, before, after);
        let carried = inheritance::table_after_parents(old, new, (before, after), recreated);
        columns::alter_columns(script, old, (&carried, after), recreated);
        sequences::own_sequences(script, old, new, after);
        alter_table_settings(script, before, after);
        rows::alter_rows(script, before, after);
        columns::require_values(script, before, after);
    }
}

/// Names columns that a table cannot turn into inherited ones.
fn check_inherited(script: &mut Script, before: &Table, after: &Table) {
    let table = &after.name.sql;
    let only = after.columns.iter().filter(|column| {
        let mut formers = before.columns.iter();
        let former = formers.find(|former| former.name == column.name);
        column.inherited && former.is_some_and(|former| !former.inherited)
    });
    for column in only.filter(|_| before.inherits != after.inherits) {
        script.leave_to_person(format!(
            "table {table}: its own column {} cannot become one that it only inherits: name it in \
             the table as well",
            column.sql
        ));
    }
}

/// The parents and the type that the table gets, after its columns match them.
fn added_parents(before: &Table, after: &Table) -> Vec<String> {
    let fresh = after
        .inherits
        .iter()
        .filter(|parent| !before.inherits.contains(parent));
    let mut changes: Vec<String> = fresh.map(|parent| format!("INHERIT {parent}")).collect();
    if before.of_type != after.of_type {
        changes.extend(after.of_type.iter().map(|name| format!("OF {name}")));
    }
    if before.access_method != after.access_method {
        let method = after.access_method.as_deref().unwrap_or("heap");
        changes.push(format!("SET ACCESS METHOD {method}"));
    }
    changes
}

fn alter_table_settings(script: &mut Script, before: &Table, after: &Table) {
    let table = &after.name.sql;
    let mut changes = added_parents(before, after);
    if before.row_security != after.row_security {
        let word = if after.row_security {
            "ENABLE"
        } else {
            "DISABLE"
        };
        changes.push(format!("{word} ROW LEVEL SECURITY"));
    }
    if before.force_row_security != after.force_row_security {
        let word = if after.force_row_security {
            "FORCE"
        } else {
            "NO FORCE"
        };
        changes.push(format!("{word} ROW LEVEL SECURITY"));
    }
    if before.unlogged != after.unlogged {
        let word = if after.unlogged { "UNLOGGED" } else { "LOGGED" };
        changes.push(format!("SET {word}"));
    }
    changes.extend(alter_options(&before.options, &after.options));
    for change in changes {
        script.run(format!("ALTER TABLE {table} {change};\n"));
    }
    if before.partition_key != after.partition_key {
        script.leave_to_person(format!(
            "table {table}: a table cannot become partitioned, or otherwise partitioned"
        ));
    }
}

/// By which index a table is clustered and its rows are known, once all are there.
pub(super) fn alter_index_choices(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in kept_tables(old, new) {
        let table = &after.name.sql;
        if before.replica_identity != after.replica_identity {
            let identity = after.replica_identity.as_deref().unwrap_or("DEFAULT");
            script.run(format!(
                "ALTER TABLE {table} REPLICA IDENTITY {identity};\n"
            ));
        }
        if clustering_index(before) != clustering_index(after) {
            let change = match clustering_index(after) {
                Some(index) => format!("CLUSTER ON {index}"),
                None => "SET WITHOUT CLUSTER".to_owned(),
            };
            script.run(format!("ALTER TABLE {table} {change};\n"));
        }
    }
}

/// `SET (…)` and `RESET (…)` of storage parameters, each `name = value`.
pub(super) fn alter_options(before: &[String], after: &[String]) -> Vec<String> {
    let name = |option: &String| {
        option
            .split('=')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let gone = before
        .iter()
        .filter(|old| !after.iter().any(|new| name(new) == name(old)));
    let gone: Vec<String> = gone.map(name).collect();
    let set: Vec<String> = after
        .iter()
        .filter(|option| !before.contains(option))
        .cloned()
        .collect();
    let mut changes = Vec::new();
    if !gone.is_empty() {
        changes.push(format!("RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        changes.push(format!("SET ({})", set.join(", ")));
    }
    changes
}

fn clustering_index(table: &Table) -> Option<&String> {
    let indexes = table
        .indexes
        .iter()
        .filter_map(|Index { clustered, .. }| clustered.as_ref());
    let keys = table
        .constraints
        .iter()
        .filter_map(|Constraint { clustered, .. }| clustered.as_ref());
    indexes.chain(keys).next()
}
