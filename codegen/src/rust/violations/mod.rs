//! The constraints that a writing query can violate: those of the tables that it writes to and of the tables that foreign keys
//! lead to from there.
//!
//! Given: the changes that a query makes itself, with the columns that it assigns. Gives: the constraints, or nothing where a view
//! or a rule is between the query and its tables. Never leaves one out but those of tables that only a trigger or a function of the
//! project writes to: its code may write anything.
//!
//! ```text
//! change       the columns that a change assigns, with those of triggers and generated columns
//! triggers     the columns that a BEFORE trigger assigns
//! actions      the change that a foreign key makes of rows that refer to a changed one
//! constrained  the columns that a constraint is about
//! possible     whether a change can violate a constraint      checks  whether the known values of a row pass a check
//! search       all of that, along partitions, child tables and foreign keys
//! ```

mod actions;
mod change;
mod checks;
mod constrained;
mod possible;
mod search;
mod triggers;

use crate::query::analysis::Typed;
use crate::schema::Schema;
use crate::schema::model::{Index, Number, Table};
use change::RowChange;
use search::Search;
use std::collections::BTreeSet;

/// A constraint or unique index by its table's OID and its name.
pub(super) type ConstraintKey = (u32, String);

/// The constraints that a query can violate; none for a query that writes nothing, or through a view.
pub(super) fn find_violations(typed: &Typed, schema: &Schema) -> Option<BTreeSet<ConstraintKey>> {
    let changes = &typed.tables.as_ref()?.changes;
    if changes.is_empty() {
        return None;
    }
    let mut search = Search::new(schema);
    for written in changes {
        let table = schema.table(Number(written.relation))?;
        search.follow(table, RowChange::of(written, table));
    }
    search.finish()
}

/// The unique indexes that no constraint owns.
pub(super) fn unique_indexes(table: &Table) -> impl Iterator<Item = &Index> {
    let indexes = table.indexes.iter();
    indexes.filter(|index| index.definition.starts_with("CREATE UNIQUE INDEX"))
}
