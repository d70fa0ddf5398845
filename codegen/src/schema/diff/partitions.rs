//! Tables that become, or cease to be, partitions or child tables.

use super::comparison::{Comparison, Pair, find_table};
use super::ids::{constraint_id, row_type_id, table_id};
use super::inheritance;
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::dump::partitions::write_attach;
use crate::schema::model::{Constraint, ObjectId, Partition, Table};

/// Detaches partitions and child tables from their parents. They keep the inherited columns as their own.
pub(super) fn detach_partitions(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in comparison.tables.iter().copied() {
        if comparison.is_rebuilt(&before.name.sql) {
            continue;
        }
        let name = &before.name.sql;
        let free = DatabaseFact::Free(table_id(before));
        if let Some(Partition { of, .. }) = &before.partition
            && before.partition != after.partition
        {
            let sql = format!("ALTER TABLE {of} DETACH PARTITION {name};\n");
            plan.add(Operation::new(Rank::Detach, sql).provides([free.clone()]));
            if after.partition.is_none() {
                drop_copies(plan, comparison, of, (before, after));
            }
        }
        let kept = |parent: &&String| after.inherits.contains(parent);
        for parent in before.inherits.iter().filter(|parent| !kept(parent)) {
            let sql = format!("ALTER TABLE {name} NO INHERIT {parent};\n");
            plan.add(Operation::new(Rank::Detach, sql).provides([free.clone()]));
            drop_copies(plan, comparison, parent, (before, after));
        }
        if before.of_type.is_some() && !inheritance::keeps_type(comparison, (before, after)) {
            let sql = format!("ALTER TABLE {name} NOT OF;\n");
            plan.add(Operation::new(Rank::Detach, sql).provides([free]));
        }
    }
}

/// Drops the foreign keys and checks that a former partition or child table keeps from its parent and that the new schema
/// does not have.
fn drop_copies(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    parent: &str,
    (before, after): Pair<'_>,
) {
    let has =
        |table: &Table, key: &Constraint| table.constraints.iter().any(|own| own.name == key.name);
    let parent = find_table(&comparison.before, parent).into_iter();
    let copied = parent.flat_map(|parent| &parent.constraints);
    let copied = copied.filter(|key| key.is_inherited_check() || key.references.is_some());
    for key in copied.filter(|key| !has(before, key) && !has(after, key)) {
        let (table, name) = (&before.name.sql, &key.sql);
        let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n");
        plan.add(
            Operation::new(Rank::Detach, sql)
                .needs([DatabaseFact::Free(table_id(before))])
                .provides([DatabaseFact::Gone(constraint_id(before, key))]),
        );
    }
}

/// Attaches partitions, after both tables have their final columns and indexes.
pub(super) fn attach_partitions(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in comparison.tables.iter().copied() {
        if let Some(partition) = &after.partition
            && before.partition != after.partition
            && !comparison.is_rebuilt(&before.name.sql)
        {
            let of = &partition.of;
            let sql = write_attach(after, partition, find_table(&comparison.after, of));
            let parent = ObjectId::relation(of.as_str());
            let needs = [parent, ObjectId::data_type(of.as_str()), row_type_id(after)];
            plan.add(
                Operation::new(Rank::Attach, sql)
                    .needs(needs.map(DatabaseFact::Ready))
                    .provides([DatabaseFact::Attached(table_id(after))])
                    .note(
                    "blocks writes of the partition while it reads all of it, and fails if a row of it does not belong there",
                ),
            );
        }
    }
}
