//! Databases for tests: migrated, empty of data, and ready in milliseconds.
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
//! Invariant: the purpose and the owner of a database show in its name and in `pg_stat_activity`, which every
//! process sees, so another process recognizes and drops the leftovers of a killed one.

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
/// If a test panics, its database is kept for an hour (a day, on a server given by URL) and the command that connects to it is
/// printed after the panic; [`run`](Self::run) does the same for a test that returns `Err`. Otherwise it is dropped, by this
/// process or by the next.
/// `XACT_KEEP_TEST_DATABASES=1` keeps the databases of all tests.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    kind: DatabaseKind,
    session: &'static ProcessSession,
    /// Whether the test gave an error; a panic shows by itself.
    failed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatabaseKind {
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
    /// Safe: a database that no test received is dropped by the next process.
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
        let (template, session) = prepare_lease(migrations.as_ref()).await?;
        let name = on_runtime(lease::lease_isolated(session, template)).await?;
        session.sweep_leftovers();
        Ok(Self {
            name,
            kind: DatabaseKind::Isolated,
            session,
            failed: false,
        })
    }

    /// The one database of this test run, in the state that `migrations/` describes.
    ///
    /// All processes of one run of `cargo nextest` or `cargo test` get the same, so each test creates an
    /// organization of its own (or whichever row separates the data), and never counts rows that other tests may
    /// have created.
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
        let (template, session) = prepare_lease(migrations.as_ref()).await?;
        let name = on_runtime(shared::lease_shared(session, template)).await?;
        session.sweep_leftovers();
        Ok(Self {
            name,
            kind: DatabaseKind::Shared,
            session,
            failed: false,
        })
    }

    /// Runs a test that may return `Err`: its database is then kept, as after a panic, and the command that connects to it printed.
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
        // A panic of the body needs no care here: the drop of `run` sees that the thread panics.
        let outcome = body(&run).await;
        if outcome.is_err() {
            run.fail();
        }
        outcome
    }

    /// Marks the test as failed, so that its database is kept when this value is dropped.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// How to connect to the database.
    pub fn options(&self) -> PgConnectOptions {
        self.session.options(&self.name)
    }

    /// The URL of the database. It has the password, if the URL of the server has one.
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

/// Reads the migrations while the session of the process connects: each takes some milliseconds, and a first test waits for both.
async fn prepare_lease(
    migrations: &Path,
) -> Result<(Template, &'static ProcessSession), TestDatabaseError> {
    let template = Template::read_folder(migrations);
    tokio::try_join!(template, ProcessSession::of_this_process())
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let failed = self.failed || std::thread::panicking();
        if failed || std::env::var_os("XACT_KEEP_TEST_DATABASES").is_some() {
            let until = self.session.keep_database(&self.name);
            eprintln!("the test's database is kept {until}: {}", self.command());
        } else if self.kind == DatabaseKind::Isolated {
            self.session.drop_later(&self.name);
        }
    }
}
