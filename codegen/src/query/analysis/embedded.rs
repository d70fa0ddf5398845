//! `sqlc.embed(name)`: which columns of the result are a row of that relation, and whether the row can be missing.
//!
//! Sent as `name.*`, it is a run of all columns of one relation, in their order and under their names. Where the same run is
//! written out as well, either place has the same values.

use super::Proofs;
use super::catalog::Catalog;
use super::nullability::{Prover, RowVerdict};
use super::tree::{Expr, QueryTree, Relation, RelationKind, Var};
use crate::query::Embed;
use crate::singular::singular;
use crate::source::Span;
use std::ops::Range;

/// A row of a relation as one field of a query's row.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// What the field is called: like the table in the singular, or like the alias.
    pub field: String,
    /// Where it is asked for.
    pub span: Span,
    /// Which columns of the query it is made of.
    pub columns: Range<usize>,
    /// Whether the row can be missing, as one that an outer join does not find; all its columns are NULL then.
    pub optional: bool,
}

/// Where a row was found, and what is proved of it.
pub(super) struct Found {
    embedded: Embedded,
    verdict: RowVerdict,
}

/// The rows that a query embeds, in the order of their columns. What is not found among the columns of the outermost query is
/// left out.
pub(super) fn find<'t>(
    embeds: &[Embed],
    tree: &'t QueryTree,
    catalog: &Catalog,
    prover: &Prover<'t>,
) -> Vec<Found> {
    // Grouping sets fill each column with NULL by itself, and the rows of a UNION are of several relations.
    if tree.grouping_sets || tree.set_operations.is_some() {
        return Vec::new();
    }
    let mut found: Vec<Found> = Vec::new();
    for embed in embeds {
        let is_free = |columns: &Range<usize>| {
            let mut taken = found.iter().map(|found| &found.embedded.columns);
            taken.all(|taken| taken.end <= columns.start || columns.end <= taken.start)
        };
        let mut runs = runs(tree, &embed.relation).into_iter();
        let Some((number, columns)) = runs.find(|(_, columns)| is_free(columns)) else {
            continue;
        };
        let verdict = prover.row(tree, number);
        let field = match tree.relation(number) {
            Some(relation) if is_table(relation, catalog) => singular(&relation.name),
            _ => embed.relation.clone(),
        };
        let embedded = Embedded {
            field,
            span: embed.span.clone(),
            columns,
            optional: verdict.missing,
        };
        found.push(Found { embedded, verdict });
    }
    found.sort_by_key(|found| found.embedded.columns.start);
    found
}

/// Puts what holds in a row in place of what holds of its columns in every row of the query.
pub(super) fn overlay(proofs: &mut [Proofs], found: Vec<Found>) -> Vec<Embedded> {
    let mut rows = Vec::new();
    for Found { embedded, verdict } in found {
        let columns = &mut proofs[embedded.columns.clone()];
        for (column, verdict) in columns.iter_mut().zip(verdict.columns) {
            column.verdict = verdict;
        }
        rows.push(embedded);
    }
    rows
}

/// Every run of columns that is all of a relation of this name, with the relation's number.
fn runs(tree: &QueryTree, name: &str) -> Vec<(usize, Range<usize>)> {
    let columns: Vec<_> = tree
        .columns()
        .map(|target| (of_relation(tree, &target.expr), target.name.as_str()))
        .collect();
    let mut runs = Vec::new();
    for (number, relation) in (1..).zip(&tree.relations) {
        let all: Vec<_> = relation
            .existing_columns()
            .map(|(column, name)| (Some(Var::own(number, column)), name))
            .collect();
        if relation.name != name || all.is_empty() {
            continue;
        }
        let windows = columns.windows(all.len()).enumerate();
        let equal = windows.filter(|(_, window)| **window == all);
        runs.extend(equal.map(|(start, _)| (number, start..start + all.len())));
    }
    runs
}

/// The column of a relation that an expression is, also by way of GROUP BY.
fn of_relation(tree: &QueryTree, expr: &Expr) -> Option<Var> {
    let Expr::Var(var) = expr else { return None };
    match &tree.relation(var.relation)?.kind {
        RelationKind::Group(grouped) => {
            let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
            match grouped.get(index)? {
                Expr::Var(grouped) => Some(*grouped),
                _ => None,
            }
        }
        _ => Some(*var),
    }
}

/// Whether a relation is a table or view under its own name.
fn is_table(relation: &Relation, catalog: &Catalog) -> bool {
    match relation.kind {
        RelationKind::Table { oid, .. } => {
            let table = catalog.tables.get(&oid);
            table.is_some_and(|table| table.name == relation.name)
        }
        _ => false,
    }
}
