//! Enums: the labels of an enum type, or the values of an enum table, as the variants of a Rust enum.

/// Makes an enum with `ALL` and `as_str` the Rust side of labels: of an enum type by its SQL name and that of its array, or,
/// without the latter, of the texts in an enum table.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// pub enum Theme {
///     Dark,
///     Light,
/// }
/// impl Theme {
///     pub const ALL: &'static [Self] = &[Self::Dark, Self::Light];
///     pub const fn as_str(self) -> &'static str {
///         match self {
///             Self::Dark => "dark",
///             Self::Light => "light",
///         }
///     }
/// }
/// xact::enum_type!(Theme, "theme_enum");
///
/// // `enum_type!(Theme or Unknown, …)` is for an enum with a variant `Unknown(String)`, for labels that were added later.
/// assert_eq!("light".parse(), Ok(Theme::Light));
/// assert!("grey".parse::<Theme>().is_err());
/// assert_eq!(Theme::Dark.to_string(), "dark");
/// ```
#[macro_export]
macro_rules! enum_type {
    ($name:ident, $table:literal) => {
        $crate::enum_type!(@any $name, $table);
        $crate::travels_as!($name, ::std::string::String);
    };
    ($name:ident, $sql:literal, $array:literal) => {
        $crate::enum_type!(@any $name, $sql);
        $crate::travels_under!($name, $sql, $array);
    };
    // With a variant that keeps the labels that it does not know.
    ($name:ident or $unknown:ident, $sql:literal, $array:literal) => {
        $crate::enum_type!(@labels $name);
        $crate::travels_under!($name, $sql, $array);
        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;
            fn from_str(label: &str) -> ::core::result::Result<Self, ::std::convert::Infallible> {
                let mut all = Self::ALL.iter();
                let known = all.find(|value| value.as_str() == label).cloned();
                ::core::result::Result::Ok(known.unwrap_or_else(|| Self::$unknown(label.to_owned())))
            }
        }
    };
    (@any $name:ident, $source:literal) => {
        $crate::enum_type!(@labels $name);
        impl ::std::str::FromStr for $name {
            type Err = $crate::types::UnknownLabel;
            // Not `Self::Err`, which may be a variant.
            fn from_str(label: &str) -> ::core::result::Result<Self, $crate::types::UnknownLabel> {
                let mut all = Self::ALL.iter().copied();
                all.find(|value| value.as_str() == label)
                    .ok_or_else(|| $crate::types::UnknownLabel::new($source, label))
            }
        }
    };
    (@labels $name:ident) => {
        $crate::sea_query_value!($name, ::std::string::String, label => label.as_str().to_owned());
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let label = <::std::string::String as $crate::serde::Deserialize>::deserialize(deserializer)?;
                label.parse().map_err($crate::serde::de::Error::custom)
            }
        }
        impl<'q> $crate::sqlx::Encode<'q, $crate::sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut $crate::sqlx::postgres::PgArgumentBuffer,
            ) -> ::core::result::Result<$crate::sqlx::encode::IsNull, $crate::sqlx::error::BoxDynError> {
                <&str as $crate::sqlx::Encode<$crate::sqlx::Postgres>>::encode(self.as_str(), buffer)
            }
        }
        impl<'r> $crate::FromSql<'r> for $name {
            fn from_sql(value: $crate::SqlValue<'r, '_>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                ::core::result::Result::Ok(<&str as $crate::FromSql<'r>>::from_sql(value)?.parse()?)
            }
        }
        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                ::core::result::Result::Ok(value.as_str()?.parse()?)
            }
        }
    };
}
