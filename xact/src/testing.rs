//! Databases for tests: migrated, empty of data, and ready within milliseconds.
//!
//! The servers and databases are those of the crate `xact-server`; this module adds the pool. It is behind the feature
//! `testing`, because no program needs it in production.

use std::ops::Deref;
use std::path::Path;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgPoolOptions;
pub use xact_server::TestDatabaseError;

use crate::Pool;

/// A migrated database for tests, with a [`pool`](Self::pool). Everything else, such as the URL, it has from
/// [`xact_server::TestDatabase`], whose documentation names the server it is on and tells when it is dropped.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use xact::testing::TestDatabase;
///
/// let test = TestDatabase::isolated().await?;
/// let database = test.pool(); // or Database::new(test.pool()), with a generated `Database`
/// # let _ = database; Ok(()) }
/// ```
#[derive(Debug)]
pub struct TestDatabase(xact_server::TestDatabase);

impl TestDatabase {
    /// A database of its own, in the state that `migrations/` describes: [`xact_server::TestDatabase::isolated`].
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact::testing::TestDatabase::isolated().await?;
    /// println!("{}", test.url());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// There is no server, the folder cannot be read, or a migration is refused.
    ///
    /// # Cancellation
    /// Safe: a database that no test received is dropped by the next process.
    pub async fn isolated() -> Result<Self, TestDatabaseError> {
        xact_server::TestDatabase::isolated().await.map(Self)
    }

    /// A database of its own, in the state that another folder of migrations describes. A folder without any gives an empty
    /// one.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact::testing::TestDatabase::isolated_from("../database/migrations").await?;
    /// # let _ = test; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn isolated_from(migrations: impl AsRef<Path>) -> Result<Self, TestDatabaseError> {
        let leased = xact_server::TestDatabase::isolated_from(migrations).await;
        leased.map(Self)
    }

    /// The one database of this test run, in the state that `migrations/` describes:
    /// [`xact_server::TestDatabase::shared`].
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact::testing::TestDatabase::shared().await?;
    /// let pool: xact::Pool = test.pool();
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn shared() -> Result<Self, TestDatabaseError> {
        xact_server::TestDatabase::shared().await.map(Self)
    }

    /// The one database of this test run and of another folder of migrations.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact::testing::TestDatabase::shared_from("../database/migrations").await?;
    /// # let _ = test; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn shared_from(migrations: impl AsRef<Path>) -> Result<Self, TestDatabaseError> {
        let leased = xact_server::TestDatabase::shared_from(migrations).await;
        leased.map(Self)
    }

    /// Runs a test that may return `Err`: its database is then kept, as after a panic, and the command that connects to it is
    /// printed.
    ///
    /// ```no_run
    /// use xact::testing::TestDatabase;
    ///
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = TestDatabase::isolated().await?;
    /// test.run(async |test| {
    ///     let mut connection = test.connect().await?;
    ///     xact::sqlx::query("SELECT 1").execute(&mut connection).await?;
    ///     Ok(())
    /// })
    /// .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error of `body`.
    ///
    /// # Cancellation
    /// Dropping the future drops the database, unless the thread panics.
    pub async fn run<T, E>(self, body: impl AsyncFnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let mut run = self;
        let outcome = body(&run).await;
        if outcome.is_err() {
            run.0.fail();
        }
        outcome
    }

    /// A pool of at most five connections to the database.
    ///
    /// [`Pool::from_options`] and [`options`](xact_server::TestDatabase::options) make another.
    ///
    /// ```no_run
    /// # fn example(test: &xact::testing::TestDatabase) {
    /// let pool: xact::Pool = test.pool();
    /// # let _ = pool; }
    /// ```
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn pool(&self) -> Pool {
        let options = self.options().disable_statement_logging();
        Pool::from_options(PgPoolOptions::new().max_connections(5), options)
    }
}

impl Deref for TestDatabase {
    type Target = xact_server::TestDatabase;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
