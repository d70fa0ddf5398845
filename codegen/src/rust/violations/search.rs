//! The search along partitions, child tables and foreign keys.

use super::ConstraintKey;
use super::actions::Action;
use super::change::{RowChange, translate_columns};
use super::constrained::{Constrained, find_mentioned};
use super::possible::{can_duplicate, can_violate};
use crate::query::analysis::ChangeKind;
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Number, StatementKind, Table};
use std::collections::BTreeSet;

/// The constraints found so far.
pub(super) struct Search<'s> {
    schema: &'s Schema,
    /// Changes that were followed: foreign keys can lead in a circle.
    seen: BTreeSet<(u32, RowChange)>,
    found: BTreeSet<ConstraintKey>,
    /// Whether a rule may write to anything else.
    is_open: bool,
}

impl<'s> Search<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            seen: BTreeSet::new(),
            found: BTreeSet::new(),
            is_open: false,
        }
    }

    /// The constraints, each as the one that partitions and child tables have from it; none if there may be others.
    pub(super) fn finish(self) -> Option<BTreeSet<ConstraintKey>> {
        (!self.is_open).then_some(self.found)
    }

    /// Follows a change of the rows of a table.
    pub(super) fn follow(&mut self, table: &'s Table, change: RowChange) {
        let above = list_partitioned_above(self.schema, table);
        let change = change.complete(table, &above, self.schema);
        if !self.seen.insert((table.oid.0, change.clone())) {
            return;
        }
        self.is_open |= has_rule(self.schema, table);
        if change.kind != ChangeKind::Delete {
            self.add_constraints(table, &change);
        }
        if change.kind != ChangeKind::Insert {
            self.follow_references(table, &above, &change);
        }
        self.follow_children(table, &change);
    }

    /// Rows of a partition or a child table have the constraints of that table; an INSERT reaches partitions alone.
    fn follow_children(&mut self, table: &'s Table, change: &RowChange) {
        let schema: &'s Schema = self.schema;
        for child in find_children(schema, table) {
            let is_partition = child.partition.is_some();
            if change.kind != ChangeKind::Insert || is_partition {
                self.follow(child, change.translate(table, child));
            }
            // A row that leaves its partition is inserted into another, whose checks it was never under.
            if is_partition && change.kind == ChangeKind::Update && moves_rows(table, change) {
                self.follow(child, RowChange::move_within(table));
            }
        }
    }

    fn add_constraints(&mut self, table: &Table, change: &RowChange) {
        for (owner, constraint) in list_constraints(self.schema, table) {
            let constrained = Constrained::of(owner, constraint).translate(owner, table);
            let is_new = !self.is_shared(owner, &constraint.name, change);
            if is_new && can_violate(table, constraint, &constrained, change) {
                self.add(owner, &constraint.name);
            }
        }
        for index in super::unique_indexes(table) {
            let constrained = Constrained::of_index(table, index);
            let is_new = !self.is_shared(table, &index.name.name, change);
            if is_new && can_duplicate(&index.name.name, &index.definition, &constrained, change) {
                self.add(table, &index.name.name);
            }
        }
    }

    /// Whether a row that moves was under this constraint before, because all partitions have it.
    fn is_shared(&self, table: &Table, name: &str, change: &RowChange) -> bool {
        let Some(within) = change.moved_within else {
            return false;
        };
        let (root, _) = self.find_root(table, name);
        let top = self.schema.table(Number(within));
        let mut above = top
            .into_iter()
            .flat_map(|top| list_partitioned_above(self.schema, top));
        root == within || above.any(|above| above.oid.0 == root)
    }

    /// Follows the foreign keys of any table that refer to this one, or to a table that it is a partition of.
    fn follow_references(&mut self, table: &'s Table, above: &[&'s Table], change: &RowChange) {
        let schema: &'s Schema = self.schema;
        for other in &schema.tables {
            for key in &other.constraints {
                let Some(target) = &key.references else {
                    continue;
                };
                // By their numbers: two `Oid` are equal whatever they are, so that schemas can be compared.
                let mut targets = [table].into_iter().chain(above.iter().copied());
                let Some(owner) = targets.find(|found| found.oid.0 == target.table_oid.0) else {
                    continue;
                };
                let columns = target.columns.iter().map(|position| position.0).collect();
                let columns = translate_columns(&columns, owner, table);
                let is_updated = change.is_open() || !columns.is_disjoint(&change.columns);
                if change.kind == ChangeKind::Update && !is_updated {
                    continue;
                }
                match Action::read(key, other, change.kind) {
                    Action::Refuse => self.add(other, &key.name),
                    Action::RowChange(change) => self.follow(other, change),
                }
            }
        }
    }

    fn add(&mut self, table: &Table, name: &str) {
        let root = self.find_root(table, name);
        self.found.insert(root);
    }

    /// The constraint that this one is a copy of, or itself.
    fn find_root(&self, table: &Table, name: &str) -> ConstraintKey {
        let own = (table.oid.0, name.to_owned());
        let root = self.schema.find_copied_constraint(&own);
        root.cloned().unwrap_or(own)
    }
}

/// The constraints of a table, each with the table that lists it: a partition has the foreign keys of its partitioned table, and a
/// child table the checks of those that it inherits from.
fn list_constraints<'s>(schema: &'s Schema, table: &'s Table) -> Vec<(&'s Table, &'s Constraint)> {
    let mut found: Vec<_> = table.constraints.iter().map(|own| (table, own)).collect();
    let mut open = list_parents(schema, table);
    let mut seen = BTreeSet::new();
    while let Some(above) = open.pop() {
        // A table can be reached by two ways of inheritance.
        if !seen.insert(above.oid.0) {
            continue;
        }
        let is_partitioned = above.partition_key.is_some();
        let inherited = above.constraints.iter().filter(|found| {
            let is_reference = found.kind == ConstraintKind::ForeignKey;
            // Every partition lists its part of a key.
            found.is_inherited_check() || (is_partitioned && is_reference)
        });
        found.extend(inherited.map(|constraint| (above, constraint)));
        open.extend(list_parents(schema, above));
    }
    found
}

/// The partitioned tables above a partition, nearest first.
fn list_partitioned_above<'s>(schema: &'s Schema, table: &'s Table) -> Vec<&'s Table> {
    let above = |table: &&'s Table| {
        let partition = table.partition.as_ref()?;
        let mut tables = schema.tables.iter();
        tables.find(|found| found.name.sql == partition.of)
    };
    std::iter::successors(above(&table), above).collect()
}

fn list_parents<'s>(schema: &'s Schema, table: &Table) -> Vec<&'s Table> {
    let tables = schema.tables.iter();
    tables
        .filter(|found| table.parent_names().any(|name| name == found.name.sql))
        .collect()
}

/// The partitions and the child tables of a table.
fn find_children<'s>(schema: &'s Schema, table: &'s Table) -> impl Iterator<Item = &'s Table> {
    let tables = schema.tables.iter();
    tables.filter(move |child| child.parent_names().any(|name| name == table.name.sql))
}

fn moves_rows(table: &Table, change: &RowChange) -> bool {
    let key = table.partition_key.as_ref();
    key.is_some_and(|key| {
        change.is_open() || !find_mentioned(table, key).is_disjoint(&change.columns)
    })
}

/// Whether a rule adds statements to those on the table, or replaces them.
fn has_rule(schema: &Schema, table: &Table) -> bool {
    let on_table = format!(" ON {}", table.name.sql);
    let rules = schema.statements.iter();
    let mut rules = rules.filter(|found| found.kind == StatementKind::Rule);
    rules.any(|rule| rule.name.sql.ends_with(&on_table))
}
