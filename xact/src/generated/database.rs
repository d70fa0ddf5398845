//! The `Database` of a generated module, as far as it is the same in every project.

/// Makes the struct, with the number of queries and the migrations that it was generated with.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_database {
    (pub struct $name:ident { queries: $queries:literal, migrations: $migrations:expr }) => {
        /// The database. Every query runs in a transaction, and every transaction in a scope.
        #[derive(Clone, Debug)]
        pub struct $name {
            pool: $crate::Pool,
        }

        /// Every scope of this module, as the bound of a function that takes an [`xact::Xact`] of any of them. Each trait of queries
        /// that not every scope may run (`May…`) includes it.
        pub trait AnyScope:
            ::core::marker::Sized + for<'a> $crate::Scope<Orm<'a> = Orm<'a, Self>>
        {
        }

        impl<S> AnyScope for S where S: for<'a> $crate::Scope<Orm<'a> = Orm<'a, S>> {}

        impl $name {
            /// The number of statements of queries, each of which a connection keeps prepared.
            pub const QUERIES: usize = $queries;

            /// Connects to the database at a URL: `postgres://user:password@host:5432/name`, with parameters of
            /// [`xact::PoolSettings`].
            ///
            /// # Errors
            /// If the URL cannot be read, or the database cannot be reached.
            ///
            /// # Cancellation
            /// Safe: the connection is closed.
            pub async fn connect(url: &str) -> ::core::result::Result<Self, $crate::Error> {
                ::core::result::Result::Ok(Self::new($crate::Pool::connect(url).await?))
            }

            /// Connects to the database at `DATABASE_URL`, with the [`xact::PoolSettings`] of the environment.
            ///
            /// # Errors
            /// If the value of a variable cannot be used, or the database cannot be reached.
            ///
            /// # Cancellation
            /// Safe: the connection is closed.
            pub async fn from_env() -> ::core::result::Result<Self, $crate::Error> {
                ::core::result::Result::Ok(Self::new($crate::Pool::from_env().await?))
            }

            /// The database that a pool is connected to.
            pub fn new(pool: $crate::Pool) -> Self {
                Self {
                    pool: pool.prepare_up_to(Self::QUERIES),
                }
            }

            /// The database of a pool that other code uses too, by sqlx alone: see [`xact::Pool::from_pool`].
            pub fn from_pool(pool: $crate::sqlx::PgPool) -> Self {
                Self::new($crate::Pool::from_pool(pool))
            }

            /// The same database, whose transactions run with these options.
            ///
            /// `db.with(TransactionOptions::new().read_only())` has the same methods as `db`.
            #[must_use]
            pub fn with(&self, options: $crate::TransactionOptions) -> Self {
                Self::new(self.pool.with(options))
            }

            /// Runs `body` in a transaction of a scope: commits if it gives `Ok`, rolls back otherwise.
            ///
            /// It does the same as the method of that scope, but its error is always an [`xact::Error`], so that `Ok(value)` at the
            /// end of `body` needs no type.
            ///
            /// # Errors
            /// The error of `body`, or of the begin or the commit.
            ///
            /// # Cancellation
            /// Dropping the future rolls back.
            pub async fn run<S: $crate::Scope, T>(
                &self,
                scope: S,
                body: impl ::core::ops::AsyncFnOnce(
                    &mut $crate::Xact<S>,
                ) -> ::core::result::Result<T, $crate::Error>,
            ) -> ::core::result::Result<T, $crate::Error> {
                self.pool.xact(scope, body).await
            }

            /// The pool, for its status, its locks, and to close it.
            pub fn pool(&self) -> &$crate::Pool {
                &self.pool
            }

            /// Compares the migrations of the database with those that this module was generated from, at start-up.
            ///
            /// # Errors
            /// If they differ; the error names each difference.
            ///
            /// # Cancellation
            /// Safe: nothing is changed.
            pub async fn verify_schema(&self) -> ::core::result::Result<(), $crate::Error> {
                self.pool.verify_schema($migrations).await
            }
        }
    };
}
