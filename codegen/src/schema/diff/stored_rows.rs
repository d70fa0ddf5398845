//! Materialized views that store whole rows of a table.
//!
//! Postgres refuses to rewrite the rows of the table while a stored column is of its row type
//! (`find_composite_type_dependencies`). A materialized view is dropped and filled again; a table would lose its rows, and is left
//! to a person.

use super::columns::has_value;
use super::comparison::{Comparison, Pair, find_column};
use super::graph::GraphItem;
use super::ids::{row_type_id, table_id};
use super::operation::{DatabaseFact, Operation};
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{ObjectId, ObjectKind, Table, View, ViewKind};

/// Whether Postgres writes the rows of the table again: for the value of a new column, even a constant, which it plans to
/// compute, and for another persistence or access method (`ATRewriteTables`).
pub(super) fn rewrites_rows((before, after): Pair<'_>) -> bool {
    let mut columns = after.columns.iter();
    let gains_value =
        columns.any(|column| find_column(before, &column.name).is_none() && has_value(column));
    gains_value || before.unlogged != after.unlogged || before.access_method != after.access_method
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

/// The operation, between the views of the old and of the new schema that store rows of the table.
pub(super) fn between_storing_views(
    operation: Operation,
    comparison: &Comparison<'_>,
    (before, after): Pair<'_>,
) -> Operation {
    let views = list_storing_views(comparison, before).into_iter();
    operation
        .needs(views.map(DatabaseFact::Gone))
        .provides([DatabaseFact::Rewritten(table_id(after))])
}

/// That the tables are rewritten whose rows the view stores.
pub(super) fn list_rewritten(comparison: &Comparison<'_>, view: &View) -> Vec<DatabaseFact> {
    if view.kind == ViewKind::View {
        return Vec::new();
    }
    // By the graph, which has row types; the needs of the view name their tables.
    let id = ObjectId::relation(view.name.sql.as_str());
    let needs = comparison.after.needs(&id).iter();
    let types = needs.filter(|id| id.kind == ObjectKind::Type);
    let tables = types.map(|id| ObjectId::relation(id.sql.as_str()));
    tables.map(DatabaseFact::Rewritten).collect()
}
