//! Functions in FROM, and sets among the columns.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver, rows};
use crate::query::TypeKind;
use crate::query::analysis::catalog::{CatalogFunction, NotNullRule};
use crate::query::analysis::lineage::FunctionColumn;
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{Call, Expr, QueryTree};

/// The OID of `unnest(anyarray)`.
const UNNEST: u32 = 2331;

impl<'t> NullabilityProver<'t> {
    /// The `column`-th column, from 1, of functions in FROM.
    pub(super) fn function_column(
        &self,
        scope: &QueryScope<'t, '_>,
        column: FunctionColumn<'t>,
    ) -> NullVerdict {
        let FunctionColumn {
            functions,
            ordinality,
            column,
        } = column;
        let width: usize = functions.iter().map(|(_, columns)| columns).sum();
        // The parser puts ORDINALITY last, after the columns of all functions.
        if ordinality && column == width + 1 {
            return NullVerdict::never("WITH ORDINALITY counts every row");
        }
        // 7.2.1.4: "ROWS FROM" runs the functions side by side until the longest ends, and fills
        // the others with NULL.
        let [(expr, width)] = functions else {
            return NullVerdict::maybe("ROWS FROM fills up with NULL");
        };
        match expr {
            Expr::Call(call) if call.set => {
                if let (Some(array), 1) = (self.unnested(call), column) {
                    return self.elements(ExprPlace::new(scope, Stage::Rows), array);
                }
                let function = self.catalog.functions.get(&call.function);
                if function.is_some_and(|function| function.body.is_some()) {
                    return self.row_column(ExprPlace::new(scope, Stage::Rows), call, column);
                }
                let proved = function.filter(
                    |function| matches!(function.rule, NotNullRule::Columns(count) if column <= count),
                );
                match (proved, function) {
                    (Some(function), _) => {
                        NullVerdict::never(format!("`{}` never gives NULL", function.name))
                    }
                    (None, Some(function)) => {
                        NullVerdict::maybe(format!("no proof: `{}` may give NULL", function.name))
                    }
                    (None, None) => {
                        NullVerdict::maybe("no proof: a function the catalog does not have")
                    }
                }
            }
            // A function that gives one row is a relation of one row in FROM, and a NULL row
            // becomes a row of NULLs, which `row_column` excludes by proving that the body has a
            // row.
            Expr::Call(call) if self.is_composite(call.result) => {
                self.row_column(ExprPlace::new(scope, Stage::Rows), call, column)
            }
            // `FROM current_date` and `FROM lower('A')` give one row with one column.
            Expr::Call(_) | Expr::SqlValue(_) if *width == 1 && column == 1 => {
                self.expression(ExprPlace::new(scope, Stage::Rows), expr)
            }
            _ => NullVerdict::maybe("no proof: a function in FROM"),
        }
    }

    /// A set among the columns.
    pub(super) fn set_in_columns(
        &self,
        place: ExprPlace<'t, '_>,
        call: &'t Call,
        function: &'t CatalogFunction,
    ) -> NullVerdict {
        let query = place.scope.query;
        // Since 10, sets in one select list advance in lockstep, and the shorter are padded with
        // NULL ("SQL Functions Returning Sets").
        if sets(query) == 1
            && let Some(array) = self.unnested(call)
        {
            return self.elements(place, array);
        }
        let is_value = !self.is_composite(call.result);
        if sets(query) == 1 && is_value && function.body.is_some() {
            return self.row_column(place, call, 1);
        }
        listed_set(query, function.rule, &format!("`{}`", function.name))
    }

    /// The array whose elements `unnest` gives, if they are not rows, which would become columns.
    fn unnested(&self, call: &'t Call) -> Option<&'t Expr> {
        match call.arguments.as_slice() {
            // With more than one array `unnest` is allowed in FROM only, where the parser makes a
            // function of each.
            [array] if call.function == UNNEST && !self.is_composite(call.result) => Some(array),
            _ => None,
        }
    }

    /// Whether values of a type are rows; so may be those of a type that is not known.
    pub(super) fn is_composite(&self, type_oid: u32) -> bool {
        let base = self.types.base(type_oid);
        base.is_none_or(|base| matches!(base.kind, TypeKind::Composite(_) | TypeKind::Pseudo))
    }
}

/// How many sets there may be among the columns; next to a longer one, a set is filled up with NULL.
fn sets(query: &QueryTree) -> usize {
    // Junk targets count: ORDER BY and GROUP BY expand sets too.
    let targets = query.targets.iter();
    targets.map(|target| rows::count_sets(&target.expr)).sum()
}

fn listed_set(query: &QueryTree, rule: NotNullRule, name: &str) -> NullVerdict {
    match rule {
        NotNullRule::Columns(_) if sets(query) == 1 => {
            NullVerdict::never(format!("{name} never gives NULL"))
        }
        NotNullRule::Columns(_) => {
            NullVerdict::maybe("the shorter of several sets is filled up with NULL")
        }
        _ => NullVerdict::maybe(format!("no proof: {name} may give NULL")),
    }
}
