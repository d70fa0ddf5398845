//! Functions of the user that are written in SQL: the results of their last statement, where the
//! arguments that are NULL are known.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver, Parameters, rows};
use crate::query::analysis::catalog::{Body, CatalogFunction};
use crate::query::analysis::lineage::Fold as _;
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{Call, Expr};
use std::collections::HashMap;
use std::rc::Rc;

/// By function, which of its arguments may be NULL, and column.
pub(super) type Calls = HashMap<(u32, Vec<bool>, usize), NullVerdict>;

impl<'t> NullabilityProver<'t> {
    /// A call that gives one value.
    pub(super) fn called(
        &self,
        place: ExprPlace<'t, '_>,
        call: &'t Call,
        function: &'t CatalogFunction,
    ) -> NullVerdict {
        // The columns of the body are the fields of the row here; whether the row itself is NULL is
        // another question, which is not answered.
        if self.is_composite(call.result) {
            return no_proof(function);
        }
        self.row_column(place, call, 1)
    }

    /// The `column`-th column, from 1, of the rows that a call gives.
    pub(super) fn row_column(
        &self,
        place: ExprPlace<'t, '_>,
        call: &'t Call,
        column: usize,
    ) -> NullVerdict {
        let Some(function) = self.catalog.functions.get(&call.function) else {
            return NullVerdict::maybe("no proof: a function that the catalog does not have");
        };
        // Column 0 is the whole row, which is no column of the body's statement.
        let Some(body) = function.body.as_ref().filter(|_| column > 0) else {
            return no_proof(function);
        };
        let name = &function.name;
        // Without a row, a set is empty, and everything else is NULL.
        if !call.set && function.strict {
            let arguments = self.all(place, &call.arguments, &format!("`{name}`"));
            if arguments.nullable {
                return arguments;
            }
            if self.left_out(place, call, body).contains(&true) {
                return NullVerdict::maybe(format!("a default of `{name}` may be NULL"));
            }
        }
        if !call.set && !rows::gives_a_row(&QueryScope::outermost(&body.query), self.catalog) {
            return NullVerdict::maybe(format!("the statement of `{name}` may have no row"));
        }
        // Postgres never runs the body of a STRICT function with a NULL argument, so inside of it
        // every parameter is a value.
        let nullable = if function.strict {
            vec![false; body.arguments]
        } else {
            self.nullable_arguments(place, call, body)
        };
        self.body_column(function, body, (call.function, nullable, column))
    }

    /// Which arguments may be NULL. Names put them in an order that the tree does not say.
    fn nullable_arguments(
        &self,
        place: ExprPlace<'t, '_>,
        call: &'t Call,
        body: &'t Body,
    ) -> Vec<bool> {
        let arguments = call.arguments.iter();
        let mut nullable: Vec<bool> = arguments
            .map(|argument| self.expression(place, argument).nullable)
            .collect();
        nullable.extend(self.left_out(place, call, body));
        // The order of named arguments is not known, so one that may be NULL could be any of them.
        if call.named && nullable.contains(&true) {
            return vec![true; body.arguments];
        }
        nullable
    }

    /// Which of the arguments that a call leaves out may be NULL: their defaults take their places when the call is planned.
    fn left_out(&self, place: ExprPlace<'t, '_>, call: &'t Call, body: &'t Body) -> Vec<bool> {
        let count = body.arguments.saturating_sub(call.arguments.len());
        let is_nullable = |default: &'t Expr| self.expression(place, default).nullable;
        let defaults: Vec<bool> = body.defaults.iter().map(is_nullable).collect();
        match defaults.len().checked_sub(count) {
            // Any of them may be one that the names leave out.
            Some(_) if call.named => vec![defaults.contains(&true); count],
            Some(first) => defaults.into_iter().skip(first).collect(),
            None => vec![true; count],
        }
    }

    fn body_column(
        &self,
        function: &'t CatalogFunction,
        body: &'t Body,
        key: (u32, Vec<bool>, usize),
    ) -> NullVerdict {
        // Without this cache, a chain of n functions that each call the next twice takes 2^n steps.
        if let Some(known) = self.calls.borrow().get(&key) {
            return known.clone();
        }
        // A function that calls itself proves nothing by that.
        self.calls
            .borrow_mut()
            .insert(key.clone(), no_proof(function));
        // A prover of its own, because `$1` in the body is an argument and not the parameter of the
        // query. It shares the budget: the body costs the column that calls the function.
        let prover = NullabilityProver {
            calls: Rc::clone(&self.calls),
            budget: Rc::clone(&self.budget),
            ..NullabilityProver::new(
                self.catalog,
                self.types,
                Parameters::OfFunction(key.1.clone()),
            )
        };
        let found = prover.of_column(&QueryScope::outermost(&body.query), key.2);
        let name = &function.name;
        let verdict = if found.nullable {
            NullVerdict::maybe(found.evidence.explain(format!("`{name}` may give NULL")))
        } else {
            NullVerdict::never(found.evidence.explain(format!("`{name}` never gives NULL")))
        };
        // A verdict that was cut short would otherwise be the answer for the next column, which has
        // a budget of its own.
        if self.budget.is_spent() {
            self.calls.borrow_mut().remove(&key);
        } else {
            self.calls.borrow_mut().insert(key, verdict.clone());
        }
        verdict
    }
}

fn no_proof(function: &CatalogFunction) -> NullVerdict {
    NullVerdict::maybe(format!("no proof: `{}` may return NULL", function.name))
}
