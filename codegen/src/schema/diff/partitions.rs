//! Tables that become partitions or heirs of other ones, or are it no more.

use super::change::Script;
use super::touched::both;
use crate::schema::Schema;
use crate::schema::model::{Constraint, Partition, Table};

/// Takes tables out of those that they are partitions of or inherit from: what they had from there
/// becomes their own.
pub(super) fn detach(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in both(old, new) {
        let name = &before.name.sql;
        if let Some(Partition { of, .. }) = &before.partition
            && before.partition != after.partition
        {
            script.run(format!("ALTER TABLE {of} DETACH PARTITION {name};\n"));
            if after.partition.is_none() {
                drop_copies(script, (old, new), of, (before, after));
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

/// Foreign keys of a partitioned table that stay with what was a partition, though it shall not have them.
fn drop_copies(
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

/// Puts partitions into their table, once both have what they shall have.
pub(super) fn attach(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in both(old, new) {
        if let Some(partition) = &after.partition
            && before.partition != after.partition
        {
            let (of, bound, name) = (&partition.of, &partition.bound, &after.name.sql);
            script.warn(
                format!("ALTER TABLE {of} ATTACH PARTITION {name} {bound};\n"),
                "reads the whole partition, and fails if a row of it does not belong there",
            );
        }
    }
}
