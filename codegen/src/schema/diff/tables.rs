//! Tables that stay: their columns, settings and rows.

use super::again::{Again, both};
use super::change::Script;
use super::{columns, rows};
use crate::schema::Schema;
use crate::schema::model::{Constraint, Index, Table};

/// Makes each table of both schemas what the new one says.
pub(super) fn alter(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for (before, after) in both(old, new) {
        columns::alter(script, before, after, again);
        own_sequences(script, old, new, after);
        settings(script, before, after);
        partition(script, before, after);
        rows::alter(script, before, after);
    }
}

/// A new sequence that a column of an old table owns.
fn own_sequences(script: &mut Script, old: &Schema, new: &Schema, table: &Table) {
    for sequence in &new.sequences {
        let Some(owned) = sequence
            .owned_by
            .as_ref()
            .filter(|owned| owned.table == table.name.sql)
        else {
            continue;
        };
        let former = old
            .sequences
            .iter()
            .find(|former| former.name == sequence.name);
        if former.is_none_or(|former| former.owned_by.as_ref() != Some(owned)) {
            script.run(format!(
                "ALTER SEQUENCE {} OWNED BY {}.{};\n",
                sequence.name.sql, owned.table, owned.column
            ));
        }
    }
}

fn settings(script: &mut Script, before: &Table, after: &Table) {
    let table = &after.name.sql;
    let mut changes = Vec::new();
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
    if before.replica_identity != after.replica_identity {
        let identity = after.replica_identity.as_deref().unwrap_or("DEFAULT");
        changes.push(format!("REPLICA IDENTITY {identity}"));
    }
    changes.extend(options(&before.options, &after.options));
    if clustered(before) != clustered(after) {
        changes.push(match clustered(after) {
            Some(index) => format!("CLUSTER ON {index}"),
            None => "SET WITHOUT CLUSTER".to_owned(),
        });
    }
    for change in changes {
        script.run(format!("ALTER TABLE {table} {change};\n"));
    }
    if before.partition_key != after.partition_key {
        script.leave(format!(
            "table {table}: a table cannot become partitioned, or otherwise partitioned"
        ));
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

fn partition(script: &mut Script, before: &Table, after: &Table) {
    if before.partition == after.partition {
        return;
    }
    let name = &after.name.sql;
    if let Some(partition) = &before.partition {
        script.run(format!(
            "ALTER TABLE {} DETACH PARTITION {name};\n",
            partition.of
        ));
    }
    if let Some(partition) = &after.partition {
        let bound = &partition.bound;
        script.run(format!(
            "ALTER TABLE {} ATTACH PARTITION {name} {bound};\n",
            partition.of
        ));
    }
}
