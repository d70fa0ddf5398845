//! Whether a query has at least one row, whatever the tables hold.

use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::lineage::{Source, find_source};
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{
    self, Expr, FromItem, JoinKind, QueryTree, SetOperation, SetTree, StatementTree,
};
use std::cell::Cell;

/// How many relations are looked at: WITH can name one twice in each of many steps.
const MAX_STEPS: usize = 1_000;

/// Proved to have a row.
pub(in crate::query::analysis) fn gives_a_row<'t>(
    scope: &QueryScope<'t, '_>,
    catalog: &'t Catalog,
) -> bool {
    RowProof::new(catalog).query_gives_a_row(scope)
}

/// Whether an element of FROM has a row for whatever comes before it.
pub(super) fn item_gives_a_row<'t>(
    scope: &QueryScope<'t, '_>,
    item: &FromItem,
    catalog: &'t Catalog,
) -> bool {
    RowProof::new(catalog).item_gives_a_row(scope, item)
}

struct RowProof<'t> {
    catalog: &'t Catalog,
    steps: Cell<usize>,
}

impl<'t> RowProof<'t> {
    fn new(catalog: &'t Catalog) -> Self {
        Self {
            catalog,
            steps: Cell::new(0),
        }
    }

    fn query_gives_a_row(&self, scope: &QueryScope<'t, '_>) -> bool {
        let query = scope.query;
        let cut = query.limit.is_some() || query.offset.is_some() || query.having.is_some();
        if query.statement != StatementTree::Select || cut || may_expand(query) {
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
        plain && items.is_some_and(|items| items.iter().all(|i| self.item_gives_a_row(scope, i)))
    }

    fn set_gives_a_row(&self, scope: &QueryScope<'t, '_>, operations: &SetTree) -> bool {
        match operations {
            SetTree::Relation(number) => self.relation_gives_a_row(scope, *number),
            SetTree::Operation(SetOperation::Union, left, right) => {
                self.set_gives_a_row(scope, left) || self.set_gives_a_row(scope, right)
            }
            SetTree::Operation(..) => false,
        }
    }

    fn item_gives_a_row(&self, scope: &QueryScope<'t, '_>, item: &FromItem) -> bool {
        let (kind, left, right) = match item {
            FromItem::Relation(number) => return self.relation_gives_a_row(scope, *number),
            FromItem::Join {
                kind, left, right, ..
            } => (kind, left, right),
        };
        match kind {
            JoinKind::Inner => false,
            JoinKind::Left => self.item_gives_a_row(scope, left),
            JoinKind::Right => self.item_gives_a_row(scope, right),
            JoinKind::Full => {
                self.item_gives_a_row(scope, left) || self.item_gives_a_row(scope, right)
            }
        }
    }

    fn relation_gives_a_row(&self, scope: &QueryScope<'t, '_>, number: usize) -> bool {
        self.steps.set(self.steps.get() + 1);
        let Some(relation) = scope.query.relation(number) else {
            return false;
        };
        if self.steps.get() > MAX_STEPS {
            return false;
        }
        match find_source(scope, relation, self.catalog) {
            Source::Values(rows) => !rows.is_empty(),
            Source::Query(inner) | Source::View(inner) => self.query_gives_a_row(&inner),
            // The rows of its first arm, which does not read it.
            Source::Recursive(inner, _) => match &inner.query.set_operations {
                Some(SetTree::Operation(SetOperation::Union, first, _)) => {
                    let cut = inner.query.limit.is_some() || inner.query.offset.is_some();
                    !cut && self.set_gives_a_row(&inner, first)
                }
                _ => false,
            },
            _ => false,
        }
    }
}

/// Whether a column may be a set, which may be empty.
fn may_expand(query: &QueryTree) -> bool {
    query
        .targets
        .iter()
        .any(|target| count_sets(&target.expr) != 0)
}

/// How many sets an expression may be made of; a node that is not understood counts as many.
pub(super) fn count_sets(expr: &Expr) -> usize {
    let own = match expr {
        Expr::Call(call) => usize::from(call.set),
        Expr::Unknown(_) => 2,
        _ => 0,
    };
    let below: usize = tree::children(expr).into_iter().map(count_sets).sum();
    own + below
}
