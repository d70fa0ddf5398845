//! The columns that RETURNING shows of the table that a statement writes to.
//!
//! Every assignment sees the row as it was before ("the expressions can use the old values of this
//! and other columns": UPDATE), so a column that is returned is proved by the values assigned to it,
//! over the old row, and never through other assignments. Conditions are about the old row
//! as well: it is true of a column that is returned only if the statement left it as it was.

use super::expression::ExprPlace;
use super::facts::Fact;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::catalog::{CatalogRelation, TableKind};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{
    self, Conflict, Expr, QueryTree, Relation, RelationKind, StatementTree, TargetEntry,
};

/// Where the value comes from that RETURNING shows of a column.
enum Returned<'t> {
    /// From the row as it was found.
    Found,
    /// From one of these, which were assigned to it.
    Assigned(Vec<&'t Expr>),
    /// From anything that the table can hold: a default, a trigger, a generated column.
    Stored,
    /// From a row that is perhaps none of the table: a rule or a trigger of a view gave it.
    Another,
}

impl<'t> NullabilityProver<'t> {
    /// A column of a relation that is returned, if the statement writes to that relation and this
    /// decides something.
    pub(super) fn prove_returned(
        &self,
        scope: &QueryScope<'t, '_>,
        relation: &'t Relation,
        (number, column): (usize, i32),
    ) -> Option<NullVerdict> {
        // Other relations of the statement (FROM, USING) are shown as they were read.
        if number != scope.query.result_relation {
            return None;
        }
        match self.find_returned(scope.query, self.table(relation)?, column) {
            Returned::Another => {
                let name = &relation.name;
                Some(NullVerdict::maybe(format!(
                    "no proof: a trigger or rule of `{name}` may return NULL"
                )))
            }
            Returned::Assigned(values) => {
                let mut values = values.into_iter();
                let place = ExprPlace::new(scope, Stage::Rows);
                let never = values.all(|value| !self.expression(place, value).nullable);
                // Only a proof is given; otherwise the column's own declaration decides.
                never.then(|| NullVerdict::never("what was assigned to it is never NULL"))
            }
            Returned::Found | Returned::Stored => None,
        }
    }

    /// A column of EXCLUDED: the value INSERT gave it, unless a trigger changed that.
    pub(super) fn prove_excluded(
        &self,
        scope: &QueryScope<'t, '_>,
        table: &'t CatalogRelation,
        column: i32,
    ) -> Option<NullVerdict> {
        // EXCLUDED is the row after BEFORE INSERT triggers ("INSERT", ON CONFLICT), so a trigger
        // may have replaced the value.
        if is_changed(table) || is_generated(table, column) {
            return None;
        }
        let value = find_assigned(&scope.query.targets, column)?;
        let verdict = self.expression(ExprPlace::new(scope, Stage::Rows), value);
        (!verdict.nullable).then(|| NullVerdict::never("what INSERT gave it is never NULL"))
    }

    /// Whether RETURNING may show another value than the one that a condition was about.
    pub(super) fn is_rewritten(&self, query: &'t QueryTree, fact: &Fact<'t>) -> bool {
        match fact {
            Fact::Column(var) => {
                var.levels_up == 0 && self.is_column_rewritten(query, var.relation, var.column)
            }
            Fact::Expression(expr) => self.is_any_rewritten(query, expr),
            Fact::Parameter(_) | Fact::Counted(_) => false,
        }
    }

    fn is_any_rewritten(&self, query: &'t QueryTree, expr: &Expr) -> bool {
        if let Expr::Var(var) = expr {
            return var.levels_up == 0 && self.is_column_rewritten(query, var.relation, var.column);
        }
        let mut below = tree::children(expr).into_iter();
        below.any(|child| self.is_any_rewritten(query, child))
    }

    fn is_column_rewritten(&self, query: &'t QueryTree, relation: usize, column: i32) -> bool {
        let is_target =
            query.statement != StatementTree::Select && relation == query.result_relation;
        let table = query.relation(relation).and_then(|found| self.table(found));
        let found = |table| matches!(self.find_returned(query, table, column), Returned::Found);
        // A table that is not in the catalog counts as rewritten.
        is_target && !table.is_some_and(found)
    }

    fn find_returned(
        &self,
        query: &'t QueryTree,
        table: &CatalogRelation,
        column: i32,
    ) -> Returned<'t> {
        if table.kind != TableKind::View {
            return find_returned(query, table, column);
        }
        // An INSTEAD OF trigger returns the row that RETURNING shows, and nothing checks its columns ("Overview of Trigger
        // Behavior"). Any other view returns the row of the table below it.
        let is_own = !self.catalog.returns_others(query, query.result_relation);
        if column < 1 || table.written.is_none() || !is_own {
            return Returned::Another;
        }
        match query.statement {
            StatementTree::Delete => Returned::Found,
            // The assignments are to columns of the table below, which may have triggers, and be more than one column of the view.
            _ => Returned::Stored,
        }
    }

    fn table(&self, relation: &Relation) -> Option<&'t CatalogRelation> {
        match relation.kind {
            RelationKind::Table { oid, .. } => self.catalog.tables.get(&oid),
            _ => None,
        }
    }
}

fn find_returned<'t>(query: &'t QueryTree, table: &CatalogRelation, column: i32) -> Returned<'t> {
    if table.has_rules {
        return Returned::Another;
    }
    // The whole row and the system's columns change with every other.
    let changes = is_changed(table) || is_generated(table, column) || column < 1;
    let first = find_assigned(&query.targets, column);
    match (query.statement, query.conflict) {
        // A BEFORE DELETE trigger can keep the row, but its result is not the row that RETURNING
        // shows.
        (StatementTree::Delete, _) => Returned::Found,
        _ if changes => Returned::Stored,
        (StatementTree::Update, _) => match first {
            Some(value) => Returned::Assigned(vec![value]),
            None => Returned::Found,
        },
        // A column that INSERT does not name gets its default, which can be any expression. DO
        // NOTHING returns no row for a conflict, so only inserted rows are seen.
        (StatementTree::Insert, None | Some(Conflict::Nothing)) => {
            first.map_or(Returned::Stored, |value| Returned::Assigned(vec![value]))
        }
        (StatementTree::Insert, Some(_)) => {
            match (first, find_assigned(&query.assignments, column)) {
                // RETURNING shows the inserted row or the updated one, and the statement cannot tell
                // which.
                (Some(first), Some(second)) => Returned::Assigned(vec![first, second]),
                _ => Returned::Stored,
            }
        }
        // Which action of a MERGE gave the row is not known.
        (StatementTree::Merge | StatementTree::Select, _) => Returned::Stored,
    }
}

/// The value that a statement assigns to a column.
fn find_assigned(targets: &[TargetEntry], column: i32) -> Option<&Expr> {
    let number = usize::try_from(column).ok()?;
    let mut targets = targets.iter().filter(|target| !target.junk);
    let target = targets.find(|target| target.number == number)?;
    Some(&target.expr)
}

/// Whether something besides the statement has a say in the rows that it writes. An UPDATE can move
/// a row to another partition, which makes it an INSERT there.
fn is_changed(table: &CatalogRelation) -> bool {
    table.triggers.insert || table.triggers.update || table.kind != TableKind::Stored
}

/// Whether the table computes the column from the row as it became.
fn is_generated(table: &CatalogRelation, column: i32) -> bool {
    let column = table.columns.get(&column);
    column.is_some_and(|column| column.generated)
}
