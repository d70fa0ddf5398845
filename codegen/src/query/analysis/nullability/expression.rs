//! Expressions, by their kind.

pub(super) use crate::query::analysis::scope::Stage;

use super::facts::Fact;
use super::joins::FullJoin;
use super::{Evidence, NullVerdict, NullabilityProver};
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{Expr, QueryTree};
use std::iter;

/// The location of an expression in its query, and the facts that hold there.
#[derive(Clone, Copy)]
pub(super) struct ExprPlace<'t, 's> {
    pub(super) scope: &'s QueryScope<'t, 's>,
    pub(super) stage: Stage,
    /// In the comparison of an ANY or ALL: the columns of its subquery.
    pub(super) sublink: Option<&'s [NullVerdict]>,
    /// The facts that the branches of CASE around it prove.
    pub(super) branch: &'s [Fact<'t>],
    /// The sides of FULL JOINs that are there.
    pub(super) present: &'s [Present],
}

/// How many FULL JOINs of one query are told from each other.
const MAX_FULL_JOINS: usize = 6;

/// A side of a FULL JOIN that is there: the join does not fill these relations with NULL.
#[derive(Clone, Debug)]
pub(super) struct Present {
    pub(super) join: usize,
    pub(super) relations: Vec<usize>,
}

impl<'t, 's> ExprPlace<'t, 's> {
    pub(super) fn new(scope: &'s QueryScope<'t, 's>, stage: Stage) -> Self {
        Self {
            scope,
            stage,
            sublink: None,
            branch: &[],
            present: &[],
        }
    }

    /// The scope of a subquery in an expression there.
    pub(super) fn inside(self, query: &'t QueryTree) -> QueryScope<'t, 's> {
        self.scope.inside_at(query, self.stage)
    }
}

impl<'t> NullabilityProver<'t> {
    /// Whether an expression can be NULL.
    pub(super) fn expression(&self, place: ExprPlace<'t, '_>, expr: &'t Expr) -> NullVerdict {
        self.budget.within(|| {
            self.known(place, expr)
                .unwrap_or_else(|| self.by_kind(place, expr))
        })
    }

    /// The verdict of conditions and grouping sets on a whole expression.
    fn known(&self, place: ExprPlace<'t, '_>, expr: &'t Expr) -> Option<NullVerdict> {
        // Columns have their own rule, which has to find the relation and its stage before it can
        // ask for facts.
        if let Expr::Var(_) = expr {
            return None;
        }
        // A whole expression before its parts: `WHERE lower(x) IS NOT NULL` proves `lower(x)` even
        // if `lower` proves nothing of `x`.
        if self.holds(place, &Fact::Expression(expr)) {
            return Some(NullVerdict::never("a condition excludes NULL"));
        }
        if place.stage == Stage::Output && is_set_to_null(place.scope, expr) {
            return Some(NullVerdict::maybe(
                "grouping sets give NULL for what they do not group by",
            ));
        }
        None
    }

    fn by_kind(&self, place: ExprPlace<'t, '_>, expr: &'t Expr) -> NullVerdict {
        match expr {
            Expr::Var(var) => self.column(place, *var),
            Expr::Parameter(number) => self.parameter(place, *number),
            Expr::SublinkColumn(number) => sublink_column(place, *number),
            Expr::Const(value) if value.value.is_some() => NullVerdict::never("a constant"),
            Expr::Const(_) => NullVerdict::maybe("it is NULL"),
            Expr::Call(call) => self.call(place, call),
            // 9.2 "Comparison Functions and Operators": these give true or false for NULL too.
            Expr::NullTest { .. } | Expr::TruthTest { .. } => {
                NullVerdict::never("an IS test is true or false")
            }
            Expr::Distinct { function, .. } => self.distinct(*function),
            Expr::NullIf(_) => NullVerdict::maybe("NULLIF gives NULL for equal values"),
            Expr::AnyArray {
                function,
                arguments,
                ..
            } => self.any_array(place, *function, arguments),
            Expr::Boolean(kind, parts) => self.boolean(place, *kind, parts),
            Expr::Case {
                argument,
                whens,
                otherwise,
            } => self.case(place, argument.as_deref(), whens, otherwise),
            Expr::Coalesce(arguments) => self.any(place, arguments, "COALESCE"),
            Expr::MinMax(arguments) => self.any(place, arguments, "GREATEST or LEAST"),
            Expr::Relabel(argument) | Expr::Convert(argument) => self.expression(place, argument),
            Expr::InputOutput { argument, result } => self.input_output(place, argument, *result),
            // `ARRAY[NULL]` is an array with a NULL element, which `elements` judges.
            Expr::Array(_) | Expr::Arrays(_) => NullVerdict::never("an array is never NULL itself"),
            // Bounds beyond the ends give an empty array (8.15.3 "Accessing Arrays").
            Expr::Slice { array, bounds } => {
                self.all_of(place, iter::once(&**array).chain(bounds), "a slice")
            }
            // `(a, b) < (c, d)` may be decided by `a` and `c` alone; whether it is depends on the
            // values.
            Expr::RowCompare {
                built_in: true,
                left,
                right,
            } => {
                let sides = [left.as_slice(), right.as_slice()];
                self.all_of(place, sides.into_iter().flatten(), "a comparison of rows")
            }
            Expr::RowCompare { .. } => NullVerdict::maybe("no proof: an operator may give NULL"),
            // `ROW(NULL) IS NULL` is true, but the value that reaches the client is a row, not
            // NULL.
            Expr::Row { .. } => NullVerdict::never("a row is never NULL itself"),
            Expr::Aggregate(aggregate) => self.aggregate(place, aggregate),
            Expr::Window(call) => self.window(place, call),
            Expr::Sublink(sublink) => self.sublink(place, sublink),
            Expr::SqlValue(number) => sql_value(*number),
            Expr::NeverNull(name) => NullVerdict::never(format!("{name} never gives NULL")),
            Expr::Unknown(unknown) => {
                NullVerdict::maybe(format!("no proof: `{}` is not understood", unknown.tag))
            }
        }
    }

    fn parameter(&self, place: ExprPlace<'t, '_>, number: usize) -> NullVerdict {
        match self.parameters.nullable(number) {
            false => NullVerdict::never(format!("`${number}` is never NULL")),
            true if self.holds(place, &Fact::Parameter(number)) => {
                NullVerdict::never(format!("a condition excludes that `${number}` is NULL"))
            }
            true => NullVerdict::maybe(format!("`${number}` may be NULL")),
        }
    }

    /// NULL only if some argument is.
    pub(super) fn all(
        &self,
        place: ExprPlace<'t, '_>,
        arguments: &'t [Expr],
        what: &str,
    ) -> NullVerdict {
        self.all_of(place, arguments, what)
    }

    fn all_of(
        &self,
        place: ExprPlace<'t, '_>,
        arguments: impl IntoIterator<Item = &'t Expr>,
        what: &str,
    ) -> NullVerdict {
        for argument in arguments {
            let verdict = self.expression(place, argument);
            if verdict.nullable {
                let step = format!("{what} gives NULL for NULL");
                return NullVerdict::maybe(verdict.evidence.explain(step));
            }
        }
        NullVerdict::never(format!("{what} over values that are never NULL"))
    }

    /// NULL only if all arguments are.
    fn any(&self, place: ExprPlace<'t, '_>, arguments: &'t [Expr], what: &str) -> NullVerdict {
        let mut last = Evidence::default();
        for argument in arguments {
            let verdict = self.expression(place, argument);
            if !verdict.nullable {
                let step = format!("{what} ends in a value");
                return NullVerdict::never(verdict.evidence.explain(step));
            }
            last = verdict.evidence;
        }
        // `COALESCE(a.id, b.id)` over `a FULL JOIN b`: neither is proved alone, but they are never
        // both missing.
        if self.has_a_side(place, arguments) {
            return NullVerdict::never("one side of the FULL JOIN is always there");
        }
        NullVerdict::maybe(last.explain(format!("{what} gives NULL if all its arguments are")))
    }

    /// Whether one of these is not NULL whichever sides of FULL JOINs are there: in each row of such a join at least one is.
    fn has_a_side(&self, place: ExprPlace<'t, '_>, arguments: &'t [Expr]) -> bool {
        let joins = self.joins(place.scope);
        let is_open = |full: &&FullJoin| {
            let mut present = place.present.iter();
            !present.any(|side| side.join == full.join)
        };
        // Each join doubles the ways, so that their number is bounded.
        let first = joins.full.iter().find(is_open);
        let Some(full) = first.filter(|_| joins.full.len() <= MAX_FULL_JOINS) else {
            return false;
        };
        full.sides.iter().all(|side| {
            let mut present = place.present.to_vec();
            present.push(Present {
                join: full.join,
                relations: side.clone(),
            });
            let place = ExprPlace {
                present: &present,
                ..place
            };
            let mut each = arguments.iter();
            each.any(|argument| !self.expression(place, argument).nullable)
                // With this side fixed, another FULL JOIN inside of it may still decide.
                || self.has_a_side(place, arguments)
        })
    }

    /// Whether a condition that must have held excludes NULL.
    pub(super) fn holds(&self, place: ExprPlace<'t, '_>, fact: &Fact<'t>) -> bool {
        if place.branch.contains(fact) {
            return true;
        }
        let (mut scope, mut stage) = (Some(place.scope), place.stage);
        while let Some(current) = scope {
            if self.holds_in(current, stage, fact) {
                return true;
            }
            // A parameter has one value in the whole statement, so a condition of an outer query
            // proves it here. A column of an outer query is asked in its own scope, by `column`.
            if !matches!(fact, Fact::Parameter(_)) {
                return false;
            }
            (scope, stage) = (current.parent, current.within);
        }
        false
    }

    /// The same for the conditions of one query alone.
    pub(super) fn holds_in(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        fact: &Fact<'t>,
    ) -> bool {
        let query = scope.query;
        // WHERE of an UPDATE was about the row before, and RETURNING shows the row after.
        if stage == Stage::Output && self.is_rewritten(query, fact) {
            return false;
        }
        let joins = self.joins(scope);
        // Without rows there is still one group, and one of the empty grouping set.
        let rows = stage == Stage::Rows || !(query.one_group() || query.grouping_sets);
        // HAVING is checked after aggregation, so its facts hold in the output alone.
        rows && joins.facts.contains(fact) || stage == Stage::Output && joins.having.contains(fact)
    }
}

/// Whether grouping sets group by this very expression, and so put NULL in its place.
fn is_set_to_null(scope: &QueryScope<'_, '_>, expr: &Expr) -> bool {
    let query = scope.query;
    query.grouping_sets
        // GROUP BY refers to targets by `ressortgroupref`, as the parser wrote it; equal trees are
        // the same grouping expression.
        && query.targets.iter().any(|target| {
            target.sort_group != 0
                && query.group_by.contains(&target.sort_group)
                && target.expr == *expr
        })
}

fn sublink_column(place: ExprPlace<'_, '_>, number: usize) -> NullVerdict {
    let columns = place.sublink.unwrap_or_default();
    let verdict = number.checked_sub(1).and_then(|index| columns.get(index));
    verdict
        .cloned()
        .unwrap_or_else(|| NullVerdict::maybe("no proof: a column of a subquery"))
}

/// The number of `CURRENT_SCHEMA`, which is NULL when the search path names no schema that exists.
const CURRENT_SCHEMA: u32 = 14;

fn sql_value(number: u32) -> NullVerdict {
    // The order of `SQLValueFunctionOp` (nodes/primnodes.h): the date and time values, then role,
    // user and catalog.
    if number < CURRENT_SCHEMA {
        return NullVerdict::never("a value of the session that is always there");
    }
    NullVerdict::maybe("`current_schema` is NULL without a schema")
}
