//! The rows of `_enum` tables.

use crate::schema::model::{Column, Table};
use crate::sql::quote::quote_literal;

pub(super) fn write_rows(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let stored: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .collect();
    let names: Vec<&str> = stored.iter().map(|column| column.sql.as_str()).collect();
    let always = stored.iter().any(|column| {
        column
            .identity
            .as_ref()
            .is_some_and(|identity| identity.always)
    });
    // An explicit value of GENERATED ALWAYS is refused without it ("INSERT", OVERRIDING SYSTEM
    // VALUE).
    let overriding = if always {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let rows = table.rows.iter().map(|fields| {
        let fields = fields
            .iter()
            .zip(&stored)
            .map(|(field, column)| literal(field.as_deref(), column));
        format!("    ({})", fields.collect::<Vec<_>>().join(", "))
    });
    let rows = rows.collect::<Vec<_>>().join(",\n");
    format!(
        "INSERT INTO {} ({}){overriding} VALUES\n{rows};\n",
        table.name.sql,
        names.join(", ")
    )
}

pub(in crate::schema) fn literal(field: Option<&str>, column: &Column) -> String {
    match (field, column.data_type.as_str()) {
        (None, _) => "NULL".to_owned(),
        // Without quotes where the type has no other spelling; quotes leave all others to the
        // type's input function.
        (Some(field), "smallint" | "integer" | "bigint" | "boolean") => field.to_owned(),
        (Some(field), _) => quote_literal(field),
    }
}
