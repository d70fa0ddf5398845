//! Ids, labels and orders in OpenAPI documents and JSON Schemas, where these are switched on.

/// Gives a type the schema of this description, under its own name.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_schema {
    ($name:ident, $description:expr) => {
        $crate::generated::openapi_schema!($name, $description);
        $crate::generated::json_schema!($name, $description);
    };
}

/// The trait of utoipa.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_openapi_schema {
    ($name:ident, $description:expr) => {
        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::Schema> {
                $crate::generated::write_openapi_schema(&$description)
            }
        }
        impl $crate::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::stringify!($name))
            }
        }
    };
}

/// The trait of schemars.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_json_schema {
    ($name:ident, $description:expr) => {
        impl $crate::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::stringify!($name))
            }
            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(
                    ::core::module_path!(),
                    "::",
                    ::core::stringify!($name)
                ))
            }
            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::generated::write_json_schema(&$description)
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

/// Without schemars, there is nothing to give.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_json_schema {
    ($($any:tt)*) => {};
}
