//! One value as Postgres sends it, and the trait of types that can be read from it.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgTypeKind, PgValueFormat, PgValueRef};
use sqlx::{TypeInfo as _, ValueRef as _};

use super::Unreadable;

/// The first OID that is not one of Postgres's own: `FirstNormalObjectId` in Postgres's `transam.h`.
const FIRST_OF_PROJECT: u32 = 16384;

/// A Rust type that a column of a row can be read as.
///
/// Every type that generated code uses has it: the types of [`types`](crate::types), `Option` and `Vec` of them, tuples, and the
/// generated ids, enums and composites. A type of your own that is named in `schema_annotations.yaml` or by an alias may have it;
/// otherwise it needs sqlx's `Decode`.
///
/// ```
/// use xact::sqlx::error::BoxDynError;
///
/// struct Percent(i16);
///
/// impl<'r> xact::FromSql<'r> for Percent {
///     fn from_sql(value: xact::SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
///         match i16::from_sql(value)? {
///             percent @ 0..=100 => Ok(Self(percent)),
///             _ => Err("a percentage is between 0 and 100".into()),
///         }
///     }
/// }
/// # let _ = |percent: Percent| percent.0;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read by `Row::get`",
    note = "a type with sqlx's `Decode` is read by `Row::decode`, or by `xact::generated::read_column!`"
)]
pub trait FromSql<'r>: Sized {
    /// The OIDs of the built-in Postgres types that it reads; empty if `from_sql` checks the type itself. Elements of arrays and fields of
    /// rows are compared with them, because those are not part of the check that is made once for a result.
    const OIDS: &'static [u32] = &[];

    /// Reads a value.
    ///
    /// # Errors
    /// The value is NULL, is out of the range of the type, or is of another Postgres type.
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError>;
}

/// One value in Postgres's binary format, or NULL, with its Postgres type.
#[derive(Clone, Copy, Debug)]
pub struct SqlValue<'r, 't> {
    bytes: Option<&'r [u8]>,
    /// 0 if it is that of `info`, which few types ask for.
    oid: u32,
    /// The type of a column, or of a part of a value if it is not built in.
    info: Option<&'t PgTypeInfo>,
}

impl<'r, 't> SqlValue<'r, 't> {
    #[inline]
    pub(crate) fn new(bytes: Option<&'r [u8]>, oid: u32, info: Option<&'t PgTypeInfo>) -> Self {
        Self { bytes, oid, info }
    }

    /// A column of a row.
    #[inline]
    pub(crate) fn of_column(
        value: &PgValueRef<'r>,
        info: &'t PgTypeInfo,
    ) -> Result<Self, BoxDynError> {
        let bytes = if value.is_null() {
            None
        } else if value.format() == PgValueFormat::Text {
            return Err(text_error());
        } else {
            Some(value.as_bytes()?)
        };
        Ok(Self::new(bytes, 0, Some(info)))
    }

    /// Reads a value of sqlx: for the `Decode` of types that are read here.
    pub(crate) fn decode<T: FromSql<'r>>(value: &PgValueRef<'r>) -> Result<T, BoxDynError> {
        let info = value.type_info();
        T::from_sql(SqlValue::of_column(value, &info)?)
    }

    /// Whether it is NULL.
    #[inline]
    pub fn is_null(&self) -> bool {
        self.bytes.is_none()
    }

    /// The bytes of Postgres's binary format.
    ///
    /// # Errors
    /// The value is NULL.
    #[inline]
    pub fn as_bytes(&self) -> Result<&'r [u8], BoxDynError> {
        self.bytes.ok_or_else(null_error)
    }

    /// The OID of its Postgres type, of the base type if that is a domain.
    pub fn oid(&self) -> u32 {
        self.base().own_oid()
    }

    #[inline]
    fn own_oid(&self) -> u32 {
        match self.oid {
            0 => self.info.map_or(0, oid_of),
            oid => oid,
        }
    }

    /// Bytes of a type of fixed length.
    #[inline]
    pub(crate) fn fixed_bytes<const N: usize>(&self) -> Result<[u8; N], BoxDynError> {
        let bytes = self.as_bytes()?;
        bytes.try_into().map_err(|_| width_error(bytes.len(), N))
    }

    pub(super) fn info(&self) -> Option<&'t PgTypeInfo> {
        self.info
    }

    /// The same bytes under the type that a domain is over.
    #[inline]
    pub(super) fn base(self) -> Self {
        match self.info {
            Some(info) => self.base_of(info),
            None => self,
        }
    }

    fn base_of(self, mut info: &'t PgTypeInfo) -> Self {
        let mut base = self;
        while let PgTypeKind::Domain(over) = info.kind() {
            base = Self::new(self.bytes, 0, Some(over));
            info = over;
        }
        base
    }

    /// Reads an element or a field, whose type no check of the whole result has seen.
    #[inline]
    pub(super) fn read_inner<T: FromSql<'r>>(self) -> Result<T, BoxDynError> {
        let base = self.base();
        base.check_type(T::OIDS)?;
        T::from_sql(base)
    }

    #[inline]
    pub(super) fn check_type(&self, expected: &[u32]) -> Result<(), BoxDynError> {
        if expected.is_empty() || expected.contains(&self.own_oid()) {
            return Ok(());
        }
        // Without the value, which stays in registers then.
        check_type_of_project(self.own_oid(), self.info)
    }
}

/// A project's enum or domain has no OID that is known at compile time; generation compared its name.
#[cold]
fn check_type_of_project(oid: u32, info: Option<&PgTypeInfo>) -> Result<(), BoxDynError> {
    let is_compound = matches!(
        info.map(PgTypeInfo::kind),
        Some(PgTypeKind::Array(_) | PgTypeKind::Composite(_) | PgTypeKind::Range(_))
    );
    if oid >= FIRST_OF_PROJECT && !is_compound {
        return Ok(());
    }
    let found = info.map_or("", |info| info.name());
    let problem =
        format!("a value in it has type `{found}` (OID {oid}), which its Rust type does not read");
    Err(Unreadable::new(problem).into())
}

#[cold]
fn null_error() -> BoxDynError {
    Unreadable::null().into()
}

#[cold]
fn text_error() -> BoxDynError {
    Unreadable::new("it was sent as text, not in binary form").into()
}

#[cold]
fn width_error(found: usize, expected: usize) -> BoxDynError {
    Unreadable::new(format!(
        "it has {found} bytes, where its type has {expected}"
    ))
    .into()
}

/// 0 for a type that is known by name only.
pub(crate) fn oid_of(info: &PgTypeInfo) -> u32 {
    info.oid().map_or(0, |oid| oid.0)
}

impl<'r, T: FromSql<'r>> FromSql<'r> for Option<T> {
    const OIDS: &'static [u32] = T::OIDS;

    #[inline]
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        if value.is_null() {
            return Ok(None);
        }
        T::from_sql(value).map(Some)
    }
}

/// Reads the parts of a value from the left.
pub(crate) struct Reader<'r> {
    bytes: &'r [u8],
    postgres_type: &'static str,
}

impl<'r> Reader<'r> {
    /// `postgres_type` is for errors.
    #[inline]
    pub(crate) fn new(bytes: &'r [u8], postgres_type: &'static str) -> Self {
        Self {
            bytes,
            postgres_type,
        }
    }

    #[inline]
    pub(crate) fn take_bytes(&mut self, length: usize) -> Result<&'r [u8], BoxDynError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or_else(|| self.malformed())?;
        self.bytes = rest;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn fixed_bytes<const N: usize>(&mut self) -> Result<[u8; N], BoxDynError> {
        let taken = self.take_bytes(N)?;
        taken.try_into().map_err(|_| self.malformed())
    }

    pub(crate) fn read_u8(&mut self) -> Result<u8, BoxDynError> {
        self.fixed_bytes().map(u8::from_be_bytes)
    }

    #[cfg(feature = "decimal")]
    pub(crate) fn read_i16(&mut self) -> Result<i16, BoxDynError> {
        self.fixed_bytes().map(i16::from_be_bytes)
    }

    pub(crate) fn read_u16(&mut self) -> Result<u16, BoxDynError> {
        self.fixed_bytes().map(u16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn read_i32(&mut self) -> Result<i32, BoxDynError> {
        self.fixed_bytes().map(i32::from_be_bytes)
    }

    #[inline]
    pub(crate) fn read_u32(&mut self) -> Result<u32, BoxDynError> {
        self.fixed_bytes().map(u32::from_be_bytes)
    }

    pub(crate) fn read_i64(&mut self) -> Result<i64, BoxDynError> {
        self.fixed_bytes().map(i64::from_be_bytes)
    }

    pub(crate) fn read_f64(&mut self) -> Result<f64, BoxDynError> {
        self.fixed_bytes().map(f64::from_be_bytes)
    }

    /// A number of parts, each of which takes at least a byte, so that a wrong number cannot ask for all memory.
    pub(crate) fn read_count(&mut self) -> Result<usize, BoxDynError> {
        let count = usize::try_from(self.read_i32()?).map_err(|_| self.malformed())?;
        if count > self.bytes.len() {
            return Err(self.malformed());
        }
        Ok(count)
    }

    /// The bytes before the next NUL byte, which is taken as well.
    pub(crate) fn read_until_nul(&mut self) -> Result<&'r [u8], BoxDynError> {
        let end = self.bytes.iter().position(|byte| *byte == 0);
        let text = self.take_bytes(end.ok_or_else(|| self.malformed())?)?;
        self.read_u8()?;
        Ok(text)
    }

    /// A value with its length in front, -1 for NULL.
    #[inline]
    pub(super) fn read_value(&mut self) -> Result<Option<&'r [u8]>, BoxDynError> {
        match self.read_i32()? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| self.malformed())?;
                self.take_bytes(length).map(Some)
            }
        }
    }

    /// The type of a field of a row and its value, as `record_send` in Postgres's `rowtypes.c` writes them.
    #[inline]
    pub(super) fn read_typed_value(&mut self) -> Result<(u32, Option<&'r [u8]>), BoxDynError> {
        let oid = self.read_u32()?;
        Ok((oid, self.read_value()?))
    }

    #[inline]
    pub(super) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    #[inline]
    pub(crate) fn malformed(&self) -> BoxDynError {
        // Without the reader, which stays in registers then.
        malformed_error(self.postgres_type)
    }
}

#[cold]
fn malformed_error(postgres_type: &'static str) -> BoxDynError {
    Unreadable::malformed(postgres_type).into()
}
