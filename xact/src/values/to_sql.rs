//! Encoding of types that do not implement sqlx's `Encode`: the counterpart of [`FromSql`](super::FromSql).
//!
//! Neither the crates of dates and numbers nor this crate may implement sqlx's traits for types of the former (the orphan rule), and
//! sqlx's own features for them change what its macros infer. So generated code wraps such values in [`ForSqlx`](super::ForSqlx).

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;

use super::infinite::HasInfinity;
use super::pg_array::write_with_length;
use super::range::write_range;
use super::{ArrayDimension, MaybeInfinite, PgArray, Range, Unreadable, array};

/// A Rust type that can be sent as a value of Postgres without sqlx's `Encode`.
///
/// The types of the features `chrono`, `jiff` and `bigdecimal` implement it, and so do `Option`, `Vec`, slices,
/// [`Range`](crate::types::Range), [`MaybeInfinite`](crate::types::MaybeInfinite) and [`PgArray`](crate::types::PgArray) of them.
///
/// ```
/// use xact::sqlx::encode::IsNull;
/// use xact::sqlx::error::BoxDynError;
/// use xact::sqlx::postgres::PgArgumentBuffer;
///
/// struct Percent(i16);
///
/// impl xact::ToSql for Percent {
///     const OID: u32 = 21;
///     const ARRAY_OID: u32 = 1005;
///
///     fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
///         buffer.extend_from_slice(&self.0.to_be_bytes());
///         Ok(IsNull::No)
///     }
/// }
/// ```
pub trait ToSql {
    /// The OID of its built-in Postgres type.
    const OID: u32;
    /// The OID of the type of arrays of it.
    const ARRAY_OID: u32;
    /// The OIDs of the range type over it and of arrays of those ranges; 0 for none.
    const RANGE_OIDS: (u32, u32) = (0, 0);

    /// Writes the value in Postgres's binary format.
    ///
    /// # Errors
    /// Postgres's type cannot hold the value. The text of the error must not contain the value.
    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError>;
}

impl<T: ToSql + ?Sized> ToSql for &T {
    const OID: u32 = T::OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;
    const RANGE_OIDS: (u32, u32) = T::RANGE_OIDS;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        (**self).to_sql(buffer)
    }
}

impl<T: ToSql> ToSql for Option<T> {
    const OID: u32 = T::OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;
    const RANGE_OIDS: (u32, u32) = T::RANGE_OIDS;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Some(value) => value.to_sql(buffer),
            None => Ok(IsNull::Yes),
        }
    }
}

impl<T: ToSql> ToSql for [T] {
    const OID: u32 = T::ARRAY_OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let length = i32::try_from(self.len())?;
        let only = [ArrayDimension { lower: 1, length }];
        // Postgres's own arrays without elements have no dimension: `construct_empty_array` in `arrayfuncs.c`.
        let dimensions: &[ArrayDimension] = if self.is_empty() { &[] } else { &only };
        write_array(dimensions, self, buffer)
    }
}

impl<T: ToSql> ToSql for Vec<T> {
    const OID: u32 = T::ARRAY_OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.as_slice().to_sql(buffer)
    }
}

impl<T: ToSql> ToSql for PgArray<T> {
    const OID: u32 = T::ARRAY_OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        if i64::try_from(self.values.len())? != array::count_of(&self.dimensions) {
            let problem = "the dimensions of the array are not those of its values";
            return Err(Unreadable::new(problem).into());
        }
        write_array(&self.dimensions, &self.values, buffer)
    }
}

impl<T: ToSql + HasInfinity> ToSql for MaybeInfinite<T> {
    const OID: u32 = T::OID;
    const ARRAY_OID: u32 = T::ARRAY_OID;
    const RANGE_OIDS: (u32, u32) = T::RANGE_OIDS;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Self::NegativeInfinity => buffer.extend(T::NEGATIVE),
            Self::Finite(value) => return value.to_sql(buffer),
            Self::Infinity => buffer.extend(T::POSITIVE),
        }
        Ok(IsNull::No)
    }
}

impl<T: ToSql> ToSql for Range<T> {
    const OID: u32 = T::RANGE_OIDS.0;
    const ARRAY_OID: u32 = T::RANGE_OIDS.1;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        write_range(self, buffer, |value, buffer| {
            write_with_length(buffer, |buffer| value.to_sql(buffer))
        })
    }
}

/// `array_recv` in Postgres's `arrayfuncs.c`.
fn write_array<T: ToSql>(
    dimensions: &[ArrayDimension],
    values: &[T],
    buffer: &mut PgArgumentBuffer,
) -> Result<IsNull, BoxDynError> {
    buffer.extend(i32::try_from(dimensions.len())?.to_be_bytes());
    // The flag for NULLs: Postgres ignores it and looks at the elements.
    buffer.extend(0_i32.to_be_bytes());
    buffer.extend(T::OID.to_be_bytes());
    for dimension in dimensions {
        buffer.extend(dimension.length.to_be_bytes());
        buffer.extend(dimension.lower.to_be_bytes());
    }
    for value in values {
        write_with_length(buffer, |buffer| value.to_sql(buffer))?;
    }
    Ok(IsNull::No)
}
