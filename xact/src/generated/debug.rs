//! `Debug` of structs with values that are not printed.

/// Implements `Debug` for a struct with named fields, each `shown` or `hidden`: a hidden one prints as `…`.
///
/// ```
/// struct User {
///     id: i64,
///     hashed_password: String,
/// }
///
/// xact::generated::debug!(User, "User", { id: shown, hashed_password: hidden });
///
/// let user = User { id: 7, hashed_password: "$argon2id$".to_owned() };
/// assert_eq!(format!("{user:?}"), "User { id: 7, hashed_password: … }");
/// # let _ = user.hashed_password;
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_debug {
    ($type:ty, $name:literal, { $($field:ident: $how:ident),+ $(,)? }) => {
        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct($name)
                    $(.field(::core::stringify!($field), $crate::generated::debug!(@$how self, $field)))+
                    .finish()
            }
        }
    };
    (@shown $self:ident, $field:ident) => { &$self.$field };
    (@hidden $self:ident, $field:ident) => { &::core::format_args!("…") };
}
