//! How a value that Postgres sends becomes a Rust value, without panics and without changing it.
//!
//! Given: the bytes of Postgres's binary format. Gives: the value, or an error with the reason why the Rust type cannot hold it.
//! sqlx's own `Decode` panics for some values (`infinity`, years past 9999), and misreads others (`24:00` as midnight, an empty
//! range as one without bounds), so the values of generated code are read here.
//!
//! ```text
//! wire      the bytes of one value, and the trait       error     why a value cannot be read
//! scalars   numbers, text, bytes, ids of objects        time      dates and times
//! numeric   exact numbers      json                     network, bits, geometry, extensions
//! array     arrays             pg_array                 arrays that keep their dimensions
//! record    rows in a value    range, infinite          types that sqlx does not have
//! checked   the same, as sqlx's `Decode`
//! to_sql    encoding without sqlx's traits              for_sqlx  a value with both of sqlx's traits
//! chrono, jiff, big_decimal, vector                     types of other crates, by feature
//! ```

mod error;
mod wire;

mod json;
mod numeric;
mod scalars;
mod time;

mod bits;
mod extensions;
mod geometry;
mod network;

mod array;
mod infinite;
mod infinite_json;
mod pg_array;
mod range;
mod record;

mod for_sqlx;
mod to_sql;

mod big_decimal;
mod chrono;
mod jiff;
mod vector;

mod checked;

pub(crate) use self::checked::Checked;
pub use self::checked::decode;
pub(crate) use self::error::Unreadable;
pub use self::for_sqlx::{Argument, ForSqlx, SendByEncode, SendByToSql};
pub use self::infinite::MaybeInfinite;
pub use self::pg_array::{ArrayDimension, PgArray};
pub use self::range::Range;
pub use self::record::RecordReader;
pub use self::to_sql::ToSql;
pub use self::wire::{FromSql, SqlValue};
pub(crate) use self::wire::{Reader, oid_of};

#[cfg(test)]
mod tests;
