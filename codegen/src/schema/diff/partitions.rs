//! Tables that become, or cease to be, partitions or child tables.

use super::affected::kept_tables;
use super::change::Script;
use crate::schema::Schema;
use crate::schema::model::{Constraint, Partition, Table};

/// Detaches partitions and child tables from their parents. They keep the inherited columns as their own.
pub(super) fn detach_partitions(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in kept_tables(old, new) {
        let name = &before.name.sql;
        if let Some(Partition { of, .. }) = &before.partition
            && before.partition != after.partition
        {
            script.run(format!("ALTER TABLE {of} DETACH PARTITION {name};\n"));
            if after.partition.is_none() {
                drop_copied_keys(script, (old, new), of, (before, after));
            }
        }
        let kept = |parent: &&String| after.inherits.contains(parent);
        for parent in before.inherits.iter().filter(|parent| !kept(parent)) {
            script.run(format!("ALTER TABLE {name} NO INHERIT {parent};\n"));
        }
        if before.of_type.is_some() && before.of_type != after.of_type {
            script.run(format!("ALTER TABLE {name} NOT OF;\n"));
        }
    }
}

/// Drops the foreign keys that a former partition keeps from its parent and that the new schema does not have.
fn drop_copied_keys(
    script: &mut Script,
    (old, new): (&Schema, &Schema),
    of: &str,
    (before, after): (&Table, &Table),
) {
    let find = |schema: &'_ Schema| {
        schema
            .tables
            .iter()
            .find(|table| table.name.sql == of)
            .cloned()
    };
    let (Some(parent), then) = (find(old), find(new)) else {
        return;
    };
    let has = |table: &Table, key: &Constraint| table.constraints.iter().any(|other| other == key);
    let stays = |key: &&Constraint| then.as_ref().is_none_or(|then| has(then, key));
    let foreign = parent
        .constraints
        .iter()
        .filter(|key| key.references.is_some());
    for key in foreign.filter(stays).filter(|key| !has(after, key)) {
        let (table, name) = (&before.name.sql, &key.sql);
        script.run(format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n"));
    }
}

/// Attaches partitions, after both tables have their final columns and indexes.
pub(super) fn attach_partitions(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in kept_tables(old, new) {
        if let Some(partition) = &after.partition
            && before.partition != after.partition
        {
            let (of, bound, name) = (&partition.of, &partition.bound, &after.name.sql);
            script.run_with_note(
                format!("ALTER TABLE {of} ATTACH PARTITION {name} {bound};\n"),
                "reads the whole partition, and fails if a row of it does not belong there",
            );
        }
    }
}
