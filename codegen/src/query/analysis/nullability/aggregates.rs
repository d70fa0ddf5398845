//! Aggregates: most are NULL over no rows, so it matters whether a group can be empty.

use super::expression::{ExprPlace, Stage};
use super::{NullVerdict, NullabilityProver, counts};
use crate::query::analysis::catalog::NotNullRule;
use crate::query::analysis::tree::Aggregate;

impl<'t> NullabilityProver<'t> {
    pub(super) fn aggregate(
        &self,
        place: ExprPlace<'t, '_>,
        aggregate: &'t Aggregate,
    ) -> NullVerdict {
        let Some(function) = self.catalog.functions.get(&aggregate.function) else {
            return NullVerdict::maybe("no proof: an aggregate that the catalog does not have");
        };
        let name = &function.name;
        match function.rule {
            NotNullRule::Always => return NullVerdict::never(format!("`{name}` never gives NULL")),
            NotNullRule::Rows | NotNullRule::Values => {}
            // An aggregate of the user may have any final function, which can give NULL for any
            // rows.
            _ => return NullVerdict::maybe(format!("no proof: `{name}` may return NULL")),
        }
        if let Some(reason) = self.find_empty_group(place, aggregate) {
            return NullVerdict::maybe(format!("`{name}` gives NULL when {reason}"));
        }
        let (NotNullRule::Values, Some(first)) = (function.rule, aggregate.arguments.first())
        else {
            return NullVerdict::never(format!("`{name}` over groups, which are never empty"));
        };
        // A fraction that is NULL makes `percentile_cont` NULL for any rows.
        let direct = self.all(place, &aggregate.direct, &format!("`{name}`"));
        if direct.nullable {
            return direct;
        }
        // The argument is evaluated for each row before grouping, so conditions of HAVING do not
        // hold there.
        let rows = ExprPlace::new(place.scope, Stage::Rows);
        let verdict = self.expression(rows, first);
        if verdict.nullable {
            let step = format!("`{name}` gives NULL for NULLs only");
            return NullVerdict::maybe(verdict.evidence.explain(step));
        }
        NullVerdict::never(format!(
            "`{name}` over groups of values that are never NULL"
        ))
    }

    /// Why an aggregate may have no rows.
    fn find_empty_group(
        &self,
        place: ExprPlace<'t, '_>,
        aggregate: &'t Aggregate,
    ) -> Option<&'static str> {
        let counted = counts::rows_of(aggregate, self.catalog);
        if counted.is_some_and(|fact| self.holds(place, &fact)) {
            return None;
        }
        let query = place.scope.query;
        // An aggregate of an outer query counts the rows of that query, so the GROUP BY here says
        // nothing about it. Grouping sets may include `()`, whose group exists without any row.
        if aggregate.levels_up != 0 || query.grouping_sets || query.group_by.is_empty() {
            return Some("there are no rows");
        }
        // The group has a row, but FILTER decides which rows reach the aggregate, and that can be
        // none.
        aggregate
            .filter
            .is_some()
            .then_some("FILTER lets no row through")
    }
}
