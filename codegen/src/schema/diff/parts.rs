//! Indexes, triggers and policies of kept tables, matched by name, and the defaults that depend on dropped objects.

use super::comparison::{Comparison, Pair};
use super::equal_keys::referenced_equal_keys;
use super::family::{
    covered_parts, equal_parts_of_parents, explicit_children, is_index_named_by_postgres,
};
use super::ids::{column_id, default_id, index_id, policy_id, table_id, trigger_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use super::{constraints, identity, types};
use crate::schema::dump::attached::write_comment;
use crate::schema::dump::parts::{write_index, write_policy, write_trigger};
use crate::schema::model::{Attached, Index, ObjectId, Policy, Table, Trigger};

/// Drops the parts that are removed, changed, or depend on a dropped object.
pub(super) fn drop_parts(plan: &mut Plan, comparison: &Comparison<'_>) {
    constraints::drop_constraints(plan, comparison);
    types::drop_checks(plan, comparison);
    for pair in kept_tables(comparison) {
        drop_indexes(plan, comparison, pair.0);
        drop_named_parts(plan, comparison, pair.0);
        drop_defaults(plan, comparison, pair);
        for column in &pair.0.columns {
            let mut others = pair.1.columns.iter();
            if let Some(same) = others.find(|other| other.name == column.name) {
                identity::drop_identity(plan, pair.0, (column, same));
            }
        }
    }
}

fn kept_tables<'a>(comparison: &'a Comparison<'_>) -> impl Iterator<Item = Pair<'a>> {
    let pairs = comparison.tables.iter().copied();
    pairs.filter(|(before, _)| !comparison.fates.is_gone(&table_id(before)))
}

fn drop_indexes(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table) {
    for item in &table.indexes {
        let id = index_id(item);
        // The statement for the index of the partitioned table drops it here as well.
        let is_covered = comparison.is_covered_by_parent(&comparison.before, &id);
        if comparison.fates.is_gone(&id) && !is_covered {
            let mut dropped = covered_parts(comparison, &comparison.before, &id);
            dropped.push(id);
            let sql = format!("DROP INDEX {};\n", item.name.sql);
            plan.add(Operation::new(Rank::DropPart, sql).drops(comparison, &dropped));
        }
    }
}

fn drop_named_parts(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table) {
    let relation = &table.name.sql;
    let triggers = table.triggers.iter();
    let triggers = triggers.map(|item| (trigger_id(relation, item), "TRIGGER", &item.sql));
    let policies = table.policies.iter();
    let policies = policies.map(|item| (policy_id(table, item), "POLICY", &item.sql));
    for (id, word, name) in triggers.chain(policies) {
        if comparison.fates.is_gone(&id) {
            let sql = format!("DROP {word} {name} ON {relation};\n");
            plan.add(Operation::new(Rank::DropPart, sql).drops(comparison, &[id]));
        }
    }
}

/// A default that depends on a dropped object is dropped before it, and set later if the new schema has one.
fn drop_defaults(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    for column in &before.columns {
        let id = default_id(before, column);
        let depends_on_gone = comparison.fates.is_any_gone(&column.default_needs)
            || comparison.fates.is_any_gone(&column.default_reads);
        let is_kept = after.columns.iter().any(|other| other.name == column.name);
        if column.default.is_some() && depends_on_gone && comparison.fates.is_gone(&id) && is_kept {
            let (table, name) = (&before.name.sql, &column.sql);
            let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT;\n");
            let drop = Operation::new(Rank::DropPart, sql).drops(comparison, &[id]);
            plan.add(drop.on(column_id(table, column)));
        }
    }
}

/// Creates the parts that are new, changed, or were dropped for a moment.
pub(super) fn create_parts(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in kept_tables(comparison) {
        create_indexes(plan, comparison, (before, after));
        for item in &after.triggers {
            let former = before
                .triggers
                .iter()
                .find(|former| former.name == item.name);
            match former.filter(|_| !comparison.comes(&trigger_id(&after.name.sql, item))) {
                None => create_trigger(plan, comparison, after, item),
                Some(former) if former.attached.comment != item.attached.comment => {
                    let place = format!("{} ON {}", item.sql, after.name.sql);
                    let sql = comment_statement("TRIGGER", &place, &item.attached);
                    plan.run(Rank::Attachment, sql);
                }
                Some(_) => {}
            }
        }
        for item in &after.policies {
            let former = before
                .policies
                .iter()
                .find(|former| former.name == item.name);
            match former.filter(|_| !comparison.comes(&policy_id(after, item))) {
                None => create_policy(plan, comparison, after, item),
                Some(former) if former.attached.comment != item.attached.comment => {
                    let place = format!("{} ON {}", item.sql, after.name.sql);
                    let sql = comment_statement("POLICY", &place, &item.attached);
                    plan.run(Rank::Attachment, sql);
                }
                Some(_) => {}
            }
        }
    }
}

fn create_indexes(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    for item in &after.indexes {
        let id = index_id(item);
        let former = before
            .indexes
            .iter()
            .find(|former| former.name == item.name);
        if let Some(former) = former.filter(|_| !comparison.comes(&id)) {
            if former.attached.comment != item.attached.comment {
                plan.run(
                    Rank::Attachment,
                    comment_statement("INDEX", &item.name.sql, &item.attached),
                );
            }
            continue;
        }
        let is_covered = comparison.is_covered_by_parent(&comparison.after, &id);
        if is_covered && is_index_named_by_postgres(after, item) {
            continue;
        }
        create_index(plan, comparison, after, item);
    }
}

/// `CREATE INDEX`, which on a partitioned table gives its partitions one as well.
pub(super) fn create_index(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    item: &Index,
) {
    let id = index_id(item);
    let (explicit, implicit) = explicit_children(comparison, &id);
    let is_new = comparison.comes(&table_id(table));
    // Postgres prints the index of a partitioned table as one of it alone, without those of the partitions.
    let sql = write_index(item).replacen(" ON ONLY ", " ON ", 1);
    let mut operation = Operation::new(Rank::CreatePart, sql)
        .needs(explicit.into_iter().map(DatabaseFact::Ready))
        .needs(equal_parts_of_parents(comparison, table, &id));
    if item.unique {
        let key = (&id, item.columns.as_slice());
        operation = operation.needs(referenced_equal_keys(comparison, table, key));
    }
    let mut created = implicit;
    created.push(id);
    if !is_new {
        operation = operation.note(
            "blocks writes of the table while the index is built; \
             CREATE INDEX CONCURRENTLY does not, in a migration without a transaction",
        );
    }
    plan.add(operation.creates(comparison, &created));
}

/// `CREATE TRIGGER` and its state.
pub(super) fn create_trigger(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    item: &Trigger,
) {
    let sql = write_trigger(&table.name.sql, item);
    let id = trigger_id(&table.name.sql, item);
    // It would fire for the rows that are copied.
    let filled = DatabaseFact::Filled(table_id(table));
    let create = Operation::new(Rank::CreatePart, sql).creates(comparison, &[id]);
    plan.add(create.needs([filled]));
}

/// `CREATE POLICY`.
pub(super) fn create_policy(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    item: &Policy,
) {
    let sql = write_policy(&table.name.sql, item);
    let id: ObjectId = policy_id(table, item);
    plan.add(Operation::new(Rank::CreatePart, sql).creates(comparison, &[id]));
}

/// `COMMENT ON`, also where there is none.
pub(super) fn comment_statement(kind: &str, name: &str, attached: &Attached) -> String {
    match &attached.comment {
        Some(_) => write_comment(kind, name, attached),
        None => format!("COMMENT ON {kind} {name} IS NULL;\n"),
    }
}
