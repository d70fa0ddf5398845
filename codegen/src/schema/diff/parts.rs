//! What belongs to a table that stays: its indexes, triggers, policies, by name.

use super::again::{Again, both, is_rewritten, mentions};
use super::change::Script;
use super::constraints;
use crate::schema::Schema;
use crate::schema::dump::attached::comment;
use crate::schema::dump::parts::{index, policy, trigger};
use crate::schema::model::{Attached, Table};

/// One part as both schemas see it.
struct Part {
    name: String,
    /// The statement that creates it, with its comment.
    create: String,
    /// The same without the comment.
    bare: String,
    drop: String,
    comment: String,
    needs: Vec<String>,
}

/// Drops the parts that are gone, changed, or rest on what goes away.
pub(super) fn drop(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    constraints::drop(script, old, new, again);
    for (before, after) in both(old, new) {
        for part in stale(before, after, again) {
            script.run(part.drop);
        }
        // A default that rests on what goes away is set again later.
        let resting = before
            .columns
            .iter()
            .filter(|column| again.goes(&column.default_needs));
        for column in resting.filter(|column| column.generated.is_none()) {
            script.run(format!(
                "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n",
                before.name.sql, column.sql
            ));
        }
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
                _ => script.run(part.create),
            }
        }
    }
}

/// The parts of the old table that cannot stay as they are.
fn stale(before: &Table, after: &Table, again: &Again) -> Vec<Part> {
    let wanted = parts(after);
    let rewritten: Vec<&str> = before
        .columns
        .iter()
        .filter(|column| {
            let other = after.columns.iter().find(|other| other.name == column.name);
            other.is_none_or(|other| is_rewritten(column, other))
        })
        .map(|column| column.name.as_str())
        .collect();
    let stays = |part: &Part| {
        let same = wanted
            .iter()
            .any(|other| other.name == part.name && other.bare == part.bare);
        // Postgres rebuilds indexes by itself, and refuses what triggers and policies read.
        let is_index = part.drop.starts_with("DROP INDEX");
        let reads = !is_index && rewritten.iter().any(|column| mentions(&part.bare, column));
        same && !reads && !again.goes(&part.needs)
    };
    parts(before)
        .into_iter()
        .filter(|part| !stays(part))
        .collect()
}

fn parts(table: &Table) -> Vec<Part> {
    let relation = &table.name.sql;
    let bare = Attached::default;
    let mut parts = Vec::new();
    for item in &table.indexes {
        let mut plain = item.clone();
        plain.attached = bare();
        parts.push(Part {
            name: format!("index {}", item.name.sql),
            create: index(item),
            bare: index(&plain),
            drop: format!("DROP INDEX {};\n", item.name.sql),
            comment: remark("INDEX", &item.name.sql, &item.attached),
            needs: item.attached.needs.clone(),
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
