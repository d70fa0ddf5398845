//! Constraints of tables.

use super::comparison::{Comparison, Pair};
use super::equal_keys::referenced_equal_keys;
use super::family::{self, covered_parts, explicit_children};
use super::graph::GraphItem;
use super::ids::{constraint_id, table_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::parts::comment_statement;
use super::plan::Plan;
use super::validation::validate_below;
use crate::schema::dump::constraints::validate_constraint;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Constraint, ConstraintKind, ObjectId, Table};
use std::collections::BTreeSet;

/// Drops constraints that are removed, changed, or depend on a dropped object.
pub(super) fn drop_constraints(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, _) in kept_tables(comparison) {
        for constraint in &before.constraints {
            let id = constraint_id(before, constraint);
            if comparison.fates.is_gone(&id) && !is_dropped_above(comparison, before, constraint) {
                drop_constraint(plan, comparison, before, constraint);
            }
        }
    }
    for (table, constraint) in keys_in_circles(comparison) {
        drop_constraint(plan, comparison, table, constraint);
    }
}

fn drop_constraint(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    constraint: &Constraint,
) {
    let rank = match constraint.kind {
        ConstraintKind::ForeignKey => Rank::DropForeignKey,
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => Rank::DropKey,
        _ => Rank::DropPart,
    };
    let (name, sql) = (&table.name.sql, &constraint.sql);
    let mut dropped = vec![constraint_id(table, constraint)];
    dropped.extend(constraint.index.iter().flat_map(|index| {
        let index = ObjectId::relation(index.sql.as_str());
        with_their_constraints(
            comparison,
            covered_parts(comparison, &comparison.before, &index),
        )
    }));
    dropped.extend(inherited_checks(comparison, table, constraint));
    let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {sql};\n");
    plan.add(Operation::new(rank, sql).drops(comparison, &dropped));
}

/// Indexes of keys, each with its constraint.
fn with_their_constraints(comparison: &Comparison<'_>, indexes: Vec<ObjectId>) -> Vec<ObjectId> {
    let constraints = indexes
        .iter()
        .flat_map(|index| comparison.before.needs(index));
    let constraints = constraints.filter(|id| {
        matches!(
            comparison.before.items.get(id),
            Some(GraphItem::Constraint(_))
        )
    });
    let constraints: Vec<ObjectId> = constraints.cloned().collect();
    indexes.into_iter().chain(constraints).collect()
}

/// The same check of partitions: a parent's checks are theirs, by name.
fn inherited_checks(
    comparison: &Comparison<'_>,
    table: &Table,
    constraint: &Constraint,
) -> Vec<ObjectId> {
    if constraint.kind != ConstraintKind::Check {
        return Vec::new();
    }
    let children = comparison.descendants(table).into_iter();
    let inherited = children.flat_map(|(child, _)| {
        let same = child
            .constraints
            .iter()
            .filter(|own| is_same_check(own, constraint));
        same.map(|own| constraint_id(child, own))
    });
    inherited.collect()
}

fn is_same_check(own: &Constraint, other: &Constraint) -> bool {
    let is_check = |constraint: &Constraint| constraint.kind == ConstraintKind::Check;
    is_check(own) && is_check(other) && own.name == other.name
}

/// Whether the statement for a parent drops the constraint here as well.
fn is_dropped_above(comparison: &Comparison<'_>, table: &Table, constraint: &Constraint) -> bool {
    let is_covered = |index: &str| {
        comparison.is_covered_by_parent(&comparison.before, &ObjectId::relation(index))
    };
    constraint
        .index
        .as_ref()
        .is_some_and(|index| is_covered(&index.sql))
        || comparison.parents(table).iter().any(|(parent, _)| {
            parent
                .constraints
                .iter()
                .any(|other| is_same_check(constraint, other))
        })
}

/// Tables that stay, foreign ones that are recreated aside.
fn kept_tables<'a>(comparison: &'a Comparison<'_>) -> impl Iterator<Item = Pair<'a>> {
    let pairs = comparison.tables.iter().copied();
    pairs.filter(|(before, _)| !comparison.fates.is_gone(&table_id(before)))
}

/// Foreign keys of dropped tables that refer to each other in a circle: none of the tables could be the first.
fn keys_in_circles<'a>(comparison: &Comparison<'a>) -> Vec<(&'a Table, &'a Constraint)> {
    let dropped = comparison.old.tables.iter();
    let dropped = dropped.filter(|table| comparison.fates.is_gone(&table_id(table)));
    let mut keys: Vec<(&Table, &Constraint, String, String)> = Vec::new();
    for table in dropped {
        for key in &table.constraints {
            if let Some(references) = &key.references {
                let from = dropped_unit(comparison, &table.name.sql);
                let to = dropped_unit(comparison, &references.table);
                if from != to && comparison.fates.is_gone(&ObjectId::relation(to.as_str())) {
                    keys.push((table, key, from, to));
                }
            }
        }
    }
    // A table that refers to none, or that none refers to, is in no circle; without it others may be in none.
    loop {
        let from: BTreeSet<&String> = keys.iter().map(|key| &key.2).collect();
        let to: BTreeSet<&String> = keys.iter().map(|key| &key.3).collect();
        let in_circle = |key: &(&Table, &Constraint, String, String)| {
            to.contains(&key.2) && from.contains(&key.3)
        };
        let left: Vec<_> = keys.iter().filter(|key| in_circle(key)).cloned().collect();
        if left.len() == keys.len() {
            return keys
                .into_iter()
                .map(|(table, key, ..)| (table, key))
                .collect();
        }
        keys = left;
    }
}

/// The table by whose statement the table is dropped: a partition's is that of its partitioned table.
fn dropped_unit(comparison: &Comparison<'_>, name: &str) -> String {
    let item = comparison.before.items.get(&ObjectId::relation(name));
    let Some(GraphItem::Object(DumpNode::Table(table))) = item else {
        return name.to_owned();
    };
    let mut parents = table.parent_names().filter(|_| table.partition.is_some());
    let parent = parents.find(|parent| comparison.fates.is_gone(&ObjectId::relation(*parent)));
    parent.map_or_else(
        || name.to_owned(),
        |parent| dropped_unit(comparison, parent),
    )
}

/// Creates constraints that are new, changed, or were dropped for a moment.
pub(super) fn create_constraints(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in kept_tables(comparison) {
        for constraint in &after.constraints {
            let former = before
                .constraints
                .iter()
                .find(|former| former.name == constraint.name);
            let id = constraint_id(after, constraint);
            match former.filter(|_| !comparison.fates.is_gone(&id)) {
                Some(former) => {
                    alter_constraint(plan, after, former, constraint);
                    validate_below(plan, comparison, (after, constraint), Some(former));
                }
                None if is_created_above(comparison, after, constraint) => {}
                None => {
                    add_constraint(plan, comparison, after, constraint);
                    validate_below(plan, comparison, (after, constraint), None);
                }
            }
        }
    }
    // Foreign keys of new tables: their other constraints are created with the table.
    for table in &comparison.new.tables {
        if comparison.comes(&table_id(table)) {
            let foreign = table.constraints.iter();
            for key in foreign.filter(|key| key.references.is_some()) {
                add_constraint(plan, comparison, table, key);
            }
        }
    }
}

/// Whether the statement for a parent creates the constraint here as well, under its name.
fn is_created_above(comparison: &Comparison<'_>, table: &Table, constraint: &Constraint) -> bool {
    let is_covered = |index: &str| {
        let id = ObjectId::relation(index);
        comparison.is_covered_by_parent(&comparison.after, &id)
            && family::is_key_named_by_postgres(table, constraint)
    };
    constraint
        .index
        .as_ref()
        .is_some_and(|index| is_covered(&index.sql))
        || comparison.parents(table).iter().any(|(_, parent)| {
            parent
                .constraints
                .iter()
                .any(|other| is_same_check(constraint, other))
        })
}

fn alter_constraint(plan: &mut Plan, table: &Table, former: &Constraint, constraint: &Constraint) {
    let (table, name) = (&table.name.sql, &constraint.sql);
    if constraint.valid && !former.valid {
        let sql = validate_constraint(table, constraint);
        let note = "reads the whole table, and fails if a row breaks the constraint";
        plan.add(Operation::new(Rank::CreateConstraint, sql).note(note));
    }
    if constraint.attached.comment != former.attached.comment {
        let place = format!("{name} ON {table}");
        let sql = comment_statement("CONSTRAINT", &place, &constraint.attached);
        plan.run(Rank::Attachment, sql);
    }
    comment_on_index(plan, Some(former), constraint);
}

/// `ALTER TABLE … ADD CONSTRAINT`.
pub(super) fn add_constraint(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    constraint: &Constraint,
) {
    let rank = match constraint.kind {
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => Rank::CreateKey,
        _ => Rank::CreateConstraint,
    };
    let (name, sql) = (&table.name.sql, &constraint.sql);
    let id = constraint_id(table, constraint);
    let sql = format!(
        "ALTER TABLE {name} ADD CONSTRAINT {sql} {};\n",
        constraint.definition
    );
    let mut operation = Operation::new(rank, sql);
    operation.change.note = describe_cost(comparison, table, constraint).map(str::to_owned);
    let mut created = vec![id];
    if let Some(index) = &constraint.index {
        let index = ObjectId::relation(index.sql.as_str());
        let (explicit, implicit) = explicit_children(comparison, &index);
        created.extend(implicit);
        operation = operation
            .needs(explicit.into_iter().map(DatabaseFact::Ready))
            .needs(family::equal_parts_of_parents(comparison, table, &index))
            .needs(referenced_equal_keys(
                comparison,
                table,
                (&index, &constraint.columns),
            ));
    }
    let referred = constraint.references.iter();
    let referred = referred.map(|references| ObjectId::relation(references.table.as_str()));
    let filled = referred.chain([table_id(table)]).map(DatabaseFact::Filled);
    operation = operation.needs(filled.collect::<Vec<_>>());
    plan.add(operation.creates(comparison, &created));
    if constraint.attached.comment.is_some() {
        let place = format!("{} ON {name}", constraint.sql);
        let sql = comment_statement("CONSTRAINT", &place, &constraint.attached);
        plan.run(Rank::Attachment, sql);
    }
    comment_on_index(plan, None, constraint);
}

/// A new table has no rows that would have to be read.
fn describe_cost(
    comparison: &Comparison<'_>,
    table: &Table,
    constraint: &Constraint,
) -> Option<&'static str> {
    // A new table has no rows to read, and the rows of a foreign table are not checked.
    if comparison.comes(&table_id(table)) || table.foreign.is_some() {
        return None;
    }
    match constraint.kind {
        ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => Some(
            "blocks reads and writes of the table while its index is built, and fails if rows conflict",
        ),
        ConstraintKind::Check | ConstraintKind::ForeignKey if !constraint.valid => None,
        ConstraintKind::Check | ConstraintKind::NotNull => Some(
            "blocks reads and writes while it reads the whole table, and fails if a row breaks it",
        ),
        ConstraintKind::ForeignKey => Some(
            "blocks writes of both tables while it reads the whole table, and fails if a row breaks it",
        ),
    }
}

fn comment_on_index(plan: &mut Plan, former: Option<&Constraint>, constraint: &Constraint) {
    let comment = |constraint: &Constraint| -> Option<String> {
        let index = constraint.index.as_ref()?;
        index.attached.comment.clone()
    };
    if let Some(index) = &constraint.index
        && comment(constraint) != former.and_then(comment)
    {
        let sql = comment_statement("INDEX", &index.sql, &index.attached);
        plan.run(Rank::Attachment, sql);
    }
}
