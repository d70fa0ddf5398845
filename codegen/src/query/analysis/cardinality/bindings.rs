//! Bindings: what WHERE and ON set equal to a column.
//!
//! A condition of an outer join says something of the rows of its nullable side alone, so each
//! binding knows the relations that it is about; one about another relation is not collected.

use super::super::catalog::Catalog;
use super::super::scope;
use super::super::tree::{Boolean, Call, Expr, FromItem, JoinKind, QueryTree, RowVersion, Var};
use super::fixed;
use std::collections::HashSet;

/// By which function and collation two values are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Equal {
    pub(super) function: u32,
    pub(super) collation: u32,
}

/// What a column is set equal to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// The same for all rows of the query.
    Fixed,
    /// Another column of the query.
    Column(Var),
}

/// An equality that is true in every row in which the column's relation is not filled with NULL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Binding {
    pub(super) column: Var,
    pub(super) value: Value,
    pub(super) equal: Equal,
}

/// The bindings of one query.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    pub(super) all: Vec<Binding>,
    /// Relations below a FULL JOIN, which gives a row for each side that has no partner.
    pub(super) doubled: HashSet<usize>,
}

/// Collects those of one query, without those of its subqueries.
pub(super) fn of(query: &QueryTree, catalog: &Catalog) -> Bindings {
    let mut collector = Collector {
        query,
        catalog,
        bindings: Bindings::default(),
    };
    let everything: Vec<usize> = (1..=query.relations.len()).collect();
    if let Some(filter) = &query.filter {
        collector.condition(filter, &everything);
    }
    for item in query.from.iter().flatten() {
        collector.visit(item);
    }
    collector.bindings
}

struct Collector<'t> {
    query: &'t QueryTree,
    catalog: &'t Catalog,
    bindings: Bindings,
}

impl Collector<'_> {
    fn visit(&mut self, item: &FromItem) {
        let FromItem::Join {
            kind,
            left,
            right,
            on,
            ..
        } = item
        else {
            return;
        };
        let about = match kind {
            JoinKind::Inner => item.relations(),
            JoinKind::Left => right.relations(),
            JoinKind::Right => left.relations(),
            JoinKind::Full => {
                self.bindings.doubled.extend(item.relations());
                Vec::new()
            }
        };
        if let Some(on) = on {
            self.condition(on, &about);
        }
        self.visit(left);
        self.visit(right);
    }

    /// What follows from a condition that holds, for the relations it is about.
    fn condition(&mut self, condition: &Expr, about: &[usize]) {
        match condition {
            Expr::Boolean(Boolean::And, parts) => {
                for part in parts {
                    self.condition(part, about);
                }
            }
            Expr::Call(call) if self.is_equality(call) => {
                if let [left, right] = call.arguments.as_slice() {
                    self.binding(call, left, right, about);
                    self.binding(call, right, left, about);
                }
            }
            _ => {}
        }
    }

    /// NULL must not be equal to anything: a row of NULLs that an outer join made is then excluded.
    fn is_equality(&self, call: &Call) -> bool {
        let function = self.catalog.functions.get(&call.function);
        function.is_some_and(|function| function.strict)
            && !call.set
            && self.catalog.equality.is_equality(call.function)
    }

    fn binding(&mut self, call: &Call, column: &Expr, value: &Expr, about: &[usize]) {
        let Some(column) = own_column(self.query, column) else {
            return;
        };
        let value = match own_column(self.query, value) {
            Some(other) => Value::Column(other),
            None if fixed::expression(value, self.catalog) => Value::Fixed,
            None => return,
        };
        if about.contains(&column.relation) {
            let equal = Equal {
                function: call.function,
                collation: call.collation,
            };
            self.bindings.all.push(Binding {
                column,
                value,
                equal,
            });
        }
    }
}

/// The column of a relation of this query that an expression is, through joins and groupings.
pub(super) fn own_column(query: &QueryTree, mut expr: &Expr) -> Option<Var> {
    while let Expr::Relabel(argument) = expr {
        expr = argument;
    }
    match expr {
        Expr::Var(var)
            if var.levels_up == 0 && var.column != 0 && var.version == RowVersion::Default =>
        {
            through(query, *var)
        }
        _ => None,
    }
}

/// The column itself, unless it is one that a join computes.
fn through(query: &QueryTree, var: Var) -> Option<Var> {
    let found = scope::underlying(query, var);
    match scope::stands_for(query, found) {
        // A change of type that keeps the value, as USING makes it.
        Some(Expr::Relabel(inner)) => own_column(query, inner),
        Some(_) => None,
        None => Some(found),
    }
}
