//! Ids and labels as values of sea-query, where that is switched on.

/// Gives a type the sea-query value of its inner value.
#[cfg(feature = "sea-query")]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_sea_query_value {
    ($name:ident, $value:ty, $id:ident => $into:expr) => {
        impl ::std::convert::From<$name> for $crate::sea_query::Value {
            fn from($id: $name) -> Self {
                ::std::convert::From::<$value>::from($into)
            }
        }
        impl ::std::convert::From<&$name> for $crate::sea_query::Value {
            fn from(value: &$name) -> Self {
                ::std::convert::From::from(::std::clone::Clone::clone(value))
            }
        }
        impl $crate::sea_query::Nullable for $name {
            fn null() -> $crate::sea_query::Value {
                <$value as $crate::sea_query::Nullable>::null()
            }
        }
    };
}

/// Without sea-query, there is nothing to give.
#[cfg(not(feature = "sea-query"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_sea_query_value {
    ($($any:tt)*) => {};
}
