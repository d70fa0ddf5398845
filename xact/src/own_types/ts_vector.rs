//! `tsvector`: the words of a document for full-text search, which sqlx has no type for.
//!
//! On the wire it is the number of lexemes, and for each its text with a NUL byte, the number of its positions, and these, with
//! the weight in the upper two bits (`tsvectorsend` in Postgres's `tsvector.c`).

use std::fmt::{self, Write as _};

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo};
use sqlx::{Encode, Postgres, Type};

/// The words of a document, as a column of type `tsvector` holds them.
///
/// ```
/// use xact::types::{Lexeme, LexemePosition, TsVector};
///
/// let vector = TsVector {
///     lexemes: vec![Lexeme {
///         word: "rat".to_owned(),
///         positions: vec![LexemePosition { position: 3, weight: 'A' }],
///     }],
/// };
/// assert_eq!(vector.to_string(), "'rat':3A");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsVector {
    /// Sorted as Postgres sorts them, each once.
    pub lexemes: Vec<Lexeme>,
}

/// A word of a document, normalized.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lexeme {
    /// The word.
    pub word: String,
    /// Where the document has it; empty if positions were stripped.
    pub positions: Vec<LexemePosition>,
}

/// A place of a word in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LexemePosition {
    /// From 1 to 16383.
    pub position: u16,
    /// `'A'`, `'B'`, `'C'`, or `'D'`, which is that of a word without a weight.
    pub weight: char,
}

/// The OIDs of `tsvector` and `tsvector[]`, in Postgres's `pg_type.dat`.
pub(super) const TS_VECTOR: u32 = 3614;
const TS_VECTOR_ARRAY: u32 = 3643;

/// The weights, by their number on the wire.
pub(super) const WEIGHTS: [char; 4] = ['D', 'C', 'B', 'A'];

/// The bits of a position below those of its weight.
pub(super) const POSITION_BITS: u32 = 14;

/// The form that Postgres writes and reads: `'fat':2A,5 'rat':3`.
impl fmt::Display for TsVector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, lexeme) in self.lexemes.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let word = lexeme.word.replace('\\', "\\\\").replace('\'', "''");
            write!(formatter, "{space}'{word}'")?;
            for (index, place) in lexeme.positions.iter().enumerate() {
                let before = if index == 0 { ':' } else { ',' };
                write!(formatter, "{before}{}", place.position)?;
                if place.weight != 'D' {
                    formatter.write_char(place.weight)?;
                }
            }
        }
        Ok(())
    }
}

impl Type<Postgres> for TsVector {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(TS_VECTOR))
    }
}

impl PgHasArrayType for TsVector {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(TS_VECTOR_ARRAY))
    }
}

impl Encode<'_, Postgres> for TsVector {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&u32::try_from(self.lexemes.len())?.to_be_bytes());
        for lexeme in &self.lexemes {
            // It is the end of a word on the wire.
            if lexeme.word.contains('\0') {
                return Err("a lexeme has a NUL byte".into());
            }
            buffer.extend_from_slice(lexeme.word.as_bytes());
            buffer.extend_from_slice(&[0]);
            buffer.extend_from_slice(&u16::try_from(lexeme.positions.len())?.to_be_bytes());
            for place in &lexeme.positions {
                buffer.extend_from_slice(&place.to_wire()?.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }
}

impl LexemePosition {
    fn to_wire(self) -> Result<u16, BoxDynError> {
        let weight = WEIGHTS.iter().position(|weight| *weight == self.weight);
        let weight = weight.ok_or("the weight of a lexeme is none of A, B, C and D")?;
        if self.position >> POSITION_BITS != 0 {
            return Err("the position of a lexeme is greater than 16383".into());
        }
        Ok(self.position | u16::try_from(weight << POSITION_BITS)?)
    }
}
