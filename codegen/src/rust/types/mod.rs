//! Which Rust type a Postgres type is.
//!
//! ```text
//! scalars   a table of what sqlx reads       own      enums, composites, ids and rows of the project
//! prefix    what ids begin with              columns  what annotations and keys make of a column
//! ```

mod own;
mod prefix;
mod scalars;

mod columns;

pub(super) use columns::RustType;
pub(super) use own::{KeyKind, KeyType, Own};

use crate::query::analysis::RecordField;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::schema::Schema;
use crate::schema::annotations::Annotations;
use own::OwnTypes;
use scalars::{Scalar, scalar};

/// Range types that the runtime knows, with their names in `pg_catalog`.
const RANGES: &[&str] = &[
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
];

/// The longest tuple that sqlx decodes.
const MOST_FIELDS: usize = 9;

/// The Rust types of one database. Remembers which of the project's own types were asked for.
pub(super) struct TypeMap<'a> {
    pub(super) catalog: &'a TypeCatalog,
    pub(super) own: OwnTypes<'a>,
    annotations: &'a Annotations,
}

/// A type that has no Rust equivalent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unmapped {
    /// How SQL calls it.
    pub(super) sql_name: String,
    /// What to do instead.
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
    fn vec(self, element: &str) -> String {
        match self {
            Self::Values => format!("Vec<{element}>"),
            Self::Options => format!("Vec<Option<{element}>>"),
            Self::Dimensions => format!("xact::types::PgArray<Option<{element}>>"),
        }
    }

    fn slice(self, element: &str) -> String {
        match self {
            Self::Values => format!("&[{element}]"),
            Self::Options => format!("&[Option<{element}>]"),
            Self::Dimensions => format!("&xact::types::PgArray<Option<{element}>>"),
        }
    }
}

impl<'a> TypeMap<'a> {
    pub(super) fn new(
        catalog: &'a TypeCatalog,
        schema: &'a Schema,
        annotations: &'a Annotations,
    ) -> Self {
        Self {
            catalog,
            own: OwnTypes::new(catalog, schema, annotations),
            annotations,
        }
    }

    /// The type of a value that is not NULL, and of whose elements nothing is known.
    pub(super) fn value(&self, oid: u32) -> Result<String, Unmapped> {
        self.array_or_value(oid, Elements::Options)
    }

    /// The type of a value that is not NULL.
    fn array_or_value(&self, oid: u32, elements: Elements) -> Result<String, Unmapped> {
        if let Some(declared) = self.declared(oid) {
            return Ok(declared.to_owned());
        }
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => Ok(elements.vec(&self.element(pg_type, *element)?)),
            TypeKind::Range(element) if is_known_range(pg_type) => {
                Ok(format!("xact::types::Range<{}>", self.value(*element)?))
            }
            TypeKind::Enum(_) => self.path_of(pg_type),
            TypeKind::Composite(fields) => {
                // A struct is only as good as its fields.
                for (_, field) in fields {
                    self.value(*field)?;
                }
                self.path_of(pg_type)
            }
            _ => match scalar(pg_type) {
                Some(scalar) => Ok(scalar.value.to_owned()),
                None => Err(unmapped(pg_type)),
            },
        }
    }

    /// The type of an anonymous row with these fields, or of an array of such rows: tuples, as far
    /// as sqlx decodes them.
    fn record(
        &self,
        oid: u32,
        fields: &[RecordField],
        elements: Elements,
    ) -> Result<String, Unmapped> {
        let pg_type = self.resolve(oid)?;
        let decodable = |field: &RecordField| {
            self.catalog
                .get(field.type_oid)
                .is_some_and(PgType::is_built_in)
        };
        if fields.is_empty() || fields.len() > MOST_FIELDS || !fields.iter().all(decodable) {
            return Err(unmapped(pg_type));
        }
        let mut tuple = String::from("(");
        for field in fields {
            let value = self.value(field.type_oid)?;
            tuple += &optional(value, field.nullable);
            tuple.push(',');
        }
        tuple.push(')');
        match pg_type.kind {
            TypeKind::Array(_) => Ok(elements.vec(&tuple)),
            _ => Ok(tuple),
        }
    }

    /// The type of a parameter that is not NULL.
    fn plain_parameter(&self, oid: u32, elements: Elements) -> Result<String, Unmapped> {
        if let Some(declared) = self.declared(oid) {
            return Ok(format!("&{declared}"));
        }
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => self.array_parameter(pg_type, *element, elements),
            TypeKind::Range(_) | TypeKind::Enum(_) => self.value(oid),
            TypeKind::Composite(_) => Ok(format!("&{}", self.value(oid)?)),
            _ => match scalar(pg_type) {
                Some(scalar) => Ok(scalar.parameter.to_owned()),
                None => Err(unmapped(pg_type)),
            },
        }
    }

    /// Arrays say what their elements are. Those of built-in types are known by number, and the project's own by name; a domain's
    /// base and the text of a `citext` would be taken for what they are not.
    fn array_parameter(
        &self,
        array: &PgType,
        element: u32,
        elements: Elements,
    ) -> Result<String, Unmapped> {
        let value = self.element(array, element)?;
        let base = self.resolve(element)?;
        let other = scalar(base).filter(Scalar::is_declared_otherwise);
        let base = match (base.is_built_in(), other) {
            (false, Some(other)) => other.declared(),
            _ if base.oid != element => base.sql_name.as_str(),
            _ => return Ok(elements.slice(&value)),
        };
        Err(Unmapped {
            instead: format!("{base}[]"),
            ..unmapped(array)
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

    /// The OID of the elements of an array type, if their Rust type alone would declare another.
    pub(super) fn unlike_element(&self, oid: u32) -> Option<u32> {
        if self.declared(oid).is_some() {
            return None;
        }
        let TypeKind::Array(element) = self.catalog.base(oid)?.kind else {
            return None;
        };
        let element = self.catalog.get(element)?;
        let other = scalar(element)?.is_declared_otherwise();
        (element.is_built_in() && other).then_some(element.oid)
    }

    fn resolve(&self, oid: u32) -> Result<&'a PgType, Unmapped> {
        self.catalog.base(oid).ok_or_else(|| Unmapped {
            sql_name: format!("type {oid}"),
            help: "cast the value to a type that has one, e.g. `::text`".to_owned(),
            instead: "text".to_owned(),
        })
    }

    /// What the annotations say of a type, itself or the one that it is a domain over.
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

    /// Whether the project names the Rust type of this type, or of a type within it: that may have sqlx's `Decode` only.
    pub(super) fn is_declared(&self, oid: u32) -> bool {
        if self.declared(oid).is_some() {
            return true;
        }
        match self.catalog.base(oid).map(|base| &base.kind) {
            Some(TypeKind::Array(inner) | TypeKind::Range(inner)) => self.is_declared(*inner),
            Some(TypeKind::Composite(fields)) => {
                fields.iter().any(|(_, field)| self.is_declared(*field))
            }
            _ => false,
        }
    }

    fn element(&self, array: &PgType, element: u32) -> Result<String, Unmapped> {
        let base = self.resolve(element)?;
        if let TypeKind::Array(_) = base.kind {
            return Err(unmapped(array));
        }
        self.value(element)
    }

    fn path_of(&self, pg_type: &PgType) -> Result<String, Unmapped> {
        let path = self.own.path(Own::Type(pg_type.oid));
        path.ok_or_else(|| unmapped(pg_type))
    }
}

/// The type itself, or an `Option` of it.
pub(super) fn optional(rust_type: String, nullable: bool) -> String {
    if nullable {
        format!("Option<{rust_type}>")
    } else {
        rust_type
    }
}

fn is_known_range(pg_type: &PgType) -> bool {
    pg_type.is_built_in() && RANGES.contains(&pg_type.name.as_str())
}

fn unmapped(pg_type: &PgType) -> Unmapped {
    let help = match pg_type.kind {
        TypeKind::Pseudo => "select the fields one by one, or cast the value".to_owned(),
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
