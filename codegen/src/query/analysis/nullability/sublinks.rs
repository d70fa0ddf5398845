//! Subqueries in expressions.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver, rows};
use crate::query::analysis::lineage::Fold as _;
use crate::query::analysis::tree::{Sublink, SublinkKind};

impl<'t> NullabilityProver<'t> {
    pub(super) fn sublink(&self, place: ExprPlace<'t, '_>, sublink: &'t Sublink) -> NullVerdict {
        match sublink.kind {
            SublinkKind::Exists => NullVerdict::never("EXISTS is true or false"),
            SublinkKind::Array => {
                NullVerdict::never("ARRAY of a subquery is empty for no rows, not NULL")
            }
            SublinkKind::Any | SublinkKind::All => self.comparison(place, sublink),
            SublinkKind::Value => self.value(place, sublink),
            SublinkKind::RowCompare | SublinkKind::Multiple => {
                NullVerdict::maybe("no proof: the subquery may have no row")
            }
        }
    }

    /// `x IN (SELECT …)` is NULL if nothing matches and something compared was NULL.
    fn comparison(&self, place: ExprPlace<'t, '_>, sublink: &'t Sublink) -> NullVerdict {
        let Some(test) = &sublink.test else {
            return NullVerdict::maybe("no proof: a comparison that is not understood");
        };
        let scope = place.inside(&sublink.query);
        let numbers = sublink.query.columns().map(|target| target.number);
        let columns: Vec<NullVerdict> = numbers
            .map(|number| self.of_column(&scope, number))
            .collect();
        self.expression(
            ExprPlace {
                sublink: Some(&columns),
                ..place
            },
            test,
        )
    }

    /// The one value of a subquery, which is NULL if it has no row.
    fn value(&self, place: ExprPlace<'t, '_>, sublink: &'t Sublink) -> NullVerdict {
        let scope = place.inside(&sublink.query);
        if !rows::gives_a_row(&scope, self.catalog) {
            return NullVerdict::maybe("the subquery may have no row");
        }
        let Some(first) = sublink.query.columns().next() else {
            return NullVerdict::maybe("no proof: the subquery has no column");
        };
        self.of_column(&scope, first.number)
    }
}
