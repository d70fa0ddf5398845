//! Facts that hold because a condition does: columns, parameters and expressions that are not NULL.

use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::tree::{self, Expr, Var};

/// Something that a condition proves, mostly that it is not NULL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fact<'t> {
    /// A column, as [`underlying`](crate::query::analysis::scope::underlying) gives it.
    Column(Var),
    Parameter(usize),
    /// A whole expression that gives the same each time.
    Expression(&'t Expr),
    /// Not a value: that the group has a row which this FILTER lets through.
    Counted(Option<&'t Expr>),
}

/// Adds those that are not yet in there.
pub(super) fn add<'t>(facts: &mut Vec<Fact<'t>>, more: Vec<Fact<'t>>) {
    for fact in more {
        // Callers compare lengths to see whether a round proved more, so a fact must never be added
        // twice.
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
}

/// The facts of all sides.
pub(super) fn common<'t>(mut sides: impl Iterator<Item = Vec<Fact<'t>>>) -> Vec<Fact<'t>> {
    // Only the first side can start the list: a fact has to be in all of them.
    let mut facts = sides.next().unwrap_or_default();
    for side in sides {
        facts.retain(|fact| side.contains(fact));
    }
    facts
}

/// Whether an expression gives the same each time it is evaluated for one row.
pub(super) fn repeatable(expr: &Expr, catalog: &Catalog) -> bool {
    let function = match expr {
        // A set gives another value in each row that it is expanded to.
        Expr::Call(call) if call.set => return false,
        Expr::Sublink(_) | Expr::Unknown(_) | Expr::Window(_) | Expr::SublinkColumn(_) => {
            return false;
        }
        Expr::Call(call) => Some(call.function),
        Expr::AnyArray { function, .. } => Some(*function),
        Expr::Aggregate(aggregate) => Some(aggregate.function),
        _ => None,
    };
    let known = |oid| {
        catalog
            .functions
            .get(&oid)
            .is_some_and(|function| function.repeatable)
    };
    // STABLE is enough: within one statement such a function gives the same for the same arguments
    // ("Function Volatility Categories").
    function.is_none_or(known)
        && tree::children(expr)
            .into_iter()
            .all(|child| repeatable(child, catalog))
}
