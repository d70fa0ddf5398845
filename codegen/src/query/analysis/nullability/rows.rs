//! Whether a query has at least one row, whatever the tables hold.

use super::super::scope::Scope;
use super::super::tree::{
    self, Expr, FromItem, QueryTree, RelationKind, SetOperation, SetTree, Statement,
};
use super::Prover;

impl<'t> Prover<'t> {
    /// Proved to have a row.
    pub(in super::super) fn gives_a_row(&self, scope: &Scope<'t, '_>) -> bool {
        let query = scope.query;
        let cut = query.limit.is_some() || query.offset.is_some() || query.having.is_some();
        if query.statement != Statement::Select || cut || may_expand(query) || !self.step() {
            return false;
        }
        if let Some(operations) = &query.set_operations {
            return self.set_gives_a_row(scope, operations);
        }
        if query.one_group() {
            return true;
        }
        let plain = query.group_by.is_empty() && !query.grouping_sets && query.filter.is_none();
        let items = query.from.as_deref();
        plain
            && items
                .is_some_and(|items| items.iter().all(|item| self.item_gives_a_row(scope, item)))
    }

    fn set_gives_a_row(&self, scope: &Scope<'t, '_>, operations: &'t SetTree) -> bool {
        match operations {
            SetTree::Relation(number) => self.relation_gives_a_row(scope, *number),
            SetTree::Operation(SetOperation::Union, left, right) => {
                self.set_gives_a_row(scope, left) || self.set_gives_a_row(scope, right)
            }
            SetTree::Operation(..) => false,
        }
    }

    fn item_gives_a_row(&self, scope: &Scope<'t, '_>, item: &'t FromItem) -> bool {
        match item {
            FromItem::Relation(number) => self.relation_gives_a_row(scope, *number),
            FromItem::Join { .. } => false,
        }
    }

    fn relation_gives_a_row(&self, scope: &Scope<'t, '_>, number: usize) -> bool {
        match scope.query.relation(number).map(|relation| &relation.kind) {
            Some(RelationKind::Values(rows)) => !rows.is_empty(),
            Some(RelationKind::Subquery(query)) => self.gives_a_row(&scope.inside(query)),
            _ => false,
        }
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
