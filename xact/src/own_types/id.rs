//! Ids: a Rust type for each table's key, so that the id of one table is never taken for that of another.
//!
//! An id type is a struct with one private field and `id_type!`. It travels as the value that it holds.

/// A value of one key column, as every id type is.
///
/// ```
/// use xact::Id as _;
///
/// # #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// # struct BookmarkId(String);
/// # xact::generated::id_type!(BookmarkId, String, "bookmarks.id", "bkm_");
/// assert_eq!(BookmarkId::COLUMN, "bookmarks.id");
/// assert_eq!(BookmarkId::PREFIX, "bkm_");
/// ```
pub trait Id: Sized {
    /// The type of the value that Postgres holds.
    type Value;

    /// The column, as `table.column`.
    const COLUMN: &'static str;

    /// The text that every id begins with, by a CHECK of the table; empty if nothing is known.
    const PREFIX: &'static str;

    /// The id with this value, which is not checked.
    fn from_value(value: Self::Value) -> Self;

    /// The value.
    fn into_value(self) -> Self::Value;
}

/// Makes a struct an id type: `id_type!(BookmarkId, String, "bookmarks.id", "bkm_")` for a text that begins with a prefix,
/// without the last where nothing is known of the text, `id_type!(JobId, i64, "jobs.id")` for `i16`, `i32`, `i64` and `Uuid`.
///
/// All functions are `#[inline]`, so that those that no one calls are not compiled.
///
/// ```
/// #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// pub struct BookmarkId(String);
/// xact::generated::id_type!(BookmarkId, String, "bookmarks.id", "bkm_");
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// pub struct JobId(i64);
/// xact::generated::id_type!(JobId, i64, "jobs.id");
///
/// let id: BookmarkId = "bkm_1".parse().unwrap();
/// assert_eq!(id.as_str(), "bkm_1");
/// assert!("usr_1".parse::<BookmarkId>().is_err());
/// assert_eq!(JobId::from(7).get(), 7);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_id_type {
    ($name:ident, String, $column:literal, $prefix:literal) => {
        $crate::generated::id_type!(@text $name, $column, $prefix);

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::types::InvalidId;
            #[inline]
            fn try_from(text: ::std::string::String) -> ::core::result::Result<Self, Self::Error> {
                if text.starts_with($prefix) {
                    ::core::result::Result::Ok(Self(text))
                } else {
                    ::core::result::Result::Err($crate::types::InvalidId::new($column, $prefix))
                }
            }
        }
        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::types::InvalidId;
            #[inline]
            fn try_from(text: &str) -> ::core::result::Result<Self, Self::Error> {
                text.to_owned().try_into()
            }
        }
    };
    ($name:ident, String, $column:literal) => {
        $crate::generated::id_type!(@text $name, $column, "");

        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self(text)
            }
        }
        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
    ($name:ident, $value:ty, $column:literal) => {
        $crate::generated::id_type!(@any $name, $value, $column, "");

        impl $name {
            /// The value that Postgres holds.
            #[inline]
            pub const fn get(self) -> $value {
                self.0
            }
        }
        impl ::core::convert::From<$value> for $name {
            #[inline]
            fn from(value: $value) -> Self {
                Self(value)
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = <$value as ::std::str::FromStr>::Err;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
    (@text $name:ident, $column:literal, $prefix:literal) => {
        $crate::generated::id_type!(@any $name, ::std::string::String, $column, $prefix);

        impl $name {
            /// The text that Postgres holds.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = <Self as ::std::convert::TryFrom<::std::string::String>>::Error;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                text.to_owned().try_into()
            }
        }
    };
    (@any $name:ident, $value:ty, $column:literal, $prefix:literal) => {
        impl $crate::Id for $name {
            type Value = $value;
            const COLUMN: &'static str = $column;
            const PREFIX: &'static str = $prefix;
            #[inline]
            fn from_value(value: $value) -> Self {
                Self(value)
            }
            #[inline]
            fn into_value(self) -> $value {
                self.0
            }
        }
        impl ::core::convert::From<$name> for $value {
            #[inline]
            fn from(id: $name) -> $value {
                id.0
            }
        }
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl $crate::generated::serde::Serialize for $name {
            #[inline]
            fn serialize<S: $crate::generated::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::generated::serde::Serialize::serialize(&self.0, serializer)
            }
        }
        impl<'de> $crate::generated::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let value = <$value as $crate::generated::serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(value).map_err($crate::generated::serde::de::Error::custom)
            }
        }
        $crate::generated::travels_as!($name, $value);
        $crate::generated::sea_query_value!($name, $value, id => id.0);
        $crate::generated::schema!($name, $crate::generated::describe_id::<$value>($column, $prefix));
        impl<'q> $crate::sqlx::Encode<'q, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn encode_by_ref(
                &self,
                buffer: &mut $crate::sqlx::postgres::PgArgumentBuffer,
            ) -> ::core::result::Result<$crate::sqlx::encode::IsNull, $crate::sqlx::error::BoxDynError> {
                $crate::sqlx::Encode::<$crate::sqlx::Postgres>::encode_by_ref(&self.0, buffer)
            }
            #[inline]
            fn size_hint(&self) -> usize {
                $crate::sqlx::Encode::<$crate::sqlx::Postgres>::size_hint(&self.0)
            }
        }
        impl<'r> $crate::generated::FromSql<'r> for $name {
            const OIDS: &'static [u32] = <$value as $crate::generated::FromSql<'r>>::OIDS;
            #[inline]
            fn from_sql(value: $crate::generated::SqlValue<'r, '_>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                // No `map`, which is three more functions for each id.
                match <$value as $crate::generated::FromSql<'r>>::from_sql(value) {
                    ::core::result::Result::Ok(value) => ::core::result::Result::Ok(Self(value)),
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                }
            }
        }
        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                $crate::sqlx::Decode::<$crate::sqlx::Postgres>::decode(value).map(Self)
            }
        }
    };
}

/// Gives a type the Postgres type of another, alone and in arrays.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_travels_as {
    ($name:ident, $value:ty) => {
        impl $crate::sqlx::Type<$crate::sqlx::Postgres> for $name {
            #[inline]
            fn type_info() -> $crate::sqlx::postgres::PgTypeInfo {
                <$value as $crate::sqlx::Type<$crate::sqlx::Postgres>>::type_info()
            }
            #[inline]
            fn compatible(other: &$crate::sqlx::postgres::PgTypeInfo) -> bool {
                <$value as $crate::sqlx::Type<$crate::sqlx::Postgres>>::compatible(other)
            }
        }
        impl $crate::sqlx::postgres::PgHasArrayType for $name {
            #[inline]
            fn array_type_info() -> $crate::sqlx::postgres::PgTypeInfo {
                <$value as $crate::sqlx::postgres::PgHasArrayType>::array_type_info()
            }
        }
    };
}

/// Gives a type the Postgres type of this name, alone and in arrays.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_travels_under {
    ($name:ident, $sql:literal, $array:literal) => {
        impl $crate::sqlx::Type<$crate::sqlx::Postgres> for $name {
            #[inline]
            fn type_info() -> $crate::sqlx::postgres::PgTypeInfo {
                $crate::sqlx::postgres::PgTypeInfo::with_name($sql)
            }
            #[inline]
            fn compatible(_: &$crate::sqlx::postgres::PgTypeInfo) -> bool {
                true
            }
        }
        impl $crate::sqlx::postgres::PgHasArrayType for $name {
            #[inline]
            fn array_type_info() -> $crate::sqlx::postgres::PgTypeInfo {
                $crate::sqlx::postgres::PgTypeInfo::with_name($array)
            }
        }
    };
}
