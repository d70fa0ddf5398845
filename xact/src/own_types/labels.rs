//! Enums: the labels of an enum type, or the values of an enum table, as the variants of a Rust enum.

/// Makes an enum of labels: of an enum type by its SQL name and that of its array, or, without the latter, of the texts in an
/// enum table. With `or Unknown` it has a variant that keeps the labels that it does not know.
///
/// ```
/// xact::generated::enum_type! {
///     /// The colours of a page.
///     pub enum Theme("theme_enum") {
///         Dark = "dark",
///         Light = "light",
///     }
/// }
///
/// xact::generated::enum_type! {
///     pub enum Mood("public.mood", "public.mood[]") {
///         Happy = "happy",
///     } or Unknown
/// }
///
/// assert_eq!("light".parse(), Ok(Theme::Light));
/// assert!("grey".parse::<Theme>().is_err());
/// assert_eq!(Theme::Dark.to_string(), "dark");
/// assert_eq!("sad".parse(), Ok(Mood::Unknown("sad".to_owned())));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_enum_type {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident($source:literal $(, $array:literal)?) { $($variant:ident = $label:literal,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = ::core::concat!("`", $label, "`")] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the database.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The label in the database.
            #[inline]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }

        $crate::generated::enum_type!(@any $name, $source);
        $crate::generated::enum_type!(@travels $name, $source $(, $array)?);
    };
    (
        $(#[$attribute:meta])*
        pub enum $name:ident($source:literal, $array:literal) { $($variant:ident = $label:literal,)* } or $unknown:ident
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = ::core::concat!("`", $label, "`")] $variant,)*
            /// A label that this module was not generated with.
            $unknown(::std::string::String),
        }

        impl $name {
            /// Every value that is known, in the order of the database.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The label in the database.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $label,)* Self::$unknown(label) => label }
            }
        }

        $crate::generated::enum_type!(@labels $name);
        $crate::generated::schema!(
            $name,
            $crate::generated::describe_open_labels(Self::ALL.iter().map(Self::as_str))
        );
        $crate::generated::travels_under!($name, $source, $array);
        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;
            #[inline]
            fn from_str(label: &str) -> ::core::result::Result<Self, ::std::convert::Infallible> {
                let mut all = Self::ALL.iter();
                let known = all.find(|value| value.as_str() == label).cloned();
                ::core::result::Result::Ok(known.unwrap_or_else(|| Self::$unknown(label.to_owned())))
            }
        }
    };
    (@travels $name:ident, $table:literal) => {
        $crate::generated::travels_as!($name, ::std::string::String);
    };
    (@travels $name:ident, $sql:literal, $array:literal) => {
        $crate::generated::travels_under!($name, $sql, $array);
    };
    (@any $name:ident, $source:literal) => {
        $crate::generated::enum_type!(@labels $name);
        $crate::generated::schema!(
            $name,
            $crate::generated::describe_labels(Self::ALL.iter().map(|value| value.as_str()))
        );
        impl ::std::str::FromStr for $name {
            type Err = $crate::types::UnknownLabel;
            // Not `Self::Err`, which may be a variant.
            #[inline]
            fn from_str(label: &str) -> ::core::result::Result<Self, $crate::types::UnknownLabel> {
                let mut all = Self::ALL.iter().copied();
                all.find(|value| value.as_str() == label)
                    .ok_or_else(|| $crate::types::UnknownLabel::new($source, label))
            }
        }
    };
    (@labels $name:ident) => {
        $crate::generated::sea_query_value!($name, ::std::string::String, label => label.as_str().to_owned());
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl $crate::generated::serde::Serialize for $name {
            #[inline]
            fn serialize<S: $crate::generated::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::generated::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let label = <::std::string::String as $crate::generated::serde::Deserialize>::deserialize(deserializer)?;
                label.parse().map_err($crate::generated::serde::de::Error::custom)
            }
        }
        impl<'q> $crate::sqlx::Encode<'q, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn encode_by_ref(
                &self,
                buffer: &mut $crate::sqlx::postgres::PgArgumentBuffer,
            ) -> ::core::result::Result<$crate::sqlx::encode::IsNull, $crate::sqlx::error::BoxDynError> {
                <&str as $crate::sqlx::Encode<$crate::sqlx::Postgres>>::encode(self.as_str(), buffer)
            }
        }
        impl<'r> $crate::generated::FromSql<'r> for $name {
            #[inline]
            fn from_sql(value: $crate::generated::SqlValue<'r, '_>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                ::core::result::Result::Ok(<&str as $crate::generated::FromSql<'r>>::from_sql(value)?.parse()?)
            }
        }
        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            #[inline]
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> ::core::result::Result<Self, $crate::sqlx::error::BoxDynError> {
                ::core::result::Result::Ok(value.as_str()?.parse()?)
            }
        }
    };
}
