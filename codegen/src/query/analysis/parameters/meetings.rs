//! The columns that each parameter meets: those that it is compared with or assigned to, also inside of functions, as in
//! `password_hash = crypt(:password, password_hash)`.
//!
//! A parameter that meets a secret column is a secret itself. One that is called so without being one does no harm, so nothing
//! is proved here: every column and every parameter of a comparison meet.

use super::usage::UsageReader;
use crate::query::analysis::lineage::Fold as _;
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{self, Expr, Sublink};
use crate::schema::ColumnId;
use std::collections::BTreeSet;

/// The two sides of a comparison, without an order.
#[derive(Debug, Default)]
struct Meeting {
    parameters: BTreeSet<usize>,
    columns: BTreeSet<ColumnId>,
}

impl<'t> UsageReader<'t, '_> {
    /// The parameters and columns of a comparison.
    pub(super) fn read_meeting(&mut self, scope: &QueryScope<'t, '_>, expr: &'t Expr) {
        let mut meeting = Meeting::default();
        match expr {
            Expr::Call(call) if call.result != super::usage::BOOL => return,
            Expr::Call(_)
            | Expr::AnyArray { .. }
            | Expr::Distinct { .. }
            | Expr::NullIf(_)
            | Expr::RowCompare { .. } => self.collect(scope, None, expr, &mut meeting),
            Expr::Sublink(sublink) => {
                let Some(test) = &sublink.test else { return };
                self.collect(scope, Some(sublink), test, &mut meeting);
            }
            _ => return,
        }
        self.record_meeting(&meeting);
    }

    /// The parameters in a value that is assigned to a column.
    pub(super) fn read_assigned(
        &mut self,
        scope: &QueryScope<'t, '_>,
        column: Option<ColumnId>,
        value: &'t Expr,
    ) {
        let mut meeting = Meeting::default();
        self.collect(scope, None, value, &mut meeting);
        // The columns of the value are not those that it is assigned to.
        meeting.columns = column.into_iter().collect();
        self.record_meeting(&meeting);
    }

    fn record_meeting(&mut self, meeting: &Meeting) {
        for parameter in &meeting.parameters {
            if let Some(usage) = self.usage_of(*parameter) {
                usage.met.extend(&meeting.columns);
            }
        }
    }

    /// Adds the parameters and columns at every depth of an expression; `sublink` is the one whose columns it compares with.
    fn collect(
        &self,
        scope: &QueryScope<'t, '_>,
        sublink: Option<&'t Sublink>,
        expr: &'t Expr,
        meeting: &mut Meeting,
    ) {
        match (expr, sublink) {
            (Expr::SublinkColumn(column), Some(sublink)) => {
                let inner = scope.inside(&sublink.query);
                let values = self.values.of_column(&inner, *column);
                meeting
                    .parameters
                    .extend(values.iter().map(|value| value.parameter));
                let origin = self.origins.find_column_origin(&inner, *column);
                meeting.columns.extend(origin);
                let mut targets = sublink.query.columns();
                if let Some(target) = targets.find(|target| target.number == *column) {
                    self.collect(&inner, None, &target.expr, meeting);
                }
            }
            (Expr::Parameter(_) | Expr::Var(_) | Expr::Sublink(_), _) => {
                let values = self.values.find_parameters(scope, expr);
                meeting
                    .parameters
                    .extend(values.iter().map(|value| value.parameter));
                let origin = self.origins.find_origin(scope, Stage::Rows, expr);
                meeting.columns.extend(origin);
            }
            _ => {}
        }
        for child in tree::children(expr) {
            self.collect(scope, sublink, child, meeting);
        }
    }
}
