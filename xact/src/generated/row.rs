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
                ::core::result::Result::Ok(Self { $($field: match row.get(At::$field as usize) {
                    ::core::result::Result::Ok(value) => value,
                    // No `?`, which is one more function for each row.
                    ::core::result::Result::Err(error) => return ::core::result::Result::Err(error),
                }),+ })
            }
        }
    };
}

/// Gives a struct of rows the columns that several queries read it from.
///
/// ```
/// struct Page {
///     url: String,
///     views: i64,
/// }
///
/// xact::generated::row_columns!(Page, &[25, 20], "url, views");
/// # let _ = |page: Page| (page.url, page.views);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_row_columns {
    ($name:ident, $oids:expr, $names:literal) => {
        impl $crate::generated::RowColumns for $name {
            const COLUMNS: $crate::generated::ResultColumns = ($oids, $names);
        }
    };
}

/// Makes a struct readable from a row that it borrows from: each field is the column at its own position.
///
/// ```
/// # mod orm {
/// struct Page<'a> {
///     url: &'a str,
///     views: i64,
/// }
///
/// xact::generated::borrowed_row!(Page { url, views });
///
/// fn read<'r>(row: &xact::generated::Row<'r>) -> Result<(&'r str, i64), xact::Error> {
///     use xact::generated::BorrowedRow as _;
///     Page::read(row).map(|page| (page.url, page.views))
/// }
/// # }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_borrowed_row {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::generated::BorrowedRow for $name<'_> {
            type Row<'r> = $name<'r>;

            fn read<'r>(
                row: &$crate::generated::Row<'r>,
            ) -> ::core::result::Result<$name<'r>, $crate::Error> {
                /// The position of each field.
                #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
                enum BorrowedAt { $($field),+ }
                ::core::result::Result::Ok($name { $($field: row.get(BorrowedAt::$field as usize)?),+ })
            }
        }
    };
}
