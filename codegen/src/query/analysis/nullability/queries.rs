//! The columns of a query: its targets, or both arms of a UNION.

use super::super::scope::Scope;
use super::super::tree::{RelationKind, SetOperation, SetTree};
use super::expression::{Place, Stage};
use super::{Prover, Verdict, address};

impl<'t> Prover<'t> {
    /// The `column`-th column of a query, from 1.
    pub(super) fn scope_column(&self, scope: &Scope<'t, '_>, column: usize) -> Verdict {
        let key = (address(scope.query), scope.within, column);
        if let Some(verdict) = self.proved.borrow().get(&key) {
            return verdict.clone();
        }
        let verdict = self.unproved_column(scope, column);
        // What is proved under an assumption holds no longer than the assumption, and what one column
        // has no budget left for, another has.
        if self.assumed.borrow().is_empty() && !self.budget.is_spent() {
            self.proved.borrow_mut().insert(key, verdict.clone());
        }
        verdict
    }

    fn unproved_column(&self, scope: &Scope<'t, '_>, column: usize) -> Verdict {
        if let Some(operations) = &scope.query.set_operations {
            return self.set_column(scope, operations, column);
        }
        match scope.query.columns().find(|target| target.number == column) {
            Some(target) => self.expression(Place::new(scope, Stage::Output), &target.expr),
            None => Verdict::maybe("no proof: a column that the query does not name"),
        }
    }

    fn set_column(&self, scope: &Scope<'t, '_>, operations: &'t SetTree, column: usize) -> Verdict {
        let (operation, left, right) = match operations {
            SetTree::Relation(number) => return self.arm(scope, *number, column),
            SetTree::Operation(operation, left, right) => (operation, left, right),
        };
        let left = self.set_column(scope, left, column);
        match operation {
            SetOperation::Except => left,
            SetOperation::Union if left.nullable => left,
            SetOperation::Intersect if !left.nullable => left,
            SetOperation::Union | SetOperation::Intersect => self.set_column(scope, right, column),
        }
    }

    fn arm(&self, scope: &Scope<'t, '_>, number: usize, column: usize) -> Verdict {
        match scope.query.relation(number).map(|relation| &relation.kind) {
            Some(RelationKind::Subquery(query)) => self.scope_column(&scope.inside(query), column),
            _ => Verdict::maybe("no proof: an arm of a set operation that is not understood"),
        }
    }
}
