//! YAML → [`Annotations`], with the place of every name.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::{
    AnnotationError, AnnotationLocation, Annotations, ColumnAnnotation, IdType, TableAnnotation,
    TypeAnnotation,
};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tables: PlacedMap<TableEntry>,
    #[serde(default)]
    types: PlacedMap<Type>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableEntry {
    description: Option<String>,
    id_type: Option<IdType>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    derive: Vec<String>,
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    columns: PlacedMap<ColumnEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    rust_type: Option<String>,
    #[serde(default)]
    unknown_labels: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntries {
    description: Option<String>,
    rust_type: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// A column's description alone, or its fields.
struct ColumnEntry(FieldEntries);

/// A map that keeps where its keys stand.
struct PlacedMap<T>(BTreeMap<String, (AnnotationLocation, T)>);

pub(super) fn parse(text: &str) -> Result<Annotations, AnnotationError> {
    let file: Option<File> = serde_saphyr::from_str(text).map_err(|error| locate_error(&error))?;
    let File { tables, types } = file.unwrap_or_default();
    let types = types.0.into_iter().map(|(name, (place, found))| {
        let annotation = TypeAnnotation {
            rust_type: found.rust_type,
            unknown_labels: found.unknown_labels,
            place,
        };
        (name, annotation)
    });
    let tables = tables
        .0
        .into_iter()
        .map(|(name, (place, table))| (name, annotate_table(place, table)));
    Ok(Annotations {
        tables: tables.collect(),
        types: types.collect(),
    })
}

fn annotate_table(place: AnnotationLocation, table: TableEntry) -> TableAnnotation {
    let PlacedMap(columns) = table.columns;
    let columns = columns
        .into_iter()
        .map(|(name, (place, ColumnEntry(fields)))| {
            let FieldEntries {
                description,
                rust_type,
                tags,
            } = fields;
            (
                name,
                ColumnAnnotation {
                    description,
                    rust_type,
                    tags,
                    place,
                },
            )
        });
    TableAnnotation {
        description: table.description,
        id_type: table.id_type,
        tags: table.tags,
        derive: table.derive,
        attributes: table.attributes,
        columns: columns.collect(),
        place,
    }
}

fn locate_error(error: &serde_saphyr::Error) -> AnnotationError {
    let error = error.without_snippet();
    let AnnotationLocation { line, column } = error.location().map(place_of).unwrap_or_default();
    // The library's own text repeats the position behind its message.
    let text = error.to_string();
    let message = text
        .split(" at line ")
        .next()
        .unwrap_or(&text)
        .trim_start_matches("error: ")
        .to_owned();
    AnnotationError {
        line,
        column,
        message,
    }
}

fn place_of(location: Location) -> AnnotationLocation {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    AnnotationLocation {
        line: number(location.line()),
        column: number(location.column()),
    }
}

impl<T> Default for PlacedMap<T> {
    fn default() -> PlacedMap<T> {
        PlacedMap(BTreeMap::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PlacedMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PlacedMap<T>, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = PlacedMap<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PlacedMap<T>, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    entries.insert(key.value, (place_of(key.referenced), map.next_value()?));
                }
                Ok(PlacedMap(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<'de> Deserialize<'de> for ColumnEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ColumnEntry, D::Error> {
        struct TextOrFields;
        impl<'de> Visitor<'de> for TextOrFields {
            type Value = ColumnEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a description, or a map of `description` and `rust_type`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<ColumnEntry, E> {
                Ok(ColumnEntry(FieldEntries {
                    description: Some(text.to_owned()),
                    ..FieldEntries::default()
                }))
            }

            // A name alone: not described yet.
            fn visit_unit<E: Error>(self) -> Result<ColumnEntry, E> {
                Ok(ColumnEntry(FieldEntries::default()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnEntry, A::Error> {
                FieldEntries::deserialize(MapAccessDeserializer::new(map)).map(ColumnEntry)
            }
        }
        deserializer.deserialize_any(TextOrFields)
    }
}

impl<'de> Deserialize<'de> for IdType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<IdType, D::Error> {
        struct NameOrFalse;
        impl Visitor<'_> for NameOrFalse {
            type Value = IdType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a type, the path of one, or `false`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<IdType, E> {
                let name = text.to_owned();
                Ok(if name.contains("::") {
                    IdType::Path(name)
                } else {
                    IdType::Name(name)
                })
            }

            fn visit_bool<E: Error>(self, has_type: bool) -> Result<IdType, E> {
                if has_type {
                    return Err(E::custom("`id_type` is a name, a path, or `false`"));
                }
                Ok(IdType::Plain)
            }
        }
        deserializer.deserialize_any(NameOrFalse)
    }
}
