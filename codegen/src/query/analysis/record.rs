//! The fields of columns that are anonymous rows, `ROW(a, b)`, or arrays of such: Postgres calls
//! their type `record`, and only the expression says what is inside.

use super::scope::{self, Scope};
use super::tree::{Expr, QueryTree, RelationKind, SublinkKind, Var};

/// The types of the fields of each column that is such a row or array; else nothing.
pub(super) fn of_columns(query: &QueryTree) -> Vec<Option<Vec<u32>>> {
    let scope = Scope::outermost(query);
    query
        .columns()
        .map(|target| of_column(&scope, target.number))
        .collect()
}

fn of_column(scope: &Scope<'_, '_>, column: usize) -> Option<Vec<u32>> {
    // The arms of a set operation need not agree about what their records hold.
    if scope.query.set_operations.is_some() {
        return None;
    }
    let mut columns = scope.query.columns();
    of_expression(scope, &columns.find(|target| target.number == column)?.expr)
}

fn of_expression(scope: &Scope<'_, '_>, expression: &Expr) -> Option<Vec<u32>> {
    match expression {
        Expr::Row { types, .. } => types.iter().copied().collect(),
        Expr::Relabel(argument) | Expr::Convert(argument) => of_expression(scope, argument),
        // `array_agg` and its like: the only aggregates that give what they take.
        Expr::Aggregate(aggregate) => of_all(scope, &aggregate.arguments),
        Expr::Array(elements) | Expr::Coalesce(elements) => of_all(scope, elements),
        Expr::Sublink(sublink) => match sublink.kind {
            SublinkKind::Value | SublinkKind::Array => of_column(&scope.inside(&sublink.query), 1),
            _ => None,
        },
        Expr::Var(var) => of_var(scope, *var),
        _ => None,
    }
}

/// What all of them hold, if they agree.
fn of_all(scope: &Scope<'_, '_>, expressions: &[Expr]) -> Option<Vec<u32>> {
    let mut fields = expressions.iter().map(|each| of_expression(scope, each));
    let first = fields.next()??;
    fields
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn of_var(scope: &Scope<'_, '_>, var: Var) -> Option<Vec<u32>> {
    let scope = scope.up(var.levels_up)?;
    let own = Var {
        levels_up: 0,
        ..var
    };
    let own = scope::underlying(scope.query, own);
    let column = usize::try_from(own.column).ok()?;
    match &scope.query.relation(own.relation)?.kind {
        RelationKind::Subquery(query) => of_column(&scope.inside(query), column),
        RelationKind::Cte { name, levels_up } => {
            let (owner, cte) = scope.cte(name, *levels_up)?;
            of_column(&owner.inside(cte.query.as_ref()?), column)
        }
        _ => None,
    }
}
