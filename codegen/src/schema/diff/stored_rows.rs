//! Materialized views that store whole rows of a table.
//!
//! Postgres refuses to give the rows of the table other values while a stored column is of its row type
//! (`find_composite_type_dependencies`). A materialized view is dropped and filled again; a table would lose its rows, and is left
//! to a person.

use super::columns::has_value;
use super::comparison::{Comparison, Pair, find_column};
use super::graph::GraphItem;
use super::ids::row_type_id;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{ObjectId, Table, ViewKind};

/// Whether the table gets a column that has a value in each row: even of a constant, Postgres plans to compute it.
pub(super) fn gains_values((before, after): Pair<'_>) -> bool {
    let mut columns = after.columns.iter();
    columns.any(|column| find_column(before, &column.name).is_none() && has_value(column))
}

/// The materialized views of the old schema with a column of the table's row type.
pub(super) fn list_storing_views(comparison: &Comparison<'_>, table: &Table) -> Vec<ObjectId> {
    let before = &comparison.before;
    let is_stored = |id: &&ObjectId| {
        matches!(
            before.items.get(id),
            Some(GraphItem::Object(DumpNode::View(view))) if view.kind != ViewKind::View
        )
    };
    let dependents = before.dependents(&row_type_id(table)).iter();
    dependents.filter(is_stored).cloned().collect()
}
