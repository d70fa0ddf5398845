//! The types of the database, so that the OIDs in descriptions mean something.

use crate::catalog_query::fetch_catalog;
use crate::report::Failure;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// One type of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PgType {
    /// Its number in this database; stable only for built-in types.
    pub oid: u32,
    /// The schema it lives in.
    pub schema: String,
    /// Its name, without quotes.
    pub name: String,
    /// How SQL names it: qualified and quoted where that is needed.
    pub sql_name: String,
    /// Its structure.
    pub kind: TypeKind,
    /// The number of the type of its arrays; 0 for none.
    pub array: u32,
    /// Whether it is a domain that itself does not allow NULL.
    pub not_null: bool,
}

/// The structure of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeKind {
    /// A scalar.
    Base,
    /// An array of this type.
    Array(u32),
    /// One of these labels, in order.
    Enum(Vec<String>),
    /// Fields with a name and a type.
    Composite(Vec<(String, u32)>),
    /// Another type with constraints.
    Domain(u32),
    /// A range of this type.
    Range(u32),
    /// A multirange.
    Multirange,
    /// `record`, `void`, `anyelement` and the like.
    Pseudo,
}

/// All types by OID.
#[derive(Clone, Debug, Default)]
pub struct TypeCatalog {
    types: HashMap<u32, PgType>,
}

/// Built-in types have fixed OIDs below this one (`FirstNormalObjectId` in Postgres's
/// `access/transam.h`).
pub(super) const FIRST_NORMAL_OID: u32 = 16_384;

impl TypeCatalog {
    /// Reads the types of the connected database. Names of types outside `pg_catalog` are
    /// qualified as the search path of the connection requires.
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn read(connection: &mut PgConnection) -> Result<Self, Failure> {
        let rows = fetch_catalog(connection, include_str!("pg_types.sql"))
            .await
            .map_err(Failure::connection("reading the types"))?;
        let types: Result<HashMap<u32, PgType>, sqlx::Error> = rows
            .iter()
            .map(|row| Ok((read_oid(row, "oid")?, read_type(row)?)))
            .collect();
        let types = types.map_err(Failure::connection("reading the types"))?;
        Ok(Self { types })
    }

    /// A catalog of these types.
    pub(super) fn of_types(types: impl Iterator<Item = PgType>) -> Self {
        let types = types.map(|known| (known.oid, known)).collect();
        Self { types }
    }

    /// The type with this OID.
    pub fn get(&self, oid: u32) -> Option<&PgType> {
        self.types.get(&oid)
    }

    /// All types, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &PgType> {
        self.types.values()
    }

    /// The type itself, or the base type of a domain, at any depth.
    pub fn base(&self, oid: u32) -> Option<&PgType> {
        let found = self.get(oid)?;
        match found.kind {
            // A domain cannot be over itself, so this ends.
            TypeKind::Domain(base) => self.base(base),
            _ => Some(found),
        }
    }

    /// Whether Postgres refuses NULL as a value of the type: it is a domain, or one over a domain, that does not allow it.
    /// A column of the type can still hold NULL (CREATE DOMAIN, "Notes").
    pub fn refuses_null(&self, oid: u32) -> bool {
        match self.get(oid) {
            Some(found) => match found.kind {
                TypeKind::Domain(base) => found.not_null || self.refuses_null(base),
                _ => false,
            },
            None => false,
        }
    }
}

impl PgType {
    /// Whether the OID is the same in every database.
    pub fn is_built_in(&self) -> bool {
        self.oid < FIRST_NORMAL_OID
    }
}

fn read_oid(row: &sqlx::postgres::PgRow, column: &str) -> Result<u32, sqlx::Error> {
    // An `oid` is unsigned and sqlx has no number for it, so the query casts it to `bigint`.
    let number: i64 = row.try_get(column)?;
    u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn read_type(row: &sqlx::postgres::PgRow) -> Result<PgType, sqlx::Error> {
    let element = read_oid(row, "element")?;
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "e" => TypeKind::Enum(row.try_get("labels")?),
        "d" => TypeKind::Domain(read_oid(row, "base")?),
        "c" => TypeKind::Composite(read_fields(row)?),
        "r" => TypeKind::Range(read_oid(row, "range_element")?),
        "m" => TypeKind::Multirange,
        // `record[]` is a pseudo-type and an array.
        _ if row.try_get("is_array")? => TypeKind::Array(element),
        "p" => TypeKind::Pseudo,
        _ => TypeKind::Base,
    };
    Ok(PgType {
        oid: read_oid(row, "oid")?,
        schema: row.try_get("schema")?,
        name: row.try_get("name")?,
        sql_name: row.try_get("sql_name")?,
        kind,
        array: read_oid(row, "array_type")?,
        not_null: row.try_get("not_null")?,
    })
}

fn read_fields(row: &sqlx::postgres::PgRow) -> Result<Vec<(String, u32)>, sqlx::Error> {
    let names: Vec<String> = row.try_get("field_names")?;
    let types: Vec<i64> = row.try_get("field_types")?;
    let types: Result<Vec<u32>, _> = types.into_iter().map(u32::try_from).collect();
    let types = types.map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(names.into_iter().zip(types).collect())
}
