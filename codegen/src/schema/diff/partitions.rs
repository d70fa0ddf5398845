//! Partitions of tables that stay.

use super::change::Script;
use super::touched::both;
use crate::schema::Schema;

/// Takes partitions out of their table, before anything else: what they had from it becomes their own.
pub(super) fn detach(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in both(old, new) {
        let name = &before.name.sql;
        if let Some(partition) = &before.partition
            && before.partition != after.partition
        {
            script.run(format!(
                "ALTER TABLE {} DETACH PARTITION {name};\n",
                partition.of
            ));
        }
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
