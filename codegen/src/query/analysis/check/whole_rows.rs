//! `SELECT p FROM people p`: the row of a table as one value. It has no names on its way, so its fields are found by the
//! positions of the table's columns, which depend on the order of the migrations.

use super::{CheckedQuery, place};
use crate::query::analysis::catalog::{Catalog, CatalogRelation, TableKind};
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{Expr, QueryTree, SublinkKind};
use crate::report::diagnostic::Diagnostic;
use crate::sql::identifier;

/// The node of `array[1]`.
const SUBSCRIPT: &str = "SUBSCRIPTINGREF";

/// Refuses each column of the result that is such a row, or an array of such.
pub(super) fn check(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let rows = WholeRows {
        lineage: Lineage::new(checked.catalog),
    };
    let scope = QueryScope::outermost(tree);
    let numbers = (1..=checked.typed.columns.len()).zip(&checked.typed.columns);
    let found = numbers.filter_map(|(number, column)| {
        let table = checked
            .catalog
            .tables
            .get(&rows.of_column(&scope, number)?)?;
        let is_array = crate::query::analysis::is_array(column.type_oid, checked.types);
        Some(refuse(checked, number - 1, table, is_array))
    });
    found.collect()
}

fn refuse(
    checked: &CheckedQuery<'_>,
    column: usize,
    table: &CatalogRelation,
    is_array: bool,
) -> Diagnostic {
    let message = format!(
        "a row of `{}` as one value has its columns by position, which depends on the order of the migrations",
        table.name
    );
    let mut columns: Vec<_> = table.columns.iter().collect();
    columns.sort_by_key(|(number, _)| **number);
    let columns = columns
        .into_iter()
        .map(|(_, column)| identifier::write_identifier(&column.name));
    let row = format!("ROW({})", columns.collect::<Vec<_>>().join(", "));
    let help = if is_array {
        format!(
            "write `sqlc.embed(name)` in its place, with the name that FROM has for it, or name its columns: `{row}`"
        )
    } else {
        "write `sqlc.embed(name)`, with the name that FROM has for it".to_owned()
    };
    let span = place::output(checked.typed, column);
    Diagnostic::error("columns-by-position", span, message).help(help)
}

/// By OID, a table of which a value may be a row: the first that is found.
struct WholeRows<'t> {
    lineage: Lineage<'t, Option<u32>>,
}

impl<'t> WholeRows<'t> {
    fn of_any(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        all: impl IntoIterator<Item = &'t Expr>,
    ) -> Option<u32> {
        let mut all = all.into_iter();
        all.find_map(|expr| self.of_expression(scope, stage, expr))
    }
}

impl<'t> Fold<'t> for WholeRows<'t> {
    type Answer = Option<u32>;

    fn lineage(&self) -> &Lineage<'t, Option<u32>> {
        &self.lineage
    }

    fn of_expression(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> Option<u32> {
        match expr {
            Expr::Var(var) => self.follow(scope, stage, *var),
            Expr::Relabel(argument) | Expr::Convert(argument) => {
                self.of_expression(scope, stage, argument)
            }
            Expr::Coalesce(all)
            | Expr::MinMax(all)
            | Expr::NullIf(all)
            | Expr::Array(all)
            | Expr::Arrays(all)
            | Expr::Row { fields: all, .. } => self.of_any(scope, stage, all),
            Expr::Slice { array, .. } => self.of_expression(scope, stage, array),
            // An element of an array of rows, whose indexes are numbers.
            Expr::Unknown(unknown) if unknown.tag == SUBSCRIPT => {
                self.of_any(scope, stage, &unknown.parts)
            }
            Expr::Call(call) if gives_rows(call.function, self.lineage.catalog) => {
                self.of_any(scope, stage, &call.arguments)
            }
            Expr::Case {
                whens, otherwise, ..
            } => {
                let branches = whens.iter().map(|(_, then)| then).chain([&**otherwise]);
                self.of_any(scope, stage, branches)
            }
            // `array_agg`, and others that give a row which they take; the rest give no row of a table.
            Expr::Aggregate(aggregate) if gives_rows(aggregate.function, self.lineage.catalog) => {
                self.of_any(scope, Stage::Rows, &aggregate.arguments)
            }
            Expr::Window(call) if gives_rows(call.function, self.lineage.catalog) => {
                self.of_any(scope, stage, &call.arguments)
            }
            Expr::Sublink(sublink) => match sublink.kind {
                SublinkKind::Value | SublinkKind::Array => {
                    self.of_column(&scope.inside_at(&sublink.query, stage), 1)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The columns of a view have the order that the view says.
    fn of_stored(&self, stored: Stored<'t>) -> Option<u32> {
        let is_table = matches!(stored.table.kind, TableKind::Stored | TableKind::Foreign);
        (stored.column == 0 && is_table).then_some(stored.oid)
    }

    /// `unnest` gives the rows that its array has, as one value in column 0.
    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> Option<u32> {
        match (column.functions, column.column) {
            ([(function, _)], 0) => self.of_expression(scope, Stage::Rows, function),
            _ => None,
        }
    }

    fn of_gap(&self, _: Gap<'t>) -> Option<u32> {
        None
    }

    fn of_nothing(&self) -> Option<u32> {
        None
    }

    fn either(&self, one: Option<u32>, other: Option<u32>) -> Option<u32> {
        // One table in the message is enough for the user to find the place.
        one.or(other)
    }
}

/// Whether the function gives values that it takes, alone or in an array.
fn gives_rows(function: u32, catalog: &Catalog) -> bool {
    let function = catalog.functions.get(&function);
    function.is_some_and(|function| function.polymorphic)
}
