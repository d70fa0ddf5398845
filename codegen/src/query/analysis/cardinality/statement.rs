//! Each kind of statement: what limits its rows.

use super::super::catalog::{Table, TableKind};
use super::super::nullability;
use super::super::scope::Scope;
use super::super::tree::{
    Call, CallForm, Conflict, Expr, QueryTree, RelationKind, Statement, Ties,
};
use super::Counter;
use super::bindings;
use super::single::{Bound, Singles, leaves};

impl<'t> Counter<'t> {
    /// Why a query gives at most one row, if some of its columns are bound from outside.
    pub(super) fn at_most_one(&self, scope: &Scope<'t, '_>, bound: &[Bound]) -> Option<String> {
        if !self.step() {
            return None;
        }
        match scope.query.statement {
            Statement::Select => self.select(scope, bound),
            Statement::Insert => self.insert(scope),
            // What is bound from outside is the row as it became, which says nothing of its key.
            Statement::Update | Statement::Delete => {
                let table = self.target(scope)?;
                let singles = self.singles(scope, &[]);
                match table.kind {
                    // A trigger of a view sees its row once for each row that FROM joins with it.
                    TableKind::View => singles.of_all(scope.query),
                    _ => singles.of(scope.query.result_relation),
                }
            }
            Statement::Merge => None,
        }
    }

    fn select(&self, scope: &Scope<'t, '_>, bound: &[Bound]) -> Option<String> {
        let query = scope.query;
        if let Some(evidence) = limited(query) {
            return Some(evidence);
        }
        if query.expands || query.set_operations.is_some() {
            return None;
        }
        if query.one_group() {
            return Some("an aggregate without GROUP BY gives one row".to_owned());
        }
        if query.grouping_sets {
            return None;
        }
        let singles = self.singles(scope, bound);
        let groups = || self.one_bound_group(query, &singles);
        singles.of_all(query).or_else(groups)
    }

    /// Whether all rows are of one group, because what they are grouped by is the same in all.
    fn one_bound_group(&self, query: &QueryTree, singles: &Singles) -> Option<String> {
        if query.group_by.is_empty() {
            return None;
        }
        let equality = &self.catalog.equality;
        let groups = query.group_by.iter().zip(&query.group_operators);
        for (group, operator) in groups {
            let function = equality.function_of(*operator);
            let target = query.targets.iter().find(|t| t.sort_group == *group)?;
            let column = bindings::own_column(query, &target.expr)?;
            // Rows where an outer join fills it with NULL are a group of their own.
            if nullability::is_filled(query, column.relation, self.catalog) {
                return None;
            }
            let mut senses = singles.senses(column.relation, column.column).iter();
            senses.find(|sense| {
                equality.agree(sense.function, function)
                    && equality.is_deterministic(sense.collation)
            })?;
        }
        Some("every column of GROUP BY is bound by `=`".to_owned())
    }

    fn insert(&self, scope: &Scope<'t, '_>) -> Option<String> {
        self.target(scope)?;
        let query = scope.query;
        if query.expands {
            return None;
        }
        if leaves(query).is_empty() && query.from.is_some() {
            return Some("INSERT of one row".to_owned());
        }
        self.singles(scope, &[]).of_all(query)
    }

    /// What a statement writes to, unless rules make something else of it.
    fn target(&self, scope: &Scope<'t, '_>) -> Option<&'t Table> {
        let table = self.catalog.target(scope.query)?;
        self.plain(table, 0).then_some(table)
    }

    /// Whether no rule of a table, or of the tables below a view, rewrites what is written to it.
    fn plain(&self, table: &Table, depth: usize) -> bool {
        let below = |view: &QueryTree| {
            let read = leaves(view);
            let mut relations = read.iter().filter_map(|number| view.relation(*number));
            relations.all(|relation| match relation.kind {
                RelationKind::Table { oid, .. } => {
                    let table = self.catalog.tables.get(&oid);
                    table.is_some_and(|table| self.plain(table, depth + 1))
                }
                _ => true,
            })
        };
        let view = table.kind == TableKind::View;
        let understood = !view || table.view.is_some();
        !table.rewrites && depth < 100 && understood && table.view.as_deref().is_none_or(below)
    }

    /// Whether a query that gives at most one row also gives one.
    pub(super) fn at_least_one(&self, scope: &Scope<'t, '_>) -> bool {
        let query = scope.query;
        if query.statement == Statement::Select {
            return nullability::gives_a_row(query);
        }
        let Some(table) = self.target(scope) else {
            return false;
        };
        let stored = table.kind == TableKind::Stored && !table.triggers.insert;
        let written = match query.conflict {
            None => true,
            Some(Conflict::Update) => !table.triggers.update,
            Some(Conflict::Nothing | Conflict::Sometimes) => false,
        };
        let one = query.from.as_ref().is_some_and(Vec::is_empty);
        query.statement == Statement::Insert && one && stored && written
    }
}

/// LIMIT 1, LIMIT 0, or FETCH FIRST ROW ONLY.
fn limited(query: &QueryTree) -> Option<String> {
    let limit = query.limit.as_ref().filter(|_| query.ties == Ties::Cut)?;
    is_at_most_one(limit).then(|| "LIMIT 1".to_owned())
}

/// An integer constant that is 0 or 1, perhaps under the cast to `bigint` that LIMIT adds.
fn is_at_most_one(expr: &Expr) -> bool {
    match expr {
        Expr::Call(Call {
            form: CallForm::Cast,
            arguments,
            ..
        }) => matches!(arguments.as_slice(), [only] if is_at_most_one(only)),
        Expr::Const(constant) => constant.small_integer().is_some_and(|limit| limit <= 1),
        _ => false,
    }
}
