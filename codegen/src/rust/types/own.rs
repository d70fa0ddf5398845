//! The types of the project itself, each with a Rust name that does not depend on which queries use it: enums and composites of
//! the database, enum tables, ids of tables, rows of tables.

use super::RustType;
use super::prefix;
use super::scalars::{self, Scalar};
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::rust::names::{Unique, pascal_case};
use crate::schema::annotations::{Annotations, IdType};
use crate::schema::model::{Column, Table};
use crate::schema::{ColumnId, Keys, Schema, enum_tables, primary_key};
use crate::singular::singular;
use std::collections::{HashMap, HashSet};

/// Where generated types live, seen from the other files of the module.
pub(in crate::rust) const MODULE: &str = "types";

/// The path of a type there.
pub(in crate::rust) const TYPES_PATH: &str = "types::";

/// Names of Rust that the file of the types uses itself.
const RESERVED: &[&str] = &["Box", "Option", "Result", "Self", "String", "Vec"];

/// The object of the database that a type is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::rust) enum Own {
    /// An enum or composite, by its OID.
    Type(u32),
    /// The ids of a table, or the labels of an enum table.
    Key(ColumnId),
    /// The rows of a table, by its OID.
    Row(u32),
}

/// A key whose values have a type of their own.
#[derive(Clone, Debug)]
pub(in crate::rust) struct KeyType<'a> {
    pub(in crate::rust) table: &'a Table,
    pub(in crate::rust) column: &'a Column,
    /// The type of its values.
    pub(in crate::rust) scalar: Scalar,
    pub(in crate::rust) kind: KeyKind,
    /// A type that the project has already.
    pub(in crate::rust) path: Option<String>,
}

impl KeyType<'_> {
    /// Whether its values are small.
    pub(in crate::rust) fn is_copy(&self) -> bool {
        matches!(self.kind, KeyKind::Labels(_)) || self.scalar.is_copy()
    }
}

/// How generated code treats values of a type of its own.
#[derive(Clone, Copy, Debug)]
pub(in crate::rust) struct Form {
    pub(in crate::rust) by_value: bool,
    pub(in crate::rust) decode_only: bool,
}

/// The values of a key.
#[derive(Clone, Debug)]
pub(in crate::rust) enum KeyKind {
    /// Ids, which begin with this.
    Id(Option<String>),
    /// These labels.
    Labels(Vec<String>),
}

/// The project's types.
pub(in crate::rust) struct OwnTypes<'a> {
    names: HashMap<Own, String>,
    pub(in crate::rust) keys: HashMap<ColumnId, KeyType<'a>>,
}

impl<'a> OwnTypes<'a> {
    /// Names every type of the project.
    pub(super) fn new(
        catalog: &TypeCatalog,
        schema: &'a Schema,
        annotations: &Annotations,
    ) -> Self {
        let mut own = Self {
            names: HashMap::new(),
            keys: HashMap::new(),
        };
        let mut names = UniqueNames::default();
        let tables: HashSet<(&str, &str)> = schema
            .tables
            .iter()
            .map(|table| (table.name.schema.as_str(), table.name.name.as_str()))
            .collect();
        let of_table =
            |found: &PgType| tables.contains(&(found.schema.as_str(), found.name.as_str()));
        own.name_types(catalog, &mut names, |found| !of_table(found));
        own.name_enum_tables(catalog, schema, &mut names);
        own.name_ids(catalog, schema, annotations, &mut names);
        for table in &schema.tables {
            let name = pascal_case(&singular(&table.name.name));
            let name = names.give(&table.name.schema, &name, "Row");
            own.names.insert(Own::Row(table.oid.0), name);
        }
        // Whole rows as values are rare, so these names come last.
        own.name_types(catalog, &mut names, of_table);
        own
    }

    /// A type of `types.rs` by its path.
    pub(in crate::rust) fn rust_type(&self, own: Own, form: Form) -> Option<RustType> {
        Some(RustType::Generated {
            own,
            path: format!("{MODULE}::{}", self.name(own)?),
            by_value: form.by_value,
            decode_only: form.decode_only,
        })
    }

    /// The type of a key's values.
    pub(in crate::rust) fn key_type(&self, key: ColumnId) -> Option<RustType> {
        let key_type = self.keys.get(&key)?;
        let by_value = key_type.is_copy();
        match &key_type.path {
            Some(path) => Some(RustType::Declared {
                path: path.clone(),
                by_value,
            }),
            None => self.rust_type(
                Own::Key(key),
                Form {
                    by_value,
                    decode_only: false,
                },
            ),
        }
    }

    /// Whether a type has this name.
    pub(in crate::rust) fn is_taken(&self, name: &str) -> bool {
        RESERVED.contains(&name) || self.names.values().any(|taken| taken == name)
    }

    /// The name of a type.
    pub(in crate::rust) fn name(&self, own: Own) -> Option<&str> {
        self.names.get(&own).map(String::as_str)
    }

    fn name_types(
        &mut self,
        catalog: &TypeCatalog,
        names: &mut UniqueNames,
        wanted: impl Fn(&PgType) -> bool,
    ) {
        let is_own = |found: &&PgType| {
            let kind = matches!(found.kind, TypeKind::Enum(_) | TypeKind::Composite(_));
            kind && !found.is_built_in() && wanted(found)
        };
        let mut types: Vec<&PgType> = catalog.iter().filter(is_own).collect();
        // By name and not by oid, which differs between databases. Those of `public` take the short
        // names.
        types.sort_by_key(|found| (found.schema != "public", &found.schema, &found.name));
        for found in types {
            let name = names.give(&found.schema, &pascal_case(&found.name), "Value");
            self.names.insert(Own::Type(found.oid), name);
        }
    }

    fn name_enum_tables(
        &mut self,
        catalog: &TypeCatalog,
        schema: &'a Schema,
        names: &mut UniqueNames,
    ) {
        for found in enum_tables(schema) {
            let table = found.table;
            let Some((column, scalar)) = scalar_of(catalog, table, found.key) else {
                continue;
            };
            let bare = table
                .name
                .name
                .strip_suffix("_enum")
                .unwrap_or(&table.name.name);
            let name = names.give(&table.name.schema, &pascal_case(bare), "Enum");
            self.names.insert(Own::Key(found.key), name);
            let labels = found.labels.iter().map(|label| (*label).to_owned());
            let kind = KeyKind::Labels(labels.collect());
            let key_type = KeyType {
                table,
                column,
                scalar,
                kind,
                path: None,
            };
            self.keys.insert(found.key, key_type);
        }
    }

    fn name_ids(
        &mut self,
        catalog: &TypeCatalog,
        schema: &'a Schema,
        annotations: &Annotations,
        names: &mut UniqueNames,
    ) {
        let keys = Keys::of(schema);
        for table in &schema.tables {
            let Some(id) = id_of(table, &keys) else {
                continue;
            };
            let annotated = annotations.tables.get(&table.name.annotation_key());
            let wanted = annotated.and_then(|annotation| annotation.id_type.as_ref());
            let scalar = scalar_of(catalog, table, id).filter(|(_, scalar)| can_be_id(scalar));
            // The key of an enum table has the enum as its type.
            let (false, Some((column, scalar))) = (self.keys.contains_key(&id), scalar) else {
                continue;
            };
            let (name, path) = match wanted {
                Some(IdType::Plain) => continue,
                Some(IdType::Path(path)) => (None, Some(path.clone())),
                Some(IdType::Name(name)) => (Some(name.clone()), None),
                None => (Some(id_name(table, column)), None),
            };
            if let Some(name) = name {
                let name = names.give(&table.name.schema, &name, "");
                self.names.insert(Own::Key(id), name);
            }
            let kind = KeyKind::Id(prefix::of_column(table, column));
            let key_type = KeyType {
                table,
                column,
                scalar,
                kind,
                path,
            };
            self.keys.insert(id, key_type);
        }
    }
}

/// Whether ids can be made of values of this type.
fn can_be_id(scalar: &Scalar) -> bool {
    match scalar.rust_type {
        RustType::Text => true,
        RustType::Copied(path) => ["i16", "i32", "i64", "xact::types::Uuid"].contains(&path),
        _ => false,
    }
}

/// The column that identifies the rows of a table, and is called so or referred to by others.
fn id_of(table: &Table, keys: &Keys) -> Option<ColumnId> {
    let [column] = primary_key(table)?.columns.as_slice() else {
        return None;
    };
    let id = (table.oid.0, column.0);
    let found = table
        .columns
        .iter()
        .find(|found| found.number.0 == column.0)?;
    let is_called_id = found.name == "id" || found.name.ends_with("_id");
    (keys.end(id) == id && (is_called_id || keys.is_referred_to(id))).then_some(id)
}

/// `bookmarks.id` is `BookmarkId`, and so is `bookmarks.bookmark_id`; `countries.code` is `CountryCode`.
fn id_name(table: &Table, column: &Column) -> String {
    let table = singular(&table.name.name);
    if column.name.starts_with(&format!("{table}_")) {
        return pascal_case(&column.name);
    }
    pascal_case(&format!("{table}_{}", column.name))
}

fn scalar_of<'t>(
    catalog: &TypeCatalog,
    table: &'t Table,
    key: ColumnId,
) -> Option<(&'t Column, Scalar)> {
    let column = table
        .columns
        .iter()
        .find(|column| column.number.0 == key.1)?;
    let scalar = scalars::find_scalar(catalog.base(column.type_oid.0)?)?;
    Some((column, scalar))
}

/// Gives each name once.
struct UniqueNames {
    unique: Unique,
}

impl Default for UniqueNames {
    fn default() -> Self {
        let mut unique = Unique::default();
        for name in RESERVED {
            unique.name(name);
        }
        Self { unique }
    }
}

impl UniqueNames {
    /// The name alone, or with a suffix, or with its schema, or at last with a number.
    fn give(&mut self, schema: &str, name: &str, suffix: &str) -> String {
        let qualified = format!("{}{name}", pascal_case(schema));
        let choices = [name.to_owned(), format!("{name}{suffix}"), qualified];
        let free = choices.iter().find(|choice| self.unique.is_free(choice));
        self.unique.name(free.map_or(name, String::as_str))
    }
}
