//! Aggregates: most are NULL over no rows, so it matters whether a group can be empty.

use super::expression::{ExpressionContext, Stage};
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::catalog::NotNullRule;
use crate::query::analysis::tree::Aggregate;

impl<'t> NullabilityProver<'t> {
    pub(super) fn aggregate(
        &self,
        place: ExpressionContext<'t, '_>,
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
        let query = place.scope.query;
        // An aggregate of an outer query counts the rows of that query, so the GROUP BY here says
        // nothing about it. Grouping sets may include `()`, whose group exists without any row.
        if aggregate.levels_up != 0 || query.grouping_sets || query.group_by.is_empty() {
            return NullVerdict::maybe(format!("`{name}` gives NULL when there are no rows"));
        }
        // The group has a row, but FILTER decides which rows reach the aggregate, and that can be
        // none.
        if aggregate.filter.is_some() {
            return NullVerdict::maybe(format!(
                "`{name}` gives NULL when FILTER lets no row through"
            ));
        }
        let (NotNullRule::Values, Some(first)) = (function.rule, aggregate.arguments.first())
        else {
            return NullVerdict::never(format!("`{name}` over groups, which are never empty"));
        };
        // The argument is evaluated for each row before grouping, so conditions of HAVING do not
        // hold there.
        let rows = ExpressionContext::new(place.scope, Stage::Rows);
        let verdict = self.expression(rows, first);
        if verdict.nullable {
            let step = format!("`{name}` gives NULL for NULLs only");
            return NullVerdict::maybe(verdict.evidence.explain(step));
        }
        NullVerdict::never(format!(
            "`{name}` over groups of values that are never NULL"
        ))
    }
}
