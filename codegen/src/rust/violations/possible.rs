//! Whether a change can violate a constraint.

use super::change::RowChange;
use super::checks::pass_check;
use super::constrained::Constrained;
use crate::query::analysis::ChangeKind;
use crate::schema::model::{Constraint, ConstraintKind, Table};
use std::collections::BTreeSet;

/// Whether a change can violate a constraint on these columns.
pub(super) fn can_violate(
    table: &Table,
    constraint: &Constraint,
    constrained: &Constrained,
    change: &RowChange,
) -> bool {
    let definition = constraint.definition.as_str();
    let columns = &constrained.columns;
    match constraint.kind {
        // Postgres reports the column, and no name.
        ConstraintKind::NotNull => false,
        ConstraintKind::Check => {
            // A row that is there already may violate a check that is not valid, whichever column is updated.
            let is_reached = !constraint.valid || is_affected(columns, change);
            is_reached && !pass_check(table, definition, change)
        }
        ConstraintKind::ForeignKey => {
            let is_null = if definition.contains(" MATCH FULL") {
                columns.is_subset(&change.nulls)
            } else {
                !columns.is_disjoint(&change.nulls)
            };
            let is_satisfied = change.satisfied.as_ref() == Some(&constraint.name);
            is_affected(columns, change) && !is_null && !is_satisfied
        }
        ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => {
            can_duplicate(&constraint.name, definition, constrained, change)
        }
    }
}

/// Whether a change can give a row that has the values of another in a unique index.
pub(super) fn can_duplicate(
    name: &str,
    definition: &str,
    constrained: &Constrained,
    change: &RowChange,
) -> bool {
    // A row with NULL is like no other, unless the index says that it is.
    let is_distinct = !definition.contains("NULLS NOT DISTINCT");
    let is_null = is_distinct && !constrained.key.is_disjoint(&change.nulls);
    is_affected(&constrained.columns, change) && !is_null && !change.arbiters.contains(name)
}

/// An INSERT affects every column. 0 is any column in both.
fn is_affected(columns: &BTreeSet<i16>, change: &RowChange) -> bool {
    change.kind == ChangeKind::Insert
        || change.is_open()
        || columns.contains(&0)
        || !columns.is_disjoint(&change.columns)
}
