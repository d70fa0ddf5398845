//! Columns, constraints and indexes of partitions and child tables: Postgres changes them together with the parent.

use super::affected::{column_names, is_parent};
use super::recreated::Recreated;
use crate::schema::Schema;
use crate::schema::model::{Column, Constraint, ConstraintKind, Index, Table};

/// A table before and after.
type Pair<'a> = (&'a Table, &'a Table);

/// The parents that the table keeps.
pub(super) fn remaining_parents<'a>(
    old: &'a Schema,
    new: &'a Schema,
    (before, after): Pair<'_>,
) -> Vec<Pair<'a>> {
    if before.partition != after.partition {
        return Vec::new();
    }
    let pairs = old.tables.iter().filter_map(|parent| {
        let same = new.tables.iter().find(|other| other.name == parent.name)?;
        (is_parent(parent, before) && is_parent(same, after)).then_some((parent, same))
    });
    pairs.collect()
}

/// The names of columns that the table inherits, before or after.
pub(super) fn inherited_names(old: &Schema, new: &Schema, pair: Pair<'_>) -> Vec<String> {
    let parents = remaining_parents(old, new, pair);
    let columns = parents
        .iter()
        .flat_map(|(before, after)| before.columns.iter().chain(&after.columns));
    columns.map(|column| column.name.clone()).collect()
}

/// The table after its parents were altered.
pub(super) fn table_after_parents(
    old: &Schema,
    new: &Schema,
    pair: Pair<'_>,
    recreated: &Recreated,
) -> Table {
    let mut table = pair.0.clone();
    for (before, after) in remaining_parents(old, new, pair) {
        let find =
            |table: &Table, name: &str| table.columns.iter().find(|c| c.name == name).cloned();
        let is_partition = table.partition.is_some();
        table.columns.retain(|column| {
            let goes = find(before, &column.name).is_some() && find(after, &column.name).is_none();
            !goes || !(is_partition || column.inherited)
        });
        for column in &after.columns {
            let former = find(before, &column.name);
            let own = table.columns.iter_mut().find(|own| own.name == column.name);
            match (former, own) {
                (Some(former), Some(own)) => follow_parent(own, &former, column, recreated),
                (None, None) => table.columns.push(column.clone()),
                _ => {}
            }
        }
    }
    if pair.0.of_type.is_some() && pair.0.of_type == pair.1.of_type {
        follow_type(&mut table, pair.1);
    }
    table
}

fn follow_parent(own: &mut Column, former: &Column, column: &Column, recreated: &Recreated) {
    if recreated.rewrites(former, column) {
        own.data_type.clone_from(&column.data_type);
        own.collation.clone_from(&column.collation);
        own.generated.clone_from(&column.generated);
        own.default.clone_from(&column.default);
    }
    if former.default != column.default {
        own.default.clone_from(&column.default);
    }
    if former.not_null != column.not_null {
        own.not_null = column.not_null;
    }
}

/// A typed table follows its type.
fn follow_type(table: &mut Table, after: &Table) {
    let former = std::mem::take(&mut table.columns);
    let follow = |column: &Column| {
        let former = former.iter().find(|former| former.name == column.name);
        Column {
            name: column.name.clone(),
            sql: column.sql.clone(),
            data_type: column.data_type.clone(),
            collation: column.collation.clone(),
            ..former.cloned().unwrap_or_default()
        }
    };
    table.columns = after.columns.iter().map(follow).collect();
}

/// Whether a constraint of the table is one that its parent has as well.
pub(super) fn has_constraint(table: &Table, constraint: &Constraint, parent: &Table) -> bool {
    parent.constraints.iter().any(|other| {
        let is_check = constraint.kind == ConstraintKind::Check;
        let same_name = other.name == constraint.name || !is_check;
        other.kind == constraint.kind
            && same_name
            && other.definition == constraint.definition
            && column_names(parent, &other.columns) == column_names(table, &constraint.columns)
    })
}

/// Whether an index of the partition is one that its table has as well.
pub(super) fn has_index(table: &Table, index: &Index, parent: &Table) -> bool {
    let shape = |table: &Table, index: &Index| {
        (
            index.unique,
            index.method.clone(),
            index.keys.clone(),
            column_names(table, &index.included),
            index.predicate.clone(),
        )
    };
    table.partition.is_some()
        && parent
            .indexes
            .iter()
            .any(|other| shape(parent, other) == shape(table, index))
}
