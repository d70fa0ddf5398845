//! Whether a query has at least one row, whatever the tables hold.

use super::super::tree::{
    self, Expr, FromItem, JoinKind, QueryTree, RelationKind, SetOperation, SetTree, Statement,
};

/// Proved to have a row.
pub(in super::super) fn gives_a_row(query: &QueryTree) -> bool {
    let cut = query.limit.is_some() || query.offset.is_some() || query.having.is_some();
    if query.statement != Statement::Select || cut || may_expand(query) {
        return false;
    }
    if let Some(operations) = &query.set_operations {
        return set_gives_a_row(query, operations);
    }
    if query.one_group() {
        return true;
    }
    let plain = query.group_by.is_empty() && !query.grouping_sets && query.filter.is_none();
    let items = query.from.as_deref();
    plain && items.is_some_and(|items| items.iter().all(|item| item_gives_a_row(query, item)))
}

fn set_gives_a_row(query: &QueryTree, operations: &SetTree) -> bool {
    match operations {
        SetTree::Relation(number) => relation_gives_a_row(query, *number),
        SetTree::Operation(SetOperation::Union, left, right) => {
            set_gives_a_row(query, left) || set_gives_a_row(query, right)
        }
        SetTree::Operation(..) => false,
    }
}

/// Whether an element of FROM has a row for whatever comes before it.
pub(super) fn item_gives_a_row(query: &QueryTree, item: &FromItem) -> bool {
    let (kind, left, right) = match item {
        FromItem::Relation(number) => return relation_gives_a_row(query, *number),
        FromItem::Join {
            kind, left, right, ..
        } => (kind, left, right),
    };
    match kind {
        JoinKind::Inner => false,
        JoinKind::Left => item_gives_a_row(query, left),
        JoinKind::Right => item_gives_a_row(query, right),
        JoinKind::Full => item_gives_a_row(query, left) || item_gives_a_row(query, right),
    }
}

fn relation_gives_a_row(query: &QueryTree, number: usize) -> bool {
    match query.relation(number).map(|relation| &relation.kind) {
        Some(RelationKind::Values(rows)) => !rows.is_empty(),
        Some(RelationKind::Subquery(query)) => gives_a_row(query),
        _ => false,
    }
}

/// Whether a column may be a set, which may be empty.
fn may_expand(query: &QueryTree) -> bool {
    query.targets.iter().any(|target| sets(&target.expr) != 0)
}

/// How many sets an expression may be made of; what is not understood counts as many.
pub(super) fn sets(expr: &Expr) -> usize {
    let own = match expr {
        Expr::Call(call) => usize::from(call.set),
        Expr::Unknown(_) => 2,
        _ => 0,
    };
    let below: usize = tree::children(expr).into_iter().map(sets).sum();
    own + below
}
