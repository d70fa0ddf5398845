//! Indexes, triggers and policies of kept tables, matched by name.

use super::affected::{affected_columns, kept_tables, mentions_name, recreated_columns};
use super::change::Script;
use super::recreated::Recreated;
use super::{constraints, identity, inheritance, types};
use crate::schema::Schema;
use crate::schema::dump::attached::comment;
use crate::schema::dump::parts::{index, policy, trigger};
use crate::schema::model::{Attached, Column, Index, ObjectId, ObjectKind, Table};

/// One index, trigger or policy.
struct Part<'a> {
    name: String,
    /// The statement that creates it, with its comment.
    create: String,
    /// The same without the comment.
    bare: String,
    drop: String,
    comment: String,
    needs: Vec<ObjectId>,
    index: Option<&'a Index>,
}

impl Part<'_> {
    /// Whether it is an index that one of the tables has as well, of which `table` is a partition.
    fn is_in<'a>(&self, table: &Table, mut parents: impl Iterator<Item = &'a Table>) -> bool {
        let has = |index| parents.any(|parent| inheritance::has_index(table, index, parent));
        self.index.is_some_and(has)
    }
}

/// Drops the parts that are removed, changed, or depend on a dropped object.
pub(super) fn drop_parts(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    constraints::drop_checks(script, old, new, recreated);
    types::drop_checks(script, old, new, recreated);
    for (before, after) in kept_tables(old, new) {
        let parents = inheritance::remaining_parents(old, new, (before, after));
        for part in stale_parts(before, after, recreated) {
            // The statement for the parent drops it here as well.
            if !part.is_in(before, parents.iter().map(|(parent, _)| *parent)) {
                script.run(part.drop);
            }
        }
        for column in &before.columns {
            let same = after.columns.iter().find(|other| other.name == column.name);
            if let Some(same) = same {
                identity::drop_identity(script, &before.name.sql, column, same);
            }
        }
        // A default that depends on a dropped object is set again later.
        let rests = |column: &&Column| recreated.drops_any(&column.default_needs);
        drop_defaults(script, before, rests);
    }
    for table in &old.tables {
        if !new.tables.iter().any(|other| other.name == table.name) {
            drop_parts_of_dropped(script, table, recreated);
        }
    }
}

/// Drops the parts of a removed table that depend on functions that are dropped before the table.
fn drop_parts_of_dropped(script: &mut Script, table: &Table, recreated: &Recreated) {
    let rests = |needs: &[ObjectId]| {
        needs.iter().any(|need| {
            need.kind == ObjectKind::Function
                && recreated.is_relational(need)
                && recreated.drops_any(std::slice::from_ref(need))
        })
    };
    drop_defaults(script, table, |column| rests(&column.default_needs));
    for part in parts_of(table)
        .into_iter()
        .filter(|part| rests(&part.needs))
    {
        script.run(part.drop);
    }
    let checks = table.constraints.iter();
    for check in checks.filter(|check| rests(&check.attached.needs)) {
        let (table, name) = (&table.name.sql, &check.sql);
        script.run(format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n"));
    }
}

fn drop_defaults(script: &mut Script, table: &Table, chosen: impl Fn(&&Column) -> bool) {
    let resting = table.columns.iter().filter(chosen);
    for column in resting.filter(|column| column.default.is_some()) {
        let (table, column) = (&table.name.sql, &column.sql);
        script.run(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT;\n"
        ));
    }
}

/// Creates the parts that are new, changed, or were dropped for a moment.
pub(super) fn create_parts(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    for (before, after) in kept_tables(old, new) {
        for column in after
            .columns
            .iter()
            .filter(|column| recreated.sets_default_late(column))
        {
            let (table, name) = (&after.name.sql, &column.sql);
            let default = column.default.as_deref().unwrap_or("NULL");
            script.run(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};\n"
            ));
        }
        let parents = inheritance::remaining_parents(old, new, (before, after));
        let dropped: Vec<String> = stale_parts(before, after, recreated)
            .into_iter()
            .map(|part| part.name)
            .collect();
        let there = parts_of(before);
        for part in parts_of(after) {
            let former = there.iter().find(|former| former.name == part.name);
            match former {
                Some(former) if !dropped.contains(&part.name) => {
                    if former.comment != part.comment {
                        script.run(part.comment);
                    }
                }
                _ if part.is_in(after, parents.iter().map(|(_, parent)| *parent)) => {}
                _ => script.run(part.create),
            }
        }
    }
}

/// The parts of the old table that cannot be kept.
fn stale_parts<'a>(before: &'a Table, after: &'a Table, recreated: &Recreated) -> Vec<Part<'a>> {
    let wanted = parts_of(after);
    let touched = affected_columns(before, after, recreated);
    let remade = recreated_columns(before, after, recreated);
    let lost = |name: &String| {
        remade.contains(name) || !after.columns.iter().any(|column| column.name == *name)
    };
    let stays = |part: &Part| {
        let same = wanted
            .iter()
            .any(|other| other.name == part.name && other.bare == part.bare);
        let reads = touched.iter().any(|column| match part.index {
            // Postgres rebuilds plain indexes by itself, but not index expressions, and it refuses to alter a column
            // that a trigger or policy reads.
            Some(index) => {
                mentions_name(&part.bare, column) && (lost(column) || has_expressions(index))
            }
            None => mentions_name(&part.bare, column),
        });
        same && !reads && !recreated.drops_any(&part.needs)
    };
    parts_of(before)
        .into_iter()
        .filter(|part| !stays(part))
        .collect()
}

/// A new index of a partitioned table is one of its partitions as well.
fn on_partitions_too(create: &str) -> String {
    create.replacen(" ON ONLY ", " ON ", 1)
}

fn has_expressions(index: &Index) -> bool {
    index.predicate.is_some() || index.keys.iter().any(|key| key.contains('('))
}

fn parts_of(table: &Table) -> Vec<Part<'_>> {
    let relation = &table.name.sql;
    let bare = Attached::default;
    let mut parts = Vec::new();
    for item in &table.indexes {
        let mut plain = item.clone();
        plain.attached = bare();
        parts.push(Part {
            name: format!("index {}", item.name.sql),
            create: on_partitions_too(&index(item)),
            bare: index(&plain),
            drop: format!("DROP INDEX {};\n", item.name.sql),
            comment: comment_statement("INDEX", &item.name.sql, &item.attached),
            needs: item.attached.needs.clone(),
            index: Some(item),
        });
    }
    for item in &table.triggers {
        let mut plain = item.clone();
        plain.attached = bare();
        let place = format!("{} ON {relation}", item.sql);
        parts.push(Part {
            name: format!("trigger {}", item.sql),
            create: trigger(relation, item),
            bare: trigger(relation, &plain),
            drop: format!("DROP TRIGGER {place};\n"),
            comment: comment_statement("TRIGGER", &place, &item.attached),
            needs: item.attached.needs.clone(),
            index: None,
        });
    }
    for item in &table.policies {
        let mut plain = item.clone();
        plain.attached = bare();
        let place = format!("{} ON {relation}", item.sql);
        parts.push(Part {
            name: format!("policy {}", item.sql),
            create: policy(relation, item),
            bare: policy(relation, &plain),
            drop: format!("DROP POLICY {place};\n"),
            comment: comment_statement("POLICY", &place, &item.attached),
            needs: item.attached.needs.clone(),
            index: None,
        });
    }
    parts
}

/// `COMMENT ON`, also where there is none.
pub(super) fn comment_statement(kind: &str, name: &str, attached: &Attached) -> String {
    match &attached.comment {
        Some(_) => comment(kind, name, attached),
        None => format!("COMMENT ON {kind} {name} IS NULL;\n"),
    }
}
