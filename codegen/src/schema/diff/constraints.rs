//! Constraints of tables: by name; keys before the foreign keys that refer to them.

use super::affected::{
    affected_columns, column_names, has_one_of, kept_tables, mentions_name, recreated_columns,
};
use super::change::Script;
use super::inheritance;
use super::parts::comment_statement;
use super::recreated::Recreated;
use super::retype::related;
use crate::schema::Schema;
use crate::schema::model::{Constraint, ConstraintKind, Position, Table};

/// Drops foreign keys that are removed or changed.
pub(super) fn drop_foreign(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    for table in &old.tables {
        if !new.tables.iter().any(|other| other.name == table.name) {
            // DROP TABLE would drop its foreign keys, but the keys that they depend on are dropped earlier.
            let foreign = table.constraints.iter();
            for key in foreign.filter(|key| rests_on_changed_key((old, new), key, recreated)) {
                script.run(drop_statement(table, key));
            }
        }
    }
    drop_stale(script, (old, new), recreated, is_foreign);
}

/// Drops checks and exclusions that are removed or changed.
pub(super) fn drop_checks(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    drop_stale(script, (old, new), recreated, |constraint| {
        !is_key(constraint) && !is_foreign(constraint)
    });
}

/// Drops keys that are removed or changed, after the views that depend on them.
pub(super) fn drop_keys(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    drop_stale(script, (old, new), recreated, is_key);
}

fn drop_stale(
    script: &mut Script,
    (old, new): (&Schema, &Schema),
    recreated: &Recreated,
    chosen: impl Fn(&Constraint) -> bool,
) {
    for (before, after) in kept_tables(old, new) {
        let stale = stale_constraints(old, new, (before, after), recreated).into_iter();
        let parents = inheritance::remaining_parents(old, new, (before, after));
        let from_above = |constraint: &Constraint| {
            let mut parents = parents.iter();
            parents.any(|(parent, _)| inheritance::has_constraint(before, constraint, parent))
        };
        for constraint in stale.filter(|constraint| chosen(constraint)) {
            if !from_above(constraint) {
                script.run(drop_statement(before, constraint));
            }
        }
    }
}

fn drop_statement(table: &Table, constraint: &Constraint) -> String {
    let (table, name) = (&table.name.sql, &constraint.sql);
    format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n")
}

/// Creates keys that are new or changed: views may depend on them.
pub(super) fn create_keys(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    for pair in kept_tables(old, new) {
        for constraint in pair
            .1
            .constraints
            .iter()
            .filter(|constraint| is_key(constraint))
        {
            alter_constraint(script, (old, new), pair, constraint, recreated);
        }
    }
}

/// Creates the others, on old tables and, foreign keys, on new ones.
pub(super) fn create_constraints(
    script: &mut Script,
    old: &Schema,
    new: &Schema,
    recreated: &Recreated,
) {
    for pair in kept_tables(old, new) {
        let others = pair.1.constraints.iter();
        for constraint in others.filter(|other| !is_key(other) && !is_foreign(other)) {
            alter_constraint(script, (old, new), pair, constraint, recreated);
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
                Some(before) => {
                    alter_constraint(script, (old, new), (before, after), constraint, recreated);
                }
                None => add_constraint(script, after, constraint),
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

fn alter_constraint(
    script: &mut Script,
    (old, new): (&Schema, &Schema),
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    recreated: &Recreated,
) {
    let dropped = stale_constraints(old, new, (before, after), recreated);
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
                script.run(comment_statement(
                    "CONSTRAINT",
                    &place,
                    &constraint.attached,
                ));
            }
            remark_index(script, Some(former), constraint);
        }
        _ if is_inherited((old, new), (before, after), constraint) => {}
        _ => add_constraint(script, after, constraint),
    }
}

/// Whether it comes with the same constraint of a table above.
fn is_inherited(
    (old, new): (&Schema, &Schema),
    (before, after): (&Table, &Table),
    constraint: &Constraint,
) -> bool {
    let parents = inheritance::remaining_parents(old, new, (before, after));
    let mut parents = parents.iter();
    parents.any(|(_, parent)| inheritance::has_constraint(after, constraint, parent))
}

fn add_constraint(script: &mut Script, table: &Table, constraint: &Constraint) {
    let (name, sql) = (&table.name.sql, &constraint.sql);
    script.run(format!(
        "ALTER TABLE {name} ADD CONSTRAINT {sql} {};\n",
        constraint.definition
    ));
    if constraint.attached.comment.is_some() {
        let place = format!("{sql} ON {name}");
        script.run(comment_statement(
            "CONSTRAINT",
            &place,
            &constraint.attached,
        ));
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
        script.run(comment_statement("INDEX", &index.sql, &index.attached));
    }
}

fn is_foreign(constraint: &Constraint) -> bool {
    constraint.kind == ConstraintKind::ForeignKey
}

/// The constraints of the old table that cannot be kept.
fn stale_constraints<'a>(
    old: &Schema,
    new: &Schema,
    (before, after): (&'a Table, &Table),
    recreated: &Recreated,
) -> Vec<&'a Constraint> {
    let stays = |constraint: &&Constraint| {
        is_same(before, after, constraint)
            && !recreated.drops_any(&constraint.attached.needs)
            && !rests_on_changed_key((old, new), constraint, recreated)
            && !reads_rewritten((before, after), constraint, recreated)
            && !loses_column((before, after), constraint, recreated)
            && !compares_otherwise((old, new), (before, after), constraint, recreated)
    };
    // DROP COLUMN drops the constraint, and a second DROP would not find it.
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
            && column_names(before, &constraint.columns) == column_names(after, &other.columns)
    })
}

/// A check reads its columns by their types, which Postgres would keep casting to the old ones.
fn reads_rewritten(
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    recreated: &Recreated,
) -> bool {
    let reads = matches!(
        constraint.kind,
        ConstraintKind::Check | ConstraintKind::Exclusion
    );
    let touched = affected_columns(before, after, recreated);
    reads
        && touched
            .iter()
            .any(|name| mentions_name(&constraint.definition, name))
}

/// A constraint is dropped with its column, and a recreated generated column is dropped for a moment.
fn loses_column(
    (before, after): (&Table, &Table),
    constraint: &Constraint,
    recreated: &Recreated,
) -> bool {
    let mut lost = recreated_columns(before, after, recreated);
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
    recreated: &Recreated,
) -> bool {
    let Some(references) = &constraint.references else {
        return false;
    };
    let unlike = |(before, after): (&Table, &Table), columns: &[Position]| {
        let names = column_names(before, columns);
        let mut columns = before
            .columns
            .iter()
            .filter(|column| names.contains(&column.name));
        columns.any(|column| {
            let mut others = after.columns.iter();
            let other = others.find(|other| other.name == column.name);
            other.is_none_or(|other| {
                recreated.rewrites(column, other)
                    && (recreated.has_recreated_type(column)
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

/// A foreign key depends on a key of the other table, which is dropped for a moment.
fn rests_on_changed_key(
    (old, new): (&Schema, &Schema),
    constraint: &Constraint,
    recreated: &Recreated,
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
    keys.any(|key| {
        !is_same(&before, &after, key) || loses_column((&before, &after), key, recreated)
    })
}
