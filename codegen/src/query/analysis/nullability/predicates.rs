//! The facts that follow from a condition: which columns cannot be NULL if it is true, or false.

use super::counts;
use super::facts::{self, Fact};
use super::joins;
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::scope::{self, QueryScope};
use crate::query::analysis::tree::{
    Boolean, Expr, QueryTree, Relation, RowVersion, Sublink, SublinkKind, Truth, Var,
};

/// The query whose conditions these are.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'t> {
    pub(super) query: &'t QueryTree,
    pub(super) catalog: &'t Catalog,
}

impl<'t> Conditions<'t> {
    /// The facts where the condition is true.
    pub(super) fn when_true(self, condition: &'t Expr) -> Vec<Fact<'t>> {
        match condition {
            Expr::Boolean(Boolean::And, parts) => self.all(parts, Self::when_true),
            Expr::Boolean(Boolean::Or, parts) => self.common(parts, Self::when_true),
            Expr::Boolean(Boolean::Not, parts) => self.all(parts, Self::when_false),
            Expr::NullTest {
                argument,
                not_null: true,
            } => self.when_filled(argument),
            // `x IS NULL` proves no value: the fact would be the opposite.
            Expr::NullTest {
                not_null: false, ..
            } => Vec::new(),
            Expr::TruthTest { argument, truth } => match truth {
                Truth::True => self.when_true(argument),
                Truth::False => self.when_false(argument),
                Truth::NotUnknown => self.when_not_null(argument),
                Truth::NotTrue => self.when_not_true(argument),
                Truth::NotFalse => self.when_not_false(argument),
                Truth::Unknown => Vec::new(),
            },
            // `x = ANY (…)` is true only by an element that `x` was compared with.
            Expr::AnyArray {
                function,
                all: false,
                arguments,
            } if self.is_strict(*function) => self.all(arguments, Self::when_not_null),
            // `<> ALL ('{}')` is true for NULL too, so ALL proves something only of an array with
            // elements.
            Expr::AnyArray {
                function,
                arguments,
                ..
            } => self.when_compared(*function, arguments),
            // `x IN (SELECT y)` is true by one row whose comparison is true. NOT IN over no rows is
            // true for NULL, so it proves nothing.
            Expr::Sublink(sublink) if sublink.kind == SublinkKind::Any => {
                let test = sublink.test.as_ref();
                let mut found = test.map_or_else(Vec::new, |test| self.when_true(test));
                facts::add(&mut found, self.when_found(sublink));
                found
            }
            Expr::Sublink(sublink) if sublink.kind == SublinkKind::Exists => {
                self.when_found(sublink)
            }
            Expr::Coalesce(parts) => self.coalesce_true(parts),
            // A condition that is true is not NULL, and so are the arguments of its strict
            // functions.
            _ => {
                let mut found = self.when_not_null(condition);
                facts::add(&mut found, counts::when_true(condition, self.catalog));
                found
            }
        }
    }

    /// The facts where the condition is false, which is not the same as not true.
    pub(super) fn when_false(self, condition: &'t Expr) -> Vec<Fact<'t>> {
        match condition {
            Expr::Boolean(Boolean::And, parts) => self.common(parts, Self::when_false),
            Expr::Boolean(Boolean::Or, parts) => self.all(parts, Self::when_false),
            Expr::Boolean(Boolean::Not, parts) => self.all(parts, Self::when_true),
            Expr::NullTest {
                argument,
                not_null: false,
            } => self.when_not_null(argument),
            Expr::TruthTest { argument, truth } => match truth {
                Truth::NotTrue => self.when_true(argument),
                Truth::NotFalse => self.when_false(argument),
                Truth::Unknown => self.when_not_null(argument),
                Truth::True => self.when_not_true(argument),
                Truth::False => self.when_not_false(argument),
                Truth::NotUnknown => Vec::new(),
            },
            Expr::AnyArray {
                function,
                arguments,
                ..
            } => self.when_compared(*function, arguments),
            // `x IS NOT DISTINCT FROM 5`: only a value is equal to a value.
            Expr::Distinct { arguments, .. } => self.when_same(arguments),
            // False `x IS NOT NULL` says that `x` is NULL. A false EXISTS or COALESCE says nothing
            // about the columns inside.
            Expr::NullTest { not_null: true, .. } | Expr::Sublink(_) | Expr::Coalesce(_) => {
                Vec::new()
            }
            _ => self.when_not_null(condition),
        }
    }

    /// `x NOT IN (1, 2)`: there is something to compare `x` with, so that NULL gives NULL.
    fn when_compared(self, function: u32, arguments: &'t [Expr]) -> Vec<Fact<'t>> {
        match arguments {
            [value, array] if self.is_strict(function) && has_elements(array) => {
                self.when_not_null(value)
            }
            _ => Vec::new(),
        }
    }

    /// The facts where the condition is false or NULL.
    pub(super) fn when_not_true(self, condition: &'t Expr) -> Vec<Fact<'t>> {
        match condition {
            Expr::Boolean(Boolean::Or, parts) => self.all(parts, Self::when_not_true),
            Expr::Boolean(Boolean::And, parts) => self.common(parts, Self::when_not_true),
            Expr::Boolean(Boolean::Not, parts) => self.all(parts, Self::when_not_false),
            Expr::NullTest { .. } | Expr::TruthTest { .. } | Expr::Distinct { .. } => {
                self.when_false(condition)
            }
            // NULL is not true either, and for NULL nothing is known of the arguments.
            _ => counts::when_not_true(condition, self.catalog),
        }
    }

    /// The facts where the condition is true or NULL.
    pub(super) fn when_not_false(self, condition: &'t Expr) -> Vec<Fact<'t>> {
        match condition {
            Expr::Boolean(Boolean::And, parts) => self.all(parts, Self::when_not_false),
            Expr::Boolean(Boolean::Or, parts) => self.common(parts, Self::when_not_false),
            Expr::Boolean(Boolean::Not, parts) => self.all(parts, Self::when_not_true),
            Expr::NullTest { .. } | Expr::TruthTest { .. } => self.when_true(condition),
            _ => Vec::new(),
        }
    }

    /// The facts where `CASE argument WHEN …` takes a branch: its condition compares a stand-in for the argument.
    pub(super) fn when_matched(self, argument: &'t Expr, when: &'t Expr) -> Vec<Fact<'t>> {
        let mut found = self.when_true(when);
        if let Expr::Call(call) = when
            && self.is_strict(call.function)
            // The parser replaces the argument by a CaseTestExpr inside each comparison, so the
            // node itself is not a column.
            && call.arguments.iter().any(is_case_argument)
        {
            facts::add(&mut found, self.when_not_null(argument));
        }
        found
    }

    /// The facts where `IS NOT NULL` is true, which of a row asks each field (9.2 "Comparison Functions and Operators").
    fn when_filled(self, expr: &'t Expr) -> Vec<Fact<'t>> {
        match expr {
            Expr::Row { fields, .. } => self.all(fields, Self::when_not_null),
            Expr::Var(var) if var.column == 0 => self.columns_of(*var),
            _ => self.when_not_null(expr),
        }
    }

    /// The columns of a whole row of this query.
    fn columns_of(self, row: Var) -> Vec<Fact<'t>> {
        let relation = self.query.relation(row.relation);
        let relation =
            relation.filter(|_| row.levels_up == 0 && row.version == RowVersion::Default);
        let columns = relation.into_iter().flat_map(Relation::existing_columns);
        let columns = columns.map(|(column, _)| Var { column, ..row });
        columns
            .map(|column| Fact::Column(scope::underlying(self.query, column)))
            .collect()
    }

    /// The facts where a subquery gives a row, for which its own conditions held.
    fn when_found(self, sublink: &'t Sublink) -> Vec<Fact<'t>> {
        let query = &sublink.query;
        // Without GROUP BY an aggregate gives a row for no rows, and so does the empty grouping set.
        if query.one_group() || query.grouping_sets || query.set_operations.is_some() {
            return Vec::new();
        }
        let inside = joins::read_joins(&QueryScope::outermost(query), self.catalog).facts;
        let outer = inside.into_iter().filter_map(|fact| match fact {
            Fact::Column(var) => Some(Fact::Column(scope::underlying(
                self.query,
                Var {
                    levels_up: var.levels_up.checked_sub(1)?,
                    ..var
                },
            ))),
            Fact::Parameter(_) => Some(fact),
            // Its columns have the numbers of the subquery.
            Fact::Expression(_) | Fact::Counted(_) => None,
        });
        outer.collect()
    }

    /// The facts where two values are the same, of which NULL is one.
    fn when_same(self, sides: &'t [Expr]) -> Vec<Fact<'t>> {
        match sides {
            [value, constant] | [constant, value] if is_value(constant) => {
                self.when_not_null(value)
            }
            _ => Vec::new(),
        }
    }

    /// The facts where this is not NULL.
    fn when_not_null(self, expr: &'t Expr) -> Vec<Fact<'t>> {
        let mut found = match expr {
            // `old` and `new` are other rows than the one that the fact would be used for.
            Expr::Var(var) if var.column != 0 && var.version == RowVersion::Default => {
                return vec![Fact::Column(scope::underlying(self.query, *var))];
            }
            Expr::Parameter(number) => return vec![Fact::Parameter(*number)],
            // A whole row is not NULL even where all its columns are.
            Expr::Var(_) | Expr::Const(_) | Expr::SublinkColumn(_) => return Vec::new(),
            // Casts keep NULL: where an input function makes a value of NULL, Postgres raises an
            // error (`InputFunctionCall`, fmgr.c).
            Expr::Relabel(argument)
            | Expr::Convert(argument)
            | Expr::InputOutput { argument, .. } => self.when_not_null(argument),
            // A strict function is not called for NULL, so a result that is not NULL had no NULL
            // argument. A set is excluded: its empty result is no NULL.
            Expr::Call(call) if self.is_strict(call.function) && !call.set => {
                self.all(&call.arguments, Self::when_not_null)
            }
            Expr::Boolean(Boolean::Not, parts) => self.all(parts, Self::when_not_null),
            // NULLIF(a, b) is `a` or NULL; of `b` it proves nothing, because `a <> NULL` leaves
            // `a`.
            Expr::NullIf(arguments) => arguments
                .first()
                .map_or_else(Vec::new, |first| self.when_not_null(first)),
            _ => Vec::new(),
        };
        // Only then is the expression in the select list the same value as the one in the
        // condition.
        if facts::repeatable(expr, self.catalog) {
            found.push(Fact::Expression(expr));
        }
        found
    }

    /// `COALESCE(x, false)` is true only by `x`.
    fn coalesce_true(self, parts: &'t [Expr]) -> Vec<Fact<'t>> {
        let cannot = |part: &Expr| matches!(part, Expr::Const(value) if value.is_null_or_false());
        let mut could = parts.iter().filter(|part| !cannot(part));
        match (could.next(), could.next()) {
            // With two candidates, either may be the one that is true.
            (Some(only), None) => self.when_true(only),
            _ => Vec::new(),
        }
    }

    fn all(self, parts: &'t [Expr], each: fn(Self, &'t Expr) -> Vec<Fact<'t>>) -> Vec<Fact<'t>> {
        let mut found = Vec::new();
        for part in parts {
            facts::add(&mut found, each(self, part));
        }
        found
    }

    fn common(self, parts: &'t [Expr], each: fn(Self, &'t Expr) -> Vec<Fact<'t>>) -> Vec<Fact<'t>> {
        facts::common(parts.iter().map(|part| each(self, part)))
    }

    fn is_strict(self, function: u32) -> bool {
        self.catalog
            .functions
            .get(&function)
            .is_some_and(|function| function.strict)
    }
}

/// The node that stands for the argument of a CASE.
const CASE_ARGUMENT: &str = "CASETESTEXPR";

fn is_case_argument(expr: &Expr) -> bool {
    match expr {
        Expr::Relabel(argument) => is_case_argument(argument),
        Expr::Unknown(unknown) => unknown.tag == CASE_ARGUMENT,
        _ => false,
    }
}

/// Whether an expression is a constant that is not NULL.
fn is_value(expr: &Expr) -> bool {
    match expr {
        Expr::Const(constant) => constant.value.is_some(),
        Expr::Relabel(argument) => is_value(argument),
        _ => false,
    }
}

/// Whether an array that is written out is not empty.
fn has_elements(array: &Expr) -> bool {
    match array {
        Expr::Array(elements) => !elements.is_empty(),
        Expr::Const(constant) => constant.is_array_with_elements(),
        Expr::Relabel(argument) | Expr::Convert(argument) => has_elements(argument),
        _ => false,
    }
}
