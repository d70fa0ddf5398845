//! Rows whose fields are the columns, in order.

/// Makes a struct readable from a row: each field is the column at its own position.
///
/// ```
/// # mod orm {
/// struct Page {
///     url: String,
///     views: i64,
/// }
///
/// xact::generated::row!(Page { url, views });
///
/// fn read(row: &xact::generated::Row<'_>) -> Result<(String, i64), xact::Error> {
///     Page::read(row).map(|page| (page.url, page.views))
/// }
/// # }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_row {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $name {
            pub(super) fn read(
                row: &$crate::generated::Row<'_>,
            ) -> ::core::result::Result<Self, $crate::Error> {
                /// The position of each field.
                #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
                enum At { $($field),+ }
                ::core::result::Result::Ok(Self { $($field: row.get(At::$field as usize)?),+ })
            }
        }
    };
}
