//! Elements of arrays: where none of them can be NULL.
//!
//! Given: an expression that is an array. Gives: a [`NullVerdict`] on its elements, of every dimension,
//! for the rows where the array itself is not NULL. Whatever puts NULL in the place of the whole
//! array, such as an outer join, changes nothing of that.

use super::expression::ExprPlace;
use super::predicates::Conditions;
use super::{NullVerdict, NullabilityProver};
use crate::query::TypeKind;
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{
    Const, Cte, Expr, QueryTree, Relation, RelationKind, RowVersion, Sublink, SublinkKind, Var,
};

/// The OID of `array_agg(anynonarray)`. The one that takes arrays keeps their elements.
pub(super) const ARRAY_AGG: u32 = 2335;

/// An aggregate, over groups or window frames.
struct Aggregated<'t> {
    function: u32,
    arguments: &'t [Expr],
    filter: Option<&'t Expr>,
}

impl<'t> NullabilityProver<'t> {
    /// The verdict on the elements of each column of a statement, which means nothing for columns
    /// that are no arrays.
    pub(in crate::query::analysis) fn elements_of_columns(
        &self,
        query: &'t QueryTree,
    ) -> Vec<NullVerdict> {
        let scope = QueryScope::outermost(query);
        let numbers = query.columns().map(|target| target.number);
        numbers
            .map(|number| {
                // Each column starts afresh; otherwise the order of the columns would decide which
                // of them are proved.
                self.budget.start();
                ElementFold(self).of_column(&scope, number)
            })
            .collect()
    }

    /// Whether an element of an array can be NULL.
    pub(super) fn elements(&self, place: ExprPlace<'t, '_>, array: &'t Expr) -> NullVerdict {
        self.budget.within(|| self.array_elements(place, array))
    }

    fn array_elements(&self, place: ExprPlace<'t, '_>, array: &'t Expr) -> NullVerdict {
        match array {
            Expr::Array(elements) => self.all(place, elements, "an array"),
            Expr::Const(constant) => self.constant_elements(constant),
            // `&[T]` has no place for NULL, and `:names[?]` is `&[Option<T>]`.
            Expr::Parameter(number) if !self.parameters.elements_nullable(*number) => {
                NullVerdict::never(format!("no element of `${number}` is ever NULL"))
            }
            Expr::Relabel(argument)
            | Expr::Slice {
                array: argument, ..
            } => self.elements(place, argument),
            Expr::Coalesce(arrays) => self.elements_of_all(place, arrays),
            Expr::Case {
                whens, otherwise, ..
            } => {
                // Facts of the conditions are not used: they are about values, and IS NOT NULL of
                // an array says nothing about its elements.
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.elements_of_all(place, branches)
            }
            // An aggregate of an outer query takes values of that query's rows, which this scope
            // cannot judge.
            Expr::Aggregate(aggregate) if aggregate.levels_up == 0 => {
                let aggregated = Aggregated {
                    function: aggregate.function,
                    arguments: &aggregate.arguments,
                    filter: aggregate.filter.as_deref(),
                };
                self.aggregated_elements(ExprPlace::new(place.scope, Stage::Rows), &aggregated)
            }
            // The rows of a window were grouped before.
            Expr::Window(call) => {
                let aggregated = Aggregated {
                    function: call.function,
                    arguments: &call.arguments,
                    filter: call.filter.as_deref(),
                };
                self.aggregated_elements(ExprPlace::new(place.scope, place.stage), &aggregated)
            }
            Expr::Call(call) => self.call_elements(place, call),
            Expr::Sublink(sublink) => self.sublink_elements(place, sublink),
            Expr::Var(var) => self.var_elements(place, *var),
            _ => NullVerdict::maybe("no proof: an element of the array may be NULL"),
        }
    }

    pub(super) fn elements_of_all(
        &self,
        place: ExprPlace<'t, '_>,
        arrays: impl IntoIterator<Item = &'t Expr>,
    ) -> NullVerdict {
        let mut arrays = arrays.into_iter();
        let verdicts = arrays.by_ref().map(|array| self.elements(place, array));
        let mut nullable = verdicts.filter(|verdict| verdict.nullable);
        nullable
            .next()
            .unwrap_or_else(|| NullVerdict::never("one of several arrays without NULL"))
    }

    fn constant_elements(&self, constant: &Const) -> NullVerdict {
        let found = self.types.get(constant.type_oid);
        let is_array = found.is_some_and(|found| matches!(found.kind, TypeKind::Array(_)));
        match (&constant.value, is_array) {
            // NULL for the whole array is judged elsewhere, so that `COALESCE(tags, NULL)` is not
            // worse than `tags`.
            (None, _) => NullVerdict::never("there is no array"),
            // The null bitmap of the stored value decides: a constant `'{a,NULL}'` has the same
            // type as one without.
            (Some(_), true) if constant.is_array_without_null() => {
                NullVerdict::never("no element of the constant is NULL")
            }
            _ => NullVerdict::maybe("no proof: an element of the constant may be NULL"),
        }
    }

    /// `array_agg` keeps NULL, so its argument matters, in the rows that FILTER lets through.
    fn aggregated_elements(
        &self,
        place: ExprPlace<'t, '_>,
        aggregated: &Aggregated<'t>,
    ) -> NullVerdict {
        // Aggregates of the user and `array_agg(anyarray)` are not read. The latter makes one
        // dimension more, whose elements are those of its arguments.
        let (ARRAY_AGG, [value]) = (aggregated.function, aggregated.arguments) else {
            return NullVerdict::maybe("no proof: an aggregate that may give NULL elements");
        };
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.catalog,
        };
        let filter = aggregated.filter;
        let known = filter.map_or_else(Vec::new, |filter| conditions.when_true(filter));
        // A row that FILTER rejects never reaches the aggregate, so that the facts of FILTER hold
        // for the argument.
        let rows = ExprPlace {
            branch: &known,
            ..place
        };
        let verdict = self.expression(rows, value);
        if verdict.nullable {
            return NullVerdict::maybe(verdict.evidence.explain("`array_agg` keeps NULL"));
        }
        NullVerdict::never("`array_agg` over values that are never NULL")
    }

    fn sublink_elements(&self, place: ExprPlace<'t, '_>, sublink: &'t Sublink) -> NullVerdict {
        let scope = place.inside(&sublink.query);
        let Some(first) = sublink.query.columns().next() else {
            return NullVerdict::maybe("no proof: the subquery has no column");
        };
        match sublink.kind {
            SublinkKind::Value => ElementFold(self).of_column(&scope, first.number),
            // An anonymous row is never an array, whatever the catalog knows of its type.
            SublinkKind::Array if matches!(first.expr, Expr::Row { .. }) => {
                self.of_column(&scope, first.number)
            }
            SublinkKind::Array if self.is_no_array(sublink.column_type) => {
                self.of_column(&scope, first.number)
            }
            _ => NullVerdict::maybe("no proof: an element of the array may be NULL"),
        }
    }

    /// ARRAY of a subquery of arrays has the elements of those.
    fn is_no_array(&self, type_oid: Option<u32>) -> bool {
        let found = type_oid.and_then(|oid| self.types.get(oid));
        found.is_some_and(|found| !matches!(found.kind, TypeKind::Array(_)))
    }

    fn var_elements(&self, place: ExprPlace<'t, '_>, var: Var) -> NullVerdict {
        let stage = place.scope.stage(var.levels_up, place.stage);
        let Some((scope, relation)) = place.scope.relation(var) else {
            return ElementFold(self).of_gap(Gap::UnknownRelation);
        };
        // The written row may come back as a trigger or a rule made it, unless a CHECK sees that as well.
        let is_target = var.relation == scope.query.result_relation;
        if (var.version != RowVersion::Default || is_target)
            && !self.is_checked(relation, var.column)
        {
            return NullVerdict::maybe("no proof: an element of the column may be NULL");
        }
        ElementFold(self).follow_relation(scope, stage, relation, var.column)
    }

    fn is_checked(&self, relation: &Relation, column: i32) -> bool {
        let RelationKind::Table { oid, .. } = relation.kind else {
            return false;
        };
        let table = self.catalog.tables.get(&oid);
        table.is_some_and(|table| table.elements_are_checked(column))
    }
}

/// The elements of arrays as a fold.
pub(super) struct ElementFold<'p, 't>(pub(super) &'p NullabilityProver<'t>);

impl<'t> Fold<'t> for ElementFold<'_, 't> {
    type Answer = NullVerdict;

    fn lineage(&self) -> &Lineage<'t, NullVerdict> {
        &self.0.elements
    }

    fn of_expression(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> NullVerdict {
        self.0.elements(ExprPlace::new(scope, stage), expr)
    }

    fn of_stored(&self, stored: Stored<'t>) -> NullVerdict {
        // No constraint of Postgres is about elements, so a CHECK such as `array_position(tags,
        // NULL) IS NULL` is the only evidence.
        if stored.table.elements_are_checked(stored.column) {
            return NullVerdict::never("a CHECK keeps NULL out of the array");
        }
        NullVerdict::maybe("no proof: an element of the column may be NULL")
    }

    /// A function that ends before the others of ROWS FROM is filled with NULL, which is no array.
    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> NullVerdict {
        match column.find_function() {
            Some(function) => self.of_expression(scope, Stage::Rows, function),
            None => NullVerdict::maybe("no proof: an element of a function's column may be NULL"),
        }
    }

    fn of_gap(&self, gap: Gap<'t>) -> NullVerdict {
        NullVerdict::maybe(format!("no proof: {gap}"))
    }

    fn of_nothing(&self) -> NullVerdict {
        NullVerdict::never("there is no array")
    }

    fn either(&self, one: NullVerdict, other: NullVerdict) -> NullVerdict {
        if one.nullable { one } else { other }
    }

    /// Equal arrays have NULL in the same places.
    fn both(&self, one: NullVerdict, other: NullVerdict) -> NullVerdict {
        if one.nullable { other } else { one }
    }

    fn of_recursion(&self, cte: &'t Cte, answer: NullVerdict) -> NullVerdict {
        let name = &cte.name;
        if answer.nullable {
            NullVerdict::maybe(format!("an array of the recursion `{name}` may hold NULL"))
        } else {
            NullVerdict::never(format!("no array of the recursion `{name}` holds NULL"))
        }
    }

    fn is_complete(&self) -> bool {
        !self.0.budget.is_spent()
    }
}
