//! Views as a statement writes through them ("CREATE VIEW", Updatable Views): their columns over the row of the table below, which
//! need not satisfy their WHERE.
//!
//! Postgres evaluates the columns of such a view on the row as it was written, and only WITH CHECK OPTION refuses one that the view
//! does not show. So a proof about a returned row must use no condition of the view, nor of a view below it.

use super::{CatalogRelation, MAX_VIEWS};
use crate::query::analysis::tree::{FromItem, QueryTree, RelationKind};
use std::collections::HashMap;

/// The queries of the views that Postgres can write through, without their conditions, by OID.
pub(super) fn read_written_views(
    tables: &HashMap<u32, CatalogRelation>,
) -> HashMap<u32, Box<QueryTree>> {
    let views = tables.iter().filter(|(_, table)| table.view.is_some());
    let written = views.filter_map(|(oid, table)| Some((*oid, write_through(tables, table, 0)?)));
    written.collect()
}

/// The query of one view; none if Postgres refuses to write through it without a rule or a trigger.
fn write_through(
    tables: &HashMap<u32, CatalogRelation>,
    view: &CatalogRelation,
    depth: usize,
) -> Option<Box<QueryTree>> {
    let query = view.view.as_deref()?;
    let Some([FromItem::Relation(number)]) = query.from.as_deref() else {
        return None;
    };
    if depth > MAX_VIEWS || !is_simple(query) {
        return None;
    }
    let mut written = Box::new(query.clone());
    written.filter = None;
    let below = written.relations.get_mut(number.checked_sub(1)?)?;
    let RelationKind::Table { oid, .. } = below.kind else {
        return None;
    };
    let table = tables.get(&oid)?;
    if table.view.is_some() {
        below.kind = RelationKind::Subquery(write_through(tables, table, depth + 1)?);
    }
    Some(written)
}

/// Whether a query has none of the clauses that Postgres refuses in a view that it writes through (`view_query_is_auto_updatable`).
fn is_simple(query: &QueryTree) -> bool {
    let is_grouped = query.aggregates || query.grouping_sets || query.having.is_some();
    let is_grouped = is_grouped || !query.group_by.is_empty() || !query.windows.is_empty();
    let is_cut = query.limit.is_some() || query.offset.is_some() || !query.distinct.is_empty();
    !is_grouped
        && !is_cut
        && !query.expands
        && query.ctes.is_empty()
        && query.set_operations.is_none()
}
