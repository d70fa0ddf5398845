//! Numbers, text, bytes, and other values without parts.

use sqlx::error::BoxDynError;
use sqlx::postgres::types::{Oid, PgCiText, PgInterval, PgMoney};
use uuid::Uuid;

use super::wire::Reader;
use super::{FromSql, SqlValue, Unreadable};

/// `text`, `varchar`, `bpchar`, `name`, `unknown`, `xml`, `refcursor`.
const TEXT: &[u32] = &[25, 1043, 1042, 19, 705, 142, 1790];

impl FromSql<'_> for bool {
    const OIDS: &'static [u32] = &[16];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let [byte] = value.fixed_bytes()?;
        Ok(byte != 0)
    }
}

macro_rules! integer {
    ($($type:ident: $oid:literal),+) => {
        $(
            impl FromSql<'_> for $type {
                const OIDS: &'static [u32] = &[$oid];

                #[inline]
                fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
                    let bytes = value.as_bytes()?;
                    match bytes.try_into() {
                        Ok(bytes) => Ok(Self::from_be_bytes(bytes)),
                        Err(_) => other_width(bytes)?.try_into().map_err(|_| too_large()),
                    }
                }
            }
        )+
    };
}

// `"char"` is one byte, which sqlx reads as `i8`.
integer!(i8: 18, i16: 21, i32: 23, i64: 20);

/// An integer of another width than the Rust type that an alias asks for.
#[cold]
fn other_width(bytes: &[u8]) -> Result<i64, BoxDynError> {
    if !matches!(bytes.len(), 1 | 2 | 4 | 8) {
        return Err(Unreadable::malformed("bigint").into());
    }
    // The sign is in the first byte, and fills the bytes that a narrower integer lacks.
    let sign = if bytes[0] < 0x80 { 0 } else { 0xff };
    let mut wide = [sign; 8];
    wide[8 - bytes.len()..].copy_from_slice(bytes);
    Ok(i64::from_be_bytes(wide))
}

#[cold]
fn too_large() -> BoxDynError {
    Unreadable::new("the number is out of the range of its Rust type").into()
}

impl FromSql<'_> for f32 {
    const OIDS: &'static [u32] = &[700];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value.fixed_bytes().map(Self::from_be_bytes)
    }
}

impl FromSql<'_> for f64 {
    const OIDS: &'static [u32] = &[701];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        match value.as_bytes()? {
            [a, b, c, d] => Ok(f32::from_be_bytes([*a, *b, *c, *d]).into()),
            _ => value.fixed_bytes().map(Self::from_be_bytes),
        }
    }
}

impl<'r> FromSql<'r> for &'r str {
    const OIDS: &'static [u32] = TEXT;

    #[inline]
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        check_text(value.as_bytes()?)
    }
}

impl FromSql<'_> for String {
    const OIDS: &'static [u32] = TEXT;

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        read_text(value.as_bytes()?)
    }
}

/// Not inlined, as the parts that look at a value are: it would be compiled again for each text of each generated row.
fn read_text(bytes: &[u8]) -> Result<String, BoxDynError> {
    check_text(bytes).map(str::to_owned)
}

fn check_text(bytes: &[u8]) -> Result<&str, BoxDynError> {
    // `Utf8Error` holds the position and not the bytes, so it may be shown.
    Ok(std::str::from_utf8(bytes)?)
}

impl<'r> FromSql<'r> for &'r [u8] {
    const OIDS: &'static [u32] = &[17];

    #[inline]
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        value.as_bytes()
    }
}

impl FromSql<'_> for Vec<u8> {
    const OIDS: &'static [u32] = &[17];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value.as_bytes().map(<[u8]>::to_vec)
    }
}

impl FromSql<'_> for Uuid {
    const OIDS: &'static [u32] = &[2950];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value.fixed_bytes().map(Self::from_bytes)
    }
}

impl FromSql<'_> for Oid {
    /// `oid`, and the types that are one on the wire: `regproc`, `regclass`, `regtype`, `regnamespace` and so on.
    const OIDS: &'static [u32] = &[
        26, 24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191,
    ];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value
            .fixed_bytes()
            .map(|bytes| Self(u32::from_be_bytes(bytes)))
    }
}

impl FromSql<'_> for PgMoney {
    const OIDS: &'static [u32] = &[790];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value
            .fixed_bytes()
            .map(|bytes| Self(i64::from_be_bytes(bytes)))
    }
}

impl FromSql<'_> for PgInterval {
    const OIDS: &'static [u32] = &[1186];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let bytes: [u8; 16] = value.fixed_bytes()?;
        let mut reader = Reader::new(&bytes, "interval");
        Ok(Self {
            microseconds: reader.read_i64()?,
            days: reader.read_i32()?,
            months: reader.read_i32()?,
        })
    }
}

impl FromSql<'_> for PgCiText {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        String::from_sql(value).map(Self)
    }
}

/// The result of a function that returns `void`.
impl FromSql<'_> for () {
    fn from_sql(_: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        Ok(())
    }
}
