//! Which Rust type a Postgres type is.

use super::names::{Unique, pascal_case};
use crate::query::{PgType, TypeCatalog, TypeKind};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Built-in scalar types: name in `pg_catalog`, as a value, as a parameter.
const SCALARS: &[(&str, &str, &str)] = &[
    ("bool", "bool", "bool"),
    ("int2", "i16", "i16"),
    ("int4", "i32", "i32"),
    ("int8", "i64", "i64"),
    ("float4", "f32", "f32"),
    ("float8", "f64", "f64"),
    ("numeric", "xact::types::Decimal", "xact::types::Decimal"),
    ("money", "xact::types::PgMoney", "xact::types::PgMoney"),
    ("text", "String", "&str"),
    ("varchar", "String", "&str"),
    ("bpchar", "String", "&str"),
    ("name", "String", "&str"),
    ("unknown", "String", "&str"),
    ("char", "i8", "i8"),
    ("bytea", "Vec<u8>", "&[u8]"),
    ("uuid", "xact::types::Uuid", "xact::types::Uuid"),
    ("date", "xact::types::Date", "xact::types::Date"),
    ("time", "xact::types::Time", "xact::types::Time"),
    ("timetz", "xact::types::PgTimeTz", "xact::types::PgTimeTz"),
    (
        "timestamp",
        "xact::types::PrimitiveDateTime",
        "xact::types::PrimitiveDateTime",
    ),
    (
        "timestamptz",
        "xact::types::OffsetDateTime",
        "xact::types::OffsetDateTime",
    ),
    (
        "interval",
        "xact::types::PgInterval",
        "&xact::types::PgInterval",
    ),
    ("json", "xact::types::JsonValue", "&xact::types::JsonValue"),
    ("jsonb", "xact::types::JsonValue", "&xact::types::JsonValue"),
    ("inet", "xact::types::IpNetwork", "xact::types::IpNetwork"),
    ("cidr", "xact::types::IpNetwork", "xact::types::IpNetwork"),
    ("oid", "xact::types::Oid", "xact::types::Oid"),
    ("void", "()", "()"),
];

/// Range types that sqlx knows, with their names in `pg_catalog`.
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
    used: RefCell<Used>,
}

#[derive(Default)]
struct Used {
    names: Unique,
    by_oid: BTreeMap<u32, String>,
}

/// A type that has no Rust equivalent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unmapped {
    /// How SQL calls it.
    pub(super) sql_name: String,
    /// What to do instead.
    pub(super) help: String,
}

/// How an array holds its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elements {
    /// As they are: none is ever NULL.
    Values,
    /// Each may be NULL.
    Options,
}

impl Elements {
    fn vec(self, element: &str) -> String {
        match self {
            Self::Values => format!("Vec<{element}>"),
            Self::Options => format!("Vec<Option<{element}>>"),
        }
    }
}

impl<'a> TypeMap<'a> {
    pub(super) fn new(catalog: &'a TypeCatalog) -> Self {
        Self {
            catalog,
            used: RefCell::default(),
        }
    }

    /// The type of a value that is not NULL, and of whose elements nothing is known.
    pub(super) fn value(&self, oid: u32) -> Result<String, Unmapped> {
        self.column(oid, Elements::Options)
    }

    /// The type of a value that is not NULL.
    pub(super) fn column(&self, oid: u32, elements: Elements) -> Result<String, Unmapped> {
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => Ok(elements.vec(&self.element(pg_type, *element)?)),
            TypeKind::Range(element) if is_known_range(pg_type) => {
                Ok(format!("xact::types::PgRange<{}>", self.value(*element)?))
            }
            TypeKind::Enum(_) => Ok(self.path_of(pg_type)),
            TypeKind::Composite(fields) => {
                // A struct is only as good as its fields.
                for (_, field) in fields {
                    self.value(*field)?;
                }
                Ok(self.path_of(pg_type))
            }
            _ => scalar(pg_type).map(|(value, _)| value.to_owned()),
        }
    }

    /// The type of an anonymous row with these fields, or of an array of such rows: tuples, as far
    /// as sqlx decodes them.
    pub(super) fn record(
        &self,
        oid: u32,
        fields: &[u32],
        elements: Elements,
    ) -> Result<String, Unmapped> {
        let pg_type = self.resolve(oid)?;
        let decodable = |oid: &u32| self.catalog.get(*oid).is_some_and(PgType::is_built_in);
        if fields.is_empty() || fields.len() > MOST_FIELDS || !fields.iter().all(decodable) {
            return Err(unmapped(pg_type));
        }
        // Nothing is known of a field but its type.
        let values = fields.iter().map(|field| self.value(*field));
        let values: Vec<String> = values.collect::<Result<_, _>>()?;
        let options = values.iter().map(|value| format!("Option<{value}>,"));
        let tuple = format!("({})", options.collect::<String>());
        match pg_type.kind {
            TypeKind::Array(_) => Ok(elements.vec(&tuple)),
            _ => Ok(tuple),
        }
    }

    /// The type of a parameter that is not NULL.
    pub(super) fn parameter(&self, oid: u32) -> Result<String, Unmapped> {
        let pg_type = self.resolve(oid)?;
        match &pg_type.kind {
            TypeKind::Array(element) => Ok(format!("&[{}]", self.element(pg_type, *element)?)),
            TypeKind::Range(_) | TypeKind::Enum(_) => self.value(oid),
            TypeKind::Composite(_) => Ok(format!("&{}", self.value(oid)?)),
            _ => scalar(pg_type).map(|(_, parameter)| parameter.to_owned()),
        }
    }

    /// The OID to write into generated code: 0 for types whose number differs between databases.
    pub(super) fn stable_oid(&self, oid: u32) -> u32 {
        self.catalog
            .get(oid)
            .filter(|pg_type| pg_type.is_built_in())
            .map_or(0, |pg_type| pg_type.oid)
    }

    /// The project's own types that were asked for so far, by Rust name.
    pub(super) fn used(&self) -> Vec<(String, &'a PgType)> {
        let used = self.used.borrow();
        let mut types: Vec<_> = used
            .by_oid
            .iter()
            .filter_map(|(oid, name)| Some((name.clone(), self.catalog.get(*oid)?)))
            .collect();
        types.sort_by(|a, b| a.0.cmp(&b.0));
        types
    }

    fn resolve(&self, oid: u32) -> Result<&'a PgType, Unmapped> {
        self.catalog.base(oid).ok_or_else(|| Unmapped {
            sql_name: format!("type {oid}"),
            help: "cast the value to a type that has one, e.g. `::text`".to_owned(),
        })
    }

    fn element(&self, array: &PgType, element: u32) -> Result<String, Unmapped> {
        let base = self.resolve(element)?;
        if let TypeKind::Array(_) = base.kind {
            return Err(unmapped(array));
        }
        self.value(element)
    }

    /// The path of a generated type, seen from the module of a query file.
    fn path_of(&self, pg_type: &PgType) -> String {
        let mut used = self.used.borrow_mut();
        let Used { names, by_oid } = &mut *used;
        let name = by_oid
            .entry(pg_type.oid)
            .or_insert_with(|| names.name(&pascal_case(&pg_type.name)));
        format!("super::types::{name}")
    }
}

fn is_known_range(pg_type: &PgType) -> bool {
    pg_type.is_built_in() && RANGES.contains(&pg_type.name.as_str())
}

fn scalar(pg_type: &PgType) -> Result<(&'static str, &'static str), Unmapped> {
    // `citext` is an extension's type, so its number is not fixed, but it is text on the wire.
    let known = pg_type.is_built_in() || pg_type.name == "citext";
    let name = if pg_type.name == "citext" {
        "text"
    } else {
        &pg_type.name
    };
    SCALARS
        .iter()
        .find(|(scalar, ..)| known && *scalar == name)
        .map(|(_, value, parameter)| (*value, *parameter))
        .ok_or_else(|| unmapped(pg_type))
}

fn unmapped(pg_type: &PgType) -> Unmapped {
    let help = match pg_type.kind {
        TypeKind::Pseudo => "select the fields one by one, or cast the value",
        _ => "cast it to a type that has one, e.g. `::text`",
    };
    Unmapped {
        sql_name: pg_type.sql_name.clone(),
        help: help.to_owned(),
    }
}
