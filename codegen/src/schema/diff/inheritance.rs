//! Columns of partitions and child tables: Postgres changes them together with the parent's.

use super::comparison::{Comparison, Pair, find_column};
use crate::schema::model::{Column, ObjectId, Table};

/// The names of columns that the table inherits, before or after.
pub(super) fn inherited_names(comparison: &Comparison<'_>, table: &Table) -> Vec<String> {
    let parents = comparison.parents(table).iter();
    let columns = parents.flat_map(|(before, after)| before.columns.iter().chain(&after.columns));
    columns.map(|column| column.name.clone()).collect()
}

/// Whether the table only inherits the column, and loses it with its parents, though it may get another one of its name.
pub(super) fn is_dropped_with_parent(
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) -> bool {
    if !column.inherited || comparison.is_rebuilt(&table.name.sql) {
        return false;
    }
    let kept = comparison.parents(table);
    // One that leaves a parent keeps the column, as its own.
    let has_left = table.parent_names().count() > kept.len();
    let above = kept.iter();
    let above = above.filter_map(|(before, after)| {
        let own = find_column(before, &column.name)?;
        let is_kept = find_column(after, &column.name).is_some();
        Some(!is_kept || is_dropped_with_parent(comparison, before, own))
    });
    let above: Vec<bool> = above.collect();
    !has_left && !above.is_empty() && above.iter().all(|is_dropped| *is_dropped)
}

/// The table after its parents were altered.
pub(super) fn table_after_parents(comparison: &Comparison<'_>, pair: Pair<'_>) -> Table {
    let mut table = pair.0.clone();
    for (before, after) in comparison.parents(pair.0) {
        let is_partition = table.partition.is_some();
        table.columns.retain(|column| {
            let goes = find_column(before, &column.name).is_some()
                && find_column(after, &column.name).is_none();
            !goes || !(is_partition || column.inherited)
        });
        for column in &after.columns {
            let former = find_column(before, &column.name);
            let own = table.columns.iter_mut().find(|own| own.name == column.name);
            match (former, own) {
                (Some(former), Some(own)) => {
                    follow_parent(comparison, before, own, (former, column));
                }
                // A column of its own is added before the parent's, which Postgres merges with it.
                (None, None) if !is_own_column(pair.1, column) => {
                    table.columns.push(column.clone());
                }
                _ => {}
            }
        }
    }
    if keeps_type(comparison, pair) {
        follow_type(&mut table, pair.1);
    }
    table
}

/// Whether the statement for a parent converts or recreates the column here as well.
pub(super) fn follows_parent(comparison: &Comparison<'_>, table: &Table, column: &Column) -> bool {
    comparison.parents(table).iter().any(|(parent, after)| {
        let former = find_column(parent, &column.name);
        let is_kept = find_column(after, &column.name).is_some();
        let fates = &comparison.fates;
        former.filter(|_| is_kept).is_some_and(|former| {
            fates.is_column_gone(parent, former) || fates.is_column_converted(parent, former)
        })
    })
}

/// Whether the table is of the same type throughout. One that is recreated is another type in between.
pub(super) fn keeps_type(comparison: &Comparison<'_>, (before, after): Pair<'_>) -> bool {
    let of_type = before.of_type.as_ref();
    let is_gone = |name: &String| {
        comparison
            .fates
            .is_gone(&ObjectId::data_type(name.as_str()))
    };
    before.of_type == after.of_type && of_type.is_some_and(|name| !is_gone(name))
}

fn is_own_column(child: &Table, column: &Column) -> bool {
    let own = find_column(child, &column.name);
    child.partition.is_none() && own.is_some_and(|own| !own.inherited)
}

fn follow_parent(
    comparison: &Comparison<'_>,
    parent: &Table,
    own: &mut Column,
    (former, column): (&Column, &Column),
) {
    let fates = &comparison.fates;
    if fates.is_column_gone(parent, former) || fates.is_column_converted(parent, former) {
        own.data_type.clone_from(&column.data_type);
        own.collation.clone_from(&column.collation);
        // Postgres resets storage and compression with the type (`ATExecAlterColumnType`).
        own.settings.retain(|setting| {
            setting.starts_with("SET STATISTICS") || setting.starts_with("SET (")
        });
        own.generated.clone_from(&column.generated);
        own.default.clone_from(&column.default);
    }
    // DROP EXPRESSION of the parent is one of its child tables too.
    if former.generated.is_some() && column.generated.is_none() {
        own.generated = None;
    }
    if former.default != column.default {
        own.default.clone_from(&column.default);
    }
    if former.not_null != column.not_null {
        own.not_null = column.not_null;
    }
    if former.not_null_name != column.not_null_name {
        own.not_null_name.clone_from(&column.not_null_name);
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
