//! Indexes and keys of partitions that belong to one of the partitioned table.
//!
//! `CREATE INDEX` and `ADD CONSTRAINT` on a partitioned table give each partition an index, unless it has an equal one that
//! belongs to no other: that one is taken. So an index whose name Postgres would not choose is created before that of the
//! partitioned table, and an equal one that belongs to none after it.

use super::comparison::{Comparison, find_table};
use super::graph::{GraphItem, ObjectGraph};
use super::ids::{constraint_id, index_id, table_id};
use super::operation::DatabaseFact;
use super::unchanged::column_names;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Constraint, ConstraintKind, Index, ObjectId, Table};

/// The longest name of the catalog, in bytes (`NAMEDATALEN` - 1): Postgres shortens parts of longer ones.
const LONGEST_NAME: usize = 63;

/// The indexes of partitions that are created and dropped with this one, at all levels.
pub(super) fn covered_parts(
    comparison: &Comparison<'_>,
    graph: &ObjectGraph<'_>,
    index: &ObjectId,
) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for child in children_of(comparison, graph, index) {
        found.extend(covered_parts(comparison, graph, &child));
        found.push(child);
    }
    found
}

fn children_of(
    comparison: &Comparison<'_>,
    graph: &ObjectGraph<'_>,
    index: &ObjectId,
) -> Vec<ObjectId> {
    let children = graph.child_parts(index).iter();
    let covered = children.filter(|child| comparison.is_covered_by_parent(graph, child));
    covered.cloned().collect()
}

/// The indexes of partitions under a new index: those that have statements of their own, and those that come with it.
pub(super) fn explicit_children(
    comparison: &Comparison<'_>,
    index: &ObjectId,
) -> (Vec<ObjectId>, Vec<ObjectId>) {
    let after = &comparison.after;
    let children = children_of(comparison, after, index);
    let (mut explicit, mut implicit) = (Vec::new(), Vec::new());
    for child in children {
        if is_named_by_postgres(after, &child) {
            let (more_explicit, more_implicit) = explicit_children(comparison, &child);
            explicit.extend(more_explicit);
            implicit.extend(more_implicit);
            let constraint = after.needs(&child).iter();
            let is_constraint =
                |id: &&ObjectId| matches!(after.items.get(id), Some(GraphItem::Constraint(_)));
            implicit.extend(constraint.filter(is_constraint).cloned());
            implicit.push(child);
        } else {
            explicit.push(child);
        }
    }
    (explicit, implicit)
}

/// The new indexes of the parents that Postgres would give an index of the partition to by mistake, if it were there before
/// them: equal ones, of which only the index's own may come later.
pub(super) fn equal_parts_of_parents(
    comparison: &Comparison<'_>,
    table: &Table,
    index: &ObjectId,
) -> Vec<DatabaseFact> {
    let after = &comparison.after;
    let Some(own) = describe_shape(after, index, table) else {
        return Vec::new();
    };
    let of = after.parent_parts.get(index);
    let partition = table.partition.as_ref();
    let Some(parent) = partition.and_then(|partition| find_table(after, &partition.of)) else {
        return Vec::new();
    };
    let equal = indexes_of(parent).into_iter().filter(|id| {
        of.is_none_or(|of| id < of) && describe_shape(after, id, parent).as_ref() == Some(&own)
    });
    let mut facts: Vec<_> = equal.map(DatabaseFact::Ready).collect();
    if !facts.is_empty() && of.is_none() {
        // ATTACH PARTITION chooses among equal ones too.
        facts.push(DatabaseFact::Attached(table_id(table)));
    }
    facts
}

fn indexes_of(table: &Table) -> Vec<ObjectId> {
    let keys = table
        .constraints
        .iter()
        .filter_map(|constraint| constraint.index.as_ref());
    let keys = keys.map(|index| ObjectId::relation(index.sql.as_str()));
    table.indexes.iter().map(index_id).chain(keys).collect()
}

/// For each index of a partitioned table, the kept ones of its partitions that Postgres would give it by mistake when it is
/// created: equal ones that belong to none.
pub(super) fn find_equal_parts(
    graphs: (&ObjectGraph<'_>, &ObjectGraph<'_>),
    (child, parent): (&Table, &Table),
) -> Vec<(ObjectId, Vec<ObjectId>)> {
    let (before, after) = graphs;
    let is_alone = |id: &ObjectId| before.has(id) && !after.parent_parts.contains_key(id);
    let own: Vec<ObjectId> = indexes_of(child).into_iter().filter(is_alone).collect();
    let is_key = |id: &ObjectId| matches!(after.items.get(id), Some(GraphItem::KeyIndex));
    let found = indexes_of(parent).into_iter().map(|index| {
        let shape = describe_shape(after, &index, parent);
        let is_taken = |id: &&ObjectId| {
            let is_equal = shape.is_some() && describe_shape(after, id, child) == shape;
            // A key takes no index that is not the index of a key.
            is_equal && (is_key(id) || !is_key(&index))
        };
        let taken = own.iter().filter(is_taken);
        let parts = taken.map(|id| match after.needs(id).first() {
            Some(constraint) if is_key(id) => constraint.clone(),
            _ => id.clone(),
        });
        (index.clone(), parts.collect())
    });
    found
        .filter(|(_, parts): &(_, Vec<_>)| !parts.is_empty())
        .collect()
}

/// Whether the second index is one that Postgres takes for a partition's part of the first.
pub(super) fn has_shape_of(
    graph: &ObjectGraph<'_>,
    (index, table): (&ObjectId, &Table),
    (other, other_table): (&ObjectId, &Table),
) -> bool {
    let shape = describe_shape(graph, index, table);
    shape.is_some() && describe_shape(graph, other, other_table) == shape
}

/// The columns of a key, or all that tells an index from others.
fn describe_shape(graph: &ObjectGraph<'_>, index: &ObjectId, table: &Table) -> Option<Vec<String>> {
    match graph.items.get(index)? {
        GraphItem::Index(index) => {
            let mut shape = index.keys.clone();
            shape.extend(column_names(table, &index.included));
            shape.extend(index.predicate.clone());
            shape.push(index.method.clone());
            if index.definition.starts_with("CREATE UNIQUE ") {
                shape.push("unique".to_owned());
            }
            Some(shape)
        }
        GraphItem::KeyIndex => {
            let id = graph.needs(index).first()?;
            let GraphItem::Constraint(constraint) = graph.items.get(id)? else {
                return None;
            };
            if constraint.kind == ConstraintKind::Exclusion {
                return Some(vec![constraint.definition.clone()]);
            }
            let mut shape = column_names(table, &constraint.columns);
            shape.extend(["btree".to_owned(), "unique".to_owned()]);
            Some(shape)
        }
        _ => None,
    }
}

fn is_named_by_postgres(graph: &ObjectGraph<'_>, index: &ObjectId) -> bool {
    let owner = graph.owner(index).and_then(|owner| graph.items.get(owner));
    let Some(GraphItem::Object(DumpNode::Table(table))) = owner else {
        return false;
    };
    match graph.items.get(index) {
        Some(GraphItem::Index(index)) => is_index_named_by_postgres(table, index),
        Some(GraphItem::KeyIndex) => {
            let keys = table.constraints.iter();
            let mut keys =
                keys.filter(|key| graph.needs(index).contains(&constraint_id(table, key)));
            keys.next()
                .is_some_and(|key| is_key_named_by_postgres(table, key))
        }
        _ => false,
    }
}

/// Whether Postgres would choose the name of the index, however many equal ones there are.
pub(super) fn is_index_named_by_postgres(table: &Table, index: &Index) -> bool {
    let has_expressions = index.columns.iter().any(|column| column.0 == 0);
    let mut columns = column_names(table, &index.columns);
    columns.extend(column_names(table, &index.included));
    !has_expressions && is_chosen_name(&index.name.name, table, &columns, "idx")
}

/// Whether Postgres would choose the name of the key.
pub(super) fn is_key_named_by_postgres(table: &Table, key: &Constraint) -> bool {
    let columns = column_names(table, &key.columns);
    match key.kind {
        ConstraintKind::PrimaryKey => is_chosen_name(&key.name, table, &[], "pkey"),
        ConstraintKind::Unique => is_chosen_name(&key.name, table, &columns, "key"),
        _ => false,
    }
}

fn is_chosen_name(name: &str, table: &Table, columns: &[String], suffix: &str) -> bool {
    let table = std::iter::once(table.name.name.as_str());
    let columns = columns.iter().map(String::as_str);
    let words: Vec<&str> = table.chain(columns).chain([suffix]).collect();
    let chosen = words.join("_");
    // A longer name is cut by Postgres, in its own way.
    chosen == name && chosen.len() <= LONGEST_NAME
}
