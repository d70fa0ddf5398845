//! Elements of arrays: where none of them can be NULL.
//!
//! Given: an expression that is an array. Gives: a [`Verdict`] on its elements, of every dimension,
//! for the rows where the array itself is not NULL. Whatever puts NULL in the place of the whole
//! array, such as an outer join, changes nothing of that.

use super::super::scope::{self, Scope};
use super::super::tree::{
    Const, Expr, QueryTree, RelationKind, RowVersion, SetOperation, SetTree, Sublink, SublinkKind,
    Var,
};
use super::expression::{Place, Stage};
use super::predicates::Conditions;
use super::{Prover, Verdict};
use crate::query::TypeKind;

/// The OID of `array_agg(anynonarray)`. The one that takes arrays keeps their elements.
const ARRAY_AGG: u32 = 2335;

/// An aggregate, over groups or window frames.
struct Aggregated<'t> {
    function: u32,
    arguments: &'t [Expr],
    filter: Option<&'t Expr>,
}

impl<'t> Prover<'t> {
    /// The verdict on the elements of each column of a statement, which means nothing for columns
    /// that are no arrays.
    pub(in super::super) fn elements_of_columns(&self, query: &'t QueryTree) -> Vec<Verdict> {
        let scope = Scope::outermost(query);
        let numbers = query.columns().map(|target| target.number);
        numbers
            .map(|number| {
                self.budget.start();
                self.column_elements(&scope, number)
            })
            .collect()
    }

    /// Whether an element of an array can be NULL.
    pub(super) fn elements(&self, place: Place<'t, '_>, array: &'t Expr) -> Verdict {
        self.budget.within(|| self.array_elements(place, array))
    }

    fn array_elements(&self, place: Place<'t, '_>, array: &'t Expr) -> Verdict {
        match array {
            Expr::Array(elements) => self.all(place, elements, "an array"),
            Expr::Const(constant) => self.constant_elements(constant),
            // `&[T]` has no place for NULL, and `:names[?]` is `&[Option<T>]`.
            Expr::Parameter(number) if !self.parameters.elements_nullable(*number) => {
                Verdict::never(format!("no element of `${number}` is ever NULL"))
            }
            Expr::Relabel(argument) => self.elements(place, argument),
            Expr::Coalesce(arrays) => self.elements_of_all(place, arrays),
            Expr::Case {
                whens, otherwise, ..
            } => {
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.elements_of_all(place, branches)
            }
            Expr::Aggregate(aggregate) if aggregate.levels_up == 0 => {
                let aggregated = Aggregated {
                    function: aggregate.function,
                    arguments: &aggregate.arguments,
                    filter: aggregate.filter.as_deref(),
                };
                self.aggregated_elements(Place::new(place.scope, Stage::Rows), &aggregated)
            }
            // What a window aggregates was grouped before.
            Expr::Window(call) => {
                let aggregated = Aggregated {
                    function: call.function,
                    arguments: &call.arguments,
                    filter: call.filter.as_deref(),
                };
                self.aggregated_elements(Place::new(place.scope, place.stage), &aggregated)
            }
            Expr::Call(call) => self.call_elements(place, call),
            Expr::Sublink(sublink) => self.sublink_elements(place, sublink),
            Expr::Var(var) => self.var_elements(place, *var),
            _ => Verdict::maybe("no proof: an element of the array may be NULL"),
        }
    }

    pub(super) fn elements_of_all(
        &self,
        place: Place<'t, '_>,
        arrays: impl IntoIterator<Item = &'t Expr>,
    ) -> Verdict {
        let mut arrays = arrays.into_iter();
        let verdicts = arrays.by_ref().map(|array| self.elements(place, array));
        let mut nullable = verdicts.filter(|verdict| verdict.nullable);
        nullable
            .next()
            .unwrap_or_else(|| Verdict::never("one of several arrays without NULL"))
    }

    fn constant_elements(&self, constant: &Const) -> Verdict {
        let found = self.types.get(constant.type_oid);
        let is_array = found.is_some_and(|found| matches!(found.kind, TypeKind::Array(_)));
        match (&constant.value, is_array) {
            (None, _) => Verdict::never("there is no array"),
            (Some(_), true) if constant.is_array_without_null() => {
                Verdict::never("no element of the constant is NULL")
            }
            _ => Verdict::maybe("no proof: an element of the constant may be NULL"),
        }
    }

    /// `array_agg` keeps NULL, so it matters what it takes, in the rows that FILTER lets through.
    fn aggregated_elements(&self, place: Place<'t, '_>, aggregated: &Aggregated<'t>) -> Verdict {
        let (ARRAY_AGG, [value]) = (aggregated.function, aggregated.arguments) else {
            return Verdict::maybe("no proof: an aggregate that may give NULL elements");
        };
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.catalog,
        };
        let filter = aggregated.filter;
        let known = filter.map_or_else(Vec::new, |filter| conditions.when_true(filter));
        let rows = Place {
            branch: &known,
            ..place
        };
        let verdict = self.expression(rows, value);
        if verdict.nullable {
            return Verdict::maybe(format!("`array_agg` keeps NULL: {}", verdict.evidence));
        }
        Verdict::never("`array_agg` over values that are never NULL")
    }

    fn sublink_elements(&self, place: Place<'t, '_>, sublink: &'t Sublink) -> Verdict {
        let scope = place.inside(&sublink.query);
        let Some(first) = sublink.query.columns().next() else {
            return Verdict::maybe("no proof: the subquery has no column");
        };
        match sublink.kind {
            SublinkKind::Value => self.column_elements(&scope, first.number),
            SublinkKind::Array if matches!(first.expr, Expr::Row { .. }) => {
                self.scope_column(&scope, first.number)
            }
            SublinkKind::Array if self.is_no_array(sublink.column_type) => {
                self.scope_column(&scope, first.number)
            }
            _ => Verdict::maybe("no proof: an element of the array may be NULL"),
        }
    }

    /// ARRAY of a subquery of arrays has the elements of those.
    fn is_no_array(&self, type_oid: Option<u32>) -> bool {
        let found = type_oid.and_then(|oid| self.types.get(oid));
        found.is_some_and(|found| !matches!(found.kind, TypeKind::Array(_)))
    }

    /// The elements of the `column`-th column of a query, from 1.
    fn column_elements(&self, scope: &Scope<'t, '_>, column: usize) -> Verdict {
        if let Some(operations) = &scope.query.set_operations {
            return self.set_elements(scope, operations, column);
        }
        match scope.query.columns().find(|target| target.number == column) {
            Some(target) => self.elements(Place::new(scope, Stage::Output), &target.expr),
            None => Verdict::maybe("no proof: a column that the query does not name"),
        }
    }

    fn set_elements(&self, scope: &Scope<'t, '_>, tree: &'t SetTree, column: usize) -> Verdict {
        let (operation, left, right) = match tree {
            SetTree::Relation(number) => {
                return match scope.query.relation(*number).map(|relation| &relation.kind) {
                    Some(RelationKind::Subquery(query)) => {
                        self.column_elements(&scope.inside(query), column)
                    }
                    _ => Verdict::maybe("no proof: an arm of a set operation"),
                };
            }
            SetTree::Operation(operation, left, right) => (operation, left, right),
        };
        let left = self.set_elements(scope, left, column);
        if left.nullable || *operation == SetOperation::Except {
            return left;
        }
        self.set_elements(scope, right, column)
    }

    fn var_elements(&self, place: Place<'t, '_>, var: Var) -> Verdict {
        let no_proof = || Verdict::maybe("no proof: an element of the column may be NULL");
        let Some((scope, relation)) = place.scope.relation(var) else {
            return no_proof();
        };
        let own = Var {
            levels_up: 0,
            ..var
        };
        if let Some(expr) = scope::stands_for(scope.query, own) {
            return self.elements(Place::new(scope, Stage::Output), expr);
        }
        let Some(column) = usize::try_from(var.column)
            .ok()
            .filter(|column| *column > 0)
        else {
            return no_proof();
        };
        if let RelationKind::Table { oid, .. } = &relation.kind
            && let Some(table) = self.catalog.tables.get(oid)
            && table.elements_are_checked(var.column)
        {
            return Verdict::never("a CHECK keeps NULL out of the array");
        }
        // What is written to may come back as a trigger or a rule made it.
        if var.version != RowVersion::Default || var.relation == scope.query.result_relation {
            return no_proof();
        }
        match &relation.kind {
            RelationKind::Subquery(query) => self.column_elements(&scope.inside(query), column),
            RelationKind::Cte { name, levels_up } => match scope.cte(name, *levels_up) {
                Some((owner, cte)) if !cte.recursive => {
                    self.column_elements(&owner.inside(&cte.query), column)
                }
                _ => no_proof(),
            },
            RelationKind::Table { oid, .. } => {
                let table = self.catalog.tables.get(oid);
                match table.and_then(|table| table.view.as_deref()) {
                    Some(view) => self.column_elements(&Scope::outermost(view), column),
                    None => no_proof(),
                }
            }
            _ => no_proof(),
        }
    }
}
