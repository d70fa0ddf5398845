//! Keys over the same columns: a foreign key depends on the one that was created first (`transformFkeyCheckAttrs`), and a new
//! index of a partitioned table takes the equal one of a partition (`DefineIndex`).
//!
//! Given: two schemas. Gives: the keys that have to be recreated behind another, and the order in which keys are created.

use super::comparison::{Comparison, find_table};
use super::family::find_equal_parts;
use super::graph::GraphItem;
use super::ids::{constraint_id, index_id, table_id};
use super::operation::DatabaseFact;
use crate::schema::model::{ColumnNumber, ObjectId, Reference, Table};

/// The key that a foreign key of the new schema depends on, and those of the old table with the same columns; or the index of a
/// partitioned table, and the equal ones of its partitions.
pub(super) struct EqualKeys {
    /// The index of the key.
    pub(super) target: ObjectId,
    /// The constraints and indexes of the others.
    pub(super) others: Vec<ObjectId>,
    /// Whether Postgres chooses among them, because the foreign key or the index of the partitioned table is new, or the key
    /// depended on another.
    pub(super) is_chosen: bool,
}

/// The keys of tables that stay. There are hardly ever any.
pub(super) fn find_equal_keys(comparison: &Comparison<'_>) -> Vec<EqualKeys> {
    let items = comparison.after.items.iter();
    let keys = items.filter_map(|(id, item)| {
        let reference = read_reference(item)?;
        let others = list_others(comparison, reference);
        let former = comparison.before.items.get(id).and_then(read_reference);
        (!others.is_empty()).then(|| EqualKeys {
            target: ObjectId::relation(reference.index.as_str()),
            others,
            is_chosen: former.is_none_or(|former| former.index != reference.index),
        })
    });
    keys.chain(list_partition_keys(comparison)).collect()
}

fn list_partition_keys(comparison: &Comparison<'_>) -> Vec<EqualKeys> {
    let graphs = (&comparison.before, &comparison.after);
    let mut keys = Vec::new();
    for (before, after) in &comparison.tables {
        let Some(partition) = &after.partition else {
            continue;
        };
        let Some(parent) = find_table(&comparison.after, &partition.of) else {
            continue;
        };
        // ATTACH PARTITION chooses for each of them.
        let is_attached = before.partition != after.partition;
        let found = find_equal_parts(graphs, (after, parent)).into_iter();
        keys.extend(found.map(|(target, others)| EqualKeys {
            is_chosen: is_attached || !comparison.before.has(&target),
            target,
            others,
        }));
    }
    keys
}

fn read_reference<'i>(item: &GraphItem<'i>) -> Option<&'i Reference> {
    match item {
        GraphItem::Constraint(key) => key.references.as_ref(),
        _ => None,
    }
}

fn list_others(comparison: &Comparison<'_>, reference: &Reference) -> Vec<ObjectId> {
    let Some((before, after)) = comparison.kept_table(&reference.table) else {
        return Vec::new();
    };
    let wanted = list_names(after, &reference.columns);
    let is_other = |columns: &[ColumnNumber], index: &str| {
        index != reference.index && list_names(before, columns) == wanted
    };
    let constraints = before.constraints.iter().filter(|constraint| {
        let index = constraint.index.as_ref();
        index.is_some_and(|index| is_other(&constraint.columns, &index.sql))
    });
    let indexes = before
        .indexes
        .iter()
        .filter(|index| index.unique && is_other(&index.columns, &index.name.sql));
    constraints
        .map(|constraint| constraint_id(before, constraint))
        .chain(indexes.map(index_id))
        .collect()
}

/// The names of the columns, sorted, because their order in a key is free.
fn list_names<'t>(table: &'t Table, columns: &[ColumnNumber]) -> Vec<&'t str> {
    let columns = table.columns_at(columns).into_iter();
    let mut names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    names
}

/// The keys that foreign keys depend on, of which this one has the columns too, so that it comes after them.
pub(super) fn referenced_equal_keys(
    comparison: &Comparison<'_>,
    table: &Table,
    (index, columns): (&ObjectId, &[ColumnNumber]),
) -> Vec<DatabaseFact> {
    let own = list_names(table, columns);
    let dependents = comparison.after.dependents(&table_id(table)).iter();
    let references = dependents.filter_map(|id| read_reference(comparison.after.items.get(id)?));
    let equal = references
        .filter(|key| key.table == table.name.sql && list_names(table, &key.columns) == own);
    let keys = equal.map(|key| ObjectId::relation(key.index.as_str()));
    keys.filter(|key| key != index)
        .map(DatabaseFact::Ready)
        .collect()
}
