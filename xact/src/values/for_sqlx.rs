//! Values of [`ToSql`] and [`FromSql`] where sqlx's traits are asked for.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

use super::{FromSql, SqlValue, ToSql};

/// A value for sqlx, of a type that sqlx does not know: a date of `chrono` or `jiff`, or a `BigDecimal`.
///
/// Generated functions take and give such values as they are. SQL that is built at run time binds and reads them in this.
///
#[cfg_attr(feature = "chrono", doc = "```")]
#[cfg_attr(not(feature = "chrono"), doc = "```ignore")]
/// use xact::sqlx;
/// use xact::types::{ForSqlx, chrono::{DateTime, Utc}};
///
/// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
/// let since = DateTime::<Utc>::UNIX_EPOCH;
/// let newest = sqlx::query("SELECT max(created_at) FROM pages WHERE created_at > $1").bind(ForSqlx(since));
/// let newest: ForSqlx<Option<DateTime<Utc>>> = q.sql("newest", newest).value().await?;
/// # let _ = newest.0;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForSqlx<T>(pub T);

impl<T: ToSql> Type<Postgres> for ForSqlx<T> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(T::OID))
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        found.oid() == Some(Oid(T::OID))
    }
}

impl<T: ToSql> PgHasArrayType for ForSqlx<T> {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(T::ARRAY_OID))
    }
}

impl<T: ToSql> Encode<'_, Postgres> for ForSqlx<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.0.to_sql(buffer)
    }
}

impl<'r, T: FromSql<'r>> Decode<'r, Postgres> for ForSqlx<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value).map(Self)
    }
}

impl<'r, T: FromSql<'r>> FromSql<'r> for ForSqlx<T> {
    const OIDS: &'static [u32] = T::OIDS;

    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        T::from_sql(value).map(Self)
    }
}

/// A value of which generated code does not know whether it has [`ToSql`] or sqlx's `Encode`: the compiler prefers the method that
/// takes `&Argument`, and looks for the one that takes `&&Argument` if the type does not have it, as for [`Tag`](super::Tag).
#[doc(hidden)]
#[derive(Debug)]
pub struct Argument<T>(pub T);

/// Of types that have [`ToSql`].
#[doc(hidden)]
pub trait SendByToSql {
    /// The value with sqlx's traits.
    type Sent;

    #[expect(missing_docs, reason = "only the macros call it")]
    fn prepare(&self) -> Self::Sent;
}

impl<T: ToSql + Copy> SendByToSql for Argument<T> {
    type Sent = ForSqlx<T>;

    fn prepare(&self) -> Self::Sent {
        ForSqlx(self.0)
    }
}

/// Of all others.
#[doc(hidden)]
pub trait SendByEncode {
    /// The value itself.
    type Sent;

    #[expect(missing_docs, reason = "only the macros call it")]
    fn prepare(&self) -> Self::Sent;
}

impl<T: Copy> SendByEncode for &Argument<T> {
    type Sent = T;

    fn prepare(&self) -> Self::Sent {
        self.0
    }
}

/// Prepares a value that is small or a reference.
///
/// ```
/// use xact::sqlx::{Encode, Postgres};
///
/// fn send<'q>(value: impl Encode<'q, Postgres>) {
/// #   let _ = value;
/// }
/// send(xact::generated::argument!(&7_i64));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_argument {
    ($value:expr) => {{
        use $crate::generated::{SendByEncode as _, SendByToSql as _};
        (&$crate::generated::Argument($value)).prepare()
    }};
}
