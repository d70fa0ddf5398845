//! The limit on the rows of each kind of statement.

use super::single::{BoundColumn, Singles, leaves};
use super::{Counter, bindings, fixed};
use crate::query::analysis::catalog::{CatalogRelation, TableKind};
use crate::query::analysis::nullability;
use crate::query::analysis::scope::{self, QueryScope};
use crate::query::analysis::tree::{
    self, Call, CallForm, Conflict, Expr, QueryTree, StatementTree, Ties,
};

impl<'t> Counter<'t> {
    /// Why a query gives at most one row, if some of its columns are bound from outside.
    pub(super) fn at_most_one(
        &self,
        scope: &QueryScope<'t, '_>,
        bound: &[BoundColumn],
    ) -> Option<String> {
        if !self.step() {
            return None;
        }
        match scope.query.statement {
            StatementTree::Select => self.select(scope, bound),
            StatementTree::Insert => self.insert(scope),
            // A binding from outside is about the row as it became, which says nothing of its key.
            StatementTree::Update | StatementTree::Delete => {
                let table = self.target(scope)?;
                let singles = self.singles(scope, &[]);
                match table.kind {
                    // A trigger of a view sees its row once for each row that FROM joins with it.
                    TableKind::View => singles.of_all(scope.query),
                    _ => singles.of(scope.query.result_relation),
                }
            }
            // Several source rows may each insert or update, so a key of the target bounds nothing.
            StatementTree::Merge => None,
        }
    }

    fn select(&self, scope: &QueryScope<'t, '_>, bound: &[BoundColumn]) -> Option<String> {
        let query = scope.query;
        // LIMIT first: it holds whatever the rest of the query is.
        if let Some(evidence) = limited(query) {
            return Some(evidence);
        }
        if query.expands || query.set_operations.is_some() {
            return None;
        }
        if query.one_group() {
            return Some("an aggregate without GROUP BY gives one row".to_owned());
        }
        // Each set has groups of its own.
        if query.grouping_sets {
            return None;
        }
        let singles = self.singles(scope, bound);
        let groups = || self.one_bound_group(scope, &singles);
        // Grouping only makes rows fewer, so single relations are enough with GROUP BY too.
        singles.of_all(query).or_else(groups)
    }

    /// Whether all rows are of one group, because each thing that they are grouped by is the same in all.
    fn one_bound_group(&self, scope: &QueryScope<'t, '_>, singles: &Singles<'t>) -> Option<String> {
        let query = scope.query;
        if query.group_by.is_empty() {
            return None;
        }
        let groups = query.group_by.iter().zip(&query.group_operators);
        for (group, operator) in groups {
            let target = query.targets.iter().find(|t| t.sort_group == *group)?;
            let function = self.catalog.equality.function_of(*operator);
            let same = self.is_same_in_all(scope, &target.expr, singles)
                || self.is_bound(scope, &target.expr, (function, singles));
            if !same {
                return None;
            }
        }
        Some("every column of GROUP BY is bound by `=`".to_owned())
    }

    /// Whether a column is equal in all rows in the sense of a function. Rows where an outer join fills it with NULL
    /// are a group of their own.
    fn is_bound(
        &self,
        scope: &QueryScope<'t, '_>,
        expr: &Expr,
        (function, singles): (u32, &Singles<'t>),
    ) -> bool {
        let equality = &self.catalog.equality;
        let Some(column) = bindings::own_column(scope.query, expr) else {
            return false;
        };
        let mut senses = singles.senses(column.relation, column.column).iter();
        let bound = senses.any(|sense| {
            equality.agree(sense.function, function) && equality.is_deterministic(sense.collation)
        });
        bound && !nullability::is_filled(scope, column.relation, self.catalog)
    }

    /// Whether an expression is the same in all rows, because the only rows of the relations that it reads are in all of
    /// them.
    fn is_same_in_all(
        &self,
        scope: &QueryScope<'t, '_>,
        expr: &'t Expr,
        singles: &Singles<'t>,
    ) -> bool {
        let query = scope.query;
        if let Some(column) = bindings::own_column(query, expr) {
            let is_filled = || nullability::is_filled(scope, column.relation, self.catalog);
            return singles.is_single(column.relation) && !is_filled();
        }
        match expr {
            Expr::Var(var) if var.levels_up == 0 => match scope::stands_for(query, *var) {
                Some(inner) if !matches!(inner, Expr::Var(_)) => {
                    self.is_same_in_all(scope, inner, singles)
                }
                _ => false,
            },
            // A subquery may depend on other rows than those of single relations.
            Expr::Sublink(_) | Expr::Aggregate(_) | Expr::Window(_) => false,
            _ => {
                fixed::is_repeatable(expr, self.catalog)
                    && tree::children(expr)
                        .into_iter()
                        .all(|child| self.is_same_in_all(scope, child, singles))
            }
        }
    }

    fn insert(&self, scope: &QueryScope<'t, '_>) -> Option<String> {
        self.target(scope)?;
        let query = scope.query;
        if query.expands {
            return None;
        }
        // VALUES with one row has been folded into the targets, and leaves FROM empty.
        if leaves(query).is_empty() && query.from.is_some() {
            return Some("INSERT of one row".to_owned());
        }
        self.singles(scope, &[]).of_all(query)
    }

    /// The table that a statement writes to, unless rules make another statement of it.
    fn target(&self, scope: &QueryScope<'t, '_>) -> Option<&'t CatalogRelation> {
        let table = self.catalog.target(scope.query)?;
        let no_rule = |table: &CatalogRelation| !table.rewrites;
        // A rule of a view's table counts as well: the view's INSERT becomes one of that table.
        self.catalog.all_below(table, no_rule).then_some(table)
    }

    /// Whether a query that gives at most one row also gives one.
    pub(super) fn at_least_one(&self, scope: &QueryScope<'t, '_>) -> bool {
        let query = scope.query;
        if query.statement == StatementTree::Select {
            return nullability::gives_a_row(scope, self.catalog);
        }
        let Some(table) = self.target(scope) else {
            return false;
        };
        // The same of a BEFORE INSERT trigger ("Overview of Trigger Behavior": returning NULL skips
        // the operation).
        let stored = table.kind == TableKind::Stored && !table.triggers.insert;
        let written = match query.conflict {
            None => true,
            // A BEFORE UPDATE trigger can drop the row, and then nothing is returned.
            Some(Conflict::Update) => !table.triggers.update && !writes_in_with(query),
            Some(Conflict::Nothing | Conflict::Sometimes) => false,
        };
        let one = query.from.as_ref().is_some_and(Vec::is_empty);
        query.statement == StatementTree::Insert && one && stored && written
    }
}

/// Whether WITH writes as well. Where SET reads what it returns, it may change the row that conflicts
/// first, and a row that the same command changed is silently left as it is.
fn writes_in_with(query: &QueryTree) -> bool {
    let mut statements = query.ctes.iter().map(|cte| cte.query.statement);
    statements.any(|statement| statement != StatementTree::Select)
}

/// LIMIT 1, LIMIT 0, or FETCH FIRST ROW ONLY.
fn limited(query: &QueryTree) -> Option<String> {
    let limit = query.limit.as_ref().filter(|_| query.ties == Ties::Cut)?;
    is_at_most_one(limit).then(|| "LIMIT 1".to_owned())
}

/// An integer constant that is 0 or 1, perhaps under the cast to `bigint` that LIMIT adds.
fn is_at_most_one(expr: &Expr) -> bool {
    match expr {
        // LIMIT is coerced to `bigint` (`transformLimitClause`), and the constant is an `integer`.
        Expr::Call(Call {
            form: CallForm::Cast,
            arguments,
            ..
        }) => matches!(arguments.as_slice(), [only] if is_at_most_one(only)),
        Expr::Const(constant) => constant.integer().is_some_and(|limit| limit <= 1),
        _ => false,
    }
}
