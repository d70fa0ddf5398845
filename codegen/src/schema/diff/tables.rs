//! Kept tables: their columns, settings and rows.

use super::comparison::{Comparison, Pair, find_column};
use super::ids::{constraint_id, index_id, row_type_id, table_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use super::stored_rows::between_storing_views;
use super::{columns, inheritance, rows, sequences};
use crate::schema::model::{Column, ObjectId, Table};
use crate::sql::identifier::write_identifier;

/// Alters each kept table to its new definition.
pub(super) fn alter_tables(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in comparison.tables.iter().copied() {
        if comparison.fates.is_gone(&table_id(before)) {
            continue;
        }
        refuse_inherited(plan, comparison, (before, after));
        let deletes_first = rows::has_key(before, after);
        if deletes_first {
            rows::delete_rows(plan, before, after);
        }
        let carried = inheritance::table_after_parents(comparison, (before, after));
        columns::alter_columns(plan, comparison, (before, &carried, after));
        sequences::own_sequences(plan, comparison, after);
        alter_table_settings(plan, comparison, before, after);
        if !deletes_first {
            rows::delete_rows(plan, before, after);
        }
        rows::alter_rows(plan, before, after);
        columns::require_values(plan, before, after);
    }
}

/// Names columns that a table cannot turn into inherited ones. It has child tables, or it would be rebuilt.
fn refuse_inherited(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    let table = &after.name.sql;
    let only = after.columns.iter().filter(|column| {
        let former = find_column(before, &column.name);
        let own = former.filter(|former| !former.inherited);
        let stays = |former: &Column| !comparison.fates.is_column_gone(before, former);
        column.inherited && own.is_some_and(stays)
    });
    for column in only {
        plan.leave_to_person(format!(
            "table {table}: its own column {} cannot become one that it only inherits: name it in \
             the table as well",
            column.sql
        ));
    }
}

/// The parents and the type that the table gets, after its columns match theirs.
fn add_parents(plan: &mut Plan, comparison: &Comparison<'_>, (before, after): Pair<'_>) {
    let table = &after.name.sql;
    let fresh = after.inherits.iter();
    for parent in fresh.filter(|parent| !before.inherits.contains(parent)) {
        let sql = format!("ALTER TABLE {table} INHERIT {parent};\n");
        let rows = [row_type_id(after), ObjectId::data_type(parent.as_str())];
        let inherit = Operation::new(Rank::AlterTable, sql).needs(rows.map(DatabaseFact::Ready));
        plan.add(inherit.needs([DatabaseFact::Ready(ObjectId::relation(parent.as_str()))]));
    }
    if !inheritance::keeps_type(comparison, (before, after))
        && let Some(name) = &after.of_type
    {
        let sql = format!("ALTER TABLE {table} OF {name};\n");
        let needs = [row_type_id(after), ObjectId::data_type(name.as_str())];
        plan.add(Operation::new(Rank::AlterTable, sql).needs(needs.map(DatabaseFact::Ready)));
    }
    if before.access_method != after.access_method {
        let method = after.access_method.as_deref().unwrap_or("heap");
        let sql = format!("ALTER TABLE {table} SET ACCESS METHOD {method};\n");
        let id = table_id(after);
        let set = Operation::new(Rank::AlterTable, sql);
        let set = set.needs_objects(comparison.after.needs(&id));
        let set = set.note("blocks reads and writes while it rewrites the whole table");
        let set = set.provides([DatabaseFact::Free(id)]);
        plan.add(between_storing_views(set, comparison, (before, after)));
    }
}

fn alter_table_settings(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    before: &Table,
    after: &Table,
) {
    let table = &after.name.sql;
    add_parents(plan, comparison, (before, after));
    let security = [
        (before.row_security, after.row_security, "ENABLE", "DISABLE"),
        (
            before.force_row_security,
            after.force_row_security,
            "FORCE",
            "NO FORCE",
        ),
    ];
    for (was_set, is_set, on, off) in security {
        if was_set != is_set {
            let word = if is_set { on } else { off };
            let sql = format!("ALTER TABLE {table} {word} ROW LEVEL SECURITY;\n");
            plan.run(Rank::AlterTable, sql);
        }
    }
    if before.unlogged != after.unlogged {
        set_logged(plan, comparison, (before, after));
    }
    for change in alter_options(&before.options, &after.options) {
        plan.run(Rank::AlterTable, format!("ALTER TABLE {table} {change};\n"));
    }
}

/// A logged table cannot refer to an unlogged one: the table that refers becomes unlogged first, and logged last.
fn set_logged(plan: &mut Plan, comparison: &Comparison<'_>, (before, table): Pair<'_>) {
    let name = &table.name.sql;
    let word = if table.unlogged { "UNLOGGED" } else { "LOGGED" };
    let refers = |from: &Table, to: &Table| {
        let mut keys = from.constraints.iter();
        let to = &to.name.sql;
        from.name.sql != *to
            && keys.any(|key| key.references.as_ref().is_some_and(|key| key.table == *to))
    };
    let others = comparison.tables.iter().copied();
    // Postgres refuses a logged table that refers to an unlogged one, in between too.
    let first = others.filter(|(_, other)| {
        if table.unlogged {
            refers(other, table)
        } else {
            refers(table, other)
        }
    });
    let first = first.map(|(other, _)| DatabaseFact::Logged(table_id(other)));
    let sql = format!("ALTER TABLE {name} SET {word};\n");
    let set = Operation::new(Rank::AlterTable, sql)
        .needs(first.collect::<Vec<_>>())
        .provides([DatabaseFact::Logged(table_id(table))]);
    let set = set.note("blocks reads and writes while it rewrites the whole table");
    plan.add(between_storing_views(set, comparison, (before, table)));
}

/// By which index a table is clustered and its rows are known, once all are there.
pub(super) fn choose_indexes(plan: &mut Plan, comparison: &Comparison<'_>) {
    let pairs = comparison.tables.iter().copied();
    for (before, after) in pairs.filter(|(before, _)| !comparison.fates.is_gone(&table_id(before)))
    {
        let table = &after.name.sql;
        if before.replica_identity != after.replica_identity || has_new_identity(comparison, after)
        {
            let identity = after.replica_identity.as_deref().unwrap_or("DEFAULT");
            let sql = format!("ALTER TABLE {table} REPLICA IDENTITY {identity};\n");
            plan.run(Rank::ChooseIndex, sql);
        }
        let clustered = clustering_index(after);
        let is_recreated = clustered
            .as_ref()
            .is_some_and(|(id, _)| comparison.comes(id));
        if is_recreated || clustering_index(before) != clustered {
            let change = match clustered {
                Some((_, index)) => format!("CLUSTER ON {index}"),
                None => "SET WITHOUT CLUSTER".to_owned(),
            };
            plan.run(
                Rank::ChooseIndex,
                format!("ALTER TABLE {table} {change};\n"),
            );
        }
    }
}

/// `SET (…)` and `RESET (…)` of storage parameters, each `name = value`.
pub(super) fn alter_options(before: &[String], after: &[String]) -> Vec<String> {
    let name = |option: &String| {
        option
            .split('=')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let gone = before
        .iter()
        .filter(|old| !after.iter().any(|new| name(new) == name(old)));
    let gone: Vec<String> = gone.map(name).collect();
    let set: Vec<String> = after
        .iter()
        .filter(|option| !before.contains(option))
        .cloned()
        .collect();
    let mut changes = Vec::new();
    if !gone.is_empty() {
        changes.push(format!("RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        changes.push(format!("SET ({})", set.join(", ")));
    }
    changes
}

fn clustering_index(table: &Table) -> Option<(ObjectId, &String)> {
    let indexes = table.indexes.iter().filter_map(|index| {
        let name = index.clustered.as_ref()?;
        Some((index_id(index), name))
    });
    let keys = table.constraints.iter().filter_map(|key| {
        let name = key.clustered.as_ref()?;
        Some((constraint_id(table, key), name))
    });
    indexes.chain(keys).next()
}

/// Whether the replica identity is an index that the script creates.
fn has_new_identity(comparison: &Comparison<'_>, table: &Table) -> bool {
    let is_identity = |name: &str| {
        let identity = table.replica_identity.as_deref();
        identity.and_then(|identity| identity.strip_prefix("USING INDEX ")) == Some(name)
    };
    let mut indexes = table.indexes.iter();
    let mut keys = table.constraints.iter();
    indexes.any(|index| {
        is_identity(&write_identifier(&index.name.name)) && comparison.comes(&index_id(index))
    }) || keys.any(|key| is_identity(&key.sql) && comparison.comes(&constraint_id(table, key)))
}
