//! Likely renames that were not declared, as options that declare them.

use crate::schema::Schema;
use crate::schema::model::{Column, Enum, Name, Sequence, Table};

/// The options.
pub fn suggest_renames(old: &Schema, new: &Schema) -> Vec<String> {
    let schemas = pair_schemas(old, new);
    // All objects of a renamed schema have other names too.
    let stays = |(before, _): &(&Name, &Name)| {
        let mut schemas = schemas.iter();
        !schemas.any(|(schema, _)| *schema == before.schema)
    };
    let mut objects = pair(
        &old.tables,
        &new.tables,
        |table| &table.name,
        |a, b| columns_of(&a.columns) == columns_of(&b.columns),
    );
    objects.extend(pair(
        &old.enums,
        &new.enums,
        |item| &item.name,
        |a, b| a.labels == b.labels,
    ));
    objects.extend(pair(
        &old.composites,
        &new.composites,
        |item| &item.name,
        |a, b| columns_of(&a.fields) == columns_of(&b.fields),
    ));
    objects.extend(pair(
        &old.domains,
        &new.domains,
        |item| &item.name,
        |a, b| a.base == b.base && a.constraints.len() == b.constraints.len(),
    ));
    objects.extend(pair(
        &old.sequences,
        &new.sequences,
        |item| &item.name,
        alike_sequences,
    ));
    let objects = objects.into_iter().filter(stays);
    let objects = objects.map(|(old, new)| write_option(&old.sql, &new.sql));
    let mut found: Vec<String> = schemas
        .iter()
        .map(|(old, new)| write_option(old, new))
        .collect();
    found.extend(objects);
    found.extend(suggest_parts(old, new));
    found
}

fn write_option(old: &str, new: &str) -> String {
    format!("--rename {old}={new}")
}

/// The objects that only `old` has, each with those that only `new` has and that are alike.
fn pair<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: fn(&T) -> &Name,
    alike: fn(&T, &T) -> bool,
) -> Vec<(&'a Name, &'a Name)> {
    let lacks = |items: &[T], wanted: &T| !items.iter().any(|item| name(item) == name(wanted));
    let added: Vec<&T> = new.iter().filter(|item| lacks(old, item)).collect();
    let gone = old.iter().filter(|item| lacks(new, item));
    gone.flat_map(|before| {
        let after = added.iter().filter(move |after| alike(before, after));
        after.map(move |after| (name(before), name(after)))
    })
    .collect()
}

fn columns_of(columns: &[Column]) -> Vec<(&str, &str)> {
    let columns = columns.iter();
    columns
        .map(|column| (column.name.as_str(), column.data_type.as_str()))
        .collect()
}

/// A sequence that a column owns is renamed with its table.
fn alike_sequences(a: &Sequence, b: &Sequence) -> bool {
    a.owned_by.is_none()
        && b.owned_by.is_none()
        && a.data_type == b.data_type
        && a.options == b.options
}

/// The schemas that only `old` has, each with one that only `new` has and that has tables of the same names.
fn pair_schemas<'a>(old: &'a Schema, new: &'a Schema) -> Vec<(&'a str, &'a str)> {
    let tables = |schema: &'a Schema, namespace: &str| -> Vec<&'a str> {
        let tables = schema.tables.iter();
        let own = tables.filter(|table| table.name.schema == namespace);
        own.map(|table| table.name.name.as_str()).collect()
    };
    let mut pairs = Vec::new();
    let lacks = |schema: &Schema, name: &str| !schema.schemas.iter().any(|item| item.name == name);
    for before in old.schemas.iter().filter(|item| lacks(new, &item.name)) {
        for after in new.schemas.iter().filter(|item| lacks(old, &item.name)) {
            let own = tables(old, &before.name);
            if !own.is_empty() && own == tables(new, &after.name) {
                pairs.push((before.name.as_str(), after.name.as_str()));
            }
        }
    }
    pairs
}

/// Columns, and labels of enums.
fn suggest_parts(old: &Schema, new: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    for table in &old.tables {
        if let Some(other) = new.tables.iter().find(|other| other.name == table.name) {
            found.extend(suggest_columns(table, other));
        }
    }
    for item in &old.enums {
        if let Some(other) = new.enums.iter().find(|other| other.name == item.name) {
            found.extend(suggest_labels(item, other));
        }
    }
    found
}

fn suggest_columns(old: &Table, new: &Table) -> Vec<String> {
    let lacks = |table: &Table, column: &Column| {
        let mut columns = table.columns.iter();
        !columns.any(|other| other.name == column.name)
    };
    let mut found = Vec::new();
    for column in old.columns.iter().filter(|column| lacks(new, column)) {
        let added = new.columns.iter().filter(|column| lacks(old, column));
        for other in added.filter(|other| other.data_type == column.data_type) {
            let from = format!("{}.{}", old.name.sql, column.sql);
            found.push(write_option(&from, &other.sql));
        }
    }
    found
}

/// A label that is dropped where another one is added, at the same place among those that stay.
fn suggest_labels(old: &Enum, new: &Enum) -> Vec<String> {
    // A label that was added or removed shifts the others, so that no pairs are left to compare.
    if old.labels.len() != new.labels.len() {
        return Vec::new();
    }
    let pairs = old.labels.iter().zip(&new.labels);
    let renamed = pairs.filter(|(before, after)| {
        before != after && !new.labels.contains(before) && !old.labels.contains(after)
    });
    let quoted = crate::sql::identifier::write_identifier;
    renamed
        .map(|(before, after)| {
            let from = format!("{}.{}", old.name.sql, quoted(before));
            write_option(&from, &quoted(after))
        })
        .collect()
}
