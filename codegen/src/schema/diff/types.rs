//! Types, sequences and functions that stay, as far as Postgres can alter them.

use super::again::can_be_replaced;
use super::change::Script;
use super::enums;
use crate::schema::Schema;
use crate::schema::model::{Composite, Domain, Enum, Sequence};

/// Alters what only grows, and what has a statement for each change.
pub(super) fn alter(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in pairs(&old.enums, &new.enums, |item: &Enum| &item.name.sql) {
        enums::grow(script, before, after);
    }
    for (before, after) in pairs(&old.domains, &new.domains, |item: &Domain| &item.name.sql) {
        domain(script, before, after);
    }
    for (before, after) in pairs(&old.composites, &new.composites, |item: &Composite| {
        &item.name.sql
    }) {
        composite(script, before, after);
    }
    for (before, after) in pairs(&old.sequences, &new.sequences, |item: &Sequence| {
        &item.name.sql
    }) {
        sequence(script, before, after);
    }
    for (before, after) in pairs(&old.functions, &new.functions, |item| &item.name.sql) {
        if before.definition != after.definition && can_be_replaced(before, after) {
            let body = after
                .definition
                .replacen("CREATE ", "CREATE OR REPLACE ", 1);
            script.run(format!("{body};\n"));
        }
    }
}

/// Objects of both schemas with the same name.
fn pairs<'a, T>(old: &'a [T], new: &'a [T], name: impl Fn(&T) -> &String) -> Vec<(&'a T, &'a T)> {
    let pair = |before: &'a T| {
        Some((
            before,
            new.iter().find(|after| name(after) == name(before))?,
        ))
    };
    old.iter().filter_map(pair).collect()
}

/// Makes enums anew that lose labels or change their order, with the columns that are of them.
pub(super) fn narrow(script: &mut Script, old: &Schema, new: &Schema) {
    for (before, after) in pairs(&old.enums, &new.enums, |item: &Enum| &item.name.sql) {
        enums::make_anew(script, new, before, after);
    }
}

fn domain(script: &mut Script, before: &Domain, after: &Domain) {
    let name = &after.name.sql;
    if before.base != after.base || before.collation != after.collation {
        script.leave(format!("domain {name}: its type cannot be altered"));
        return;
    }
    let mut changes = Vec::new();
    if before.default != after.default {
        changes.push(match &after.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    if before.not_null != after.not_null {
        changes.push(format!(
            "{} NOT NULL",
            if after.not_null { "SET" } else { "DROP" }
        ));
    }
    for check in &before.constraints {
        if !after
            .constraints
            .iter()
            .any(|other| other.name == check.name && other.definition == check.definition)
        {
            changes.push(format!("DROP CONSTRAINT {}", check.sql));
        }
    }
    for check in &after.constraints {
        if !before
            .constraints
            .iter()
            .any(|other| other.name == check.name && other.definition == check.definition)
        {
            changes.push(format!("ADD CONSTRAINT {} {}", check.sql, check.definition));
        }
    }
    for change in changes {
        script.run(format!("ALTER DOMAIN {name} {change};\n"));
    }
}

fn composite(script: &mut Script, before: &Composite, after: &Composite) {
    let name = &after.name.sql;
    for field in &before.fields {
        if !after.fields.iter().any(|other| other.name == field.name) {
            let sql = format!("ALTER TYPE {name} DROP ATTRIBUTE {} CASCADE;\n", field.sql);
            script.lose(sql, format!("the values of field {} of {name}", field.sql));
        }
    }
    for field in &after.fields {
        let collation = field
            .collation
            .as_ref()
            .map(|c| format!(" COLLATE {c}"))
            .unwrap_or_default();
        let (sql, data_type) = (&field.sql, &field.data_type);
        match before.fields.iter().find(|other| other.name == field.name) {
            None => script.run(format!(
                "ALTER TYPE {name} ADD ATTRIBUTE {sql} {data_type}{collation} CASCADE;\n"
            )),
            Some(other) if other.data_type != *data_type || other.collation != field.collation => {
                script.run(format!(
                    "ALTER TYPE {name} ALTER ATTRIBUTE {sql} TYPE {data_type}{collation} CASCADE;\n"
                ));
            }
            Some(_) => {}
        }
    }
}

fn sequence(script: &mut Script, before: &Sequence, after: &Sequence) {
    let name = &after.name.sql;
    if before.options != after.options || before.data_type != after.data_type {
        let reset = "INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1 NO CYCLE";
        let (data_type, options) = (&after.data_type, &after.options);
        // What is said twice in one statement is an error, so what is default is said before.
        script.run(format!("ALTER SEQUENCE {name} AS {data_type} {reset};\n"));
        if !options.is_empty() {
            script.run(format!("ALTER SEQUENCE {name} {options};\n"));
        }
    }
    if before.unlogged != after.unlogged {
        let word = if after.unlogged { "UNLOGGED" } else { "LOGGED" };
        script.run(format!("ALTER SEQUENCE {name} SET {word};\n"));
    }
    if before.owned_by.is_some() && after.owned_by.is_none() {
        script.run(format!("ALTER SEQUENCE {name} OWNED BY NONE;\n"));
    }
}
