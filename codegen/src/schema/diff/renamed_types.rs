//! Types that are recreated: the old type is renamed, and columns keep using it until they are converted.

use super::affected::{kept_tables, recreated_columns};
use super::change::Script;
use super::composites;
use super::drops::is_type;
use super::inheritance;
use super::objects::{Objects, object_word};
use super::recreated::Recreated;
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{Column, Enum, Name, ObjectId, Table};
use crate::sql::quote::quote_identifier;

/// Frees columns from a type or collation that cannot be renamed, and drops generated columns that are recreated.
pub(super) fn free_columns(script: &mut Script, old: &Schema, new: &Schema, recreated: &Recreated) {
    let objects = Objects::of(old);
    for (before, after) in kept_tables(old, new) {
        let carried = inheritance::inherited_names(old, new, (before, after));
        let remade = recreated_columns(before, after, recreated);
        for column in &before.columns {
            let stays = after.columns.iter().any(|other| other.name == column.name);
            if carried.contains(&column.name) || !stays {
                continue;
            }
            if column.generated.is_none() {
                convert_to_text(script, &before.name.sql, column, recreated, &objects);
            } else if remade.contains(&column.name) {
                let (table, column) = (&before.name.sql, &column.sql);
                script.run(format!("ALTER TABLE {table} DROP COLUMN {column};\n"));
            }
        }
    }
}

/// Renames each type that has to be recreated; columns keep using the renamed type until they are converted.
pub(super) fn rename_types(
    script: &mut Script,
    old: &Schema,
    (before, after): (&Objects<'_>, &Objects<'_>),
    recreated: &Recreated,
) {
    let types = before.shared(after).filter(|(_, node, _)| is_type(node));
    for (_, node, other) in types.filter(|(key, ..)| recreated.has(key)) {
        let name = parts(node).1;
        let former = quote_identifier(&renamed_type_name(name));
        let sql = format!(
            "ALTER {} {} RENAME TO {former};\n",
            object_word(node),
            name.sql
        );
        match describe_loss(node, other) {
            Some(lost) => script.run_losing(sql, lost),
            None => script.run(sql),
        }
        refuse_composite(script, old, node, other);
    }
}

/// The column after the types were renamed.
pub(super) fn column_after_renames(
    column: &Column,
    recreated: &Recreated,
    before: &Schema,
) -> Column {
    let mut left = column.clone();
    if recreated.has_recreated_collation(column) {
        left.collation = None;
        left.default = None;
    }
    if recreated.has_recreated_type(column) {
        let objects = Objects::of(before);
        let element = element_type(column);
        left.default = None;
        left.data_type = match objects.by_key.get(&ObjectId::data_type(element)) {
            Some(node) if is_type(node) => {
                renamed_type(parts(node).1) + &column.data_type[element.len()..]
            }
            _ => "text".to_owned() + &column.data_type[element.len()..],
        };
    }
    left
}

/// The temporary name of a type, as SQL.
pub(super) fn renamed_type(name: &Name) -> String {
    let former = quote_identifier(&renamed_type_name(name));
    match name.schema.as_str() {
        "public" => former,
        schema => format!("{}.{former}", quote_identifier(schema)),
    }
}

fn renamed_type_name(name: &Name) -> String {
    format!("{}_former", name.name)
}

fn element_type(column: &Column) -> &str {
    column.data_type.trim_end_matches("[]")
}

/// Ranges and collations cannot be renamed out of the way, because they own functions and types under derived names.
fn convert_to_text(
    script: &mut Script,
    table: &str,
    column: &Column,
    recreated: &Recreated,
    old: &Objects<'_>,
) {
    let data_type = old.by_key.get(&ObjectId::data_type(element_type(column)));
    let by_type = recreated.has_recreated_type(column) && !data_type.is_some_and(is_type);
    if !by_type && !recreated.has_recreated_collation(column) {
        return;
    }
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {}", column.sql);
    if column.default.is_some() {
        script.run(format!("{alter} DROP DEFAULT;\n"));
    }
    let (name, array) = (&column.sql, &column.data_type[element_type(column).len()..]);
    let sql = if by_type {
        format!("{alter} TYPE text{array} USING {name}::text{array};\n")
    } else {
        format!(
            "{alter} TYPE {} COLLATE pg_catalog.\"default\";\n",
            column.data_type
        )
    };
    script.run_with_note(sql, "may rewrite the whole table");
}

fn describe_loss(old: &Node<'_>, new: &Node<'_>) -> Option<String> {
    match (old, new) {
        (Node::Enum(old), Node::Enum(new)) => lost_labels(old, new),
        (Node::Domain(old), Node::Domain(new)) if old.base != new.base => Some(format!(
            "the part of each value of {} that a {} holds and a {} does not",
            old.name.sql, old.base, new.base
        )),
        _ => None,
    }
}

fn lost_labels(old: &Enum, new: &Enum) -> Option<String> {
    let gone = old
        .labels
        .iter()
        .filter(|label| !new.labels.contains(label));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    let name = &old.name.sql;
    (!gone.is_empty()).then(|| {
        let gone = gone.join(", ");
        format!("the labels {gone} of {name}; it fails if a row has one")
    })
}

/// Values are converted through their text form, which has no field names, so the order of fields has to match.
fn refuse_composite(script: &mut Script, old: &Schema, before: &Node<'_>, after: &Node<'_>) {
    let (Node::Composite(before), Node::Composite(after)) = (before, after) else {
        return;
    };
    let is_of = |table: &Table| {
        table
            .columns
            .iter()
            .any(|column| element_type(column) == before.name.sql)
    };
    let table = old.tables.iter().find(|table| is_of(table));
    if let Some(table) = table.filter(|_| !composites::same_fields(before, after)) {
        let (name, table) = (&before.name.sql, &table.name.sql);
        script.leave_to_person(format!(
            "type {name}: its fields stand in another order, and a column of {table} is of it: add \
             a column of the new type, move the values field by field, drop the old one"
        ));
    }
}
