//! Which Rust type a Postgres type is.
//!
//! ```text
//! rust_type  Rust types as data               scalars  a table of the types that sqlx reads
//! own        enums, composites, ids and rows  prefix   the text that ids begin with
//! crates     other crates for dates, times and exact numbers
//! listing    the table of types in the documentation
//! columns    annotations, aliases and keys before the types of Postgres
//! ```

mod crates;
mod listing;
mod own;
mod prefix;
mod rust_type;
mod scalars;

mod columns;

pub use listing::{TypeLine, list_types};
pub(super) use own::{Form, KeyKind, KeyType, Own, TYPES_PATH};
pub(super) use rust_type::{RustType, Sending};

use crate::project::Project;
use crate::query::analysis::TypedColumn;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::schema::Schema;
use crate::schema::annotations::Annotations;
use columns::declared_type;
use crates::CrateChoice;
use own::OwnTypes;
use scalars::{Scalar, find_scalar};

/// Range types that the runtime knows, with their names in `pg_catalog`.
const RANGES: &[&str] = &[
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
];

/// The longest tuple that the runtime reads: `xact/src/values/record.rs` has an implementation for each length.
pub(super) const MOST_FIELDS: usize = 9;

/// The Rust types of one database.
pub(super) struct TypeMap<'a> {
    pub(super) catalog: &'a TypeCatalog,
    pub(super) own: OwnTypes<'a>,
    annotations: &'a Annotations,
    crates: CrateChoice,
}

/// A type that has no Rust equivalent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unmapped {
    /// How SQL calls it.
    pub(super) sql_name: String,
    /// The change that helps.
    pub(super) help: String,
    /// The type as which a parameter can be passed instead.
    pub(super) instead: String,
}

/// How an array holds its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elements {
    /// As they are: none is ever NULL.
    Values,
    /// Each may be NULL.
    Options,
    /// Each may be NULL, and they lie in more than one dimension.
    Dimensions,
}

impl Elements {
    /// How an array of a column holds its elements.
    fn of(column: &TypedColumn) -> Self {
        match (column.dimensions, column.elements_nullable) {
            (true, _) => Self::Dimensions,
            (false, true) => Self::Options,
            (false, false) => Self::Values,
        }
    }

    /// The array of these elements.
    fn wrap(self, element: RustType) -> RustType {
        match self {
            Self::Values => RustType::Vec(Box::new(element)),
            Self::Options => RustType::Vec(Box::new(element.or_null(true))),
            Self::Dimensions => RustType::PgArray(Box::new(element.or_null(true))),
        }
    }
}

impl<'a> TypeMap<'a> {
    pub(super) fn new(catalog: &'a TypeCatalog, schema: &'a Schema, project: &'a Project) -> Self {
        let annotations = &project.annotations;
        Self {
            catalog,
            own: OwnTypes::new(catalog, schema, annotations),
            annotations,
            crates: CrateChoice::of(&project.config.rust),
        }
    }

    /// The type of a value that is not NULL, if nothing is known of its elements.
    pub(super) fn of_type(&self, oid: u32) -> Result<RustType, Unmapped> {
        self.of_value(oid, Elements::Options)
    }

    /// The type of a value that is not NULL.
    fn of_value(&self, oid: u32, elements: Elements) -> Result<RustType, Unmapped> {
        if let Some(path) = self.declared(oid) {
            return Ok(declared_type(path));
        }
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => Ok(elements.wrap(self.of_element(pg_type, *element)?)),
            TypeKind::Range(bound) if has_range_type(pg_type) => {
                Ok(RustType::Range(Box::new(self.of_type(*bound)?)))
            }
            TypeKind::Enum(_) => self.generated(pg_type, true, false),
            TypeKind::Composite(fields) => {
                // A struct is only as good as its fields, and each has to be passed as well.
                let fields = fields
                    .iter()
                    .map(|(_, field)| self.of_composite_field(*field));
                let fields = fields.collect::<Result<Vec<_>, _>>()?;
                let decode_only = fields.iter().any(RustType::is_decode_only);
                self.generated(pg_type, false, decode_only)
            }
            _ => match find_scalar(pg_type) {
                Some(scalar) => Ok(self.crates.choose(scalar.rust_type)),
                None => Err(unmapped_type(pg_type)),
            },
        }
    }

    /// The type of a field of a composite, which names the OID of its type when it is passed.
    pub(super) fn of_composite_field(&self, oid: u32) -> Result<RustType, Unmapped> {
        match self.find_own_range(oid) {
            Some(range) => Err(unmapped_type(range)),
            None => self.of_type(oid),
        }
    }

    /// The range type that the project made itself, if the type, or the type of the elements of an array, is one. Postgres infers
    /// the type of a parameter; inside of an array or a composite a value names its OID, which differs between databases.
    fn find_own_range(&self, oid: u32) -> Option<&'a PgType> {
        let found = self.catalog.base(oid)?;
        match found.kind {
            TypeKind::Array(element) => self.find_own_range(element),
            TypeKind::Range(_) => (!found.is_built_in()).then_some(found),
            _ => None,
        }
    }

    /// The type of the values of a slice, which are passed in an array.
    pub(super) fn refuse_in_slice(&self, oid: u32) -> Result<(), Unmapped> {
        match self.find_own_range(oid) {
            Some(range) => Err(unmapped_type(range)),
            None => Ok(()),
        }
    }

    /// The type of a value that is an anonymous row of this Rust type, or an array of such rows.
    pub(super) fn of_rows(&self, column: &TypedColumn, row: RustType) -> RustType {
        if self.is_array(column.type_oid) {
            Elements::of(column).wrap(row)
        } else {
            row
        }
    }

    /// Why a row has no Rust type: its fields are not known, or too many for a tuple.
    pub(super) fn unmapped_row(&self, column: &TypedColumn) -> Unmapped {
        match self.resolve(column.type_oid) {
            Ok(pg_type) => unmapped_type(pg_type),
            Err(unmapped) => unmapped,
        }
    }

    /// The type of a value that is not NULL, if it can be passed.
    fn of_passed_value(&self, oid: u32, elements: Elements) -> Result<RustType, Unmapped> {
        if let Some(path) = self.declared(oid) {
            return Ok(declared_type(path));
        }
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => self.of_passed_array(pg_type, *element, elements),
            _ => self.of_type(oid),
        }
    }

    /// Arrays name the type of their elements. Built-in types have a number, and the project's own a name; the base of a domain
    /// and the text of a `citext` would be sent under the wrong one.
    fn of_passed_array(
        &self,
        array: &PgType,
        element: u32,
        elements: Elements,
    ) -> Result<RustType, Unmapped> {
        let value = self.of_element(array, element)?;
        let base = self.resolve(element)?;
        if self.find_own_range(element).is_some() {
            return Err(unmapped_type(array));
        }
        let other = find_scalar(base).filter(Scalar::is_declared_otherwise);
        let base = match (base.is_built_in(), other) {
            (false, Some(other)) => other.declared(),
            _ if base.oid != element => base.sql_name.as_str(),
            _ => return Ok(elements.wrap(value)),
        };
        Err(Unmapped {
            instead: format!("{base}[]"),
            ..unmapped_type(array)
        })
    }

    /// The OID to write into generated code: 0 for types whose number differs between databases.
    pub(super) fn stable_oid(&self, oid: u32) -> u32 {
        self.catalog
            .get(oid)
            .filter(|pg_type| pg_type.is_built_in())
            .map_or(0, |pg_type| pg_type.oid)
    }

    /// The OID of the type of arrays of a type.
    pub(super) fn array_of(&self, oid: u32) -> Option<u32> {
        self.catalog.get(oid).map(|found| found.array)
    }

    /// The OID of the elements of an array type.
    pub(super) fn element_of(&self, oid: u32) -> Option<u32> {
        match self.catalog.base(oid)?.kind {
            TypeKind::Array(element) => Some(element),
            _ => None,
        }
    }

    /// The OID of the elements of an array type, if their Rust type alone would declare another.
    pub(super) fn unlike_element(&self, oid: u32) -> Option<u32> {
        if self.declared(oid).is_some() {
            return None;
        }
        let TypeKind::Array(element) = self.catalog.base(oid)?.kind else {
            return None;
        };
        let element = self.catalog.get(element)?;
        let other = find_scalar(element)?.is_declared_otherwise();
        (element.is_built_in() && other).then_some(element.oid)
    }

    fn resolve(&self, oid: u32) -> Result<&'a PgType, Unmapped> {
        self.catalog.base(oid).ok_or_else(|| Unmapped {
            sql_name: format!("type {oid}"),
            help: "cast the value to a type that has one, e.g. `::text`".to_owned(),
            instead: "text".to_owned(),
        })
    }

    /// The Rust type in the annotations of a type, or of the one that it is a domain over.
    fn declared(&self, oid: u32) -> Option<&str> {
        let found = self.catalog.get(oid)?;
        let annotation = self.annotations.types.get(&found.sql_name);
        let named = annotation.and_then(|annotation| annotation.rust_type.as_deref());
        match (named, &found.kind) {
            (Some(named), _) => Some(named),
            (None, TypeKind::Domain(base)) => self.declared(*base),
            _ => None,
        }
    }

    /// Whether an enum keeps labels that it does not know.
    pub(super) fn keeps_unknown_labels(&self, enum_type: &PgType) -> bool {
        let annotation = self.annotations.types.get(&enum_type.sql_name);
        annotation.is_some_and(|annotation| annotation.unknown_labels)
    }

    fn of_element(&self, array: &PgType, element: u32) -> Result<RustType, Unmapped> {
        let base = self.resolve(element)?;
        if let TypeKind::Array(_) = base.kind {
            return Err(unmapped_type(array));
        }
        self.of_type(element)
    }

    fn generated(
        &self,
        pg_type: &PgType,
        by_value: bool,
        decode_only: bool,
    ) -> Result<RustType, Unmapped> {
        let form = Form {
            by_value,
            decode_only,
        };
        let generated = self.own.rust_type(Own::Type(pg_type.oid), form);
        generated.ok_or_else(|| unmapped_type(pg_type))
    }
}

/// Whether the runtime reads the ranges of this type. sqlx cannot describe multiranges, so they are none.
fn has_range_type(pg_type: &PgType) -> bool {
    !pg_type.is_built_in() || RANGES.contains(&pg_type.name.as_str())
}

fn unmapped_type(pg_type: &PgType) -> Unmapped {
    let help = match pg_type.kind {
        TypeKind::Pseudo => "select the fields one by one, the row as `text`, or the whole row of a subquery: `SELECT sqlc.embed(s) FROM (SELECT …) AS s`"
            .to_owned(),
        _ => format!(
            "cast it to a type that has one, e.g. `::text`, or name one that implements sqlx's `Type`, `Encode` and `Decode` \
            in schema_annotations.yaml: `types: {{ {}: {{ rust_type: \"…\" }} }}`",
            pg_type.sql_name
        ),
    };
    Unmapped {
        sql_name: pg_type.sql_name.clone(),
        help,
        instead: "text".to_owned(),
    }
}
