//! What stands in the way of a type that is made anew: its name, and the columns that are of it.

use super::again::Again;
use super::change::Script;
use super::composites;
use super::drops::is_type;
use super::family;
use super::objects::{Objects, word};
use super::touched::{both, remade};
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::dump::quote_identifier;
use crate::schema::model::{Column, Enum, Name, ObjectId, Table};

/// Takes columns out of what has to go at once: those that are computed anew, and those of a range.
pub(super) fn columns(script: &mut Script, old: &Schema, new: &Schema, again: &Again) {
    let objects = Objects::of(old);
    for (before, after) in both(old, new) {
        let carried = family::carried_names(old, new, (before, after));
        let remade = remade(before, after, again);
        for column in &before.columns {
            let stays = after.columns.iter().any(|other| other.name == column.name);
            if carried.contains(&column.name) || !stays {
                continue;
            }
            if column.generated.is_none() {
                park(script, &before.name.sql, column, again, &objects);
            } else if remade.contains(&column.name) {
                let (table, column) = (&before.name.sql, &column.sql);
                script.run(format!("ALTER TABLE {table} DROP COLUMN {column};\n"));
            }
        }
    }
}

/// Gives types that are made anew another name, under which columns are of them until they are altered.
pub(super) fn names(
    script: &mut Script,
    old: &Schema,
    (before, after): (&Objects<'_>, &Objects<'_>),
    again: &Again,
) {
    let types = before.shared(after).filter(|(_, node, _)| is_type(node));
    for (_, node, other) in types.filter(|(key, ..)| again.has(key)) {
        let name = parts(node).1;
        let former = quote_identifier(&former_name(name));
        let sql = format!("ALTER {} {} RENAME TO {former};\n", word(node), name.sql);
        match loss(node, other) {
            Some(what) => script.lose(sql, what),
            None => script.run(sql),
        }
        refuse(script, old, node, other);
    }
}

/// The column as it is once types are set aside.
pub(super) fn by_then(column: &Column, again: &Again, before: &Schema) -> Column {
    let mut left = column.clone();
    if again.is_of_collation_anew(column) {
        left.collation = None;
        left.default = None;
    }
    if again.is_of_type_anew(column) {
        let objects = Objects::of(before);
        let element = element(column);
        left.default = None;
        left.data_type = match objects.by_key.get(&ObjectId::data_type(element)) {
            Some(node) if is_type(node) => {
                former(parts(node).1) + &column.data_type[element.len()..]
            }
            _ => "text".to_owned() + &column.data_type[element.len()..],
        };
    }
    left
}

/// What a type is called until nothing is of it any more, as SQL.
pub(super) fn former(name: &Name) -> String {
    let former = quote_identifier(&former_name(name));
    match name.schema.as_str() {
        "public" => former,
        schema => format!("{}.{former}", quote_identifier(schema)),
    }
}

fn former_name(name: &Name) -> String {
    format!("{}_former", name.name)
}

fn element(column: &Column) -> &str {
    column.data_type.trim_end_matches("[]")
}

/// Ranges and collations cannot give their name away with all that they made for themselves.
fn park(script: &mut Script, table: &str, column: &Column, again: &Again, old: &Objects<'_>) {
    let data_type = old.by_key.get(&ObjectId::data_type(element(column)));
    let by_type = again.is_of_type_anew(column) && !data_type.is_some_and(is_type);
    if !by_type && !again.is_of_collation_anew(column) {
        return;
    }
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {}", column.sql);
    if column.default.is_some() {
        script.run(format!("{alter} DROP DEFAULT;\n"));
    }
    let (name, array) = (&column.sql, &column.data_type[element(column).len()..]);
    let sql = if by_type {
        format!("{alter} TYPE text{array} USING {name}::text{array};\n")
    } else {
        format!(
            "{alter} TYPE {} COLLATE pg_catalog.\"default\";\n",
            column.data_type
        )
    };
    script.warn(sql, "may write the whole table anew");
}

fn loss(old: &Node<'_>, new: &Node<'_>) -> Option<String> {
    match (old, new) {
        (Node::Enum(old), Node::Enum(new)) => lost_labels(old, new),
        (Node::Domain(old), Node::Domain(new)) if old.base != new.base => Some(format!(
            "what values of {} say as {} and not as {}",
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

/// A value goes from the one type to the other by way of its text, which has no names of fields.
fn refuse(script: &mut Script, old: &Schema, before: &Node<'_>, after: &Node<'_>) {
    let (Node::Composite(before), Node::Composite(after)) = (before, after) else {
        return;
    };
    let is_of = |table: &Table| {
        table
            .columns
            .iter()
            .any(|column| element(column) == before.name.sql)
    };
    let table = old.tables.iter().find(|table| is_of(table));
    if let Some(table) = table.filter(|_| !composites::same_fields(before, after)) {
        let (name, table) = (&before.name.sql, &table.name.sql);
        script.leave(format!(
            "type {name}: its fields stand in another order, and a column of {table} is of it: add \
             a column of the new type, move the values field by field, drop the old one"
        ));
    }
}
