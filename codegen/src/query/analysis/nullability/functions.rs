//! Functions in FROM, and sets among the columns.

use super::super::catalog::Rule;
use super::super::scope::Scope;
use super::super::tree::{Expr, QueryTree};
use super::expression::{Place, Stage};
use super::{Prover, Verdict, rows};

impl<'t> Prover<'t> {
    /// The `column`-th column, from 1, of functions in FROM.
    pub(super) fn function_column(
        &self,
        scope: &Scope<'t, '_>,
        functions: &'t [(Expr, usize)],
        ordinality: bool,
        column: usize,
    ) -> Verdict {
        let width: usize = functions.iter().map(|(_, columns)| columns).sum();
        if ordinality && column == width + 1 {
            return Verdict::never("WITH ORDINALITY counts every row");
        }
        let [(expr, width)] = functions else {
            return Verdict::maybe("ROWS FROM fills up with NULL");
        };
        match expr {
            Expr::Call(call) if call.set => {
                let function = self.catalog.functions.get(&call.function);
                let proved = function.filter(
                    |function| matches!(function.rule, Rule::Columns(count) if column <= count),
                );
                match (proved, function) {
                    (Some(function), _) => {
                        Verdict::never(format!("`{}` never gives NULL", function.name))
                    }
                    (None, Some(function)) => {
                        Verdict::maybe(format!("no proof: `{}` may give NULL", function.name))
                    }
                    (None, None) => {
                        Verdict::maybe("no proof: a function the catalog does not have")
                    }
                }
            }
            Expr::Call(_) | Expr::SqlValue(_) if *width == 1 && column == 1 => {
                self.expression(Place::new(scope, Stage::Rows), expr)
            }
            _ => Verdict::maybe("no proof: a function in FROM"),
        }
    }
}

/// A set among the columns: next to another one, the shorter is filled up with NULL.
pub(super) fn set_in_columns(query: &QueryTree, rule: Rule, name: &str) -> Verdict {
    let count: usize = query
        .targets
        .iter()
        .map(|target| rows::sets(&target.expr))
        .sum();
    match rule {
        Rule::Columns(_) if count == 1 => Verdict::never(format!("{name} never gives NULL")),
        Rule::Columns(_) => Verdict::maybe("the shorter of several sets is filled up with NULL"),
        _ => Verdict::maybe(format!("no proof: {name} may give NULL")),
    }
}
