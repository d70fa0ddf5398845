//! The scalar types that sqlx and the runtime read: a table.

use super::RustType;
use crate::query::PgType;

/// A scalar type of Postgres in Rust.
#[derive(Clone, Debug)]
pub(in crate::rust) struct Scalar {
    /// In `pg_catalog`, or of an extension.
    name: &'static str,
    pub(in crate::rust) rust_type: RustType,
}

impl Scalar {
    /// The Postgres type that sqlx takes a value of its Rust type for. It matters only for Rust types of several Postgres types.
    pub(in crate::rust) fn declared(&self) -> &'static str {
        match self.rust_type {
            RustType::Text => "text",
            RustType::Owned("xact::types::BitVec") => "varbit",
            RustType::Copied("xact::types::IpNetwork") => "inet",
            RustType::Owned("xact::types::JsonValue") => "jsonb",
            RustType::Copied("xact::types::Oid") => "oid",
            _ => self.name,
        }
    }

    /// Whether that is another than this one.
    pub(in crate::rust) fn is_declared_otherwise(&self) -> bool {
        self.declared() != self.name
    }

    /// Whether values are small, so that they are passed as they are.
    pub(in crate::rust) fn is_copy(&self) -> bool {
        matches!(self.rust_type, RustType::Copied(_))
    }
}

const fn scalar_type(name: &'static str, rust_type: RustType) -> Scalar {
    Scalar { name, rust_type }
}

const fn copied(name: &'static str, path: &'static str) -> Scalar {
    scalar_type(name, RustType::Copied(path))
}

const fn owned(name: &'static str, path: &'static str) -> Scalar {
    scalar_type(name, RustType::Owned(path))
}

const fn text(name: &'static str) -> Scalar {
    scalar_type(name, RustType::Text)
}

const BUILT_IN: &[Scalar] = &[
    copied("bool", "bool"),
    copied("int2", "i16"),
    copied("int4", "i32"),
    copied("int8", "i64"),
    copied("float4", "f32"),
    copied("float8", "f64"),
    copied("numeric", "xact::types::Decimal"),
    copied("money", "xact::types::PgMoney"),
    text("text"),
    text("varchar"),
    text("bpchar"),
    text("name"),
    text("unknown"),
    // On the wire it is its text.
    text("xml"),
    text("refcursor"),
    copied("char", "i8"),
    scalar_type("bytea", RustType::Bytes),
    copied("uuid", "xact::types::Uuid"),
    copied("date", "xact::types::Date"),
    copied("time", "xact::types::Time"),
    copied("timetz", "xact::types::PgTimeTz"),
    copied("timestamp", "xact::types::PrimitiveDateTime"),
    copied("timestamptz", "xact::types::OffsetDateTime"),
    owned("interval", "xact::types::PgInterval"),
    owned("json", "xact::types::JsonValue"),
    owned("jsonb", "xact::types::JsonValue"),
    copied("inet", "xact::types::IpNetwork"),
    copied("cidr", "xact::types::IpNetwork"),
    copied("macaddr", "xact::types::MacAddress"),
    owned("bit", "xact::types::BitVec"),
    owned("varbit", "xact::types::BitVec"),
    owned("point", "xact::types::PgPoint"),
    owned("line", "xact::types::PgLine"),
    owned("lseg", "xact::types::PgLSeg"),
    owned("box", "xact::types::PgBox"),
    owned("path", "xact::types::PgPath"),
    owned("polygon", "xact::types::PgPolygon"),
    owned("circle", "xact::types::PgCircle"),
    owned("tsvector", "xact::types::TsVector"),
    owned("tsquery", "xact::types::TsQuery"),
    owned("jsonpath", "xact::types::PgJsonPath"),
    copied("macaddr8", "xact::types::PgMacAddress8"),
    copied("pg_lsn", "xact::types::PgLsn"),
    copied("tid", "xact::types::PgTid"),
    copied("xid", "xact::types::PgXid"),
    copied("xid8", "xact::types::PgXid8"),
    copied("cid", "xact::types::PgCid"),
    owned("pg_snapshot", "xact::types::PgSnapshot"),
    copied("oid", "xact::types::Oid"),
    // All of these are an OID on the wire.
    copied("regclass", "xact::types::Oid"),
    copied("regcollation", "xact::types::Oid"),
    copied("regconfig", "xact::types::Oid"),
    copied("regdictionary", "xact::types::Oid"),
    copied("regnamespace", "xact::types::Oid"),
    copied("regoper", "xact::types::Oid"),
    copied("regoperator", "xact::types::Oid"),
    copied("regproc", "xact::types::Oid"),
    copied("regprocedure", "xact::types::Oid"),
    copied("regrole", "xact::types::Oid"),
    copied("regtype", "xact::types::Oid"),
    copied("void", "()"),
];

/// Types of the extensions that come with Postgres, and of pgvector; their OIDs are not fixed.
const OF_EXTENSIONS: &[Scalar] = &[
    text("citext"),
    owned("cube", "xact::types::PgCube"),
    owned("hstore", "xact::types::PgHstore"),
    owned("ltree", "xact::types::PgLTree"),
    owned("lquery", "xact::types::PgLQuery"),
    owned("vector", "xact::types::Vector"),
    owned("halfvec", "xact::types::HalfVector"),
    owned("sparsevec", "xact::types::SparseVector"),
];

/// All of them: the name in Postgres, and the Rust type, in the order of the tables.
pub(super) fn list_scalars() -> impl Iterator<Item = (&'static str, RustType)> {
    let all = BUILT_IN.iter().chain(OF_EXTENSIONS);
    all.map(|scalar| (scalar.name, scalar.rust_type.clone()))
}

/// The scalar that a type is, if Rust has one. [`CrateChoice`](super::CrateChoice) may give it a type of another crate.
pub(in crate::rust) fn find_scalar(pg_type: &PgType) -> Option<Scalar> {
    let table = if pg_type.is_built_in() {
        BUILT_IN
    } else {
        OF_EXTENSIONS
    };
    table
        .iter()
        .find(|scalar| scalar.name == pg_type.name)
        .cloned()
}
