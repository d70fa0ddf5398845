//! The macro of built-in types that sqlx has no Rust type for.

/// Implements sqlx's traits for a type that implements `FromSql`, by the OIDs of its Postgres type and of arrays of it
/// (`pg_type.dat`), and a function that writes its bytes.
macro_rules! built_in_type {
    ($name:ident, $oid:literal, $array:literal, |$value:ident, $buffer:ident| $write:expr) => {
        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                sqlx::postgres::PgTypeInfo::with_oid(sqlx::postgres::types::Oid($oid))
            }
        }

        impl sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                sqlx::postgres::PgTypeInfo::with_oid(sqlx::postgres::types::Oid($array))
            }
        }

        impl sqlx::Encode<'_, sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                $buffer: &mut sqlx::postgres::PgArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                let $value = self;
                $write;
                Ok(sqlx::encode::IsNull::No)
            }
        }

        impl sqlx::Decode<'_, sqlx::Postgres> for $name {
            fn decode(
                value: sqlx::postgres::PgValueRef<'_>,
            ) -> Result<Self, sqlx::error::BoxDynError> {
                crate::values::SqlValue::decode(&value)
            }
        }
    };
}

pub(super) use built_in_type;
