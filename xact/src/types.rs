//! The Rust types of Postgres values, under the names that generated code uses.
//!
//! They are those of sqlx and of the crates it builds on, so a value fits wherever the same crates are used. Where those cannot
//! hold all that Postgres has, a value that does not fit is an error of the row, and there is a type that holds it:
//! [`MaybeInfinite`], [`Range`], [`PgArray`], and the numbers of [`JsonValue`].
//!
//! ```
//! use xact::types::{Json, JsonValue, Uuid};
//!
//! let id = Uuid::nil();
//! let profile = Json(JsonValue::Null);
//! # let _ = (id, profile);
//! ```

pub use sqlx::postgres::types::{Oid, PgInterval, PgMoney, PgTimeTz};
pub use sqlx::postgres::types::{
    PgBox, PgCiText, PgCircle, PgLSeg, PgLine, PgPath, PgPoint, PgPolygon,
};
pub use sqlx::postgres::types::{PgCube, PgHstore, PgLQuery, PgLTree};
pub use sqlx::types::Json;
pub use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
pub use uuid::Uuid;

pub use crate::json::Value as JsonValue;
pub use crate::own_types::{
    InvalidId, InvalidLsn, Lexeme, LexemePosition, PgCid, PgJsonPath, PgLsn, PgMacAddress8,
    PgSnapshot, PgTid, PgXid, PgXid8, TsQuery, TsQueryItem, TsVector, UnknownLabel, UnknownOrder,
};
pub use crate::values::{ArrayDimension, ForSqlx, MaybeInfinite, PgArray, Range};

#[cfg(feature = "bigdecimal")]
pub use bigdecimal::BigDecimal;

#[cfg(feature = "bits")]
pub use bit_vec::BitVec;
#[cfg(feature = "chrono")]
pub use chrono;
#[cfg(feature = "network")]
pub use ipnetwork::IpNetwork;
#[cfg(feature = "jiff")]
pub use jiff;
#[cfg(feature = "network")]
pub use mac_address::MacAddress;
#[cfg(feature = "pgvector")]
pub use pgvector::{HalfVector, SparseVector, Vector};
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
