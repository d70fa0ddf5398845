//! Constraints of tables: by name; keys before the foreign keys that refer to them.

use super::again::Again;
use super::change::Script;
use super::family;
use super::parts::remark;
use super::retype::related;
use super::touched::{both, has_one_of, mentions, names, remade, touched};
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Position, Table};

/// Drops foreign keys that are gone or changed.
pub(super) fn drop_foreign(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for table in &old.tables {
        if !new.tables.iter().any(|other| other.name == table.name) {
            // Its foreign keys would go with it, but keys that they rest on go before.
            let foreign = table.constraints.iter();
            for key in foreign.filter(|key| rests_on_changed_key((old, new), key, again)) {
                script.run(statement(table, key));
            }
        }
    }
    drop_those(script, (old, new), again, is_foreign);
}

/// Drops checks and exclusions that are gone or changed.
pub(super) fn drop(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    drop_those(script, (old, new), again, |constraint| {
        !is_key(constraint) && !is_foreign(constraint)
    });
}

/// Drops keys that are gone or changed, once no view rests on them.
pub(super) fn drop_keys(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    drop_those(script, (old, new), again, is_key);
}

fn drop_those(
    script: &mut Script,
    (old, new): (&Schema, &Schema),
    again: &Again,
    chosen: impl Fn(&Constraint) -> bool,
) {
    for (before, after) in both(old, new) {
        let stale = stale(old, new, (before, after), again).into_iter();
        let parents = family::parents(old, new, (before, after));
        let from_above = |constraint: &Constraint| {
            let mut parents = parents.iter();
            parents.any(|(parent, _)| family::has_constraint(before, constraint, parent))
        };
        for constraint in stale.filter(|constraint| chosen(constraint)) {
            if !from_above(constraint) {
                script.run(statement(before, constraint));
            }
        }
    }
}

fn statement(table: &Table, constraint: &Constraint) -> String {
    let (table, name) = (&table.name.sql, &constraint.sql);
    format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n")
}

/// Creates keys that are new or changed: views may rest on them.
pub(super) fn create_keys(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for pair in both(old, new) {
        for constraint in pair
            .1
            .constraints
            .iter()
            .filter(|constraint| is_key(constraint))
        {
            alter(script, (old, new), pair, constraint, again);
        }
    }
}

/// Creates the others, on old tables and, foreign keys, on new ones.
pub(super) fn create(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    for pair in both(old, new) {
        let others = pair.1.constraints.iter();
        for constraint in others.filter(|other| !is_key(other) && !is_foreign(other)) {
            alter(script, (old, new), pair, constraint, again);
        }
    }
    for after in &new.tables {
        let before = old.tables.iter().find(|before| before.name == after.name);
        for constraint in after
            .constraints
            .iter()
            .filter(|constraint| is_foreign(constraint))
        {
            match before {
                Some(before) => alter(script, (old, new), (before, after), constraint, again),
                None => add(script, after, constraint),
            }
        }
    }
}

fn is_key(constraint: &Constraint) -> bool {
    matches!(
        constraint.kind,
        ConstraintKind::PrimaryKey | ConstraintKind::Unique
    )
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
            remark_index(script, Some(former), constraint);
        }
        _ if from_above((old, new), (before, after), constraint) => {}
        _ => add(script, after, constraint),
    }
}

/// Whether it comes with the same constraint of a table above.
fn from_above(
    (old, new): (&Schema, &Schema),
    (before, after): (&Table, &Table),
    constraint: &Constraint,
) -> bool {
    let parents = family::parents(old, new, (before, after));
    let mut parents = parents.iter();
    parents.any(|(_, parent)| family::has_constraint(after, constraint, parent))
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
    remark_index(script, None, constraint);
}

fn remark_index(script: &mut Script, former: Option<&Constraint>, constraint: &Constraint) {
    let comment = |constraint: &Constraint| -> Option<String> {
        let index = constraint.index.as_ref()?;
        index.attached.comment.clone()
    };
    if let Some(index) = &constraint.index
        && comment(constraint) != former.and_then(comment)
    {
        script.run(remark("INDEX", &index.sql, &index.attached));
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
            && !rests_on_changed_key((old, new), constraint, again)
            && !reads_rewritten((before, after), constraint, again)
            && !loses_column((before, after), constraint, again)
            && !compares_otherwise((old, new), (before, after), constraint, again)
    };
    // One whose column goes away goes with it, and Postgres would not find it afterwards.
    before
        .constraints
        .iter()
        .filter(|constraint| !stays(constraint))
        .collect()
}

fn is_same(before: &Table, after: &Table, constraint: &Constraint) -> bool {
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
            && names(before, &constraint.columns) == names(after, &other.columns)
    })
}

/// A check reads its columns by their types, which Postgres would keep casting to the old ones.
fn reads_rewritten(
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    again: &Again,
) -> bool {
    let reads = matches!(
        constraint.kind,
        ConstraintKind::Check | ConstraintKind::Exclusion
    );
    let touched = touched(before, after, again);
    reads
        && touched
            .iter()
            .any(|name| mentions(&constraint.definition, name))
}

/// A constraint goes with its column, and a generated column goes for a moment.
fn loses_column((before, after): (&Table, &Table), constraint: &Constraint, again: &Again) -> bool {
    let mut lost = remade(before, after, again);
    let gone = before.columns.iter();
    let gone = gone.filter(|column| !after.columns.iter().any(|other| other.name == column.name));
    lost.extend(gone.map(|column| column.name.clone()));
    has_one_of(before, constraint, &lost)
}

/// A foreign key compares columns of two tables, of which one is altered first.
fn compares_otherwise(
    (old, new): (&Schema, &Schema),
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    again: &Again,
) -> bool {
    let Some(references) = &constraint.references else {
        return false;
    };
    let unlike = |(before, after): (&Table, &Table), columns: &[Position]| {
        let names = names(before, columns);
        let mut columns = before
            .columns
            .iter()
            .filter(|column| names.contains(&column.name));
        columns.any(|column| {
            let mut others = after.columns.iter();
            let other = others.find(|other| other.name == column.name);
            other.is_none_or(|other| {
                again.rewrites(column, other)
                    && (again.is_of_type_anew(column)
                        || !related(&column.data_type, &other.data_type))
            })
        })
    };
    let find = |schema: &Schema| {
        let mut tables = schema.tables.iter();
        tables
            .find(|table| table.name.sql == references.table)
            .cloned()
    };
    let (Some(target), Some(by_then)) = (find(old), find(new)) else {
        return true;
    };
    unlike((before, after), &constraint.columns) || unlike((&target, &by_then), &references.columns)
}

/// A foreign key rests on a key of the other table, which is dropped for a moment.
fn rests_on_changed_key(
    (old, new): (&Schema, &Schema),
    constraint: &Constraint,
    again: &Again,
) -> bool {
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
    let mut keys = before.constraints.iter().filter(|key| is_key(key));
    keys.any(|key| !is_same(&before, &after, key) || loses_column((&before, &after), key, again))
}
