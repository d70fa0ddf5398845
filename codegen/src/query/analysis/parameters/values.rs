//! The parameters whose value an expression is, and nothing else: through casts, COALESCE, CASE, VALUES, subqueries and arrays.

use super::super::scope::Scope;
use super::super::tree::{Expr, RelationKind, SetTree, Var};
use super::usage::without_casts;

/// A parameter whose value an expression may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Its number, from 1.
    pub(super) parameter: usize,
    /// Whether only an element of it is.
    pub(super) element: bool,
}

/// The parameters whose value an expression may be.
pub(super) fn of(scope: &Scope<'_, '_>, expr: &Expr) -> Vec<Value> {
    let mut found = Vec::new();
    collect(scope, expr, &mut found);
    found
}

fn collect(scope: &Scope<'_, '_>, expr: &Expr, found: &mut Vec<Value>) {
    match without_casts(expr) {
        Expr::Parameter(number) => found.push(Value {
            parameter: *number,
            element: false,
        }),
        Expr::Coalesce(arguments) | Expr::Array(arguments) => {
            for argument in arguments {
                collect(scope, argument, found);
            }
        }
        Expr::Case {
            whens, otherwise, ..
        } => {
            for branch in whens.iter().map(|(_, then)| then).chain([&**otherwise]) {
                collect(scope, branch, found);
            }
        }
        // `unnest`, and whatever else makes a set of the elements of one array.
        Expr::Call(call) if call.set => elements(&call.arguments, found),
        Expr::Var(var) if var.levels_up == 0 => column(scope, *var, found),
        _ => {}
    }
}

fn elements(arguments: &[Expr], found: &mut Vec<Value>) {
    if let [array] = arguments
        && let Expr::Parameter(number) = without_casts(array)
    {
        found.push(Value {
            parameter: *number,
            element: true,
        });
    }
}

fn column(scope: &Scope<'_, '_>, var: Var, found: &mut Vec<Value>) {
    let index = usize::try_from(var.column)
        .ok()
        .and_then(|column| column.checked_sub(1));
    let relation = scope.query.relation(var.relation);
    let (Some(index), Some(relation)) = (index, relation) else {
        return;
    };
    match &relation.kind {
        RelationKind::Values(rows) => {
            for value in rows.iter().filter_map(|row| row.get(index)) {
                collect(scope, value, found);
            }
        }
        RelationKind::Subquery(query) => column_values(&scope.inside(query), index + 1, found),
        RelationKind::Functions { functions, .. } => unnested(functions, index, found),
        _ => {}
    }
}

/// `unnest(:ids, :names)` in FROM is a function for each array.
fn unnested(functions: &[(Expr, usize)], index: usize, found: &mut Vec<Value>) {
    if functions.iter().all(|(_, width)| *width == 1)
        && let Some((Expr::Call(call), _)) = functions.get(index)
    {
        elements(&call.arguments, found);
    }
}

fn column_values(scope: &Scope<'_, '_>, column: usize, found: &mut Vec<Value>) {
    if let Some(operations) = &scope.query.set_operations {
        return arms(scope, operations, column, found);
    }
    if let Some(target) = scope.query.columns().find(|target| target.number == column) {
        collect(scope, &target.expr, found);
    }
}

fn arms(scope: &Scope<'_, '_>, operations: &SetTree, column: usize, found: &mut Vec<Value>) {
    match operations {
        SetTree::Relation(number) => {
            let relation = scope.query.relation(*number).map(|relation| &relation.kind);
            if let Some(RelationKind::Subquery(query)) = relation {
                column_values(&scope.inside(query), column, found);
            }
        }
        SetTree::Operation(_, left, right) => {
            arms(scope, left, column, found);
            arms(scope, right, column, found);
        }
    }
}
