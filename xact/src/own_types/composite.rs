//! Composites: a row type of the database as a struct.

/// Makes a struct the Rust side of a composite type, by its SQL name and that of its array; the fields in the order of the
/// database.
///
/// ```
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Address {
///     pub street: Option<String>,
///     pub number: Option<i32>,
/// }
/// xact::generated::composite_type!(Address, "public.address", "public.address[]", { street, number });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_composite_type {
    ($name:ident, $sql:literal, $array:literal, { $($field:ident),* $(,)? }) => {
        $crate::generated::composite_type!(@encode $name, $sql, $array, { $($field),* });
        impl<'r> $crate::generated::FromSql<'r> for $name {
            #[inline]
            fn from_sql(value: $crate::generated::SqlValue<'r, '_>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                const FIELDS: &[&str] = &[$(::std::stringify!($field)),*];
                let mut fields = $crate::generated::RecordReader::new(value, FIELDS.len())?;
                ::core::result::Result::Ok(Self { $($field: fields.field()?),* })
            }
        }
        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                $crate::generated::decode(&value)
            }
        }
    };
    // With the types of the fields, if the project names one of them: it may have sqlx's `Decode` only.
    ($name:ident, $sql:literal, $array:literal, { $($field:ident: $type:ty),* $(,)? }) => {
        $crate::generated::composite_type!(@encode $name, $sql, $array, { $($field),* });
        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                use $crate::generated::{ReadFieldByDecode as _, ReadFieldByFromSql as _};
                let mut fields = $crate::sqlx::postgres::types::PgRecordDecoder::new(value)?;
                ::core::result::Result::Ok(Self {
                    $($field: (&$crate::generated::Tag::<$type>::new()).read_field(&mut fields)?),*
                })
            }
        }
    };
    (@encode $name:ident, $sql:literal, $array:literal, { $($field:ident),* }) => {
        $crate::generated::travels_under!($name, $sql, $array);
        impl<'q> $crate::sqlx::Encode<'q, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn encode_by_ref(
                &self,
                buffer: &mut $crate::sqlx::postgres::PgArgumentBuffer,
            ) -> ::core::result::Result<$crate::sqlx::encode::IsNull, $crate::sqlx::error::BoxDynError> {
                let mut encoder = $crate::sqlx::postgres::types::PgRecordEncoder::new(buffer);
                $(encoder.encode($crate::generated::argument!(&self.$field))?;)*
                encoder.finish();
                ::core::result::Result::Ok($crate::sqlx::encode::IsNull::No)
            }
        }
    };
}
