//! Rows inside of values: `ROW(…)` of a statement as a struct.

/// The OID of `record`, in Postgres's `pg_type.dat`: the type of every anonymous row.
#[doc(hidden)]
pub const RECORD: &[u32] = &[2249];

/// Makes a struct readable from an anonymous row: each field is the field at its own position, as the statement writes them.
///
/// ```
/// # mod orm {
/// struct Tag {
///     name: String,
///     weight: Option<f64>,
/// }
///
/// xact::generated::record!(Tag { name, weight });
///
/// fn read(row: &xact::generated::Row<'_>) -> Result<Vec<(String, Option<f64>)>, xact::Error> {
///     let tags: Vec<Tag> = row.get(0)?;
///     Ok(tags.into_iter().map(|tag| (tag.name, tag.weight)).collect())
/// }
/// # }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_record {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl<'r> $crate::generated::FromSql<'r> for $name {
            const OIDS: &'static [u32] = $crate::generated::RECORD;

            fn from_sql(
                value: $crate::generated::SqlValue<'r, '_>,
            ) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                const FIELDS: &[&str] = &[$(::core::stringify!($field)),+];
                let mut fields = $crate::generated::RecordReader::new(value, FIELDS.len())?;
                ::core::result::Result::Ok(Self { $($field: fields.field()?),+ })
            }
        }
    };
}
