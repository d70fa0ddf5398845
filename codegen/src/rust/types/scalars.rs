//! The scalar types that sqlx and the runtime read: a table.

use crate::query::PgType;

/// A scalar type of Postgres in Rust.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Scalar {
    /// In `pg_catalog`, or of an extension.
    name: &'static str,
    /// As a value.
    pub(in super::super) value: &'static str,
    /// As a parameter.
    pub(in super::super) parameter: &'static str,
}

/// Rust types of several Postgres types, with the one that sqlx declares elements of arrays to be.
const DECLARED: &[(&str, &str)] = &[
    ("String", "text"),
    ("xact::types::BitVec", "varbit"),
    ("xact::types::IpNetwork", "inet"),
    ("xact::types::JsonValue", "jsonb"),
    ("xact::types::Oid", "oid"),
];

impl Scalar {
    /// The Postgres type that sqlx takes a value of its Rust type for.
    pub(in super::super) fn declared(&self) -> &'static str {
        let mut declared = DECLARED.iter();
        let found = declared.find(|(value, _)| *value == self.value);
        found.map_or(self.name, |(_, name)| name)
    }

    /// Whether that is another than this one.
    pub(in super::super) fn is_declared_otherwise(&self) -> bool {
        self.declared() != self.name
    }
}

/// A type that is passed as it is.
const fn copied(name: &'static str, value: &'static str) -> Scalar {
    borrowed(name, value, value)
}

const fn borrowed(name: &'static str, value: &'static str, parameter: &'static str) -> Scalar {
    Scalar {
        name,
        value,
        parameter,
    }
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
    borrowed("text", "String", "&str"),
    borrowed("varchar", "String", "&str"),
    borrowed("bpchar", "String", "&str"),
    borrowed("name", "String", "&str"),
    borrowed("unknown", "String", "&str"),
    // On the wire it is its text.
    borrowed("xml", "String", "&str"),
    copied("char", "i8"),
    borrowed("bytea", "Vec<u8>", "&[u8]"),
    copied("uuid", "xact::types::Uuid"),
    copied("date", "xact::types::Date"),
    copied("time", "xact::types::Time"),
    copied("timetz", "xact::types::PgTimeTz"),
    copied("timestamp", "xact::types::PrimitiveDateTime"),
    copied("timestamptz", "xact::types::OffsetDateTime"),
    borrowed(
        "interval",
        "xact::types::PgInterval",
        "&xact::types::PgInterval",
    ),
    borrowed("json", "xact::types::JsonValue", "&xact::types::JsonValue"),
    borrowed("jsonb", "xact::types::JsonValue", "&xact::types::JsonValue"),
    copied("inet", "xact::types::IpNetwork"),
    copied("cidr", "xact::types::IpNetwork"),
    copied("macaddr", "xact::types::MacAddress"),
    borrowed("bit", "xact::types::BitVec", "&xact::types::BitVec"),
    borrowed("varbit", "xact::types::BitVec", "&xact::types::BitVec"),
    borrowed("point", "xact::types::PgPoint", "&xact::types::PgPoint"),
    borrowed("line", "xact::types::PgLine", "&xact::types::PgLine"),
    borrowed("lseg", "xact::types::PgLSeg", "&xact::types::PgLSeg"),
    borrowed("box", "xact::types::PgBox", "&xact::types::PgBox"),
    borrowed("path", "xact::types::PgPath", "&xact::types::PgPath"),
    borrowed(
        "polygon",
        "xact::types::PgPolygon",
        "&xact::types::PgPolygon",
    ),
    borrowed("circle", "xact::types::PgCircle", "&xact::types::PgCircle"),
    copied("tid", "xact::types::PgTid"),
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

/// Types of the extensions that come with Postgres; their OIDs are not fixed.
const OF_EXTENSIONS: &[Scalar] = &[
    borrowed("citext", "String", "&str"),
    borrowed("cube", "xact::types::PgCube", "&xact::types::PgCube"),
    borrowed("hstore", "xact::types::PgHstore", "&xact::types::PgHstore"),
    borrowed("ltree", "xact::types::PgLTree", "&xact::types::PgLTree"),
    borrowed("lquery", "xact::types::PgLQuery", "&xact::types::PgLQuery"),
];

/// The scalar that a type is, if Rust has one.
pub(in super::super) fn scalar(pg_type: &PgType) -> Option<Scalar> {
    let table = if pg_type.is_built_in() {
        BUILT_IN
    } else {
        OF_EXTENSIONS
    };
    table
        .iter()
        .find(|scalar| scalar.name == pg_type.name)
        .copied()
}
