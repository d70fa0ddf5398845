//! Ranges, with the empty one, which sqlx's `PgRange` cannot hold.

use std::ops::{
    Bound, Range as HalfOpen, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgTypeKind, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::pg_array::write_value;
use super::wire::{Reader, oid_of};
use super::{FromSql, MaybeInfinite, SqlValue};

/// A range of Postgres: empty, or the values between two bounds.
///
/// `From` converts ranges of the standard library and pairs of bounds. Postgres brings ranges of whole numbers and days into
/// one form: `1..=4` is returned as `1..5`.
///
/// ```
/// use std::ops::Bound;
/// use xact::types::Range;
///
/// let pages = Range::from(10..20);
/// assert_eq!(pages.bounds(), Some((Bound::Included(&10), Bound::Excluded(&20))));
/// assert!(Range::<i32>::Empty.is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// The range without values.
    Empty,
    /// The values between two bounds. If there are none, Postgres makes it the empty range.
    Between(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// Whether it is [`Empty`](Self::Empty).
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The lower and the upper bound, unless it is empty.
    pub fn bounds(&self) -> Option<(Bound<&T>, Bound<&T>)> {
        match self {
            Self::Empty => None,
            Self::Between(lower, upper) => Some((lower.as_ref(), upper.as_ref())),
        }
    }
}

impl<T> From<(Bound<T>, Bound<T>)> for Range<T> {
    fn from((lower, upper): (Bound<T>, Bound<T>)) -> Self {
        Self::Between(lower, upper)
    }
}

impl<T> From<HalfOpen<T>> for Range<T> {
    fn from(range: HalfOpen<T>) -> Self {
        Self::Between(Bound::Included(range.start), Bound::Excluded(range.end))
    }
}

impl<T> From<RangeInclusive<T>> for Range<T> {
    fn from(range: RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Self::Between(Bound::Included(start), Bound::Included(end))
    }
}

impl<T> From<RangeFrom<T>> for Range<T> {
    fn from(range: RangeFrom<T>) -> Self {
        Self::Between(Bound::Included(range.start), Bound::Unbounded)
    }
}

impl<T> From<RangeTo<T>> for Range<T> {
    fn from(range: RangeTo<T>) -> Self {
        Self::Between(Bound::Unbounded, Bound::Excluded(range.end))
    }
}

impl<T> From<RangeToInclusive<T>> for Range<T> {
    fn from(range: RangeToInclusive<T>) -> Self {
        Self::Between(Bound::Unbounded, Bound::Included(range.end))
    }
}

impl<T> From<RangeFull> for Range<T> {
    fn from(_: RangeFull) -> Self {
        Self::Between(Bound::Unbounded, Bound::Unbounded)
    }
}

/// The flags in front of a range: Postgres's `rangetypes.h`.
const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

impl<'r, T: FromSql<'r>> FromSql<'r> for Range<T> {
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        let value = value.base();
        let element = match value.info().map(PgTypeInfo::kind) {
            Some(PgTypeKind::Range(element)) => (oid_of(element), Some(element)),
            // Only inside an anonymous row, of which sqlx knows no types; the range's own OID was compared already.
            _ => (T::OIDS.first().copied().unwrap_or(0), None),
        };
        let mut reader = Reader::new(value.as_bytes()?, "range");
        let flags = reader.read_u8()?;
        if flags & EMPTY != 0 {
            return Ok(Self::Empty);
        }
        let mut bound = |unbounded: u8, inclusive: u8| -> Result<Bound<T>, BoxDynError> {
            if flags & unbounded != 0 {
                return Ok(Bound::Unbounded);
            }
            let value = SqlValue::new(reader.read_value()?, element.0, element.1).read_inner()?;
            Ok(if flags & inclusive != 0 {
                Bound::Included(value)
            } else {
                Bound::Excluded(value)
            })
        };
        let lower = bound(LOWER_UNBOUNDED, LOWER_INCLUSIVE)?;
        let upper = bound(UPPER_UNBOUNDED, UPPER_INCLUSIVE)?;
        Ok(Self::Between(lower, upper))
    }
}

impl<'q, T: Encode<'q, Postgres>> Encode<'q, Postgres> for Range<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        write_range(self, buffer, write_value)
    }
}

/// The binary form of a range; `write` writes a bound with its length.
pub(super) fn write_range<T>(
    range: &Range<T>,
    buffer: &mut PgArgumentBuffer,
    write: impl Fn(&T, &mut PgArgumentBuffer) -> Result<(), BoxDynError>,
) -> Result<IsNull, BoxDynError> {
    let Range::Between(lower, upper) = range else {
        buffer.push(EMPTY);
        return Ok(IsNull::No);
    };
    let flags = bound_flags(lower, LOWER_INCLUSIVE, LOWER_UNBOUNDED)
        | bound_flags(upper, UPPER_INCLUSIVE, UPPER_UNBOUNDED);
    buffer.push(flags);
    for bound in [lower, upper] {
        if let Bound::Included(value) | Bound::Excluded(value) = bound {
            write(value, buffer)?;
        }
    }
    Ok(IsNull::No)
}

fn bound_flags<T>(bound: &Bound<T>, inclusive: u8, unbounded: u8) -> u8 {
    match bound {
        Bound::Included(_) => inclusive,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => unbounded,
    }
}

impl<'r, T: FromSql<'r>> Decode<'r, Postgres> for Range<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}

/// The range type over a type, and its array type: Postgres's `pg_type.dat`.
macro_rules! range_types {
    ($($(#[$only:meta])? $type:ty: $range:literal, $array:literal;)+) => {
        $(
            $(#[$only])?
            impl Type<Postgres> for Range<$type> {
                fn type_info() -> PgTypeInfo {
                    PgTypeInfo::with_oid(Oid($range))
                }

                fn compatible(found: &PgTypeInfo) -> bool {
                    found.oid() == Some(Oid($range))
                }
            }

            $(#[$only])?
            impl PgHasArrayType for Range<$type> {
                fn array_type_info() -> PgTypeInfo {
                    PgTypeInfo::with_oid(Oid($array))
                }
            }
        )+
    };
}

range_types! {
    i32: 3904, 3905;
    i64: 3926, 3927;
    #[cfg(feature = "decimal")] rust_decimal::Decimal: 3906, 3907;
    PrimitiveDateTime: 3908, 3909;
    OffsetDateTime: 3910, 3911;
    Date: 3912, 3913;
    MaybeInfinite<PrimitiveDateTime>: 3908, 3909;
    MaybeInfinite<OffsetDateTime>: 3910, 3911;
    MaybeInfinite<Date>: 3912, 3913;
}
