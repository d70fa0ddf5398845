//! The way of a value through a query, with one answer at its end.
//!
//! A fold has an answer where values begin (a stored column, an expression, a function), and a way how two answers are
//! one where values of two places meet. The rest is the same for all of them, and is here.

use super::address;
use super::memo::Lineage;
use super::source::{FunctionColumn, Gap, Source, Stored, find_source_at};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{
    AddedColumn, Cte, Expr, Relation, RelationKind, SetOperation, SetTree, Var,
};

/// How many rounds a recursion may take. Answers only grow, and from few things, so this many mean that they do not settle.
const MAX_ROUNDS: usize = 1_000;

/// A question about values.
pub(in crate::query::analysis) trait Fold<'t> {
    /// An answer about values. Two that are equal say the same.
    type Answer: Clone + PartialEq;

    /// The answers for the statement so far.
    fn lineage(&self) -> &Lineage<'t, Self::Answer>;

    /// The answer for an expression of a query.
    fn of_expression(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> Self::Answer;

    /// The answer for a column of a relation whose rows are stored.
    fn of_stored(&self, stored: Stored<'t>) -> Self::Answer;

    /// The answer for a column of functions in FROM.
    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> Self::Answer;

    /// The answer where the way ends.
    fn of_gap(&self, gap: Gap<'t>) -> Self::Answer;

    /// The answer for no values at all, which adds nothing to any other.
    fn of_nothing(&self) -> Self::Answer;

    /// The answer for values of which each is one of these or one of those.
    fn either(&self, one: Self::Answer, other: Self::Answer) -> Self::Answer;

    /// The answer for values of which each is one of these and one of those.
    fn both(&self, one: Self::Answer, other: Self::Answer) -> Self::Answer {
        self.either(one, other)
    }

    /// The answer for a whole row of a view, a query or VALUES.
    fn of_whole_row(&self, _source: Source<'t, '_>) -> Self::Answer {
        self.of_gap(Gap::WholeRow)
    }

    /// The answer for all rows of a recursion, where `answer` is that for one more step. It has to be the same for answers
    /// that differ only in how they were found.
    fn of_recursion(&self, _cte: &'t Cte, answer: Self::Answer) -> Self::Answer {
        answer
    }

    /// Whether the answers may be kept.
    fn is_complete(&self) -> bool {
        true
    }

    /// The answer for the values of a column of VALUES.
    fn of_values(
        &self,
        scope: &QueryScope<'t, '_>,
        rows: &'t [Vec<Expr>],
        index: usize,
    ) -> Self::Answer {
        let each = rows.iter().map(|row| match row.get(index) {
            Some(value) => self.of_expression(scope, Stage::Rows, value),
            None => self.of_gap(Gap::NoSuchColumn),
        });
        each.reduce(|one, other| self.either(one, other))
            .unwrap_or_else(|| self.of_nothing())
    }

    /// The answer for a column that an expression at `stage` of `scope` names.
    fn follow(&self, scope: &QueryScope<'t, '_>, stage: Stage, var: Var) -> Self::Answer {
        let stage = scope.stage(var.levels_up, stage);
        let Some((scope, relation)) = scope.relation(var) else {
            return self.of_gap(Gap::UnknownRelation);
        };
        // A rule or a trigger of a view gives other rows than those that the statement says.
        if self
            .lineage()
            .catalog
            .returns_others(scope.query, var.relation)
        {
            return self.of_gap(Gap::Rewritten(&relation.name));
        }
        self.follow_relation(scope, stage, relation, var.column)
    }

    /// The answer for a column of a relation of the query in `scope`.
    fn follow_relation(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        relation: &'t Relation,
        column: i32,
    ) -> Self::Answer {
        let source = find_source_at(scope, stage, relation, self.lineage().catalog);
        // Negative numbers are system columns, which only stored rows have.
        let Ok(number) = usize::try_from(column) else {
            return match source {
                Source::Stored(stored) => self.of_stored(Stored { column, ..stored }),
                Source::View(..) => self.of_gap(Gap::NoSuchColumn),
                Source::Unknown(gap) => self.of_gap(gap),
                _ => self.of_gap(Gap::SystemColumn),
            };
        };
        match source {
            Source::Stored(stored) => self.of_stored(Stored { column, ..stored }),
            Source::Unknown(gap) => self.of_gap(gap),
            Source::Functions {
                functions,
                ordinality,
            } => self.of_functions(
                scope,
                FunctionColumn {
                    functions,
                    ordinality,
                    column: number,
                },
            ),
            Source::View(..) | Source::Query(_) | Source::Recursive(..) | Source::Values(_)
                if number == 0 =>
            {
                self.of_whole_row(source)
            }
            Source::View(inner) | Source::Query(inner) => self.of_column(&inner, number),
            Source::Recursive(inner, cte) => self.of_recursive_column(&inner, cte, number),
            Source::Values(rows) => self.of_values(scope, rows, number - 1),
            Source::Expressions(columns) => {
                match number.checked_sub(1).and_then(|index| columns.get(index)) {
                    Some(expr) => self.of_expression(scope, stage, expr),
                    None => self.of_gap(Gap::NoSuchColumn),
                }
            }
        }
    }

    /// The answer for a column of a relation of the catalog, or for the values that a view has there.
    fn of_catalog_column(&self, oid: u32, column: i32) -> Self::Answer {
        let Some(table) = self.lineage().catalog.tables.get(&oid) else {
            return self.of_gap(Gap::NotInCatalog);
        };
        match (&table.view, usize::try_from(column)) {
            (Some(view), Ok(column)) => self.of_column(&QueryScope::outermost(view), column),
            _ => self.of_stored(Stored {
                oid,
                table,
                inherited: true,
                column,
            }),
        }
    }

    /// The answer for the `column`-th column, from 1, of a query.
    fn of_column(&self, scope: &QueryScope<'t, '_>, column: usize) -> Self::Answer {
        // Without the memo, a subquery that is read twice at each of n levels is followed 2^n
        // times.
        if let Some(answer) = self.lineage().find_answer(scope, column) {
            return answer;
        }
        let answer = match &scope.query.set_operations {
            Some(operations) => self.of_set(scope, operations, column),
            None => self.of_target(scope, column),
        };
        // An answer that was cut short by the budget would be taken for a proof about other
        // columns.
        if self.is_complete() {
            self.lineage().keep_answer(scope, column, answer.clone());
        }
        answer
    }

    /// The answer for a column of a query that is no set operation.
    fn of_target(&self, scope: &QueryScope<'t, '_>, column: usize) -> Self::Answer {
        match scope.query.columns().find(|target| target.number == column) {
            Some(target) => self.of_expression(scope, Stage::Output, &target.expr),
            None => self.of_gap(Gap::NoSuchColumn),
        }
    }

    /// The answer for a column of UNION, INTERSECT and EXCEPT.
    fn of_set(&self, scope: &QueryScope<'t, '_>, tree: &'t SetTree, column: usize) -> Self::Answer {
        let (operation, left, right) = match tree {
            SetTree::Relation(number) => {
                return match scope.query.relation(*number).map(|relation| &relation.kind) {
                    Some(RelationKind::Subquery(query)) => {
                        self.of_column(&scope.inside(query), column)
                    }
                    _ => self.of_gap(Gap::Arm),
                };
            }
            SetTree::Operation(operation, left, right) => (operation, left, right),
        };
        let left = self.of_set(scope, left, column);
        match operation {
            // The right side only removes rows.
            SetOperation::Except => left,
            SetOperation::Union => self.either(left, self.of_set(scope, right, column)),
            SetOperation::Intersect => self.both(left, self.of_set(scope, right, column)),
        }
    }

    /// The answer for a column of a recursive query, by induction: its rows come from its first arm, or from its second
    /// over rows that came before. Of these nothing is assumed first, and then the answers of the round before, until a round
    /// finds nothing more.
    fn of_recursive_column(
        &self,
        scope: &QueryScope<'t, '_>,
        cte: &'t Cte,
        column: usize,
    ) -> Self::Answer {
        let own = scope.query.columns().count();
        if let Some(added) = column
            .checked_sub(own + 1)
            .and_then(|index| cte.added.get(index))
        {
            return self.of_added_column(scope, added);
        }
        let query = address(scope.query);
        let answer = if let Some(known) = self.lineage().find_recursive(query, column) {
            known
        } else {
            let columns = self.of_recursive_columns(scope, cte);
            column
                .checked_sub(1)
                .and_then(|index| columns.get(index).cloned())
        };
        answer.unwrap_or_else(|| self.of_gap(Gap::NoSuchColumn))
    }

    /// The answer for a column that SEARCH or CYCLE adds.
    fn of_added_column(&self, scope: &QueryScope<'t, '_>, added: &'t AddedColumn) -> Self::Answer {
        match added {
            AddedColumn::Path => self.of_gap(Gap::NoSuchColumn),
            AddedColumn::Mark { yes, no } => {
                let [yes, no] = [yes, no].map(|mark| self.of_expression(scope, Stage::Rows, mark));
                self.either(yes, no)
            }
        }
    }

    /// The answers for all columns of a recursive query, which depend on each other.
    fn of_recursive_columns(&self, scope: &QueryScope<'t, '_>, cte: &'t Cte) -> Vec<Self::Answer> {
        let (query, lineage) = (address(scope.query), self.lineage());
        let count = scope.query.columns().count();
        // The least fixpoint starts from "no rows": starting from "anything" would never prove a
        // recursion.
        let mut columns = vec![self.of_recursion(cte, self.of_nothing()); count];
        for _ in 0..MAX_ROUNDS {
            // All columns together: a column of the next step may be computed from another of the
            // last.
            lineage.assume(query, columns.clone());
            let next = columns.iter().zip(1..).map(|(before, column)| {
                let found = self.of_column(scope, column);
                // Joined with the round before, so that answers only grow and the rounds end.
                self.of_recursion(cte, self.either(before.clone(), found))
            });
            let next: Vec<_> = next.collect();
            lineage.stop_assuming(query);
            if next == columns {
                if self.is_complete() {
                    lineage.settle(query, columns.clone());
                }
                return columns;
            }
            columns = next;
        }
        vec![self.of_gap(Gap::Endless); count]
    }
}
