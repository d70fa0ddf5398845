//! Arrays: `array_send` in Postgres's `arrayfuncs.c`.
//!
//! A `Vec` has the elements of an array of one dimension in their order. The number that the first of them has (1, unless the
//! array was made otherwise: `int2vector` begins with 0) is not part of a `Vec`; [`PgArray`](super::PgArray) keeps it.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgTypeKind};

use super::pg_array::ArrayDimension;
use super::wire::{Reader, oid_of};
use super::{FromSql, SqlValue, Unreadable};

/// `MAXDIM` in Postgres's `array.h`.
const MOST_DIMENSIONS: usize = 6;

/// The head of an array, and its elements still as bytes.
pub(super) struct Elements<'r, 't> {
    /// As many as `count` says are there.
    all: [ArrayDimension; MOST_DIMENSIONS],
    count: usize,
    element: SqlValue<'r, 't>,
    reader: Reader<'r>,
}

impl<'r, 't> Elements<'r, 't> {
    pub(super) fn from_value(value: SqlValue<'r, 't>) -> Result<Self, BoxDynError> {
        let value = value.base();
        let mut reader = Reader::new(value.as_bytes()?, "array");
        let count = usize::try_from(reader.read_i32()?).map_err(|_| reader.malformed())?;
        if count > MOST_DIMENSIONS {
            return Err(reader.malformed());
        }
        let _has_nulls = reader.read_i32()?;
        let oid = reader.read_u32()?;
        let info = match value.info().map(PgTypeInfo::kind) {
            Some(PgTypeKind::Array(element)) if oid_of(element) == oid => Some(element),
            _ => None,
        };
        let mut all = [ArrayDimension::default(); MOST_DIMENSIONS];
        for dimension in all.iter_mut().take(count) {
            let length = reader.read_i32()?;
            let lower = reader.read_i32()?;
            *dimension = ArrayDimension { lower, length };
        }
        Ok(Self {
            all,
            count,
            element: SqlValue::new(None, oid, info),
            reader,
        })
    }

    /// The outermost first; none of an empty array.
    pub(super) fn dimensions(&self) -> &[ArrayDimension] {
        self.all.get(..self.count).unwrap_or_default()
    }

    /// Reads all elements, in the order of the array.
    pub(super) fn read_all<T: FromSql<'r>>(mut self) -> Result<Vec<T>, BoxDynError> {
        let element = self.element.base();
        // Once is enough: `array_send` writes one OID, in the header, that is the type of all elements. It is not that of the fields
        // of anonymous rows, which each row has beside its values.
        if !self.reader.is_at_end() {
            element.check_type(T::OIDS)?;
        }
        let (oid, info) = (element.oid(), element.info().filter(|info| has_parts(info)));
        let mut values = Vec::with_capacity(self.expected_count());
        while !self.reader.is_at_end() {
            let bytes = self.reader.read_value()?;
            values.push(T::from_sql(SqlValue::new(bytes, oid, info))?);
        }
        let expected = count_of(self.dimensions());
        let found = i64::try_from(values.len())?;
        if found != expected {
            return Err(self.reader.malformed());
        }
        Ok(values)
    }

    /// The number of elements of the first dimension, but no more than fit into the bytes at four each, so that a wrong header
    /// cannot ask for all memory.
    fn expected_count(&self) -> usize {
        let first = self.dimensions().first().map_or(0, |first| first.length);
        usize::try_from(first)
            .unwrap_or(0)
            .min(self.reader.remaining() / 4)
    }
}

/// Whether reading a value asks for more of its type than the OID. sqlx searches a table of all types for the kind of one, which each
/// row of an array of anonymous rows would pay for.
fn has_parts(info: &PgTypeInfo) -> bool {
    !matches!(
        info.kind(),
        PgTypeKind::Simple | PgTypeKind::Pseudo | PgTypeKind::Enum(_)
    )
}

/// How many elements an array of these dimensions has.
pub(super) fn count_of(dimensions: &[ArrayDimension]) -> i64 {
    let lengths = dimensions.iter().map(|dimension| dimension.length);
    match dimensions {
        [] => 0,
        _ => lengths.fold(1, |count: i64, length| count.saturating_mul(length.into())),
    }
}

impl<'r, T: FromSql<'r>> FromSql<'r> for Vec<T> {
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        let elements = Elements::from_value(value)?;
        match elements.dimensions().len() {
            0 | 1 => elements.read_all(),
            dimensions => Err(Unreadable::new(format!(
                "it is an array of {dimensions} dimensions, but its Rust type is a `Vec`; \
                name `xact::types::PgArray` as the Rust type of the column, or `unnest` it"
            ))
            .into()),
        }
    }
}
