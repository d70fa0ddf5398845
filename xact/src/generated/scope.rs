//! The scopes of a generated module: a type with the settings of a transaction, and the methods of `Database` that begin one.

/// Makes the type of a scope, with its name, its role and its settings, and three methods of the database.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_scope {
    (
        $(#[$attribute:meta])*
        pub struct $scope:ident($name:literal, role $role:expr $(, statement_timeout $timeout:literal)?) {
            $($field:ident: $type:ty = $setting:literal,)*
        }
        $database:ident { $xact:ident, $retry:ident, $begin:ident } -> $orm:ident
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        pub struct $scope {
            $($field: ::std::string::String,)*
        }

        impl $scope {
            /// The scope with these settings, for [`xact::Xact::adopt`] and [`xact::Pool::begin`].
            pub fn new($($field: $type),*) -> Self {
                Self { $($field: ::std::string::ToString::to_string(&$field)),* }
            }
        }

        impl $crate::Scope for $scope {
            const NAME: &'static str = $name;
            const ROLE: ::core::option::Option<&'static str> = $role;
            $(const STATEMENT_TIMEOUT: ::core::option::Option<::core::time::Duration> =
                ::core::option::Option::Some(::core::time::Duration::from_millis($timeout));)?
            type Orm<'a> = $orm<'a, Self>;

            fn settings(&self) -> ::std::vec::Vec<(&'static str, &str)> {
                ::std::vec![$(($setting, &self.$field)),*]
            }

            fn orm(run: $crate::generated::Runner<'_>) -> $orm<'_, Self> {
                $orm {
                    run,
                    scope: ::core::marker::PhantomData,
                }
            }
        }

        impl $database {
            #[doc = ::core::concat!("Runs `body` in a transaction of scope [`", ::core::stringify!($scope), "`]: commits if it gives `Ok`, rolls back otherwise.")]
            ///
            /// # Errors
            /// The error of `body`, or an [`xact::Error`] if the transaction cannot begin or commit.
            ///
            /// # Cancellation
            /// Dropping the future rolls back.
            pub async fn $xact<T, E>(
                &self,
                $($field: $type,)*
                body: impl ::core::ops::AsyncFnOnce(&mut $crate::Xact<$scope>) -> ::core::result::Result<T, E>,
            ) -> ::core::result::Result<T, E>
            where
                E: ::core::convert::From<$crate::Error>,
            {
                self.pool.xact($scope::new($($field),*), body).await
            }

            #[doc = ::core::concat!("Runs `body` as [`", ::core::stringify!($xact), "`](Self::", ::core::stringify!($xact), ") does, and again in a new transaction after a serialization failure or a deadlock.")]
            ///
            /// Each run is one of a clone of `body`.
            ///
            /// # Errors
            #[doc = ::core::concat!("Those of [`", ::core::stringify!($xact), "`](Self::", ::core::stringify!($xact), "), if running it again did not help.")]
            ///
            /// # Cancellation
            /// Dropping the future rolls back.
            pub async fn $retry<T, E>(
                &self,
                retry: $crate::Retry,
                $($field: $type,)*
                body: impl ::core::ops::AsyncFnOnce(&mut $crate::Xact<$scope>) -> ::core::result::Result<T, E> + ::core::clone::Clone,
            ) -> ::core::result::Result<T, E>
            where
                E: ::core::convert::From<$crate::Error>,
            {
                self.pool.retry(retry, $scope::new($($field),*), body).await
            }

            #[doc = ::core::concat!("Begins a transaction of scope [`", ::core::stringify!($scope), "`]. Dropping it rolls back.")]
            ///
            /// # Errors
            /// If the transaction cannot begin.
            ///
            /// # Cancellation
            /// Dropping the future begins nothing.
            pub async fn $begin(
                &self,
                $($field: $type,)*
            ) -> ::core::result::Result<$crate::Xact<$scope>, $crate::Error> {
                self.pool.begin($scope::new($($field),*)).await
            }
        }
    };
}
