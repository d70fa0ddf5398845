//! The key that values come from: that of an id, or of the label of an enum table.
//!
//! Given: an expression, and the end of each foreign key. Gives: the column at that end, if everything that the
//! expression can be comes from there: through whatever [`lineage`](super::lineage) follows, arrays, and the functions
//! that give the values they take. An expression that is not understood has no key.

use super::catalog::Catalog;
use super::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use super::scope::{QueryScope, Stage};
use super::tree::{Const, Expr, QueryTree, SublinkKind};
use crate::schema::{ColumnId, Keys};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

/// Functions, aggregates and window functions that give nothing but the values of their first argument.
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

/// The values of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyValues {
    /// There are none but NULL.
    None,
    /// Nothing but these texts.
    Labels(BTreeSet<String>),
    /// Values of a key.
    Of(ColumnId),
    /// Anything.
    Anything,
}

/// The keys that values come from, in one statement.
pub(super) struct KeyLineage<'t> {
    lineage: Lineage<'t, KeyValues>,
    keys: &'t Keys,
    /// The bodies of functions that are being followed, by their addresses: a function may call itself.
    open_bodies: RefCell<HashSet<usize>>,
}

impl<'t> KeyLineage<'t> {
    pub(super) fn new(catalog: &'t Catalog, keys: &'t Keys) -> Self {
        Self {
            lineage: Lineage::new(catalog),
            keys,
            open_bodies: RefCell::default(),
        }
    }

    /// The key that each column of a statement has values of.
    pub(super) fn find_keys(&self, query: &'t QueryTree) -> Vec<Option<ColumnId>> {
        let scope = QueryScope::outermost(query);
        let columns = query
            .columns()
            .map(|target| self.find_column_key(&scope, target.number));
        columns.collect()
    }

    /// The key that an expression has values of.
    pub(super) fn find_key(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> Option<ColumnId> {
        self.of_expression(scope, stage, expr).key()
    }

    /// The key that the `column`-th column of a query, from 1, has values of.
    pub(super) fn find_column_key(
        &self,
        scope: &QueryScope<'t, '_>,
        column: usize,
    ) -> Option<ColumnId> {
        self.of_column(scope, column).key()
    }

    /// The key that a column of a table or view has values of.
    pub(super) fn find_table_key(&self, oid: u32, column: i32) -> Option<ColumnId> {
        self.of_catalog_column(oid, column).key()
    }

    /// The key of a column of a function's body.
    fn of_body(&self, query: &'t QueryTree, column: usize) -> KeyValues {
        let address = std::ptr::from_ref(query).addr();
        if !self.open_bodies.borrow_mut().insert(address) {
            return KeyValues::Anything;
        }
        let found = self.of_column(&QueryScope::outermost(query), column);
        self.open_bodies.borrow_mut().remove(&address);
        found
    }

    /// The key of a column of a materialized view. Its rows are those of the last refresh: an id is the id of a row that there
    /// was, but a label may be one that the enum table has no more.
    fn of_refreshed(&self, query: &'t QueryTree, column: i32) -> KeyValues {
        let Ok(column @ 1..) = usize::try_from(column) else {
            return KeyValues::Anything;
        };
        match self.of_column(&QueryScope::outermost(query), column) {
            KeyValues::Of(key) if !self.keys.is_labelled(key) => KeyValues::Of(key),
            _ => KeyValues::Anything,
        }
    }

    fn of_any(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        all: impl IntoIterator<Item = &'t Expr>,
    ) -> KeyValues {
        let each = all
            .into_iter()
            .map(|expr| self.of_expression(scope, stage, expr));
        each.fold(KeyValues::None, |one, other| self.either(one, other))
    }

    fn of_passed(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        function: u32,
        arguments: &'t [Expr],
    ) -> KeyValues {
        let function = self.lineage.catalog.functions.get(&function);
        // An argument is a parameter of the body, which has no key: so the key is one that the body reads from a table.
        if let Some(body) = function.and_then(|function| function.body.as_ref()) {
            return match body.query.columns().count() {
                1 => self.of_body(&body.query, 1),
                _ => KeyValues::Anything,
            };
        }
        let passes = function.is_some_and(|f| f.built_in && PASS_FIRST.contains(&f.name.as_str()));
        match (passes, arguments) {
            // The third argument of `lag` and `lead` takes the place of a row that is missing.
            (true, [first, _, default]) => self.of_any(scope, stage, [first, default]),
            (true, [first, ..]) => self.of_expression(scope, stage, first),
            _ => KeyValues::Anything,
        }
    }
}

impl<'t> Fold<'t> for KeyLineage<'t> {
    type Answer = KeyValues;

    fn lineage(&self) -> &Lineage<'t, KeyValues> {
        &self.lineage
    }

    fn of_expression(&self, scope: &QueryScope<'t, '_>, stage: Stage, expr: &'t Expr) -> KeyValues {
        match expr {
            Expr::Var(var) => self.follow(scope, stage, *var),
            Expr::Const(constant) => read_constant(constant),
            Expr::Relabel(argument) | Expr::Convert(argument) => {
                self.of_expression(scope, stage, argument)
            }
            Expr::Coalesce(arguments)
            | Expr::MinMax(arguments)
            | Expr::Array(arguments)
            | Expr::Arrays(arguments) => self.of_any(scope, stage, arguments),
            Expr::NullIf(arguments) => {
                // The second argument of NULLIF is compared with and never returned.
                self.of_any(scope, stage, arguments.get(..1).unwrap_or_default())
            }
            Expr::Case {
                whens, otherwise, ..
            } => {
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.of_any(scope, stage, branches)
            }
            Expr::Call(call) => self.of_passed(scope, stage, call.function, &call.arguments),
            Expr::Aggregate(aggregate) => {
                self.of_passed(scope, Stage::Rows, aggregate.function, &aggregate.arguments)
            }
            Expr::Window(call) => self.of_passed(scope, stage, call.function, &call.arguments),
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    self.of_column(&scope.inside_at(&sublink.query, stage), 1)
                }
                _ => KeyValues::Anything,
            },
            _ => KeyValues::Anything,
        }
    }

    fn of_stored(&self, stored: Stored<'t>) -> KeyValues {
        if let Some(query) = &stored.table.refreshed_by {
            return self.of_refreshed(query, stored.column);
        }
        match i16::try_from(stored.column) {
            // A foreign key's column has values of the key at its end, so that ids of both tables
            // are one type.
            Ok(column @ 1..) => KeyValues::Of(self.keys.end((stored.oid, column))),
            _ => KeyValues::Anything,
        }
    }

    /// A function that ends before the others of ROWS FROM is filled with NULL, which is a value of any key.
    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> KeyValues {
        if let Some(function) = column.find_function() {
            return self.of_expression(scope, Stage::Rows, function);
        }
        let [(Expr::Call(call), width)] = column.functions else {
            return KeyValues::Anything;
        };
        let function = self.lineage.catalog.functions.get(&call.function);
        match function.and_then(|function| function.body.as_ref()) {
            Some(body) if body.query.columns().count() == *width && column.column <= *width => {
                self.of_body(&body.query, column.column)
            }
            _ => KeyValues::Anything,
        }
    }

    fn of_gap(&self, _: Gap<'t>) -> KeyValues {
        KeyValues::Anything
    }

    fn of_nothing(&self) -> KeyValues {
        KeyValues::None
    }

    fn either(&self, one: KeyValues, other: KeyValues) -> KeyValues {
        match (one, other) {
            (KeyValues::None, same) | (same, KeyValues::None) => same,
            (KeyValues::Labels(mut labels), KeyValues::Labels(more)) => {
                labels.extend(more);
                KeyValues::Labels(labels)
            }
            // `COALESCE(status, 'open')` keeps the key only if `open` is one of the labels.
            (KeyValues::Of(key), KeyValues::Labels(labels))
            | (KeyValues::Labels(labels), KeyValues::Of(key))
                if self.keys.has_labels(key, &labels) =>
            {
                KeyValues::Of(key)
            }
            (one, other) if one == other => one,
            _ => KeyValues::Anything,
        }
    }
}

impl KeyValues {
    fn key(self) -> Option<ColumnId> {
        match self {
            Self::Of(key) => Some(key),
            _ => None,
        }
    }
}

fn read_constant(constant: &Const) -> KeyValues {
    match (&constant.value, constant.text()) {
        (None, _) => KeyValues::None,
        (Some(_), Some(text)) => KeyValues::Labels(BTreeSet::from([text])),
        (Some(_), None) => KeyValues::Anything,
    }
}
