//! Aggregates: most are NULL over no rows, so it matters whether a group can be empty.

use super::expression::{Place, Stage};
use super::{Prover, Verdict};
use crate::query::analysis::catalog::Rule;
use crate::query::analysis::tree::Aggregate;

impl<'t> Prover<'t> {
    pub(super) fn aggregate(&self, place: Place<'t, '_>, aggregate: &'t Aggregate) -> Verdict {
        let Some(function) = self.catalog.functions.get(&aggregate.function) else {
            return Verdict::maybe("no proof: an aggregate that the catalog does not have");
        };
        let name = &function.name;
        match function.rule {
            Rule::Always => return Verdict::never(format!("`{name}` never gives NULL")),
            Rule::Rows | Rule::Values => {}
            // An aggregate of the user may have any final function, which can give NULL for any
            // rows.
            _ => return Verdict::maybe(format!("no proof: `{name}` may return NULL")),
        }
        let query = place.scope.query;
        // An aggregate of an outer query counts the rows of that query, so the GROUP BY here says
        // nothing about it. Grouping sets may include `()`, whose group exists without any row.
        if aggregate.levels_up != 0 || query.grouping_sets || query.group_by.is_empty() {
            return Verdict::maybe(format!("`{name}` gives NULL when there are no rows"));
        }
        // The group has a row, but FILTER decides which rows reach the aggregate, and that can be
        // none.
        if aggregate.filter.is_some() {
            return Verdict::maybe(format!(
                "`{name}` gives NULL when FILTER lets no row through"
            ));
        }
        let (Rule::Values, Some(first)) = (function.rule, aggregate.arguments.first()) else {
            return Verdict::never(format!("`{name}` over groups, which are never empty"));
        };
        // The argument is evaluated for each row before grouping, so conditions of HAVING do not
        // hold there.
        let rows = Place::new(place.scope, Stage::Rows);
        let verdict = self.expression(rows, first);
        if verdict.nullable {
            let step = format!("`{name}` gives NULL for NULLs only");
            return Verdict::maybe(verdict.evidence.explain(step));
        }
        Verdict::never(format!(
            "`{name}` over groups of values that are never NULL"
        ))
    }
}
