//! Arrays that keep their dimensions.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

use super::array::{Elements, count_of};
use super::{FromSql, SqlValue, Unreadable};

/// An array of any number of dimensions, which begin with any number: every array of Postgres.
///
/// A column has this type if an annotation or an alias names it; it is a `Vec` otherwise.
///
/// ```
/// use xact::types::{ArrayDimension, PgArray};
///
/// // ARRAY[[1, 2, 3], [4, 5, 6]]
/// let rows = ArrayDimension { lower: 1, length: 2 };
/// let columns = ArrayDimension { lower: 1, length: 3 };
/// let matrix = PgArray { dimensions: vec![rows, columns], values: vec![1, 2, 3, 4, 5, 6] };
/// # let _ = matrix;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PgArray<T> {
    /// The dimensions, the outermost first; none of an empty array.
    pub dimensions: Vec<ArrayDimension>,
    /// The elements, those of the last dimension next to each other.
    pub values: Vec<T>,
}

/// One dimension of an array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArrayDimension {
    /// The number of the first element; 1 unless the array was made otherwise.
    pub lower: i32,
    /// How many elements it has.
    pub length: i32,
}

impl<'r, T: FromSql<'r>> FromSql<'r> for PgArray<T> {
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        let elements = Elements::from_value(value)?;
        Ok(Self {
            dimensions: elements.dimensions().to_vec(),
            values: elements.read_all()?,
        })
    }
}

impl<T: PgHasArrayType> Type<Postgres> for PgArray<T> {
    fn type_info() -> PgTypeInfo {
        T::array_type_info()
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        T::array_compatible(found)
    }
}

impl<T> Encode<'_, Postgres> for PgArray<T>
where
    T: for<'v> Encode<'v, Postgres> + Type<Postgres>,
{
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        if i64::try_from(self.values.len())? != count_of(&self.dimensions) {
            return Err(
                Unreadable::new("the dimensions of the array are not those of its values").into(),
            );
        }
        let first = self.values.first();
        let element = first
            .and_then(Encode::produces)
            .unwrap_or_else(T::type_info);
        buffer.extend(i32::try_from(self.dimensions.len())?.to_be_bytes());
        // The flag for NULLs: Postgres's `array_recv` ignores it and looks at the elements.
        buffer.extend(0_i32.to_be_bytes());
        match element.oid() {
            Some(oid) => buffer.extend(oid.0.to_be_bytes()),
            None => {
                return Err(
                    Unreadable::new("the elements of a `PgArray` need a built-in type").into(),
                );
            }
        }
        for dimension in &self.dimensions {
            buffer.extend(dimension.length.to_be_bytes());
            buffer.extend(dimension.lower.to_be_bytes());
        }
        for value in &self.values {
            write_value(value, buffer)?;
        }
        Ok(IsNull::No)
    }
}

/// Writes a value with its length in front, -1 for NULL.
pub(super) fn write_value<'q, T: Encode<'q, Postgres>>(
    value: &T,
    buffer: &mut PgArgumentBuffer,
) -> Result<(), BoxDynError> {
    write_with_length(buffer, |buffer| value.encode_by_ref(buffer))
}

/// Writes a value with its length in front, -1 for NULL.
pub(super) fn write_with_length(
    buffer: &mut PgArgumentBuffer,
    write: impl FnOnce(&mut PgArgumentBuffer) -> Result<IsNull, BoxDynError>,
) -> Result<(), BoxDynError> {
    let length = buffer.len();
    // The length comes first, and is known only once the value is written.
    buffer.extend([0; 4]);
    let written = match write(buffer)? {
        IsNull::Yes => -1,
        IsNull::No => i32::try_from(buffer.len() - length - 4)?,
    };
    buffer[length..length + 4].copy_from_slice(&written.to_be_bytes());
    Ok(())
}

impl<'r, T: FromSql<'r>> Decode<'r, Postgres> for PgArray<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}
