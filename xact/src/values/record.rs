//! Rows in a value: `record_send` in Postgres's `rowtypes.c`.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgTypeKind};

use super::wire::{Reader, oid_of};
use super::{FromSql, SqlValue, Unreadable};

/// Reads the fields of a composite from the first to the last, as the macro of generated composites does.
///
/// ```
/// use xact::sqlx::error::BoxDynError;
///
/// struct Address {
///     street: Option<String>,
///     number: Option<i32>,
/// }
///
/// impl<'r> xact::FromSql<'r> for Address {
///     fn from_sql(value: xact::SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
///         let mut fields = xact::generated::RecordReader::new(value, 2)?;
///         Ok(Self { street: fields.field()?, number: fields.field()? })
///     }
/// }
/// # let _ = |address: Address| (address.street, address.number);
/// ```
pub struct RecordReader<'r, 't> {
    reader: Reader<'r>,
    fields: Option<&'t [(String, PgTypeInfo)]>,
    read: usize,
}

impl<'r, 't> RecordReader<'r, 't> {
    /// Reads the number of fields.
    ///
    /// # Errors
    /// The value is NULL, or does not have so many fields.
    #[inline]
    pub fn new(value: SqlValue<'r, 't>, fields: usize) -> Result<Self, BoxDynError> {
        let known = value.info().and_then(find_fields);
        let mut reader = Reader::new(value.as_bytes()?, "record");
        let found = reader.read_i32()?;
        if usize::try_from(found) != Ok(fields) {
            return Err(count_error(found, fields));
        }
        Ok(Self {
            reader,
            fields: known,
            read: 0,
        })
    }

    /// Reads the next field.
    ///
    /// # Errors
    /// The field has another type, or its value cannot be read.
    #[inline]
    pub fn field<T: FromSql<'r>>(&mut self) -> Result<T, BoxDynError> {
        let (oid, bytes) = self.reader.read_typed_value()?;
        // Each row of an array of anonymous rows may have other types, so each field is compared, by the OID beside its value.
        match self.fields {
            None => SqlValue::new(bytes, oid, None).read_inner(),
            Some(fields) => {
                let known = fields.get(self.read);
                self.read += 1;
                read_known(known, oid, bytes)
            }
        }
    }
}

/// Reads a field of a composite, of whose type sqlx knows more than the OID.
///
/// A function of its own, because the compiler makes one path of both otherwise, on which the type is looked at through memory.
#[inline(never)]
fn read_known<'r, T: FromSql<'r>>(
    known: Option<&(String, PgTypeInfo)>,
    oid: u32,
    bytes: Option<&'r [u8]>,
) -> Result<T, BoxDynError> {
    let info = known
        .map(|(_, info)| info)
        .filter(|info| oid_of(info) == oid);
    SqlValue::new(bytes, oid, info).read_inner()
}

/// The fields of a composite, or of the one that a domain is over.
fn find_fields(info: &PgTypeInfo) -> Option<&[(String, PgTypeInfo)]> {
    match info.kind() {
        PgTypeKind::Composite(fields) => Some(fields),
        PgTypeKind::Domain(over) => find_fields(over),
        _ => None,
    }
}

#[cold]
fn count_error(found: i32, expected: usize) -> BoxDynError {
    let problem = format!("the row in it has {found} fields, but its Rust type has {expected}");
    Unreadable::new(problem).into()
}

macro_rules! tuple {
    ($count:literal: $($field:ident),+) => {
        impl<'r, $($field: FromSql<'r>),+> FromSql<'r> for ($($field,)+) {
            fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
                let mut fields = RecordReader::new(value, $count)?;
                Ok(($(fields.field::<$field>()?,)+))
            }
        }
    };
}

tuple!(1: A);
tuple!(2: A, B);
tuple!(3: A, B, C);
tuple!(4: A, B, C, D);
tuple!(5: A, B, C, D, E);
tuple!(6: A, B, C, D, E, F);
tuple!(7: A, B, C, D, E, F, G);
tuple!(8: A, B, C, D, E, F, G, H);
tuple!(9: A, B, C, D, E, F, G, H, I);
