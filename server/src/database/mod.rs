//! Databases for tests: migrated, empty of data, and had in milliseconds.
//!
//! Given: a folder of migrations. Gives: a [`TestDatabase`], which is [isolated](TestDatabase::isolated)
//! or [shared](TestDatabase::shared). The migrations run once for each content of the folder, in a
//! *template*. Copies of it are kept in *stock*, so that a test renames one instead of waiting for a
//! copy; the copy that replaces it is made while the test runs, by the server, even if the test's
//! process has ended by then.
//!
//! Which server: the one at `XACT_SERVER_URL` or `DATABASE_URL`, else a private one that all test
//! processes of the user share and that ends by itself (see [`TestDatabase`]).
//!
//! Invariant: what a database is and whose shows in its name and in `pg_stat_activity`, which every
//! process sees, so whatever a killed process leaves is recognized and dropped by another.

mod error;
mod names;
mod run;

mod process_session;
mod template;

mod lease;
mod shared;
mod sweep;

pub use error::TestDatabaseError;

use crate::connect::connect;
use process_session::{ProcessSession, on_runtime};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use std::path::Path;
use template::Template;

/// Where the migrations are, from the folder of the package under test.
const MIGRATIONS: &str = "migrations";

/// A migrated database for tests.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use xact_server::TestDatabase;
///
/// let test = TestDatabase::isolated().await?;
/// let mut connection = test.connect().await?;
/// # let _ = connection; Ok(()) }
/// ```
///
/// The first test ever waits for the migrations; the next ones, also of other processes and other
/// checkouts with the same migrations, take a copy that is ready. Any number of tests may run at the
/// same time, in threads or in processes.
///
/// # Which server
/// The one at `XACT_SERVER_URL`, else at `DATABASE_URL`: its user needs `CREATEDB`, and roles that the
/// migrations create stay there. Without either, a private server is started from the binaries of this
/// machine, one for each user and Postgres, shared by all test processes. Five minutes after the last of
/// them has ended it ends too and its files are removed; `XACT_TEST_SERVER_LINGER` is another
/// number of seconds. Roles belong to a whole server, so migrations have to ask whether a role exists
/// before they create it.
///
/// # After a test
/// When a test panics, its database is kept for an hour (a day, on a server given by URL) and the panic is followed by the
/// command that connects to it; [`run`](Self::run) does the same for a test that gives `Err`. Otherwise it is dropped, by this
/// process or by the next.
/// `XACT_KEEP_TEST_DATABASES=1` keeps the databases of all tests.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    kind: Kind,
    session: &'static ProcessSession,
    /// Whether the test gave an error; a panic shows by itself.
    failed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Isolated,
    Shared,
}

impl TestDatabase {
    /// A database of its own, in the state that `migrations/` describes.
    ///
    /// The folder is the one of the package under test, which is where cargo runs tests.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact_server::TestDatabase::isolated().await?;
    /// let mut connection = test.connect().await?;
    /// # let _ = connection; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// There is no server, the folder cannot be read, or a migration is refused.
    ///
    /// # Cancellation
    /// Safe: a database that nobody received is dropped by the next process.
    pub async fn isolated() -> Result<Self, TestDatabaseError> {
        Self::isolated_from(MIGRATIONS).await
    }

    /// A database of its own, in the state that another folder of migrations describes. A folder without any gives an
    /// empty one.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact_server::TestDatabase::isolated_from("../database/migrations").await?;
    /// # let _ = test; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn isolated_from(migrations: impl AsRef<Path>) -> Result<Self, TestDatabaseError> {
        let template = Template::read_folder(migrations.as_ref()).await?;
        let session = ProcessSession::of_this_process().await?;
        let name = on_runtime(lease::lease_isolated(session, template)).await?;
        session.sweep_leftovers();
        Ok(Self {
            name,
            kind: Kind::Isolated,
            session,
            failed: false,
        })
    }

    /// The one database of this test run, in the state that `migrations/` describes.
    ///
    /// All processes of one run of `cargo nextest` or `cargo test` get the same, so a test makes an
    /// organization (or whatever keeps data apart) of its own, and never counts what others may have
    /// made too.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact_server::TestDatabase::shared().await?;
    /// let mut connection = test.connect().await?;
    /// # let _ = connection; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn shared() -> Result<Self, TestDatabaseError> {
        Self::shared_from(MIGRATIONS).await
    }

    /// The one database of this test run and of another folder of migrations.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = xact_server::TestDatabase::shared_from("../database/migrations").await?;
    /// # let _ = test; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`isolated`](Self::isolated).
    ///
    /// # Cancellation
    /// Safe, as [`isolated`](Self::isolated).
    pub async fn shared_from(migrations: impl AsRef<Path>) -> Result<Self, TestDatabaseError> {
        let template = Template::read_folder(migrations.as_ref()).await?;
        let session = ProcessSession::of_this_process().await?;
        let name = on_runtime(shared::lease_shared(session, template)).await?;
        session.sweep_leftovers();
        Ok(Self {
            name,
            kind: Kind::Shared,
            session,
            failed: false,
        })
    }

    /// Runs a test that may give `Err`: then its database is kept, as after a panic, and the command that connects to it printed.
    ///
    /// ```no_run
    /// use xact_server::TestDatabase;
    ///
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// let test = TestDatabase::isolated().await?;
    /// test.run(async |test| {
    ///     let mut connection = test.connect().await?;
    ///     sqlx::query("SELECT 1").execute(&mut connection).await?;
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
            run.fail();
        }
        outcome
    }

    /// Says that the test failed, so that its database is kept when it is dropped.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// How to connect to the database.
    pub fn options(&self) -> PgConnectOptions {
        self.session.options(&self.name)
    }

    /// The URL of the database, for whatever takes one. It has the password, if the server was given with one.
    ///
    /// ```no_run
    /// # async fn example(test: &xact_server::TestDatabase) -> Result<(), sqlx::Error> {
    /// let pool = sqlx::PgPool::connect(&test.url()).await?;
    /// # let _ = pool; Ok(()) }
    /// ```
    pub fn url(&self) -> String {
        self.options().to_url_lossy().into()
    }

    /// Opens one connection to the database, as the user who owns it.
    ///
    /// # Errors
    /// If the server does not accept the connection.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        connect(&self.options()).await
    }

    /// The command that connects to the database, without a password.
    ///
    /// ```no_run
    /// # fn example(test: &xact_server::TestDatabase) {
    /// println!("{}", test.command()); // psql 'postgres:///xact_test_…?host=/tmp/…&user=postgres'
    /// # }
    /// ```
    pub fn command(&self) -> String {
        names::psql_command(&self.options())
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let failed = self.failed || std::thread::panicking();
        if failed || std::env::var_os("XACT_KEEP_TEST_DATABASES").is_some() {
            let until = self.session.keep_database(&self.name);
            eprintln!("the test's database is kept {until}: {}", self.command());
        } else if self.kind == Kind::Isolated {
            self.session.drop_later(&self.name);
        }
    }
}
