//! The orders of a query: the names in its comments as the variants of a Rust enum.

/// Makes an enum of the orders of a query, the default first.
///
/// ```
/// xact::generated::order_type! {
///     /// The orders of a search.
///     pub enum SearchOrder("search") {
///         /// `id DESC`
///         Newest = "newest",
///         /// `title, id`
///         Title = "title",
///     }
/// }
///
/// assert_eq!(SearchOrder::default(), SearchOrder::Newest);
/// assert_eq!("title".parse(), Ok(SearchOrder::Title));
/// assert_eq!(SearchOrder::Title.to_string(), "title");
/// let unknown = "price".parse::<SearchOrder>().unwrap_err();
/// assert_eq!(unknown.to_string(), "`price` is not an order of `search`");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_order_type {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident($query:literal) { $($(#[$doc:meta])* $variant:ident = $label:literal,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// Every order, the default first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the query file.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self::ALL[0]
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::types::UnknownOrder;
            // Not `Self::Err`, which may be a variant.
            fn from_str(name: &str) -> ::core::result::Result<Self, $crate::types::UnknownOrder> {
                let mut all = Self::ALL.iter().copied();
                all.find(|order| order.as_str() == name)
                    .ok_or_else(|| $crate::types::UnknownOrder::new($query, name))
            }
        }

        $crate::generated::schema!(
            $name,
            $crate::generated::describe_labels(Self::ALL.iter().map(|order| order.as_str()))
        );

        impl $crate::generated::serde::Serialize for $name {
            fn serialize<S: $crate::generated::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::generated::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                let name = <::std::string::String as $crate::generated::serde::Deserialize>::deserialize(deserializer)?;
                name.parse().map_err($crate::generated::serde::de::Error::custom)
            }
        }
    };
}

/// A name that is no order of a query.
///
/// ```
/// use xact::types::UnknownOrder;
///
/// let error = UnknownOrder::new("bookmarks_search", "price");
/// assert_eq!(error.to_string(), "`price` is not an order of `bookmarks_search`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{order}` is not an order of `{query}`")]
pub struct UnknownOrder {
    query: &'static str,
    order: String,
}

impl UnknownOrder {
    /// The name of the query, and the name that is not one of its orders.
    pub fn new(query: &'static str, order: &str) -> Self {
        Self {
            query,
            order: order.to_owned(),
        }
    }
}
