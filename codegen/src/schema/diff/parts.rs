//! What belongs to a table that stays: its indexes, triggers, policies, by name.

use super::again::Again;
use super::change::Script;
use super::touched::{both, mentions, remade, touched};
use super::{constraints, family, identity, types};
use crate::schema::Schema;
use crate::schema::dump::attached::comment;
use crate::schema::dump::parts::{index, policy, trigger};
use crate::schema::model::{Attached, Column, Index, ObjectId, ObjectKind, Table};

/// One part as both schemas see it.
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
        let has = |index| parents.any(|parent| family::has_index(table, index, parent));
        self.index.is_some_and(has)
    }
}

/// Drops the parts that are gone, changed, or rest on what goes away.
pub(super) fn drop(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    constraints::drop(script, old, new, again);
    types::drop_checks(script, old, new, again);
    for (before, after) in both(old, new) {
        let parents = family::parents(old, new, (before, after));
        for part in stale(before, after, again) {
            // What comes from the parent goes with the parent's.
            if !part.is_in(before, parents.iter().map(|(parent, _)| *parent)) {
                script.run(part.drop);
            }
        }
        for column in &before.columns {
            let same = after.columns.iter().find(|other| other.name == column.name);
            if let Some(same) = same {
                identity::drop(script, &before.name.sql, column, same);
            }
        }
        // A default that rests on what goes away is set again later.
        let rests = |column: &&Column| again.goes(&column.default_needs);
        drop_defaults(script, before, rests);
    }
    for table in &old.tables {
        if !new.tables.iter().any(|other| other.name == table.name) {
            drop_of_gone(script, table, again);
        }
    }
}

/// What a table that goes away has from functions that rest on tables, which go before it.
fn drop_of_gone(script: &mut Script, table: &Table, again: &Again) {
    let rests = |needs: &[ObjectId]| {
        needs.iter().any(|need| {
            need.kind == ObjectKind::Function
                && again.is_relational(need)
                && again.goes(std::slice::from_ref(need))
        })
    };
    drop_defaults(script, table, |column| rests(&column.default_needs));
    for part in parts(table).into_iter().filter(|part| rests(&part.needs)) {
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
pub(super) fn create(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for (before, after) in both(old, new) {
        for column in after
            .columns
            .iter()
            .filter(|column| again.sets_later(column))
        {
            let (table, name) = (&after.name.sql, &column.sql);
            let default = column.default.as_deref().unwrap_or("NULL");
            script.run(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};\n"
            ));
        }
        let parents = family::parents(old, new, (before, after));
        let dropped: Vec<String> = stale(before, after, again)
            .into_iter()
            .map(|part| part.name)
            .collect();
        let there = parts(before);
        for part in parts(after) {
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

/// The parts of the old table that cannot stay as they are.
fn stale<'a>(before: &'a Table, after: &'a Table, again: &Again) -> Vec<Part<'a>> {
    let wanted = parts(after);
    let touched = touched(before, after, again);
    let remade = remade(before, after, again);
    let lost = |name: &String| {
        remade.contains(name) || !after.columns.iter().any(|column| column.name == *name)
    };
    let stays = |part: &Part| {
        let same = wanted
            .iter()
            .any(|other| other.name == part.name && other.bare == part.bare);
        let reads = touched.iter().any(|column| match part.index {
            // Postgres rebuilds indexes by itself, but not what they compute, and refuses what triggers
            // and policies read.
            Some(index) => mentions(&part.bare, column) && (lost(column) || computes(index)),
            None => mentions(&part.bare, column),
        });
        same && !reads && !again.goes(&part.needs)
    };
    parts(before)
        .into_iter()
        .filter(|part| !stays(part))
        .collect()
}

/// A new index of a partitioned table is one of its partitions as well.
fn with_partitions(create: &str) -> String {
    create.replacen(" ON ONLY ", " ON ", 1)
}

fn computes(index: &Index) -> bool {
    index.predicate.is_some() || index.keys.iter().any(|key| key.contains('('))
}

fn parts(table: &Table) -> Vec<Part<'_>> {
    let relation = &table.name.sql;
    let bare = Attached::default;
    let mut parts = Vec::new();
    for item in &table.indexes {
        let mut plain = item.clone();
        plain.attached = bare();
        parts.push(Part {
            name: format!("index {}", item.name.sql),
            create: with_partitions(&index(item)),
            bare: index(&plain),
            drop: format!("DROP INDEX {};\n", item.name.sql),
            comment: remark("INDEX", &item.name.sql, &item.attached),
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
            comment: remark("TRIGGER", &place, &item.attached),
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
            comment: remark("POLICY", &place, &item.attached),
            needs: item.attached.needs.clone(),
            index: None,
        });
    }
    parts
}

/// `COMMENT ON`, also where there is none.
pub(super) fn remark(kind: &str, name: &str, attached: &Attached) -> String {
    match &attached.comment {
        Some(_) => comment(kind, name, attached),
        None => format!("COMMENT ON {kind} {name} IS NULL;\n"),
    }
}
