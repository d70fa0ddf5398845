//! The columns that a constraint or an index is about.

use super::change::translate_columns;
use crate::schema::model::{Constraint, ConstraintKind, Index, Table};
use crate::sql::lexer::{Word, words};
use std::collections::BTreeSet;

/// The columns of a constraint, by number.
#[derive(Clone, Debug)]
pub(super) struct Constrained {
    /// All that it reads; 0 is any.
    pub(super) columns: BTreeSet<i16>,
    /// The columns of its key, without those of expressions and of a condition.
    pub(super) key: BTreeSet<i16>,
}

impl Constrained {
    /// Those of a constraint.
    pub(super) fn of(table: &Table, constraint: &Constraint) -> Self {
        let key: BTreeSet<i16> = constraint.columns.iter().map(|c| c.0).collect();
        let columns = match constraint.kind {
            // A check lists no column if it takes the whole row.
            ConstraintKind::Check if key.is_empty() => BTreeSet::from([0]),
            ConstraintKind::Exclusion => {
                let has_condition = constraint.definition.contains(" WHERE (");
                list_indexed(table, &key, has_condition, &constraint.definition)
            }
            _ => key.clone(),
        };
        Self { columns, key }
    }

    /// Those of an index that no constraint owns.
    pub(super) fn of_index(table: &Table, index: &Index) -> Self {
        let key = index.columns.iter().map(|column| column.0).collect();
        let columns = list_indexed(table, &key, index.predicate.is_some(), &index.definition);
        Self { columns, key }
    }

    /// The columns of the same names in a child table.
    pub(super) fn translate(&self, table: &Table, child: &Table) -> Self {
        Self {
            columns: translate_columns(&self.columns, table, child),
            key: translate_columns(&self.key, table, child),
        }
    }
}

/// The catalog lists neither the columns of a condition nor those of an expression, whose own number is 0.
fn list_indexed(
    table: &Table,
    key: &BTreeSet<i16>,
    has_condition: bool,
    definition: &str,
) -> BTreeSet<i16> {
    let mut columns = key.clone();
    if columns.remove(&0) || has_condition {
        columns.extend(find_mentioned(table, definition));
    }
    columns
}

/// The columns whose names are in the text, which are at least those that it reads; 0 if it takes the whole row.
pub(super) fn find_mentioned(table: &Table, text: &str) -> BTreeSet<i16> {
    let words = words(text);
    let names = words.iter().filter_map(Word::name);
    let columns = names.filter_map(|name| Some(table.column(&name)?.number.0));
    let mut pairs = words.windows(2);
    let is_whole = pairs.any(|pair| pair[0].text == "." && pair[1].text == "*");
    columns.chain(is_whole.then_some(0)).collect()
}
