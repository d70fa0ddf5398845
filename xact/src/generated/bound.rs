//! Queries that not every scope may run.

/// Makes a trait of these scopes, with the compiler's message about all others.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_bound {
    (
        $(#[$attribute:meta])*
        pub trait $name:ident for $($scope:ident),+;
        $message:tt $(, $note:tt)*
    ) => {
        $(#[$attribute])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not in this scope",
            $(note = $note,)*
        )]
        pub trait $name: AnyScope {}

        $(impl $name for $scope {})+
    };
}
