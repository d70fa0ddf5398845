//! `sqlc.embed(name)`: which columns of the result are a row of that relation, and whether the row can be missing.
//!
//! Sent as `name.*`, it is a run of all columns of one relation, in their order. Where the same run is written out as well,
//! either place has the same values.

use super::nullability::{Prover, Verdict};
use super::scope;
use super::tree::{Expr, QueryTree, Var};
use crate::query::Query;
use crate::source::Span;
use std::ops::Range;

/// A row of a relation as one field of a query's row.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// What the query calls the relation.
    pub relation: String,
    /// Where it is asked for.
    pub span: Span,
    /// Which columns of the query it is made of.
    pub columns: Range<usize>,
    /// Whether the row can be missing, as one that an outer join does not find; all its columns are NULL then.
    pub optional: bool,
}

/// The rows that a query embeds, in the order of their columns, with the verdicts on these where the row is there. What is not
/// found among the columns of the outermost query is left out.
pub(super) fn find<'t>(
    query: &Query,
    tree: &'t QueryTree,
    prover: &Prover<'t>,
) -> Vec<(Embedded, Vec<Verdict>)> {
    // Grouping sets fill each column with NULL by itself.
    if tree.grouping_sets {
        return Vec::new();
    }
    let columns = columns(tree);
    let mut found: Vec<(Embedded, Vec<Verdict>)> = Vec::new();
    for embed in &query.embeds {
        let is_free = |run: &Range<usize>| {
            let mut taken = found.iter().map(|(embedded, _)| &embedded.columns);
            taken.all(|taken| taken.end <= run.start || run.end <= taken.start)
        };
        let mut runs = runs(tree, &columns, &embed.relation).into_iter();
        let Some(run) = runs.find(is_free) else {
            continue;
        };
        let (verdicts, optional) = prover.row(tree, columns[run.clone()].iter().flatten());
        let embedded = Embedded {
            relation: embed.relation.clone(),
            span: embed.span.clone(),
            columns: run,
            optional,
        };
        found.push((embedded, verdicts));
    }
    found.sort_by_key(|(embedded, _)| embedded.columns.start);
    found
}

/// The column of a relation that each column of the result is.
fn columns(tree: &QueryTree) -> Vec<Option<Var>> {
    let columns = tree.columns().map(|target| match &target.expr {
        Expr::Var(var) => Some(scope::underlying(tree, *var)),
        _ => None,
    });
    columns.collect()
}

/// Every run of columns that is all of a relation of this name.
fn runs(tree: &QueryTree, columns: &[Option<Var>], name: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let relations = (1..).zip(&tree.relations);
    for (number, relation) in relations.filter(|(_, relation)| relation.name == name) {
        // A column that was dropped has no name.
        let existing = (1..).zip(&relation.columns);
        let existing = existing.filter(|(_, name)| !name.is_empty());
        let all: Vec<_> = existing
            .map(|(column, _)| Some(Var::own(number, column)))
            .collect();
        if !all.is_empty() {
            let windows = columns.windows(all.len()).enumerate();
            let equal = windows.filter(|(_, window)| **window == all);
            runs.extend(equal.map(|(start, _)| start..start + all.len()));
        }
    }
    runs
}
