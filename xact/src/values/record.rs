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
    pub fn new(value: SqlValue<'r, 't>, fields: usize) -> Result<Self, BoxDynError> {
        let value = value.base();
        let mut reader = Reader::new(value.as_bytes()?, "record");
        let found = reader.read_i32()?;
        if usize::try_from(found) != Ok(fields) {
            let problem =
                format!("the row in it has {found} fields, but its Rust type has {fields}");
            return Err(Unreadable::new(problem).into());
        }
        let fields = match value.info().map(PgTypeInfo::kind) {
            Some(PgTypeKind::Composite(fields)) => Some(&**fields),
            _ => None,
        };
        Ok(Self {
            reader,
            fields,
            read: 0,
        })
    }

    /// Reads the next field.
    ///
    /// # Errors
    /// The field has another type, or its value cannot be read.
    #[inline]
    pub fn field<T: FromSql<'r>>(&mut self) -> Result<T, BoxDynError> {
        let oid = self.reader.read_u32()?;
        let bytes = self.reader.read_value()?;
        let known = self.fields.and_then(|fields| fields.get(self.read));
        self.read += 1;
        let info = known
            .map(|(_, info)| info)
            .filter(|info| oid_of(info) == oid);
        SqlValue::new(bytes, oid, info).read_inner()
    }
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
