//! Mistakes in a query that Postgres accepts: contradictions, and meanings that are hardly
//! intended. One file for each subject.

mod place;

mod commas;
mod names;
mod overrides;
mod parameters;
mod rows;
mod unproved;

mod all_rows;
mod insert;
mod null_comparison;
mod order;
mod positions;
mod whole_rows;

use super::Typed;
use super::catalog::Catalog;
use super::fetch::NoTree;
use super::nullability::NullVerdict;
use super::overrides::Alias;
use super::tree::QueryTree;
use crate::query::TypeCatalog;
use crate::report::diagnostic::Diagnostic;

/// A query with all that was found out on the way.
pub(super) struct CheckedQuery<'t> {
    pub(super) typed: &'t Typed,
    /// Its analysed tree, or why it has none.
    pub(super) tree: Result<&'t QueryTree, &'t NoTree>,
    pub(super) catalog: &'t Catalog,
    pub(super) types: &'t TypeCatalog,
    /// The alias of each column, and the proof whatever it declares.
    pub(super) proved: &'t [(Alias, NullVerdict)],
    /// Whether some column is too complicated to be proved.
    pub(super) gave_up: bool,
}

/// Everything wrong with one query.
pub(super) fn check(checked: &CheckedQuery<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    diagnostics.extend(rows::no_rows(checked.typed));
    diagnostics.extend(names::unnamed_column(checked.typed));
    diagnostics.extend(names::duplicate_columns(checked.typed));
    diagnostics.extend(names::embeds(checked.typed));
    diagnostics.extend(parameters::check(checked.typed, checked.types));
    diagnostics.extend(unproved::check(checked));
    // The checks below read the tree; without one, `unproved` has said so.
    if let Ok(tree) = checked.tree {
        diagnostics.extend(rows::unproved_cardinality(checked, tree));
        diagnostics.extend(overrides::check(checked, tree));
        diagnostics.extend(null_comparison::warn_of_null(checked, tree));
        diagnostics.extend(commas::warn_of_missing(checked, tree));
        diagnostics.extend(order::by_parameters(checked, tree));
        diagnostics.extend(all_rows::check(checked, tree));
        diagnostics.extend(insert::missing_columns(checked, tree));
        diagnostics.extend(positions::check(checked, tree));
        diagnostics.extend(whole_rows::check(checked, tree));
    }
    diagnostics
}
