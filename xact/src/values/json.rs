//! `json` and `jsonb`: the text, with a version in front of the latter.

use serde::Deserialize;
use sqlx::error::BoxDynError;
use sqlx::types::Json;

use super::{FromSql, SqlValue, Unreadable};
use crate::json::Value;

const JSON: u32 = 114;
const JSONB: u32 = 3802;

fn json_text<'r>(value: SqlValue<'r, '_>) -> Result<&'r [u8], BoxDynError> {
    let bytes = value.as_bytes()?;
    if value.oid() != JSONB {
        return Ok(bytes);
    }
    // `jsonb_send` in Postgres's `jsonb.c`.
    let text = bytes.strip_prefix(&[1]);
    text.ok_or_else(|| Unreadable::malformed("jsonb").into())
}

/// JSON of a type of the project, by serde.
impl<'r, T: Deserialize<'r>> FromSql<'r> for Json<T> {
    const OIDS: &'static [u32] = &[JSON, JSONB];

    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        Ok(Self(serde_json::from_slice(json_text(value)?)?))
    }
}

impl FromSql<'_> for Value {
    const OIDS: &'static [u32] = &[JSON, JSONB];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        Ok(std::str::from_utf8(json_text(value)?)?.parse()?)
    }
}
