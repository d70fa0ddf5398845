//! Reads a `tsvector` from its lexemes.

use sqlx::error::BoxDynError;
use sqlx::postgres::PgValueRef;
use sqlx::{Decode, Postgres};

use super::ts_vector::{Lexeme, LexemePosition, POSITION_BITS, TS_VECTOR, TsVector, WEIGHTS};
use crate::values::{FromSql, Reader, SqlValue};

impl FromSql<'_> for TsVector {
    const OIDS: &'static [u32] = &[TS_VECTOR];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "tsvector");
        let count = reader.read_count()?;
        let lexemes = (0..count).map(|_| read_lexeme(&mut reader));
        let lexemes = lexemes.collect::<Result<_, _>>()?;
        Ok(Self { lexemes })
    }
}

fn read_lexeme(reader: &mut Reader<'_>) -> Result<Lexeme, BoxDynError> {
    let mut bytes = Vec::new();
    loop {
        match reader.read_u8()? {
            0 => break,
            byte => bytes.push(byte),
        }
    }
    let word = String::from_utf8(bytes).map_err(|_| reader.malformed())?;
    let count = reader.read_u16()?;
    let positions = (0..count).map(|_| Ok(read_position(reader.read_u16()?)));
    let positions = positions.collect::<Result<_, BoxDynError>>()?;
    Ok(Lexeme { word, positions })
}

/// The weight is in the upper bits.
fn read_position(bits: u16) -> LexemePosition {
    let weight = usize::from(bits >> POSITION_BITS);
    LexemePosition {
        position: bits & ((1 << POSITION_BITS) - 1),
        // Two bits have four values.
        weight: WEIGHTS.get(weight).copied().unwrap_or('D'),
    }
}

impl Decode<'_, Postgres> for TsVector {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}
