//! `sqlc.embed(name)`: which columns of the result are a row of that relation, and whether the row can be missing.
//!
//! Sent as `name.*`, it is a run of all columns of one relation, in their order and under their names. Where the same run is
//! written out as well, either place has the same values.

use super::catalog::Catalog;
use super::nullability::NullabilityProver;
use super::proofs::Proofs;
use super::scope;
use super::tree::{Expr, QueryTree, Relation, RelationKind, Var};
use crate::query::Embed;
use crate::report::source::Span;
use crate::singular::singular;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A row of a relation as one field of a query's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Embedded {
    /// The name of the field: like the table in the singular, or like the alias.
    pub field: String,
    /// Where it is asked for.
    pub span: Span,
    /// Which columns of the query it is made of.
    pub columns: Range<usize>,
    /// Whether the row can be missing, as one that an outer join does not find; all its columns are NULL then.
    pub optional: bool,
}

/// The rows that a query embeds, in the order of their columns. The proofs for these become those that hold where the row is
/// there. A row that is not found among the columns of the outermost query is left out.
pub(super) fn find<'t>(
    embeds: &[Embed],
    tree: &'t QueryTree,
    catalog: &Catalog,
    prover: &NullabilityProver<'t>,
    proofs: &mut [Proofs],
) -> Vec<Embedded> {
    // Grouping sets fill each column with NULL by itself, and the rows of a UNION are of several relations.
    if tree.grouping_sets || tree.set_operations.is_some() {
        return Vec::new();
    }
    let columns = columns(tree);
    let mut found: Vec<Embedded> = Vec::new();
    for embed in embeds {
        let is_free = |run: &Run<'_>| {
            let mut taken = found.iter().map(|found| &found.columns);
            taken.all(|taken| taken.end <= run.columns.start || run.columns.end <= taken.start)
        };
        let mut runs = runs(tree, &columns, &embed.relation).into_iter();
        // A run that another embed has taken is left to it, so `embed(a), embed(a)` gives two
        // fields.
        let Some(run) = runs.find(is_free) else {
            continue;
        };
        let row = prover.row(tree, run.number, run.relation);
        // The optional row carries the missing case, so the columns inside need not be `Option` for
        // it.
        for (column, verdict) in proofs[run.columns.clone()].iter_mut().zip(row.columns) {
            column.verdict = verdict;
        }
        found.push(Embedded {
            field: field(run.relation, catalog),
            span: embed.span.clone(),
            columns: run.columns,
            optional: row.missing,
        });
    }
    // In the order of columns: decoding walks over them from left to right.
    found.sort_by_key(|found| found.columns.start);
    found
}

/// Columns of the result that are all of a relation, in order.
struct Run<'t> {
    number: usize,
    relation: &'t Relation,
    columns: Range<usize>,
}

/// The column of a relation that each column of the result is, with its name.
fn columns(tree: &QueryTree) -> Vec<(Option<Var>, &str)> {
    let columns = tree.columns().map(|target| {
        let own = match &target.expr {
            Expr::Var(var) => scope::ungrouped(tree, *var),
            _ => None,
        };
        (own, target.name.as_str())
    });
    columns.collect()
}

/// Every run of a relation of this name.
fn runs<'t>(tree: &'t QueryTree, columns: &[(Option<Var>, &str)], name: &str) -> Vec<Run<'t>> {
    let mut runs = Vec::new();
    for (number, relation) in (1..).zip(&tree.relations) {
        let all: Vec<_> = relation
            .existing_columns()
            .map(|(column, name)| (Some(Var::own(number, column)), name))
            .collect();
        // `windows(0)` would panic, and a table without columns has no row to embed.
        if relation.name != name || all.is_empty() {
            continue;
        }
        // `name.*` is sent as all its columns side by side; anything else is not a row.
        let windows = columns.windows(all.len()).enumerate();
        let equal = windows.filter(|(_, window)| **window == all);
        runs.extend(equal.map(|(start, _)| Run {
            number,
            relation,
            columns: start..start + all.len(),
        }));
    }
    runs
}

/// The field of a row: a table or view under its own name gives its singular.
fn field(relation: &Relation, catalog: &Catalog) -> String {
    if is_table(relation, catalog) {
        singular(&relation.name)
    } else {
        relation.name.clone()
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
