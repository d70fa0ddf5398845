//! Ids, labels and orders in OpenAPI documents, where that is switched on.

/// Gives a type the schema of this expression, under its own name.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_openapi_schema {
    ($name:ident, $schema:expr) => {
        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::Schema> {
                $schema
            }
        }
        impl $crate::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::stringify!($name))
            }
        }
    };
}

/// Without utoipa, there is nothing to give.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_openapi_schema {
    ($($any:tt)*) => {};
}
