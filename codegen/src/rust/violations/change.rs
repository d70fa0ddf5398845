//! A change of the rows of a table, as triggers and generated columns make it.

use super::constrained::find_mentioned;
use super::triggers::find_assigned;
use crate::query::analysis::{Arbiters, ChangeKind, TableChange};
use crate::schema::Schema;
use crate::schema::model::{Column, ColumnNumber, Index, Table};
use std::collections::BTreeSet;

/// A change of the rows of a table, with its columns by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowChange {
    pub(super) kind: ChangeKind,
    /// The columns that get a value of the statement's; 0 is any.
    pub(super) columns: BTreeSet<i16>,
    /// The columns that are NULL afterwards.
    pub(super) nulls: BTreeSet<i16>,
    /// The names of unique indexes on which it does not fail.
    pub(super) arbiters: BTreeSet<String>,
    /// Whether it does not fail on those that only a partition has either.
    pub(super) catches_all: bool,
    /// The foreign key that makes this change, and that the new values satisfy.
    pub(super) satisfied: Option<String>,
    /// The partitioned table, by its OID, within which it moves a row that satisfied the constraints of all partitions.
    pub(super) moved_within: Option<u32>,
}

impl RowChange {
    /// The change as a statement makes it.
    pub(super) fn of(written: &TableChange, table: &Table) -> Self {
        Self {
            kind: written.kind,
            columns: written.columns.clone(),
            nulls: written.nulls.clone(),
            arbiters: name_arbiters(&written.arbiters, table),
            catches_all: written.arbiters == Arbiters::All,
            satisfied: None,
            moved_within: None,
        }
    }

    /// The INSERT of a row that leaves its partition, whose values are those that it had there.
    pub(super) fn move_within(table: &Table) -> Self {
        Self {
            kind: ChangeKind::Insert,
            columns: BTreeSet::from([0]),
            moved_within: Some(table.oid.0),
            ..Self::delete()
        }
    }

    /// A DELETE.
    pub(super) fn delete() -> Self {
        Self {
            kind: ChangeKind::Delete,
            columns: BTreeSet::new(),
            nulls: BTreeSet::new(),
            arbiters: BTreeSet::new(),
            catches_all: false,
            satisfied: None,
            moved_within: None,
        }
    }

    /// An UPDATE of these columns by a foreign key.
    pub(super) fn update(columns: BTreeSet<i16>, nulls: BTreeSet<i16>) -> Self {
        Self {
            kind: ChangeKind::Update,
            columns,
            nulls,
            ..Self::delete()
        }
    }

    /// Whether any column may change.
    pub(super) fn is_open(&self) -> bool {
        self.columns.contains(&0)
    }

    /// The same with the columns that are assigned by triggers, generated, or left to their defaults.
    pub(super) fn complete(mut self, table: &Table, above: &[&Table], schema: &Schema) -> Self {
        if self.kind == ChangeKind::Delete {
            return self;
        }
        if self.kind == ChangeKind::Insert && !self.is_open() {
            let unwritten = table.columns.iter().filter(|column| {
                !self.columns.contains(&column.number.0) && !has_default(column, schema)
            });
            self.nulls.extend(unwritten.map(|column| column.number.0));
        }
        let mut written = self.columns.clone();
        written.extend(find_generated(table, &self));
        let assigned = find_assigned(table, above, (self.kind, &written), schema);
        if !assigned.is_empty() {
            self.moved_within = None;
        }
        if assigned.contains(&0) {
            self.nulls.clear();
            self.satisfied = None;
        }
        self.nulls.retain(|column| !assigned.contains(column));
        if self.kind == ChangeKind::Update {
            // The values that DO UPDATE keeps are not kept if a trigger assigns others.
            let is_kept = |columns: &[ColumnNumber]| {
                let mut columns = columns.iter();
                !assigned.contains(&0) && columns.all(|column| !assigned.contains(&column.0))
            };
            self.arbiters
                .retain(|name| find_key(table, name).is_some_and(is_kept));
        }
        if let Some(key) = &self.satisfied {
            let key = table.constraints.iter().find(|found| found.name == *key);
            let mut columns = key.into_iter().flat_map(|key| &key.columns);
            if columns.any(|column| assigned.contains(&column.0)) {
                self.satisfied = None;
            }
        }
        self.columns.extend(assigned);
        let generated: Vec<i16> = find_generated(table, &self).collect();
        self.columns.extend(generated);
        self
    }

    /// The same change of the rows of a child table, whose columns may have other numbers.
    pub(super) fn translate(&self, table: &Table, child: &Table) -> Self {
        let columns = |numbers: &BTreeSet<i16>| translate_columns(numbers, table, child);
        Self {
            kind: self.kind,
            columns: columns(&self.columns),
            nulls: columns(&self.nulls),
            arbiters: translate_arbiters(self, table, child),
            catches_all: self.catches_all,
            satisfied: self.satisfied.clone(),
            moved_within: self.moved_within,
        }
    }
}

/// The numbers of the columns of the same names in another table; 0 stays.
pub(super) fn translate_columns(
    numbers: &BTreeSet<i16>,
    from: &Table,
    to: &Table,
) -> BTreeSet<i16> {
    let same = |number: &i16| {
        let column = from.column_at(*number)?;
        to.column(&column.name).map(|column| column.number.0)
    };
    let open = numbers.contains(&0).then_some(0);
    numbers.iter().filter_map(same).chain(open).collect()
}

/// The generated columns that a change computes again. An INSERT computes all of them.
fn find_generated(table: &Table, change: &RowChange) -> impl Iterator<Item = i16> {
    let columns = table.columns.iter();
    let generated = columns.filter_map(|column| Some((column, column.generated.as_ref()?)));
    let affected = generated.filter(move |(_, expression)| {
        change.kind == ChangeKind::Insert
            || change.is_open()
            || !find_mentioned(table, expression).is_disjoint(&change.columns)
    });
    affected.map(|(column, _)| column.number.0)
}

/// Whether a column that no INSERT names may have a value. A domain, and a base type too, can have a default of its own ("CREATE
/// TYPE").
fn has_default(column: &Column, schema: &Schema) -> bool {
    let own = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
    let oid = column.type_oid.0;
    let mut domains = schema.domains.iter();
    let is_known = oid < FIRST_OWN_OID
        || schema.enums.iter().any(|found| found.oid.0 == oid)
        || domains.any(|domain| domain.oid.0 == oid && domain.default.is_none());
    own || !is_known
}

/// The OIDs below are those of the types that every database has (`FirstNormalObjectId`); none of those has a default.
const FIRST_OWN_OID: u32 = 16384;

/// The names of the indexes of the table that ON CONFLICT refers to. A constraint has the name of its index.
fn name_arbiters(arbiters: &Arbiters, table: &Table) -> BTreeSet<String> {
    match arbiters {
        Arbiters::None => BTreeSet::new(),
        Arbiters::Named(names) => names.clone(),
        Arbiters::Constraint(oid) => {
            let constraints = table.constraints.iter();
            let named = constraints.filter(|constraint| constraint.oid.0 == *oid);
            named.map(|constraint| constraint.name.clone()).collect()
        }
        Arbiters::All => list_unique(table).map(|(name, ..)| name.clone()).collect(),
    }
}

/// The indexes of a partition that are parts of these, and its own where all indexes are meant.
fn translate_arbiters(change: &RowChange, table: &Table, child: &Table) -> BTreeSet<String> {
    let above: BTreeSet<&String> = list_unique(table)
        .filter(|(name, ..)| change.arbiters.contains(*name))
        .map(|(_, sql, _)| sql)
        .collect();
    let parts = list_unique(child).filter(|(_, _, parent)| match parent {
        Some(parent) => above.contains(parent),
        None => change.catches_all,
    });
    parts.map(|(name, ..)| name.clone()).collect()
}

/// The columns of a unique constraint or index.
fn find_key<'t>(table: &'t Table, name: &str) -> Option<&'t [ColumnNumber]> {
    let constraint = table.constraints.iter().find(|found| found.name == name);
    let index = table.indexes.iter().find(|found| found.name.name == name);
    let constraint = constraint.map(|found| found.columns.as_slice());
    constraint.or(index.map(|found| found.columns.as_slice()))
}

/// The name, the SQL and the index above of each index that is unique or excludes, and that is checked at once: ON CONFLICT does
/// not catch the others ("INSERT", ON CONFLICT Clause).
fn list_unique(table: &Table) -> impl Iterator<Item = (&String, &String, Option<&String>)> {
    let constraints = table.constraints.iter();
    let at_once = constraints.filter(|found| !found.definition.contains(" DEFERRABLE"));
    let constraints = at_once.filter_map(|found| {
        let index = found.index.as_ref()?;
        Some((&found.name, &index.sql, index.parent.as_ref()))
    });
    let indexes = super::unique_indexes(table);
    constraints.chain(
        indexes.map(|index: &Index| (&index.name.name, &index.name.sql, index.parent.as_ref())),
    )
}
