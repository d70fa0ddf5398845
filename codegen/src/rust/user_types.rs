//! The project's own types that its queries use: enums and composites.

use super::names::{Unique, doc_line, identifier, pascal_case};
use super::types::TypeMap;
use super::view::{Composite, Enum, Field, UserTypes, Variant};
use crate::query::{PgType, TypeKind};

/// The types that were asked for while the queries were rendered.
pub(super) fn view(map: &TypeMap<'_>) -> UserTypes {
    let mut view = UserTypes {
        enums: Vec::new(),
        composites: Vec::new(),
    };
    for (name, pg_type) in map.used() {
        match &pg_type.kind {
            TypeKind::Enum(labels) => view.enums.push(enumeration(name, pg_type, labels)),
            TypeKind::Composite(fields) => view.composites.push(Composite {
                name,
                doc: doc_line(&format!(
                    "The composite type `{}`. Postgres lets each of its fields be NULL.",
                    pg_type.sql_name
                )),
                sql_name: sql_name(pg_type),
                array_name: array_name(pg_type),
                fields: fields_of(fields, map),
            }),
            _ => {}
        }
    }
    view
}

fn enumeration(name: String, pg_type: &PgType, labels: &[String]) -> Enum {
    let mut names = Unique::default();
    let variant = |label: &String| Variant {
        name: names.name(&identifier_of(label)),
        label: format!("{label:?}"),
        doc: doc_line(&format!("`{}`", label.replace('\n', " "))),
    };
    Enum {
        name,
        doc: doc_line(&format!("The enum type `{}`.", pg_type.sql_name)),
        sql_name: sql_name(pg_type),
        array_name: array_name(pg_type),
        variants: labels.iter().map(variant).collect(),
    }
}

/// A label can be anything, `+` or empty among it.
fn identifier_of(label: &str) -> String {
    match pascal_case(label).as_str() {
        "N" => "Empty".to_owned(),
        "Self" => "Self_".to_owned(),
        name => name.to_owned(),
    }
}

fn fields_of(fields: &[(String, u32)], map: &TypeMap<'_>) -> Vec<Field> {
    let mut names = Unique::default();
    let field = |(name, oid): &(String, u32)| {
        // `TypeMap::value` gave the composite only because every field has a type.
        let value = map.value(*oid).ok()?;
        Some(Field {
            name: names.name(&identifier(name)),
            rust_type: format!("Option<{value}>"),
            doc: Vec::new(),
            read: String::new(),
        })
    };
    fields.iter().filter_map(field).collect()
}

/// As a Rust literal, qualified so that no search path matters.
fn sql_name(pg_type: &PgType) -> String {
    format!("{:?}", qualified(pg_type, &pg_type.name))
}

fn array_name(pg_type: &PgType) -> String {
    format!("{:?}", format!("{}[]", qualified(pg_type, &pg_type.name)))
}

fn qualified(pg_type: &PgType, name: &str) -> String {
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let quoted = |part: &str| {
        if plain(part) {
            part.to_owned()
        } else {
            format!("\"{}\"", part.replace('"', "\"\""))
        }
    };
    format!("{}.{}", quoted(&pg_type.schema), quoted(name))
}
