//! Enums that stay: labels are added, and for anything else the enum is made anew.

use super::change::Script;
use crate::schema::Schema;
use crate::schema::dump::{quote_identifier, quote_literal};
use crate::schema::model::{Column, Enum, Table};

fn is_subsequence(short: &[String], long: &[String]) -> bool {
    let mut long = long.iter();
    short.iter().all(|label| long.any(|other| other == label))
}

/// Adds labels, if nothing else differs.
pub(super) fn grow(script: &mut Script, before: &Enum, after: &Enum) {
    if !is_subsequence(&before.labels, &after.labels) {
        return;
    }
    for (place, label) in after.labels.iter().enumerate() {
        if before.labels.contains(label) {
            continue;
        }
        let place = match place.checked_sub(1).map(|former| &after.labels[former]) {
            Some(former) => format!("AFTER {}", quote_literal(former)),
            None => match before.labels.first() {
                Some(first) => format!("BEFORE {}", quote_literal(first)),
                None => String::new(),
            },
        };
        let (name, label) = (&after.name.sql, quote_literal(label));
        script.run(format!("ALTER TYPE {name} ADD VALUE {label} {place};\n").replace(" ;", ";"));
    }
}

/// Makes an enum anew that loses labels or changes their order, with the columns that are of it.
pub(super) fn make_anew(script: &mut Script, new: &Schema, before: &Enum, after: &Enum) {
    if is_subsequence(&before.labels, &after.labels) {
        return;
    }
    let name = &after.name.sql;
    let former = quote_identifier(&format!("{}_former", after.name.name));
    let labels: Vec<String> = after
        .labels
        .iter()
        .map(|label| quote_literal(label))
        .collect();
    let mut sql = format!(
        "ALTER TYPE {name} RENAME TO {former};\nCREATE TYPE {name} AS ENUM ({});\n",
        labels.join(", ")
    );
    for table in &new.tables {
        for column in &table.columns {
            sql += &convert(name, table, column);
        }
    }
    let schema = match after.name.schema.as_str() {
        "public" => String::new(),
        schema => format!("{}.", quote_identifier(schema)),
    };
    sql += &["DROP TYPE ", &schema, &former, ";\n"].concat();
    let gone = before
        .labels
        .iter()
        .filter(|label| !after.labels.contains(label));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    if gone.is_empty() {
        script.run(sql);
    } else {
        let gone = gone.join(", ");
        script.lose(
            sql,
            format!("the labels {gone} of {name}; it fails if a row has one"),
        );
    }
}

/// A column of the enum, or of an array of it, by way of its text.
fn convert(name: &str, table: &Table, column: &Column) -> String {
    let text = match column.data_type.strip_prefix(name) {
        Some("") => "text",
        Some("[]") => "text[]",
        _ => return String::new(),
    };
    let (table, column_name, data_type) = (&table.name.sql, &column.sql, &column.data_type);
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {column_name}");
    let using = format!("{alter} TYPE {data_type} USING {column_name}::{text}::{data_type};\n");
    match &column.default {
        Some(default) => {
            format!("{alter} DROP DEFAULT;\n{using}{alter} SET DEFAULT {default};\n")
        }
        None => using,
    }
}
