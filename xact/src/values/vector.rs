//! Vectors of the extension pgvector: `vector_send`, `halfvec_send` and `sparsevec_send` in its sources.

#![cfg(feature = "pgvector")]

use half::f16;
use pgvector::{HalfVector, SparseVector, Vector};
use sqlx::error::BoxDynError;

use super::wire::Reader;
use super::{FromSql, SqlValue};

/// Reads the number of dimensions, and the field that pgvector keeps for later.
fn read_dimensions(reader: &mut Reader<'_>) -> Result<u16, BoxDynError> {
    let dimensions = reader.read_u16()?;
    match reader.read_u16()? {
        0 => Ok(dimensions),
        _ => Err(reader.malformed()),
    }
}

fn refuse_rest(reader: &Reader<'_>) -> Result<(), BoxDynError> {
    if reader.is_at_end() {
        Ok(())
    } else {
        Err(reader.malformed())
    }
}

impl FromSql<'_> for Vector {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "vector");
        let dimensions = read_dimensions(&mut reader)?;
        let values = (0..dimensions).map(|_| reader.fixed_bytes().map(f32::from_be_bytes));
        let values: Vec<f32> = values.collect::<Result<_, _>>()?;
        refuse_rest(&reader)?;
        Ok(Self::from(values))
    }
}

impl FromSql<'_> for HalfVector {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "halfvec");
        let dimensions = read_dimensions(&mut reader)?;
        let values = (0..dimensions).map(|_| reader.fixed_bytes().map(f16::from_be_bytes));
        let values: Vec<f16> = values.collect::<Result<_, _>>()?;
        refuse_rest(&reader)?;
        Ok(Self::from(values))
    }
}

impl FromSql<'_> for SparseVector {
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "sparsevec");
        let dimensions = reader.read_i32()?;
        let count = reader.read_count()?;
        if reader.read_i32()? != 0 {
            return Err(reader.malformed());
        }
        let indices = (0..count).map(|_| reader.read_i32());
        let indices: Vec<i32> = indices.collect::<Result<_, _>>()?;
        let values = (0..count).map(|_| reader.fixed_bytes().map(f32::from_be_bytes));
        let values: Vec<f32> = values.collect::<Result<_, _>>()?;
        refuse_rest(&reader)?;
        // `SparseVector::to_vec` panics for an index outside of the dimensions.
        if !indices.iter().all(|index| (0..dimensions).contains(index)) {
            return Err(reader.malformed());
        }
        Ok(Self::from_map(indices.iter().zip(&values), dimensions))
    }
}
