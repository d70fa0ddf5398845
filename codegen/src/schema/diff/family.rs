//! What a table has from another one, of which it is a partition or from which it inherits: Postgres
//! changes it there together with the other table.

use super::again::Again;
use super::touched::{is_parent, names};
use crate::schema::Schema;
use crate::schema::model::{Column, Constraint, ConstraintKind, Index, Table};

/// A table, and what becomes of it.
type Pair<'a> = (&'a Table, &'a Table);

/// The tables that stay above this one.
pub(super) fn parents<'a>(
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

/// The names of columns that the table has from above, before or afterwards.
pub(super) fn carried_names(old: &Schema, new: &Schema, pair: Pair<'_>) -> Vec<String> {
    let parents = parents(old, new, pair);
    let columns = parents
        .iter()
        .flat_map(|(before, after)| before.columns.iter().chain(&after.columns));
    columns.map(|column| column.name.clone()).collect()
}

/// The table as it is once its parents were altered.
pub(super) fn carried(old: &Schema, new: &Schema, pair: Pair<'_>, again: &Again) -> Table {
    let mut table = pair.0.clone();
    for (before, after) in parents(old, new, pair) {
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
                (Some(former), Some(own)) => follow(own, &former, column, again),
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

fn follow(own: &mut Column, former: &Column, column: &Column, again: &Again) {
    if again.rewrites(former, column) {
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
            && names(parent, &other.columns) == names(table, &constraint.columns)
    })
}

/// Whether an index of the partition is one that its table has as well.
pub(super) fn has_index(table: &Table, index: &Index, parent: &Table) -> bool {
    let what = |table: &Table, index: &Index| {
        (
            index.unique,
            index.method.clone(),
            index.keys.clone(),
            names(table, &index.included),
            index.predicate.clone(),
        )
    };
    table.partition.is_some()
        && parent
            .indexes
            .iter()
            .any(|other| what(parent, other) == what(table, index))
}
