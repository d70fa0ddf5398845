//! The project's own types that its queries use: enums, composites, enum tables, ids and rows of tables.

use super::extras::TypeExtras;
use super::fields::doc_lines;
use super::names::{Unique, doc_text, pascal_case};
use super::rows::{Opaque, RowStruct, Sources, TableRows};
use super::schemas::FieldOwner;
use super::types::{KeyKind, KeyType, Own, RustType};
use super::view::{CompositeView, EnumView, IdView, StructField, UserTypes, VariantView};
use crate::project::Project;
use crate::query::{PgType, TypeKind};
use crate::report::diagnostic::Diagnostic;
use crate::schema::model::Number;
use crate::sql::identifier::write_identifier;
use std::collections::BTreeSet;

/// The types that the project's module names, with those that they are made of.
///
/// A fixpoint: the fields of a row or a composite name more types, whose fields may name more.
pub(super) fn close_types(mut used: BTreeSet<Own>, rows: &TableRows<'_>) -> BTreeSet<Own> {
    let mut open: Vec<Own> = used.iter().copied().collect();
    while let Some(own) = open.pop() {
        let mut named = BTreeSet::new();
        for rust_type in list_parts(own, rows) {
            rust_type.collect_own(&mut named);
        }
        open.extend(named.into_iter().filter(|own| used.insert(*own)));
    }
    used
}

/// The types of the fields of a type.
fn list_parts(own: Own, rows: &TableRows<'_>) -> Vec<RustType> {
    let map = rows.fields.map;
    match own {
        Own::Key(_) => Vec::new(),
        Own::Row(table) => {
            let row = rows.of_table("", table, Sources::Columns);
            let fields = row.into_iter().flat_map(|row: RowStruct| row.fields);
            fields.map(|field| field.rust_type).collect()
        }
        Own::Type(oid) => match map.catalog.get(oid).map(|found| &found.kind) {
            Some(TypeKind::Composite(fields)) => {
                let fields = fields
                    .iter()
                    .map(|(_, field)| map.of_composite_field(*field));
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
    project: &Project,
    diagnostics: &mut Vec<Diagnostic>,
) -> UserTypes {
    let map = rows.fields.map;
    let named = used.iter();
    let mut named: Vec<(&str, Own)> = named
        .filter_map(|own| Some((map.own.name(*own)?, *own)))
        .collect();
    // By name: oids differ between databases, and the file must not.
    named.sort_unstable();
    let mut view = UserTypes::default();
    for (name, own) in named {
        match own {
            Own::Type(oid) => {
                let opaque = add_type(&mut view, name, oid, rows).into_iter();
                diagnostics.extend(opaque.map(|opaque| opaque.in_types(project, None)));
            }
            Own::Key(key) => {
                if let Some(key) = map.own.keys.get(&key) {
                    add_key(&mut view, name, key, rows);
                }
            }
            Own::Row(table) => {
                let sources = if values.contains(&table) {
                    Sources::Both
                } else {
                    Sources::Columns
                };
                let Some(mut row) = rows.of_table(name, table, sources) else {
                    continue;
                };
                let opaque = rows.add_attributes(&mut row).into_iter();
                let table = rows.schema.table(Number(table));
                diagnostics.extend(opaque.map(|opaque| opaque.in_types(project, table)));
                view.rows.push(row.into());
            }
        }
    }
    view
}

/// Adds an enum or a composite; gives the fields that serde cannot take.
fn add_type(view: &mut UserTypes, name: &str, oid: u32, rows: &TableRows<'_>) -> Vec<Opaque> {
    let map = rows.fields.map;
    let mut opaque = Vec::new();
    let Some(pg_type) = map.catalog.get(oid) else {
        return opaque;
    };
    let enums = enum_extras(rows);
    match &pg_type.kind {
        TypeKind::Enum(labels) => view.enums.push(EnumView {
            doc: vec![doc_text(&format!("The enum type `{}`.", pg_type.sql_name))],
            source: format!("{}, {}", sql_name(pg_type), array_name(pg_type)),
            derives: enums.derive_list(&[]),
            attributes: enums.attributes,
            variants: variant_views(labels),
            unknown: map
                .keeps_unknown_labels(pg_type)
                .then(|| unknown_variant(labels)),
            name: name.to_owned(),
        }),
        TypeKind::Composite(fields) => {
            let extras = TypeExtras::new(&rows.config.composites, &[], &[]);
            view.composites.push(CompositeView {
                derives: extras.derive_list(&["Clone", "Debug", "PartialEq"]),
                attributes: extras.attributes.clone(),
                doc: doc_text(&format!(
                    "The composite type `{}`. Postgres lets each of its fields be NULL.",
                    pg_type.sql_name
                )),
                sql_name: sql_name(pg_type),
                array_name: array_name(pg_type),
                fields: list_fields(name, fields, rows, &extras, &mut opaque),
                declared: map.of_type(oid).is_ok_and(|found| found.is_decode_only()),
                name: name.to_owned(),
            });
        }
        _ => {}
    }
    opaque
}

/// Those of enums, which serde takes anyway, and which have no value to compare but their labels.
fn enum_extras(rows: &TableRows<'_>) -> TypeExtras {
    const OWN: &[&str] = &[
        "Serialize",
        "Deserialize",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
        "ToSchema",
        "JsonSchema",
    ];
    TypeExtras::new(&rows.config.enums, &[], &[]).without(OWN)
}

fn add_key(view: &mut UserTypes, name: &str, key: &KeyType<'_>, rows: &TableRows<'_>) {
    let (table, column) = (&key.table.name, &key.column.name);
    let annotation = rows.annotations.tables.get(&table.annotation_key());
    let described = annotation.and_then(|table| table.columns.get(column)?.description.as_deref());
    let described = described.or(key.column.attached.comment.as_deref());
    let doc = |first: String| {
        let mut doc = vec![doc_text(&first)];
        if let Some(description) = described {
            doc.push(doc_text(""));
            doc.extend(doc_lines(description));
        }
        doc
    };
    match &key.kind {
        KeyKind::Labels(labels) => view.enums.push(EnumView {
            doc: doc(format!("A value of the enum table `{}`.", table.sql)),
            source: format!("{:?}", table.sql),
            derives: enum_extras(rows).derive_list(&[]),
            attributes: enum_extras(rows).attributes,
            variants: variant_views(labels),
            unknown: None,
            name: name.to_owned(),
        }),
        KeyKind::Id(prefix) => view.ids.push(IdView {
            derives: write_id_derives(key.is_copy(), rows),
            attributes: id_extras(rows).attributes,
            doc: doc(format!("The id of a row of `{}`.", table.sql)),
            value: key.scalar.rust_type.as_field(),
            copy: key.is_copy(),
            column: format!("{:?}", format!("{}.{column}", table.sql)),
            prefix: prefix.as_ref().map(|prefix| format!("{prefix:?}")),
            name: name.to_owned(),
        }),
    }
}

/// The derives of a type of ids.
fn write_id_derives(is_copy: bool, rows: &TableRows<'_>) -> String {
    const OWN: &[&str] = &[
        "Clone",
        "Debug",
        "PartialEq",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
    ];
    let mut own = OWN.to_vec();
    if is_copy {
        own.insert(1, "Copy");
    }
    id_extras(rows).derive_list(&own)
}

/// Those of ids, which serde takes anyway, as the value that they hold.
fn id_extras(rows: &TableRows<'_>) -> TypeExtras {
    const IMPLEMENTED: &[&str] = &[
        "Serialize",
        "Deserialize",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
        "ToSchema",
        "JsonSchema",
    ];
    TypeExtras::new(&rows.config.ids, &[], &[]).without(IMPLEMENTED)
}

/// The constants of a generated enum, which a variant would hide: `Self::ALL`.
const ENUM_CONSTANTS: &[&str] = &["ALL"];

fn variant_views(labels: &[String]) -> Vec<VariantView> {
    let mut names = Unique::reserving(ENUM_CONSTANTS);
    let variant = |label: &String| VariantView {
        name: names.name(&variant_name(label)),
        label: format!("{label:?}"),
    };
    labels.iter().map(variant).collect()
}

/// The variant for all other labels; a label may be `unknown` itself.
fn unknown_variant(labels: &[String]) -> String {
    let mut names = Unique::reserving(ENUM_CONSTANTS);
    // A label may be `unknown` itself.
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
fn list_fields(
    composite: &str,
    fields: &[(String, u32)],
    rows: &TableRows<'_>,
    extras: &TypeExtras,
    opaque: &mut Vec<Opaque>,
) -> Vec<StructField> {
    let mut names = Unique::default();
    let field = |(name, oid): &(String, u32)| {
        // `TypeMap::of_type` gave the composite only because every field has a type.
        let value = rows.fields.map.of_type(*oid).ok()?.or_null(true);
        let name = names.identifier(name);
        let attributes = match rows.write_attributes(&value, (FieldOwner::Composite, false), extras)
        {
            Ok(attributes) => attributes,
            Err(refused) => {
                let of = (FieldOwner::Composite, composite);
                opaque.push(Opaque::new(of, &name, refused));
                Vec::new()
            }
        };
        Some(StructField {
            name,
            rust_type: value.as_field(),
            attributes,
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
