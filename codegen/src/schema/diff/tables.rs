//! Tables that stay: their columns, settings and rows.

use super::again::Again;
use super::change::Script;
use super::touched::both;
use super::{columns, family, rows, sequences};
use crate::schema::Schema;
use crate::schema::model::{Constraint, Index, ObjectId, Table};

/// Makes each table of both schemas what the new one says.
pub(super) fn alter(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for (before, after) in both(old, new) {
        let key = ObjectId::relation(after.name.sql.as_str());
        if again.has(&key) {
            continue;
        }
        check_inherited(script, before, after);
        let carried = family::carried(old, new, (before, after), again);
        columns::alter(script, old, (&carried, after), again);
        sequences::own(script, old, new, after);
        settings(script, before, after);
        rows::alter(script, before, after);
        columns::require(script, before, after);
    }
}

/// Names what a table cannot come to inherit.
fn check_inherited(script: &mut Script, before: &Table, after: &Table) {
    let table = &after.name.sql;
    let only = after.columns.iter().filter(|column| {
        let mut formers = before.columns.iter();
        let former = formers.find(|former| former.name == column.name);
        column.inherited && former.is_some_and(|former| !former.inherited)
    });
    for column in only.filter(|_| before.inherits != after.inherits) {
        script.leave(format!(
            "table {table}: its own column {} cannot become one that it only inherits: name it in \
             the table as well",
            column.sql
        ));
    }
}

/// What the table comes to inherit from, and the type it comes to be of, once the columns are there.
fn inherit_anew(before: &Table, after: &Table) -> Vec<String> {
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

fn settings(script: &mut Script, before: &Table, after: &Table) {
    let table = &after.name.sql;
    let mut changes = inherit_anew(before, after);
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
    changes.extend(options(&before.options, &after.options));
    for change in changes {
        script.run(format!("ALTER TABLE {table} {change};\n"));
    }
    if before.partition_key != after.partition_key {
        script.leave(format!(
            "table {table}: a table cannot become partitioned, or otherwise partitioned"
        ));
    }
}

/// By which index a table is clustered and its rows are known, once all are there.
pub(super) fn choose_indexes(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in both(old, new) {
        let table = &after.name.sql;
        if before.replica_identity != after.replica_identity {
            let identity = after.replica_identity.as_deref().unwrap_or("DEFAULT");
            script.run(format!(
                "ALTER TABLE {table} REPLICA IDENTITY {identity};\n"
            ));
        }
        if clustered(before) != clustered(after) {
            let change = match clustered(after) {
                Some(index) => format!("CLUSTER ON {index}"),
                None => "SET WITHOUT CLUSTER".to_owned(),
            };
            script.run(format!("ALTER TABLE {table} {change};\n"));
        }
    }
}

/// `SET (…)` and `RESET (…)` of storage parameters, each `name = value`.
pub(super) fn options(before: &[String], after: &[String]) -> Vec<String> {
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

fn clustered(table: &Table) -> Option<&String> {
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
