//! Any JSON in a column of the database, `json` or `jsonb`, or in an array of them.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo};
use sqlx::types::Json;
use sqlx::{Encode, Postgres, Type};

use super::Value;

impl Type<Postgres> for Value {
    fn type_info() -> PgTypeInfo {
        <Json<Self> as Type<Postgres>>::type_info()
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        <Json<Self> as Type<Postgres>>::compatible(found)
    }
}

impl PgHasArrayType for Value {
    fn array_type_info() -> PgTypeInfo {
        <Json<Self> as PgHasArrayType>::array_type_info()
    }

    fn array_compatible(found: &PgTypeInfo) -> bool {
        <Json<Self> as PgHasArrayType>::array_compatible(found)
    }
}

impl Encode<'_, Postgres> for Value {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Json(self).encode_by_ref(buffer)
    }
}
