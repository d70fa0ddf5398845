//! The project's own types that its queries use: enums, composites, enum tables, ids and rows of tables.

use super::fields::doc_lines;
use super::names::{Unique, doc_line, pascal_case};
use super::rows::TableRows;
use super::types::{KeyKind, KeyType, Own, TypeMap};
use super::view::{Composite, Enum, Field, Id, UserTypes, Variant};
use crate::query::{PgType, TypeKind};
use crate::schema::annotations::Annotations;
use crate::sql::identifier::quoted;

/// The types that were asked for while the queries were rendered.
pub(super) fn view(rows: &TableRows<'_>, annotations: &Annotations) -> UserTypes {
    let map = rows.fields.map;
    let mut view = UserTypes::default();
    // The fields of a row or a composite ask for more types.
    let mut done = 0;
    while done < map.own.used().len() {
        done = map.own.used().len();
        view = UserTypes::default();
        for (name, own) in map.own.used() {
            match own {
                Own::Type(oid) => add_type(&mut view, name, oid, map),
                Own::Key(key) => {
                    if let Some(key) = map.own.keys.get(&key) {
                        add_key(&mut view, name, key, annotations);
                    }
                }
                Own::Row(table) => view.rows.extend(rows.view(name, table, annotations)),
            }
        }
    }
    view
}

fn add_type(view: &mut UserTypes, name: &str, oid: u32, map: &TypeMap<'_>) {
    let Some(pg_type) = map.catalog.get(oid) else {
        return;
    };
    match &pg_type.kind {
        TypeKind::Enum(labels) => view.enums.push(Enum {
            doc: vec![doc_line(&format!("The enum type `{}`.", pg_type.sql_name))],
            source: sql_name(pg_type),
            array_name: Some(array_name(pg_type)),
            variants: variants(labels),
            unknown: map
                .keeps_unknown_labels(pg_type)
                .then(|| unknown_variant(labels)),
            name: name.to_owned(),
        }),
        TypeKind::Composite(fields) => view.composites.push(Composite {
            doc: doc_line(&format!(
                "The composite type `{}`. Postgres lets each of its fields be NULL.",
                pg_type.sql_name
            )),
            sql_name: sql_name(pg_type),
            array_name: array_name(pg_type),
            fields: fields_of(fields, map),
            declared: map.is_declared(oid),
            name: name.to_owned(),
        }),
        _ => {}
    }
}

fn add_key(view: &mut UserTypes, name: &str, key: &KeyType<'_>, annotations: &Annotations) {
    let (table, column) = (&key.table.name, &key.column.name);
    let annotation = annotations.tables.get(&table.annotation_key());
    let described = annotation.and_then(|table| table.columns.get(column)?.description.as_deref());
    let doc = |first: String| {
        let mut doc = vec![doc_line(&first)];
        if let Some(description) = described {
            doc.push(doc_line(""));
            doc.extend(doc_lines(description));
        }
        doc
    };
    match &key.kind {
        KeyKind::Labels(labels) => view.enums.push(Enum {
            doc: doc(format!("A value of the enum table `{}`.", table.sql)),
            source: format!("{:?}", table.sql),
            array_name: None,
            variants: variants(labels),
            unknown: None,
            name: name.to_owned(),
        }),
        KeyKind::Id(prefix) => view.ids.push(Id {
            doc: doc(format!("The id of a row of `{}`.", table.sql)),
            value: key.scalar.value.to_owned(),
            copy: key.is_copy(),
            column: format!("{:?}", format!("{}.{column}", table.sql)),
            prefix: prefix.as_ref().map(|prefix| format!("{prefix:?}")),
            name: name.to_owned(),
        }),
    }
}

/// The constants of a generated enum, which a variant would hide: `Self::ALL`.
const ENUM_CONSTANTS: &[&str] = &["ALL"];

fn variants(labels: &[String]) -> Vec<Variant> {
    let mut names = Unique::reserving(ENUM_CONSTANTS);
    let variant = |label: &String| Variant {
        name: names.name(&variant_name(label)),
        label: format!("{label:?}"),
        doc: doc_line(&format!("`{}`", label.replace('\n', " "))),
    };
    labels.iter().map(variant).collect()
}

/// The variant for all other labels; a label may be `unknown` itself.
fn unknown_variant(labels: &[String]) -> String {
    let mut names = Unique::reserving(ENUM_CONSTANTS);
    for label in labels {
        names.name(&variant_name(label));
    }
    names.name("Unknown")
}

/// A label can be anything, `+` or empty among it.
fn variant_name(label: &str) -> String {
    if label.is_empty() {
        "Empty".to_owned()
    } else {
        pascal_case(label)
    }
}

fn fields_of(fields: &[(String, u32)], map: &TypeMap<'_>) -> Vec<Field> {
    let mut names = Unique::default();
    let field = |(name, oid): &(String, u32)| {
        // `TypeMap::value` gave the composite only because every field has a type.
        let value = map.value(*oid).ok()?;
        Some(Field {
            name: names.identifier(name),
            rust_type: format!("Option<{value}>"),
            doc: Vec::new(),
            value: String::new(),
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
    let (schema, name) = (quoted(&pg_type.schema), quoted(name));
    format!("{schema}.{name}")
}
