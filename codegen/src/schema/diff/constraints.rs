//! Constraints of tables: by name; keys before the foreign keys that refer to them.

use super::again::{Again, both, is_rewritten, mentions};
use super::change::Script;
use super::parts::remark;
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Table};

/// Drops constraints that are gone or changed, foreign keys first.
pub(super) fn drop(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for table in &old.tables {
        if !new.tables.iter().any(|other| other.name == table.name) {
            // Its foreign keys would go with it, but keys that they rest on go before.
            let foreign = table.constraints.iter();
            for key in foreign.filter(|key| rests_on_changed_key(old, new, key)) {
                script.run(statement(table, key));
            }
        }
    }
    for foreign in [true, false] {
        for (before, after) in both(old, new) {
            let stale = stale(old, new, (before, after), again).into_iter();
            for constraint in stale.filter(|constraint| is_foreign(constraint) == foreign) {
                script.run(statement(before, constraint));
            }
        }
    }
}

fn statement(table: &Table, constraint: &Constraint) -> String {
    let (table, name) = (&table.name.sql, &constraint.sql);
    format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n")
}

/// Creates constraints that are new or changed, on old tables and, foreign keys, on new ones.
pub(super) fn create(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for foreign in [false, true] {
        for after in &new.tables {
            let before = old.tables.iter().find(|before| before.name == after.name);
            for constraint in after
                .constraints
                .iter()
                .filter(|c| is_foreign(c) == foreign)
            {
                match before {
                    Some(before) => alter(script, (old, new), (before, after), constraint, again),
                    None if foreign => add(script, after, constraint),
                    None => {}
                }
            }
        }
    }
}

fn alter(
    script: &mut Script,
    (old, new): (&Schema, &Schema),
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    again: &Again,
) {
    let dropped = stale(old, new, (before, after), again);
    let former = before
        .constraints
        .iter()
        .find(|former| former.name == constraint.name);
    match former {
        Some(former) if !dropped.iter().any(|dropped| dropped.name == former.name) => {
            let (table, name) = (&after.name.sql, &constraint.sql);
            if constraint.valid && !former.valid {
                script.run(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};\n"));
            }
            if constraint.attached.comment != former.attached.comment {
                let place = format!("{name} ON {table}");
                script.run(remark("CONSTRAINT", &place, &constraint.attached));
            }
        }
        _ => add(script, after, constraint),
    }
}

fn add(script: &mut Script, table: &Table, constraint: &Constraint) {
    let (name, sql) = (&table.name.sql, &constraint.sql);
    script.run(format!(
        "ALTER TABLE {name} ADD CONSTRAINT {sql} {};\n",
        constraint.definition
    ));
    if constraint.attached.comment.is_some() {
        let place = format!("{sql} ON {name}");
        script.run(remark("CONSTRAINT", &place, &constraint.attached));
    }
}

fn is_foreign(constraint: &Constraint) -> bool {
    constraint.kind == ConstraintKind::ForeignKey
}

/// The constraints of the old table that cannot stay as they are.
fn stale<'a>(
    old: &Schema,
    new: &Schema,
    (before, after): (&'a Table, &Table),
    again: &Again,
) -> Vec<&'a Constraint> {
    let stays = |constraint: &&Constraint| {
        is_same(before, after, constraint)
            && !again.goes(&constraint.attached.needs)
            && !rests_on_changed_key(old, new, constraint)
            && !reads_rewritten(before, after, constraint)
    };
    // One whose column goes away goes with it, and Postgres would not find it afterwards.
    before
        .constraints
        .iter()
        .filter(|constraint| !stays(constraint))
        .collect()
}

fn is_same(before: &Table, after: &Table, constraint: &Constraint) -> bool {
    let names = |table: &Table, constraint: &Constraint| -> Vec<String> {
        let named = |number: i16| {
            table
                .columns
                .iter()
                .find(|column| column.number.0 == number)
        };
        let columns = constraint
            .columns
            .iter()
            .filter_map(|position| named(position.0));
        columns.map(|column| column.name.clone()).collect()
    };
    after.constraints.iter().any(|other| {
        let definition = |constraint: &Constraint| {
            constraint
                .definition
                .trim_end_matches(" NOT VALID")
                .to_owned()
        };
        other.name == constraint.name
            && other.kind == constraint.kind
            && definition(other) == definition(constraint)
            && (other.valid || !constraint.valid)
            && other.clustered == constraint.clustered
            && names(before, constraint) == names(after, other)
    })
}

/// A check reads its columns by their types, which Postgres would keep casting to the old ones.
fn reads_rewritten(before: &Table, after: &Table, constraint: &Constraint) -> bool {
    if constraint.kind != ConstraintKind::Check {
        return false;
    }
    before.columns.iter().any(|column| {
        let other = after.columns.iter().find(|other| other.name == column.name);
        other.is_some_and(|other| is_rewritten(column, other))
            && mentions(&constraint.definition, &column.name)
    })
}

/// A foreign key rests on a key of the other table, which is dropped for a moment.
fn rests_on_changed_key(old: &Schema, new: &Schema, constraint: &Constraint) -> bool {
    let Some(references) = &constraint.references else {
        return false;
    };
    let find = |schema: &'_ Schema| {
        let table = schema
            .tables
            .iter()
            .find(|table| table.name.sql == references.table);
        table.cloned()
    };
    let (Some(before), Some(after)) = (find(old), find(new)) else {
        return true;
    };
    before.constraints.iter().any(|key| {
        let is_key = matches!(
            key.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::Unique
        );
        is_key && !is_same(&before, &after, key)
    })
}
