//! Constraints: within their table where they can be, else beneath it or after all tables.

use super::attached::write_comment;
use super::order::{DumpOrder, must_wait};
use super::parts::{Late, Step, write_later};
use crate::schema::model::{Constraint, ConstraintKind, Table};
use crate::sql::quote::commented;

pub(super) fn write_mirror(constraint: &Constraint) -> String {
    let definition = constraint.definition.trim_start_matches("FOREIGN KEY ");
    commented(
        "    ",
        &format!("foreign key: {} {definition}", constraint.sql),
    )
}

/// A constraint that is not valid must be added to the table afterwards, or it would become valid.
pub(super) fn is_inline(table: &Table, constraint: &Constraint, order: &DumpOrder<'_>) -> bool {
    let is_foreign = constraint.kind == ConstraintKind::ForeignKey;
    let waits = is_late(table, constraint, order);
    !is_foreign && constraint.valid && !waits && !is_merged(table, constraint, order)
}

/// Whether it has to follow all tables.
pub(super) fn is_late(table: &Table, constraint: &Constraint, order: &DumpOrder<'_>) -> bool {
    constraint.valid_below.is_some()
        || must_wait(order, &table.name.sql, &constraint.attached.needs)
}

/// Whether `CREATE TABLE` would merge the key with another one of the table.
///
/// Surprise: of two keys over the same columns it creates one, without a word (`transformIndexConstraints`). `ALTER TABLE`
/// does not. Which options have to be equal for that differs between versions, so columns decide alone. In a partition the
/// part of the parent's key is the one that is kept inline, because it has to exist before the partition is attached. Then
/// comes one that a foreign key depends on, because a foreign key takes the oldest of several (`transformFkeyCheckAttrs`).
fn is_merged(table: &Table, constraint: &Constraint, order: &DumpOrder<'_>) -> bool {
    if !is_index(constraint) {
        return false;
    }
    let keys = table.constraints.iter().filter(|key| is_index(key));
    let same = keys.filter(|key| {
        is_exclusion(key) == is_exclusion(constraint) && have_same_columns(key, constraint)
    });
    let same: Vec<&Constraint> = same.collect();
    if same.len() == 1 {
        return false;
    }
    let first = same.into_iter().min_by_key(|key| {
        let parent_place = find_parent_place(table, key, order);
        (
            !key.of_parent,
            parent_place,
            !is_referenced(table, key, order),
            key.kind,
        )
    });
    first.is_some_and(|first| first.name != constraint.name)
}

/// The place of the parent's key among those of the partitioned table, in the order in which they are created; 0 for a key
/// that is of no parent.
///
/// ATTACH PARTITION takes equal keys in the order in which they were created, on both sides (`AttachPartitionEnsureIndexes`),
/// and does not tell a primary key from a unique one.
fn find_parent_place(table: &Table, constraint: &Constraint, order: &DumpOrder<'_>) -> usize {
    let find = || {
        let parent = order.find_table(&table.partition.as_ref()?.of)?;
        let index = constraint.index.as_ref()?.parent.as_ref()?;
        let is_parent = |key: &Constraint| key.index.as_ref().is_some_and(|own| own.sql == *index);
        let place = parent.constraints.iter().position(is_parent)?;
        let key = &parent.constraints[place];
        Some(match find_parent_place(parent, key, order) {
            0 if !is_merged(parent, key, order) => 0,
            0 => 1 + place,
            place => place,
        })
    };
    find().unwrap_or_default()
}

/// Whether a foreign key depends on the index of this key. The name of an index is qualified where it has to be.
fn is_referenced(table: &Table, key: &Constraint, order: &DumpOrder<'_>) -> bool {
    let mut referenced = order.referenced_keys.iter();
    referenced.any(|(of, index)| {
        let name = index.strip_suffix(key.sql.as_str());
        *of == table.name.sql
            && name.is_some_and(|schema| schema.is_empty() || schema.ends_with('.'))
    })
}

fn is_index(constraint: &Constraint) -> bool {
    is_exclusion(constraint)
        || matches!(
            constraint.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::Unique
        )
}

fn is_exclusion(constraint: &Constraint) -> bool {
    constraint.kind == ConstraintKind::Exclusion
}

fn have_same_columns(one: &Constraint, other: &Constraint) -> bool {
    let numbers =
        |key: &Constraint| -> Vec<i16> { key.columns.iter().map(|position| position.0).collect() };
    numbers(one) == numbers(other)
}

/// Whether it has to wait until its table is attached, where Postgres matches keys and indexes with those of the parent:
/// the first one that fits is taken for the parent's.
fn follows_attachment(table: &Table, constraint: &Constraint, order: &DumpOrder<'_>) -> bool {
    table.partition.is_some() && !constraint.of_parent && is_merged(table, constraint, order)
}

/// The constraints that are not part of `CREATE TABLE`: those that come before the table is attached to its parent, or
/// those after.
pub(super) fn later_constraints(
    table: &Table,
    is_attached: bool,
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    let name = &table.name.sql;
    let mut sql = String::new();
    let later = table.constraints.iter().filter(|constraint| {
        constraint.kind != ConstraintKind::ForeignKey
            && follows_attachment(table, constraint, order) == is_attached
            && !is_inline(table, constraint, order)
    });
    let mut later: Vec<&Constraint> = later.collect();
    // A stable sort: only equal keys have a place.
    later.sort_by_key(|constraint| {
        if is_merged(table, constraint, order) {
            find_parent_place(table, constraint, order)
        } else {
            0
        }
    });
    for constraint in later {
        let add = add_constraint(name, constraint);
        sql += &if is_late(table, constraint, order) {
            let validate = validate_below(constraint);
            let comment = constraint_comment(name, constraint);
            write_later(add + &validate + &comment, Step::Constraint, late)
        } else {
            add
        };
    }
    sql
}

/// Validates a check in those tables below in which it is valid.
///
/// A table that is created as a child takes a check that is not valid as a valid one, because it has no rows yet
/// (`MergeCheckConstraint`); one that exists when the check is added does not. So such a check follows all tables.
fn validate_below(constraint: &Constraint) -> String {
    let tables = constraint.valid_below.iter().flatten();
    let statements: Vec<String> = tables
        .map(|table| validate_constraint(table, constraint))
        .collect();
    statements.concat()
}

/// `ALTER TABLE … VALIDATE CONSTRAINT`.
pub(in crate::schema) fn validate_constraint(table: &str, constraint: &Constraint) -> String {
    let name = &constraint.sql;
    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};\n")
}

/// The comments on a constraint and on its index.
pub(super) fn constraint_comment(table: &str, constraint: &Constraint) -> String {
    let index = constraint.index.as_ref();
    let place = format!("{} ON {table}", constraint.sql);
    write_comment("CONSTRAINT", &place, &constraint.attached)
        + &index
            .map(|index| write_comment("INDEX", &index.sql, &index.attached))
            .unwrap_or_default()
}

/// The foreign keys of each table, one block a table.
pub(super) fn foreign_keys(tables: &[Table]) -> Vec<String> {
    let blocks = tables.iter().map(|table| {
        let name = &table.name.sql;
        let statements = list_foreign_keys(table)
            .map(|key| add_constraint(name, key) + &constraint_comment(name, key));
        statements.collect::<String>()
    });
    blocks.filter(|block| !block.is_empty()).collect()
}

pub(super) fn list_foreign_keys(table: &Table) -> impl Iterator<Item = &Constraint> {
    table
        .constraints
        .iter()
        .filter(|constraint| constraint.kind == ConstraintKind::ForeignKey)
}

fn add_constraint(table: &str, constraint: &Constraint) -> String {
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} {};\n",
        constraint.sql, constraint.definition
    )
}
