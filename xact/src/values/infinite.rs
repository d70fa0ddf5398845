//! Dates and timestamps that may be infinite.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::{FromSql, SqlValue};

/// A date or timestamp, or one of Postgres's `-infinity` and `infinity`, in the order that Postgres has for them.
///
/// A column has this type if an annotation or an alias names it: a value that is infinite is an error otherwise. `T` is
/// `OffsetDateTime`, `PrimitiveDateTime` or `Date`. In JSON, an infinity is the text of Postgres, in the place of that of a value.
///
/// ```
/// use xact::types::{MaybeInfinite, OffsetDateTime};
///
/// let valid_until: MaybeInfinite<OffsetDateTime> = MaybeInfinite::Infinity;
/// assert!(valid_until > OffsetDateTime::now_utc().into());
/// assert_eq!(valid_until.finite(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaybeInfinite<T> {
    /// `-infinity`, before every other value.
    NegativeInfinity,
    /// A date or timestamp.
    Finite(T),
    /// `infinity`, after every other value.
    Infinity,
}

impl<T> MaybeInfinite<T> {
    /// The value, unless it is infinite.
    ///
    /// ```
    /// use xact::types::{MaybeInfinite, Date};
    ///
    /// assert_eq!(MaybeInfinite::from(Date::MIN).finite(), Some(Date::MIN));
    /// ```
    pub fn finite(self) -> Option<T> {
        match self {
            Self::Finite(value) => Some(value),
            Self::NegativeInfinity | Self::Infinity => None,
        }
    }
}

impl<T> From<T> for MaybeInfinite<T> {
    fn from(value: T) -> Self {
        Self::Finite(value)
    }
}

/// Types of Postgres whose smallest and largest numbers are the infinities: `timestamp.h` and `date.h`.
pub(super) trait HasInfinity {
    const NEGATIVE: &'static [u8];
    const POSITIVE: &'static [u8];
}

impl HasInfinity for OffsetDateTime {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl HasInfinity for PrimitiveDateTime {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl HasInfinity for Date {
    const NEGATIVE: &'static [u8] = &i32::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i32::MAX.to_be_bytes();
}

impl<'r, T: FromSql<'r> + HasInfinity> FromSql<'r> for MaybeInfinite<T> {
    const OIDS: &'static [u32] = T::OIDS;

    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        let bytes = value.as_bytes()?;
        if bytes == T::NEGATIVE {
            Ok(Self::NegativeInfinity)
        } else if bytes == T::POSITIVE {
            Ok(Self::Infinity)
        } else {
            T::from_sql(value).map(Self::Finite)
        }
    }
}

impl<T: Type<Postgres>> Type<Postgres> for MaybeInfinite<T> {
    fn type_info() -> PgTypeInfo {
        T::type_info()
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        T::compatible(found)
    }
}

impl<T: PgHasArrayType> PgHasArrayType for MaybeInfinite<T> {
    fn array_type_info() -> PgTypeInfo {
        T::array_type_info()
    }
}

impl<'q, T: Encode<'q, Postgres> + HasInfinity> Encode<'q, Postgres> for MaybeInfinite<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self {
            Self::NegativeInfinity => buffer.extend(T::NEGATIVE),
            Self::Finite(value) => return value.encode_by_ref(buffer),
            Self::Infinity => buffer.extend(T::POSITIVE),
        }
        Ok(IsNull::No)
    }
}

impl<'r, T: FromSql<'r> + HasInfinity> Decode<'r, Postgres> for MaybeInfinite<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}
