//! Whose values an expression has: the key column that an id, or the label of an enum table, comes from.
//!
//! Given: an expression, and where the foreign keys lead. Gives: the column at their end, if everything that the expression can
//! be comes from there: through joins, subqueries, WITH, views, set operations, arrays, and the functions that give what they
//! take. What is not understood comes from nowhere.

use super::catalog::Catalog;
use super::origin;
use super::scope::Scope;
use super::tree::{
    Call, Const, Expr, QueryTree, RelationKind, SetOperation, SetTree, SublinkKind, Var,
};
use crate::schema::{ColumnId, Keys};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Functions, aggregates and window functions that give nothing but what their first argument holds.
const PASS_FIRST: &[&str] = &[
    "any_value",
    "array_agg",
    "array_remove",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "max",
    "min",
    "nth_value",
    "unnest",
];

/// What the values of an expression are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Values {
    /// There are none but NULL.
    None,
    /// Nothing but these texts.
    Labels(BTreeSet<String>),
    /// Values of a key.
    Of(ColumnId),
    /// Anything.
    Anything,
}

/// Where values come from, in one statement.
pub(super) struct Identities<'t> {
    catalog: &'t Catalog,
    keys: &'t Keys,
    /// By query, identified by its address, and column; what is being looked at counts as nothing.
    found: RefCell<HashMap<(usize, usize), Values>>,
}

impl<'t> Identities<'t> {
    pub(super) fn new(catalog: &'t Catalog, keys: &'t Keys) -> Self {
        Self {
            catalog,
            keys,
            found: RefCell::default(),
        }
    }

    /// The key that each column of a statement has values of.
    pub(super) fn of_columns(&self, query: &'t QueryTree) -> Vec<Option<ColumnId>> {
        let scope = Scope::outermost(query);
        let columns = query
            .columns()
            .map(|target| self.column(&scope, target.number).key());
        columns.collect()
    }

    /// The key that an expression has values of.
    pub(super) fn of_expression(&self, scope: &Scope<'t, '_>, expr: &'t Expr) -> Option<ColumnId> {
        self.expression(scope, expr).key()
    }

    /// The key that the `column`-th column of a query, from 1, has values of.
    pub(super) fn of_column(&self, scope: &Scope<'t, '_>, column: usize) -> Option<ColumnId> {
        self.column(scope, column).key()
    }

    /// The key that a column of a table refers to.
    pub(super) fn of_table_column(&self, oid: u32, column: i32) -> Option<ColumnId> {
        let origin = origin::of_table(oid, column, self.catalog)?;
        Some(self.keys.end(origin))
    }

    fn expression(&self, scope: &Scope<'t, '_>, expr: &'t Expr) -> Values {
        match expr {
            Expr::Var(var) => self.var(scope, *var),
            Expr::Const(constant) => of_constant(constant),
            Expr::Relabel(argument) | Expr::Convert(argument) => self.expression(scope, argument),
            Expr::Coalesce(arguments)
            | Expr::MinMax(arguments)
            | Expr::Array(arguments)
            | Expr::Arrays(arguments) => self.all(scope, arguments),
            Expr::NullIf(arguments) => self.all(scope, arguments.get(..1).unwrap_or_default()),
            Expr::Case {
                whens, otherwise, ..
            } => {
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.all(scope, branches)
            }
            Expr::Call(call) => self.call(scope, call),
            Expr::Aggregate(aggregate) => {
                self.passed(scope, aggregate.function, &aggregate.arguments)
            }
            Expr::Window(call) => self.passed(scope, call.function, &call.arguments),
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    self.column(&scope.inside(&sublink.query), 1)
                }
                _ => Values::Anything,
            },
            _ => Values::Anything,
        }
    }

    fn all(&self, scope: &Scope<'t, '_>, all: impl IntoIterator<Item = &'t Expr>) -> Values {
        let each = all.into_iter().map(|expr| self.expression(scope, expr));
        each.fold(Values::None, |one, other| self.either(one, other))
    }

    fn call(&self, scope: &Scope<'t, '_>, call: &'t Call) -> Values {
        self.passed(scope, call.function, &call.arguments)
    }

    fn passed(&self, scope: &Scope<'t, '_>, function: u32, arguments: &'t [Expr]) -> Values {
        let function = self.catalog.functions.get(&function);
        let passes = function.is_some_and(|f| f.built_in && PASS_FIRST.contains(&f.name.as_str()));
        match (passes, arguments) {
            // The third argument of `lag` and `lead` stands in where there is no row.
            (true, [first, _, default]) => self.all(scope, [first, default]),
            (true, [first, ..]) => self.expression(scope, first),
            _ => Values::Anything,
        }
    }

    fn var(&self, scope: &Scope<'t, '_>, var: Var) -> Values {
        let (Some((scope, relation)), Ok(column)) =
            (scope.relation(var), usize::try_from(var.column))
        else {
            return Values::Anything;
        };
        if self.catalog.returns_others(scope.query, var.relation) {
            return Values::Anything;
        }
        match &relation.kind {
            RelationKind::Table { oid, .. } => self.of_table_column(*oid, var.column).into(),
            RelationKind::Subquery(query) => self.column(&scope.inside(query), column),
            RelationKind::Cte { name, levels_up } => match scope.cte(name, *levels_up) {
                Some((owner, cte)) => self.column(&owner.inside(&cte.query), column),
                None => Values::Anything,
            },
            RelationKind::Join(columns) | RelationKind::Group(columns) => {
                match column.checked_sub(1).and_then(|index| columns.get(index)) {
                    Some(expr) => self.expression(scope, expr),
                    None => Values::Anything,
                }
            }
            RelationKind::Values(rows) => {
                let values = rows
                    .iter()
                    .filter_map(|row| row.get(column.checked_sub(1)?));
                self.all(scope, values)
            }
            RelationKind::Functions { functions, .. } => match functions.as_slice() {
                [(function, 1)] if column == 1 => self.expression(scope, function),
                _ => Values::Anything,
            },
            RelationKind::Unknown => Values::Anything,
        }
    }

    /// The `column`-th column of a query, from 1.
    fn column(&self, scope: &Scope<'t, '_>, column: usize) -> Values {
        let key = (std::ptr::from_ref(scope.query).addr(), column);
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone();
        }
        // A recursive query meets itself, and adds nothing by that.
        self.found.borrow_mut().insert(key, Values::None);
        let found = self.unseen_column(scope, column);
        self.found.borrow_mut().insert(key, found.clone());
        found
    }

    fn unseen_column(&self, scope: &Scope<'t, '_>, column: usize) -> Values {
        if let Some(operations) = &scope.query.set_operations {
            return self.set(scope, operations, column);
        }
        let mut columns = scope.query.columns();
        match columns.find(|target| target.number == column) {
            Some(target) => self.expression(scope, &target.expr),
            None => Values::Anything,
        }
    }

    fn set(&self, scope: &Scope<'t, '_>, operations: &'t SetTree, column: usize) -> Values {
        match operations {
            SetTree::Relation(number) => match scope.query.relation(*number).map(|r| &r.kind) {
                Some(RelationKind::Subquery(query)) => self.column(&scope.inside(query), column),
                _ => Values::Anything,
            },
            SetTree::Operation(SetOperation::Except, left, _) => self.set(scope, left, column),
            SetTree::Operation(_, left, right) => {
                let left = self.set(scope, left, column);
                self.either(left, self.set(scope, right, column))
            }
        }
    }

    /// What the values of two expressions are together.
    fn either(&self, one: Values, other: Values) -> Values {
        match (one, other) {
            (Values::None, same) | (same, Values::None) => same,
            (Values::Labels(mut labels), Values::Labels(more)) => {
                labels.extend(more);
                Values::Labels(labels)
            }
            (Values::Of(key), Values::Labels(labels))
            | (Values::Labels(labels), Values::Of(key))
                if self.keys.has_labels(key, &labels) =>
            {
                Values::Of(key)
            }
            (one, other) if one == other => one,
            _ => Values::Anything,
        }
    }
}

impl Values {
    fn key(self) -> Option<ColumnId> {
        match self {
            Self::Of(key) => Some(key),
            _ => None,
        }
    }
}

impl From<Option<ColumnId>> for Values {
    fn from(key: Option<ColumnId>) -> Self {
        key.map_or(Self::Anything, Self::Of)
    }
}

fn of_constant(constant: &Const) -> Values {
    match (&constant.value, constant.text()) {
        (None, _) => Values::None,
        (Some(_), Some(text)) => Values::Labels(BTreeSet::from([text])),
        (Some(_), None) => Values::Anything,
    }
}
