//! Where values come from: given a [`Schema`], follows foreign keys to the column at their end, and knows the labels of
//! enum tables.

use super::model::{Constraint, ConstraintKind};
use super::{Schema, enum_tables};
use std::collections::{BTreeSet, HashMap};

/// A column: the OID of its table and its number.
pub type ColumnId = (u32, i16);

/// The columns that others refer to.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// By column: the columns it refers to, by foreign keys of its own and by those of several columns.
    referred: HashMap<ColumnId, Referred>,
    /// By the key of an enum table.
    labels: HashMap<ColumnId, BTreeSet<String>>,
}

#[derive(Clone, Debug, Default)]
struct Referred {
    alone: BTreeSet<ColumnId>,
    together: BTreeSet<ColumnId>,
}

impl Keys {
    /// The keys of the schema.
    pub fn of(schema: &Schema) -> Self {
        let mut keys = Self::default();
        for table in &schema.tables {
            for constraint in &table.constraints {
                keys.add(table.oid.0, constraint);
            }
        }
        for table in enum_tables(schema) {
            let labels = table.labels.iter().map(|label| (*label).to_owned());
            keys.labels.insert(table.key, labels.collect());
        }
        keys
    }

    /// Whether a foreign key of one column refers to this one.
    pub fn is_referred_to(&self, column: ColumnId) -> bool {
        let mut referred = self.referred.values();
        referred.any(|referred| referred.alone.contains(&column))
    }

    /// Whether these are all labels of the enum table with this key.
    pub fn has_labels(&self, key: ColumnId, labels: &BTreeSet<String>) -> bool {
        let known = self.labels.get(&key);
        known.is_some_and(|known| labels.is_subset(known))
    }

    /// Whether the key is that of an enum table.
    pub fn is_labelled(&self, key: ColumnId) -> bool {
        self.labels.contains_key(&key)
    }

    fn add(&mut self, table: u32, constraint: &Constraint) {
        let (ConstraintKind::ForeignKey, Some(target)) = (constraint.kind, &constraint.references)
        else {
            return;
        };
        for (own, other) in constraint.columns.iter().zip(&target.columns) {
            let referred = self.referred.entry((table, own.0)).or_default();
            let columns = match constraint.columns.len() {
                1 => &mut referred.alone,
                _ => &mut referred.together,
            };
            columns.insert((target.table_oid.0, other.0));
        }
    }

    /// The column at the end of the foreign keys of this one: itself if it has none, and also if they lead to different ends,
    /// so that nothing can be said.
    ///
    /// A foreign key of the column alone says more than one that it is part of: `(organization_id, job_id)` may refer to a
    /// table's own `organization_id`.
    pub fn end(&self, column: ColumnId) -> ColumnId {
        let mut ends = BTreeSet::new();
        self.follow(column, &mut BTreeSet::new(), &mut ends);
        match ends.len() {
            // With several ends, it would be the id of several tables.
            1 => ends.pop_first().unwrap_or(column),
            _ => column,
        }
    }

    fn follow(
        &self,
        column: ColumnId,
        seen: &mut BTreeSet<ColumnId>,
        ends: &mut BTreeSet<ColumnId>,
    ) {
        if !seen.insert(column) {
            return;
        }
        let referred = self.referred.get(&column);
        // A foreign key of this column alone says more than one of several columns.
        let next = referred.map(|referred| {
            if referred.alone.is_empty() {
                &referred.together
            } else {
                &referred.alone
            }
        });
        // A column that refers to itself, as the parent of a tree does, is an end too.
        match next {
            Some(next) if next.iter().any(|next| *next != column) => {
                for next in next {
                    self.follow(*next, seen, ends);
                }
            }
            _ => {
                ends.insert(column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ColumnId, Keys};
    use crate::schema::model::{Constraint, ConstraintKind, Number, Reference};

    /// Foreign keys, each from the columns of one table to those of another.
    fn keys(foreign_keys: &[(u32, &[i16], u32, &[i16])]) -> Keys {
        let mut keys = Keys::default();
        let numbers = |columns: &[i16]| columns.iter().map(|column| Number(*column)).collect();
        for (table, columns, target, target_columns) in foreign_keys {
            let constraint = Constraint {
                kind: ConstraintKind::ForeignKey,
                columns: numbers(columns),
                references: Some(Reference {
                    table_oid: Number(*target),
                    columns: numbers(target_columns),
                    ..Reference::default()
                }),
                ..Constraint::default()
            };
            keys.add(*table, &constraint);
        }
        keys
    }

    #[test]
    fn foreign_keys_are_followed_to_their_end() {
        let chain = keys(&[(1, &[2], 2, &[1]), (2, &[1], 3, &[1])]);
        assert_eq!(chain.end((1, 2)), (3, 1));
        assert_eq!(chain.end((1, 3)), (1, 3));
    }

    #[test]
    fn a_foreign_key_of_one_column_goes_before_one_of_several() {
        let both = keys(&[(1, &[2, 3], 2, &[5, 1]), (1, &[2], 3, &[1])]);
        assert_eq!(both.end((1, 2)), (3, 1));
        assert_eq!(both.end((1, 3)), (2, 1));
    }

    #[test]
    fn two_ends_are_none() {
        let two = keys(&[(1, &[2], 2, &[1]), (1, &[2], 3, &[1])]);
        assert_eq!(two.end((1, 2)), (1, 2));
    }

    #[test]
    fn a_cycle_ends() {
        let loops: ColumnId = (1, 2);
        assert_eq!(keys(&[(1, &[2], 1, &[2])]).end(loops), loops);
        let pair = keys(&[(1, &[1], 2, &[1]), (2, &[1], 1, &[1])]);
        assert_eq!(pair.end((1, 1)), (1, 1));
    }
}
