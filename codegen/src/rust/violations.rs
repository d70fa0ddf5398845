//! The constraints that a writing query can violate: those of the tables that it writes to and of the tables that foreign keys
//! lead to from there.
//!
//! Given: the privileges that a query needs, which list the tables that it inserts into or deletes from and the columns that it updates. Gives: the
//! constraints, or nothing where a view is between the query and its tables. Never leaves one out but those that only a trigger
//! of the project can violate: its function may write anything.

use crate::query::analysis::Typed;
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Index, Table};
use std::collections::BTreeSet;

/// A constraint or unique index by its table's OID and its name.
pub(super) type ConstraintKey = (u32, String);

/// A change of the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RowChange {
    Insert,
    /// Of these columns, by number; 0 is any.
    Update(BTreeSet<i16>),
    Delete,
}

/// The constraints that a query can violate; none for a query that writes nothing, or through a view.
pub(super) fn find_violations(typed: &Typed, schema: &Schema) -> Option<BTreeSet<ConstraintKey>> {
    let tables = typed.tables.as_ref()?;
    let changes = tables.privileges.iter().filter_map(|privilege| {
        let change = match privilege.kind {
            "INSERT" => RowChange::Insert,
            // A lock, FOR UPDATE, needs the privilege on no column.
            "UPDATE" if privilege.columns.is_empty() => return None,
            "UPDATE" => RowChange::Update(privilege.columns.iter().copied().collect()),
            "DELETE" => RowChange::Delete,
            _ => return None,
        };
        Some((privilege.relation, change))
    });
    let changes: Vec<(u32, RowChange)> = changes.collect();
    if changes.is_empty() {
        return None;
    }
    let mut search = Search {
        schema,
        seen: BTreeSet::new(),
        found: BTreeSet::new(),
    };
    for (oid, change) in changes {
        let table = schema.tables.iter().find(|table| table.oid.0 == oid)?;
        search.follow(table, change);
    }
    Some(search.found)
}

struct Search<'s> {
    schema: &'s Schema,
    /// Changes that were followed: foreign keys can lead in a circle.
    seen: BTreeSet<(u32, RowChange)>,
    found: BTreeSet<ConstraintKey>,
}

impl<'s> Search<'s> {
    fn follow(&mut self, table: &'s Table, change: RowChange) {
        let change = widen_update(table, change);
        if !self.seen.insert((table.oid.0, change.clone())) {
            return;
        }
        match &change {
            RowChange::Insert => self.add_own(table, |_| true),
            RowChange::Update(columns) => {
                self.add_own(table, |constrained| {
                    is_affected(table, constrained, columns)
                });
                self.follow_references(table, |key| {
                    let target = key.references.as_ref();
                    let target = target.map_or(&[][..], |target| &target.columns);
                    let mut target = target.iter().map(|position| position.0);
                    let is_updated = columns.contains(&0) || target.any(|c| columns.contains(&c));
                    is_updated.then(|| Action::read(&key.definition, "ON UPDATE"))
                });
            }
            RowChange::Delete => {
                self.follow_references(table, |key| {
                    Some(Action::read(&key.definition, "ON DELETE"))
                });
            }
        }
        // Rows of a partition or a child table have the constraints of that table; an INSERT reaches partitions alone.
        for child in find_children(self.schema, table) {
            if change != RowChange::Insert || child.partition.is_some() {
                self.follow(child, change.clone());
            }
        }
    }

    /// Adds the constraints and unique indexes of a table whose columns are wanted.
    fn add_own(&mut self, table: &Table, is_wanted: impl Fn(&[i16]) -> bool) {
        for constraint in &table.constraints {
            if is_wanted(&constrained_columns(constraint)) {
                self.add(table, &constraint.name);
            }
        }
        for index in unique_indexes(table) {
            let mut columns: Vec<i16> = index.columns.iter().map(|c| c.0).collect();
            // The tree does not say which columns a predicate reads.
            if index.predicate.is_some() {
                columns.push(0);
            }
            if is_wanted(&columns) {
                self.add(table, &index.name.name);
            }
        }
    }

    /// Follows the foreign keys of any table that refer to this one, by the action that each takes.
    fn follow_references(
        &mut self,
        table: &'s Table,
        action_of: impl Fn(&Constraint) -> Option<Action>,
    ) {
        let schema: &'s Schema = self.schema;
        for other in &schema.tables {
            // By their numbers: two `Oid` are equal whatever they are, so that schemas can be compared.
            let keys = other.constraints.iter().filter(|key| {
                let target = key.references.as_ref();
                target.is_some_and(|target| target.table_oid.0 == table.oid.0)
            });
            for key in keys {
                match action_of(key) {
                    None => {}
                    Some(Action::Refuse) => self.add(other, &key.name),
                    Some(Action::Delete) => self.follow(other, RowChange::Delete),
                    Some(Action::Update) => {
                        let columns = key.columns.iter().map(|position| position.0);
                        self.follow(other, RowChange::Update(columns.collect()));
                    }
                }
            }
        }
    }

    fn add(&mut self, table: &Table, name: &str) {
        self.found.insert((table.oid.0, name.to_owned()));
    }
}

/// The action of a foreign key on the rows that refer to a changed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// NO ACTION or RESTRICT.
    Refuse,
    /// CASCADE of a DELETE.
    Delete,
    /// CASCADE of an UPDATE, SET NULL or SET DEFAULT.
    Update,
}

impl Action {
    /// Reads the action from the text of `pg_get_constraintdef`, which leaves out NO ACTION.
    fn read(definition: &str, event: &str) -> Self {
        let after = definition.split_once(event).map(|(_, after)| after.trim());
        match after {
            Some(action) if action.starts_with("CASCADE") && event == "ON DELETE" => Self::Delete,
            Some(action) if action.starts_with("CASCADE") || action.starts_with("SET") => {
                Self::Update
            }
            _ => Self::Refuse,
        }
    }
}

/// A trigger before the write may change any column of the row.
fn widen_update(table: &Table, change: RowChange) -> RowChange {
    let mut triggers = table.triggers.iter();
    match change {
        RowChange::Update(mut columns) if triggers.any(|t| t.definition.contains(" BEFORE ")) => {
            columns.insert(0);
            RowChange::Update(columns)
        }
        other => other,
    }
}

fn constrained_columns(constraint: &Constraint) -> Vec<i16> {
    let mut columns: Vec<i16> = constraint.columns.iter().map(|c| c.0).collect();
    // A check reads columns that it does not list if it takes the whole row. A row that is there already may violate one that
    // is not valid, whichever column is updated.
    let is_open = constraint.kind == ConstraintKind::Check && columns.is_empty();
    if is_open || !constraint.valid || constraint.kind == ConstraintKind::Exclusion {
        columns.push(0);
    }
    columns
}

/// Whether an update of these columns can violate a constraint on those; 0 is any column in both.
fn is_affected(table: &Table, constrained: &[i16], updated: &BTreeSet<i16>) -> bool {
    let is_generated = |number: &i16| {
        let mut columns = table.columns.iter();
        let column = columns.find(|column| column.number.0 == *number);
        column.is_some_and(|column| column.generated.is_some())
    };
    updated.contains(&0)
        || constrained
            .iter()
            .any(|column| *column == 0 || updated.contains(column) || is_generated(column))
}

/// The unique indexes that no constraint owns.
pub(super) fn unique_indexes(table: &Table) -> impl Iterator<Item = &Index> {
    let indexes = table.indexes.iter();
    indexes.filter(|index| index.definition.starts_with("CREATE UNIQUE INDEX"))
}

/// The partitions and the child tables of a table.
fn find_children<'s>(schema: &'s Schema, table: &'s Table) -> impl Iterator<Item = &'s Table> {
    schema.tables.iter().filter(move |child| {
        let partition = child.partition.as_ref();
        let is_partition = partition.is_some_and(|partition| partition.of == table.name.sql);
        is_partition || child.inherits.contains(&table.name.sql)
    })
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn an_action_is_read_from_the_definition() {
        let key = "FOREIGN KEY (a) REFERENCES t(b) ON UPDATE CASCADE ON DELETE SET NULL";
        assert_eq!(Action::read(key, "ON UPDATE"), Action::Update);
        assert_eq!(Action::read(key, "ON DELETE"), Action::Update);
        let key = "FOREIGN KEY (a) REFERENCES t(b) ON DELETE CASCADE";
        assert_eq!(Action::read(key, "ON UPDATE"), Action::Refuse);
        assert_eq!(Action::read(key, "ON DELETE"), Action::Delete);
        let key = "FOREIGN KEY (a) REFERENCES t(b) ON DELETE RESTRICT";
        assert_eq!(Action::read(key, "ON DELETE"), Action::Refuse);
    }
}
