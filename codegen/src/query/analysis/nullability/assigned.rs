//! What INSERT and UPDATE return of a column that may be NULL: the value they gave it, where
//! nothing else has a say in the row.

use super::super::catalog::{Table, TableKind};
use super::super::scope::Scope;
use super::super::tree::{Conflict, Expr, Statement, Target};
use super::expression::{Place, Stage};
use super::{Prover, Verdict};

impl<'t> Prover<'t> {
    /// A column of the row that was written; nothing if it need not be what was assigned.
    pub(super) fn assigned(
        &self,
        scope: &Scope<'t, '_>,
        table: &'t Table,
        column: i32,
    ) -> Option<Verdict> {
        let query = scope.query;
        // An UPDATE can move a row to another partition, which makes it an INSERT there.
        let changed = table.triggers.insert || table.triggers.update;
        if changed || table.kind != TableKind::Stored {
            return None;
        }
        let number = usize::try_from(column).ok()?;
        let value = |targets: &'t [Target]| {
            let target = targets.iter().find(|target| target.number == number)?;
            Some(&target.expr)
        };
        let first = value(&query.targets)?;
        let second = match (query.statement, query.conflict) {
            (Statement::Update, _) | (Statement::Insert, None | Some(Conflict::Nothing)) => first,
            (Statement::Insert, Some(_)) => value(&query.assignments)?,
            _ => return None,
        };
        let is_null = |expr: &'t Expr| {
            let verdict = self.expression(Place::new(scope, Stage::Rows), expr);
            verdict.nullable
        };
        let null = is_null(first) || is_null(second);
        (!null).then(|| Verdict::never("what was assigned to it is never NULL"))
    }
}
