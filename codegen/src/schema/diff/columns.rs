//! Columns of a table that stays.

use super::again::{Again, is_rewritten, mentions};
use super::change::Script;
use super::retype::retype;
use crate::schema::dump::columns::columns as definitions;
use crate::schema::model::{Column, Identity, Table};

/// Adds, alters and drops columns.
pub(super) fn alter(script: &mut Script, before: &Table, after: &Table, again: &Again) {
    let remade = remade(before, after);
    let find =
        |table: &'_ Table, name: &str| table.columns.iter().find(|c| c.name == name).cloned();
    for column in &before.columns {
        if find(after, &column.name).is_none() || remade.contains(&column.name) {
            drop(script, after, column);
        }
    }
    for column in &after.columns {
        match find(before, &column.name) {
            Some(former) if !remade.contains(&column.name) => {
                let default_went = again.goes(&former.default_needs) && former.generated.is_none();
                let former = Column {
                    default: former.default.clone().filter(|_| !default_went),
                    ..former
                };
                let default = column.default.clone().filter(|_| !again.sets_later(column));
                change(
                    script,
                    &after.name.sql,
                    &former,
                    &Column {
                        default,
                        ..column.clone()
                    },
                );
            }
            _ if again.sets_later(column) => {
                add(
                    script,
                    &after.name.sql,
                    &Column {
                        default: None,
                        ..column.clone()
                    },
                );
            }
            _ => add(script, &after.name.sql, column),
        }
    }
}

/// Generated columns that Postgres cannot alter: their values are computed anew.
fn remade(before: &Table, after: &Table) -> Vec<String> {
    let rewritten: Vec<&str> = before
        .columns
        .iter()
        .filter(|column| {
            let other = after.columns.iter().find(|other| other.name == column.name);
            other.is_some_and(|other| is_rewritten(column, other))
        })
        .map(|column| column.name.as_str())
        .collect();
    let remade = after.columns.iter().filter(|column| {
        let former = before
            .columns
            .iter()
            .find(|former| former.name == column.name);
        let (Some(former), Some(expression)) = (former, &column.generated) else {
            return false;
        };
        let reads = rewritten
            .iter()
            .any(|name| *name != column.name && mentions(expression, name));
        is_rewritten(former, column) || reads
    });
    remade.map(|column| column.name.clone()).collect()
}

fn drop(script: &mut Script, table: &Table, column: &Column) {
    let (table, name) = (&table.name.sql, &column.sql);
    let sql = format!("ALTER TABLE {table} DROP COLUMN {name};\n");
    match column.generated {
        Some(_) => script.run(sql),
        None => script.lose(sql, format!("the values of {table}.{name}")),
    }
}

fn add(script: &mut Script, table: &str, column: &Column) {
    let definition = definitions(std::slice::from_ref(column), &[]).concat();
    // The dump aligns types; a single line has nothing to align with.
    let definition = definition
        .strip_prefix(&column.sql)
        .unwrap_or(&definition)
        .trim_start();
    let sql = format!(
        "ALTER TABLE {table} ADD COLUMN {} {definition};\n",
        column.sql
    );
    let has_value =
        column.default.is_some() || column.generated.is_some() || column.identity.is_some();
    if column.not_null && !has_value {
        script.warn(
            sql,
            "fails if the table has rows, which would have no value for it",
        );
    } else {
        script.run(sql);
    }
    for setting in &column.settings {
        script.run(format!(
            "ALTER TABLE {table} ALTER COLUMN {} {setting};\n",
            column.sql
        ));
    }
}

fn change(script: &mut Script, table: &str, old: &Column, new: &Column) {
    let alter = |what: &str| format!("ALTER TABLE {table} ALTER COLUMN {} {what};\n", new.sql);
    if old.generated.is_some() && new.generated.is_none() {
        script.run(alter("DROP EXPRESSION"));
    }
    let identity_goes = old.identity.is_some() && new.identity.is_none();
    if identity_goes {
        script.lose(
            alter("DROP IDENTITY"),
            format!("where the sequence of {table}.{} stands", new.sql),
        );
    }
    let retyped = old.data_type != new.data_type || old.collation != new.collation;
    let default_goes = old.default.is_some() && (retyped || new.default.is_none());
    if default_goes && old.generated.is_none() {
        script.run(alter("DROP DEFAULT"));
    }
    if retyped {
        retype(script, table, old, new);
    }
    if let Some(default) = &new.default
        && (default_goes || old.default != new.default)
    {
        script.run(alter(&format!("SET DEFAULT {default}")));
    }
    if new.not_null && !old.not_null {
        script.warn(
            alter("SET NOT NULL"),
            "reads the whole table, and fails if there is a NULL in it",
        );
    }
    if old.not_null && !new.not_null {
        script.run(alter("DROP NOT NULL"));
    }
    identity(script, old, new, &alter);
    for setting in new
        .settings
        .iter()
        .filter(|setting| !old.settings.contains(setting))
    {
        script.run(alter(setting));
    }
}

fn identity(script: &mut Script, old: &Column, new: &Column, alter: &impl Fn(&str) -> String) {
    let word = |identity: &Identity| {
        if identity.always {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        }
    };
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let options = match identity.options.as_str() {
                "" => String::new(),
                options => format!(" ({options})"),
            };
            script.run(alter(&format!(
                "ADD GENERATED {} AS IDENTITY{options}",
                word(identity)
            )));
        }
        (Some(old), Some(new)) if old.always != new.always => {
            script.run(alter(&format!("SET GENERATED {}", word(new))));
        }
        _ => {}
    }
}
