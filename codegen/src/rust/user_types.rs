//! The project's own types that its queries use: enums, composites, enum tables, ids and rows of tables.

use super::fields::doc_lines;
use super::names::{Unique, doc_text, pascal_case};
use super::rows::{RowStruct, Sources, TableRows};
use super::types::{KeyKind, KeyType, Own, RustType, TypeMap};
use super::view::{Composite, Enum, Id, Parameter, UserTypes, Variant};
use crate::query::{PgType, TypeKind};
use crate::schema::annotations::Annotations;
use crate::sql::identifier::write_identifier;
use std::collections::BTreeSet;

/// The types that the project's module names, with those that they are made of.
///
/// A fixpoint: the fields of a row or a composite name more types, whose fields may name more.
pub(super) fn close_types(
    mut used: BTreeSet<Own>,
    rows: &TableRows<'_>,
    annotations: &Annotations,
) -> BTreeSet<Own> {
    let mut open: Vec<Own> = used.iter().copied().collect();
    while let Some(own) = open.pop() {
        let mut named = BTreeSet::new();
        for rust_type in parts_of(own, rows, annotations) {
            rust_type.collect_own(&mut named);
        }
        open.extend(named.into_iter().filter(|own| used.insert(*own)));
    }
    used
}

/// The types of the fields of a type.
fn parts_of(own: Own, rows: &TableRows<'_>, annotations: &Annotations) -> Vec<RustType> {
    let map = rows.fields.map;
    match own {
        Own::Key(_) => Vec::new(),
        Own::Row(table) => {
            let row = rows.of_table("", table, Sources::Columns, annotations);
            let fields = row.into_iter().flat_map(|row: RowStruct| row.fields);
            fields.map(|field| field.rust_type).collect()
        }
        Own::Type(oid) => match map.catalog.get(oid).map(|found| &found.kind) {
            Some(TypeKind::Composite(fields)) => {
                let fields = fields.iter().map(|(_, field)| map.of_type(*field));
                fields.filter_map(Result::ok).collect()
            }
            _ => Vec::new(),
        },
    }
}

/// The view of `types.rs` with these types; `values` are the tables whose rows are read from values of columns as well.
pub(super) fn types_view(
    used: &BTreeSet<Own>,
    values: &BTreeSet<u32>,
    rows: &TableRows<'_>,
    annotations: &Annotations,
) -> UserTypes {
    let map = rows.fields.map;
    let named = used.iter();
    let mut named: Vec<(&str, Own)> = named
        .filter_map(|own| Some((map.own.name(*own)?, *own)))
        .collect();
    named.sort_unstable();
    let mut view = UserTypes::default();
    for (name, own) in named {
        match own {
            Own::Type(oid) => add_type(&mut view, name, oid, map),
            Own::Key(key) => {
                if let Some(key) = map.own.keys.get(&key) {
                    add_key(&mut view, name, key, annotations);
                }
            }
            Own::Row(table) => {
                let sources = if values.contains(&table) {
                    Sources::Both
                } else {
                    Sources::Columns
                };
                let row = rows.of_table(name, table, sources, annotations);
                view.rows.extend(row.map(Into::into));
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
            doc: vec![doc_text(&format!("The enum type `{}`.", pg_type.sql_name))],
            source: format!("{}, {}", sql_name(pg_type), array_name(pg_type)),
            variants: variant_views(labels),
            unknown: map
                .keeps_unknown_labels(pg_type)
                .then(|| unknown_variant(labels)),
            name: name.to_owned(),
        }),
        TypeKind::Composite(fields) => view.composites.push(Composite {
            doc: doc_text(&format!(
                "The composite type `{}`. Postgres lets each of its fields be NULL.",
                pg_type.sql_name
            )),
            sql_name: sql_name(pg_type),
            array_name: array_name(pg_type),
            fields: fields_of(fields, map),
            declared: map.of_type(oid).is_ok_and(|found| found.is_decode_only()),
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
        let mut doc = vec![doc_text(&first)];
        if let Some(description) = described {
            doc.push(doc_text(""));
            doc.extend(doc_lines(description));
        }
        doc
    };
    match &key.kind {
        KeyKind::Labels(labels) => view.enums.push(Enum {
            doc: doc(format!("A value of the enum table `{}`.", table.sql)),
            source: format!("{:?}", table.sql),
            variants: variant_views(labels),
            unknown: None,
            name: name.to_owned(),
        }),
        KeyKind::Id(prefix) => view.ids.push(Id {
            doc: doc(format!("The id of a row of `{}`.", table.sql)),
            value: key.scalar.rust_type.as_field(),
            copy: key.is_copy(),
            column: format!("{:?}", format!("{}.{column}", table.sql)),
            prefix: prefix.as_ref().map(|prefix| format!("{prefix:?}")),
            name: name.to_owned(),
        }),
    }
}

/// The constants of a generated enum, which a variant would hide: `Self::ALL`.
const ENUM_CONSTANTS: &[&str] = &["ALL"];

fn variant_views(labels: &[String]) -> Vec<Variant> {
    let mut names = Unique::reserving(ENUM_CONSTANTS);
    let variant = |label: &String| Variant {
        name: names.name(&variant_name(label)),
        label: format!("{label:?}"),
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

/// Postgres lets each field of a composite be NULL.
fn fields_of(fields: &[(String, u32)], map: &TypeMap<'_>) -> Vec<Parameter> {
    let mut names = Unique::default();
    let field = |(name, oid): &(String, u32)| {
        // `TypeMap::of_type` gave the composite only because every field has a type.
        let value = map.of_type(*oid).ok()?;
        Some(Parameter {
            name: names.identifier(name),
            rust_type: value.or_null(true).as_field(),
        })
    };
    fields.iter().filter_map(field).collect()
}

/// As a Rust literal, qualified so that no search path matters.
fn sql_name(pg_type: &PgType) -> String {
    format!("{:?}", qualified_name(pg_type, &pg_type.name))
}

fn array_name(pg_type: &PgType) -> String {
    format!(
        "{:?}",
        format!("{}[]", qualified_name(pg_type, &pg_type.name))
    )
}

fn qualified_name(pg_type: &PgType, name: &str) -> String {
    let (schema, name) = (write_identifier(&pg_type.schema), write_identifier(name));
    format!("{schema}.{name}")
}
