//! Tables that Postgres cannot alter to their new form: those that become partitioned, or partitioned otherwise, and those
//! whose own columns become inherited ones.
//!
//! The old table is renamed, the new one created, the rows are copied, and the old one is dropped. Its keys and indexes are
//! dropped first, because their names are those of the new table's.

use super::column_types::refuse_rows;
use super::comparison::{Comparison, Pair, find_column};
use super::composite_values::{ConvertedValue, FieldConversion, convert_by_text, convert_fields};
use super::drops::sequences_dropped_with;
use super::graph::GraphItem;
use super::identity::continue_after_rows;
use super::ids::{constraint_id, index_id, row_type_id, table_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Column, Constraint, ObjectId, Table};
use crate::sql::quote::quote_identifier;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// The tables, by name as SQL, that are rebuilt.
pub(super) fn find_rebuilt(pairs: &[Pair<'_>]) -> BTreeSet<String> {
    let mut rebuilt: BTreeSet<String> = BTreeSet::new();
    let after: HashMap<&str, &Table> = pairs
        .iter()
        .map(|(_, after)| (after.name.sql.as_str(), *after))
        .collect();
    let foreign = pairs.iter().map(|(before, _)| before);
    let foreign: Vec<_> = foreign.filter(|table| table.foreign.is_some()).collect();
    // Parents come first among the pairs.
    for (before, table) in pairs {
        let is_local = before.foreign.is_none() && table.foreign.is_none();
        let is_parted_otherwise = before.partition_key != table.partition_key;
        let of = |table: &Table| {
            table
                .partition
                .as_ref()
                .map(|partition| partition.of.clone())
        };
        // Its partitions and child tables would stay those of the renamed one.
        let mut kept = before
            .inherits
            .iter()
            .filter(|parent| table.inherits.contains(parent));
        let is_below = of(before).is_some_and(|of| rebuilt.contains(&of))
            && of(before) == of(table)
            || kept.any(|parent| rebuilt.contains(parent));
        // A foreign table stays, and stays a child table of the renamed one.
        let has_foreign = foreign
            .iter()
            .any(|child| child.inherits.contains(&table.name.sql));
        let gains = !has_foreign && changes_own_parts(before, table, &after);
        if is_local && (is_parted_otherwise || is_below || gains) {
            rebuilt.insert(table.name.sql.clone());
        }
    }
    rebuilt
}

/// Whether the table has by itself afterwards what it only inherited, or the reverse: columns, and checks of a new parent.
fn changes_own_parts(before: &Table, table: &Table, tables: &HashMap<&str, &Table>) -> bool {
    let parents = |is_gained: bool| {
        let inherits = table.inherits.iter();
        let parents = inherits.filter(move |parent| before.inherits.contains(parent) != is_gained);
        parents.filter_map(|parent| tables.get(parent.as_str()))
    };
    let is_of_kept_parent =
        |column: &Column| parents(false).any(|parent| find_column(parent, &column.name).is_some());
    // Postgres merges a parent's column with one of the table's own, which stays its own (`MergeAttributesIntoExisting`),
    // INHERIT adds none, and no statement makes an inherited one the table's own.
    let needs_rebuild = |column: &Column| match find_column(before, &column.name) {
        Some(former) if column.inherited => !former.inherited,
        Some(former) => former.inherited && is_of_kept_parent(column),
        None => column.inherited && !is_of_kept_parent(column),
    };
    let lacks = |check: &&Constraint| {
        let mut checks = table.constraints.iter();
        check.is_inherited_check() && !checks.any(|other| other.name == check.name)
    };
    let mut checks = parents(true).flat_map(|parent| &parent.constraints);
    table.columns.iter().any(needs_rebuild) || checks.any(|check| lacks(&check))
}

/// Renames, copies and drops the old tables; the new ones are created as all others.
pub(super) fn rebuild_tables(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in comparison.tables.iter().copied() {
        if !comparison.is_rebuilt(&before.name.sql) {
            continue;
        }
        leave_parents(plan, before);
        let indexes = drop_indexes(plan, comparison, before);
        rename_table(plan, comparison, before, indexes);
        // The rows of a partition are copied with those of its partitioned table.
        let is_partition = before.partition.as_ref();
        if is_partition.is_some_and(|partition| comparison.is_rebuilt(&partition.of)) {
            continue;
        }
        copy_rows(plan, comparison, (before, after));
        drop_renamed(plan, comparison, (before, after));
    }
}

/// Takes the old table out of its inheritance: a statement for a parent would be one for it too, and may not fit it.
fn leave_parents(plan: &mut Plan, table: &Table) {
    let name = &table.name.sql;
    for parent in &table.inherits {
        let sql = format!("ALTER TABLE {name} NO INHERIT {parent};\n");
        plan.run(Rank::Detach, sql);
    }
}

/// The name of the old table while the new one is filled, as SQL.
pub(super) fn renamed_table(table: &Table) -> String {
    let renamed = quote_identifier(&renamed_name(table));
    match table.name.schema.as_str() {
        "public" => renamed,
        schema => format!("{}.{renamed}", quote_identifier(schema)),
    }
}

fn renamed_name(table: &Table) -> String {
    format!("{}_former", table.name.name)
}

/// Drops everything whose name the new table needs; those of partitions go with those of the partitioned table.
fn drop_indexes(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table) -> Vec<DatabaseFact> {
    let mut dropped = Vec::new();
    let name = &table.name.sql;
    for constraint in &table.constraints {
        let id = constraint_id(table, constraint);
        let index = constraint.index.as_ref();
        if index.is_none() && constraint.references.is_none() {
            continue;
        }
        dropped.push(DatabaseFact::Gone(id.clone()));
        // It goes with the key of the partitioned table.
        if index.is_some_and(|index| index.parent.is_some()) {
            continue;
        }
        let rank = if index.is_some() {
            Rank::DropKey
        } else {
            Rank::DropForeignKey
        };
        let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {};\n", constraint.sql);
        let ids = with_children(comparison, id, index.map(|index| index.sql.as_str()));
        plan.add(Operation::new(rank, sql).drops(comparison, &ids));
    }
    for index in &table.indexes {
        let id = index_id(index);
        dropped.push(DatabaseFact::Gone(id.clone()));
        if index.parent.is_none() {
            let sql = format!("DROP INDEX {};\n", index.name.sql);
            let ids = with_children(comparison, id, Some(&index.name.sql));
            plan.add(Operation::new(Rank::DropPart, sql).drops(comparison, &ids));
        }
    }
    dropped
}

/// The part, and those of partitions that are dropped with it.
fn with_children(comparison: &Comparison<'_>, id: ObjectId, index: Option<&str>) -> Vec<ObjectId> {
    let mut all = vec![id];
    let mut left: Vec<ObjectId> = index.map(ObjectId::relation).into_iter().collect();
    while let Some(index) = left.pop() {
        for child in comparison.before.child_parts(&index) {
            all.push(child.clone());
            all.extend(
                comparison
                    .before
                    .needs(child)
                    .iter()
                    .filter(|id| {
                        matches!(
                            comparison.before.items.get(id),
                            Some(GraphItem::Constraint(_))
                        )
                    })
                    .cloned(),
            );
            left.push(child.clone());
        }
    }
    all
}

fn rename_table(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    indexes: Vec<DatabaseFact>,
) {
    let (name, renamed) = (&table.name.sql, renamed_table(table));
    let bare = quote_identifier(&renamed_name(table));
    let mut sql = format!("ALTER TABLE {name} RENAME TO {bare};\n");
    let mut provides = vec![
        DatabaseFact::Free(table_id(table)),
        DatabaseFact::Free(row_type_id(table)),
    ];
    for column in &table.columns {
        // The sequence would keep the name that the new table's is to have.
        if let Some(identity) = &column.identity {
            let _ = writeln!(
                sql,
                "ALTER TABLE {renamed} ALTER COLUMN {} DROP IDENTITY;",
                column.sql
            );
            provides.push(DatabaseFact::Gone(ObjectId::relation(
                identity.sequence_sql.as_str(),
            )));
        }
    }
    let own = comparison.before.parts(&table_id(table));
    let all = std::iter::once(table_id(table)).chain(own.iter().cloned());
    let all: Vec<ObjectId> = all.collect();
    let dependents = all.iter().flat_map(|id| comparison.before.dependents(id));
    // Partitions keep their partitioned table under its other name.
    let is_rebuilt = |id: &ObjectId| comparison.is_rebuilt(&id.sql);
    let outside = dependents.filter(|id| !all.contains(id) && !is_rebuilt(id));
    let needs = outside.flat_map(|id| {
        [
            DatabaseFact::Gone(id.clone()),
            DatabaseFact::Free(id.clone()),
        ]
    });
    let needs: Vec<DatabaseFact> = needs.collect();
    let rename = Operation::new(Rank::RenameType, sql)
        .needs(needs)
        .needs(indexes);
    plan.add(rename.provides(provides));
}

fn copy_rows(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    let name = &after.name.sql;
    // The schema states the rows of the table, and they are there already.
    let sql = if after.rows.is_empty() {
        format_copy(plan, comparison, (before, after))
    } else {
        String::new()
    };
    let below = partitions_below(comparison, name);
    let ready = below.iter().map(|id| DatabaseFact::Ready(id.clone()));
    let attached = below.iter().map(|id| DatabaseFact::Attached(id.clone()));
    plan.add(
        Operation::new(Rank::AlterTable, sql)
            .note("heavy: blocks reads and writes of the table while it copies all its rows")
            .needs([DatabaseFact::Ready(table_id(after))])
            .needs(ready.chain(attached).collect::<Vec<_>>())
            .provides([DatabaseFact::Filled(table_id(after))]),
    );
}

fn format_copy(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) -> String {
    let copied = after
        .columns
        .iter()
        .filter(|column| column.generated.is_none());
    let copied = copied.filter_map(|column| Some((find_column(before, &column.name)?, column)));
    let copied: Vec<(&Column, &Column)> = copied.collect();
    let names: Vec<&str> = copied
        .iter()
        .map(|(_, column)| column.sql.as_str())
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let mut values = ConvertedValue::default();
    let mut expressions = Vec::new();
    for (old, new) in &copied {
        let Some(value) = copy_value(comparison, old, new) else {
            refuse_rows(plan, after, (&old.data_type, new));
            return String::new();
        };
        expressions.push(value.expression);
        let fresh = value.functions.into_iter();
        let fresh = fresh.filter(|function| !values.functions.contains(function));
        values.functions.extend(fresh.collect::<Vec<_>>());
    }
    let is_always = |column: &Column| column.identity.as_ref().is_some_and(|item| item.always);
    let overriding = if copied.iter().any(|(_, column)| is_always(column)) {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let (name, renamed) = (&after.name.sql, renamed_table(before));
    // The rows of child tables are theirs; those of partitions are the table's.
    let only = if before.partition_key.is_some() {
        ""
    } else {
        "ONLY "
    };
    let mut sql = values.around(&format!(
        "INSERT INTO {name} ({}){overriding}\n    SELECT {} FROM {only}{renamed};\n",
        names.join(", "),
        expressions.join(", ")
    ));
    for (_, column) in &copied {
        if let Some(identity) = &column.identity {
            sql += &continue_after_rows(name, column, identity);
        }
    }
    sql
}

/// The value of the column in the new table; nothing if no expression gives it.
fn copy_value(comparison: &Comparison<'_>, old: &Column, new: &Column) -> Option<ConvertedValue> {
    let types = (old.data_type.as_str(), new.data_type.as_str());
    match convert_fields(comparison, &old.sql, types) {
        FieldConversion::ByText => Some(ConvertedValue {
            expression: convert_by_text(comparison, &old.sql, types),
            functions: Vec::new(),
        }),
        FieldConversion::ByField(value) => Some(value),
        FieldConversion::Impossible => None,
    }
}

/// The partitions of the new table, with theirs.
fn partitions_below(comparison: &Comparison<'_>, name: &str) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for id in comparison.after.dependents(&ObjectId::relation(name)) {
        if let Some(GraphItem::Object(DumpNode::Table(child))) = comparison.after.items.get(id)
            && child
                .partition
                .as_ref()
                .is_some_and(|partition| partition.of == name)
        {
            found.push(id.clone());
            found.extend(partitions_below(comparison, &child.name.sql));
        }
    }
    found
}

fn drop_renamed(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    let sql = format!("DROP TABLE {};\n", renamed_table(before));
    let mut dropped = vec![table_id(before)];
    let old = comparison.old.tables.iter();
    let partitions = old.filter(|table| {
        let partition = table.partition.as_ref();
        partition.is_some_and(|partition| partition.of == before.name.sql)
            && comparison.fates.is_gone(&table_id(table))
    });
    dropped.extend(partitions.map(table_id));
    let parts = dropped
        .iter()
        .flat_map(|id| comparison.before.parts(id).iter().cloned());
    let parts: Vec<ObjectId> = parts.collect();
    dropped.extend(sequences_dropped_with(comparison, &parts));
    let lost = before
        .columns
        .iter()
        .filter(|column| column.generated.is_none() && find_column(after, &column.name).is_none());
    let lost: Vec<&str> = lost.map(|column| column.sql.as_str()).collect();
    let mut drop = Operation::new(Rank::DropType, sql)
        .drops(comparison, &dropped)
        .needs([DatabaseFact::Filled(table_id(after))]);
    if !lost.is_empty() {
        let name = &before.name.sql;
        drop = drop.loses(format!("the values of {} of {name}", lost.join(", ")));
    }
    plan.add(drop);
}
