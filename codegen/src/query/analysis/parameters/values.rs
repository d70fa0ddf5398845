//! The parameters whose value an expression is, and nothing else: through casts, COALESCE, CASE, arrays, and whatever
//! [`lineage`](crate::query::analysis::lineage) follows.

use super::usage::without_casts;
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{Expr, SublinkKind};
use std::collections::BTreeSet;

/// A parameter whose value an expression may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ParameterValue {
    /// Its number, from 1.
    pub(super) parameter: usize,
    /// Whether only an element of it is.
    pub(super) element: bool,
}

/// The parameters that values are, in one statement.
pub(super) struct ParameterValues<'t> {
    lineage: Lineage<'t, BTreeSet<ParameterValue>>,
}

impl<'t> ParameterValues<'t> {
    pub(super) fn new(catalog: &'t Catalog) -> Self {
        Self {
            lineage: Lineage::new(catalog),
        }
    }

    /// The parameters whose value an expression may be, lowest first.
    pub(super) fn find_parameters(
        &self,
        scope: &QueryScope<'t, '_>,
        expr: &'t Expr,
    ) -> BTreeSet<ParameterValue> {
        self.of_expression(scope, Stage::Rows, expr)
    }
}

impl<'t> Fold<'t> for ParameterValues<'t> {
    type Answer = BTreeSet<ParameterValue>;

    fn lineage(&self) -> &Lineage<'t, BTreeSet<ParameterValue>> {
        &self.lineage
    }

    fn of_expression(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> BTreeSet<ParameterValue> {
        let any = |all: &mut dyn Iterator<Item = &'t Expr>| -> BTreeSet<ParameterValue> {
            let each = all.flat_map(|expr| self.of_expression(scope, stage, expr));
            each.collect()
        };
        match without_casts(expr) {
            Expr::Parameter(number) => BTreeSet::from([ParameterValue {
                parameter: *number,
                element: false,
            }]),
            Expr::Coalesce(arguments) | Expr::Array(arguments) => any(&mut arguments.iter()),
            Expr::Case {
                whens, otherwise, ..
            } => any(&mut whens.iter().map(|(_, then)| then).chain([&**otherwise])),
            // `unnest`, and whatever else makes a set of the elements of one array.
            Expr::Call(call) if call.set => find_elements(&call.arguments),
            Expr::Sublink(sublink) if sublink.kind == SublinkKind::Value => {
                self.of_column(&scope.inside_at(&sublink.query, stage), 1)
            }
            Expr::Var(var) => self.follow(scope, stage, *var),
            // A computed value is no longer the parameter: its type and key may be others.
            _ => BTreeSet::new(),
        }
    }

    fn of_stored(&self, _: Stored<'t>) -> BTreeSet<ParameterValue> {
        BTreeSet::new()
    }

    /// `unnest(:ids, :names)` in FROM is a function for each array.
    fn of_functions(
        &self,
        _: &QueryScope<'t, '_>,
        column: FunctionColumn<'t>,
    ) -> BTreeSet<ParameterValue> {
        match column.find_function() {
            Some(Expr::Call(call)) => find_elements(&call.arguments),
            _ => BTreeSet::new(),
        }
    }

    fn of_gap(&self, _: Gap<'t>) -> BTreeSet<ParameterValue> {
        BTreeSet::new()
    }

    fn of_nothing(&self) -> BTreeSet<ParameterValue> {
        BTreeSet::new()
    }

    fn either(
        &self,
        mut one: BTreeSet<ParameterValue>,
        other: BTreeSet<ParameterValue>,
    ) -> BTreeSet<ParameterValue> {
        one.extend(other);
        one
    }
}

fn find_elements(arguments: &[Expr]) -> BTreeSet<ParameterValue> {
    match arguments {
        [array] => match without_casts(array) {
            Expr::Parameter(number) => BTreeSet::from([ParameterValue {
                parameter: *number,
                element: true,
            }]),
            _ => BTreeSet::new(),
        },
        _ => BTreeSet::new(),
    }
}
