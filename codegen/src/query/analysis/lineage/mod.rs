//! The one follower of values: from a column that an expression names to the places where its values come from.
//!
//! Given: a query's scope and a column. Gives: the [`Source`] of the relation that the column belongs to, or, with a
//! [`Fold`], one answer about all values that the column can have. Never decides anything about a value itself: that is
//! the fold's, so that each fold is short and all of them take the same way through a query.
//!
//! ```text
//! source   the source of a relation's columns: a stored table, a query, VALUES, functions, expressions
//! fold     the way itself: subqueries, views, WITH, recursion, set operations, joins, grouping, SQL functions
//! memo     answers that were given before, and the assumptions of a recursion
//! ```
//! The folds: nullability, elements of arrays and fields of records (`nullability`), key lineage (`key_lineage`), origins
//! (`origin`), the parameters that a value is (`parameters::values`), rows of a table as one value (`check::whole_rows`) and
//! values that stay the same (`repeatable`). Cardinality and aliases take the sources alone.

mod fold;
mod memo;
mod source;

pub(super) use fold::Fold;
pub(super) use memo::Lineage;
pub(super) use source::{FunctionColumn, Gap, Source, Stored, find_source};

/// Identifies a part of a tree, which is not moved while questions are asked about it.
pub(super) fn address<T>(part: &T) -> usize {
    std::ptr::from_ref(part).addr()
}
