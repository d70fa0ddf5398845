//! The liveness session of this process: one connection, on a runtime that no test owns.
//!
//! Each test has a runtime that ends with it, but this connection has to stay as long as the process:
//! by its application name other processes see that this one lives. Background work runs on this
//! runtime too, on other connections. A statement that was sent is finished by the server, even if
//! this process ends before the answer.

use super::run::new_owner;
use super::{TestDatabaseError, names, sweep};
use crate::connect::{connect, connect_patiently};
use crate::server::{SharedServer, connect_to};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, PgPool, Postgres};
use std::collections::HashMap;
use std::sync::mpsc::sync_channel;
use std::sync::{LazyLock, Once};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, OnceCell};

/// How many slow statements run at a time. CREATE DATABASE is bound by the disk, so more of them would only slow the tests down.
const SLOW_CONNECTIONS: u32 = 2;

/// How long a failed test waits for its database to be marked as kept.
const MARK_DEADLINE: Duration = Duration::from_secs(10);

/// The liveness session of this process.
#[derive(Debug)]
pub(super) struct ProcessSession {
    /// Part of the names of its databases.
    pub(super) owner: String,
    /// Shows by its application name that this process lives. Only quick statements run on it.
    pub(super) connection: Mutex<PgConnection>,
    /// For statements that take their time.
    slow: PgPool,
    /// A connection to each shared database, which shows that it is in use.
    pub(super) shared: Mutex<HashMap<String, PgConnection>>,
    /// To the database that every process meets in.
    options: PgConnectOptions,
    server: Option<SharedServer>,
    swept: Once,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        // One thread suffices: the work is waiting for the server.
        .worker_threads(1)
        .thread_name("xact-test-databases")
        .enable_all()
        .build()
        .expect("a process that runs tests can start a thread")
});

static SESSION: OnceCell<ProcessSession> = OnceCell::const_new();

impl ProcessSession {
    pub(super) async fn of_this_process() -> Result<&'static Self, TestDatabaseError> {
        // Without a trip over the other runtime for all tests but the first.
        if let Some(session) = SESSION.get() {
            return Ok(session);
        }
        on_runtime(SESSION.get_or_try_init(Self::start_session)).await
    }

    async fn start_session() -> Result<Self, TestDatabaseError> {
        let url = ["XACT_SERVER_URL", "DATABASE_URL"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|url| !url.is_empty()));
        let owner = new_owner();
        let application = names::application_name(&owner);
        let (server, options, connection) = if let Some(url) = url {
            let (options, connection) = connect_to(&url, &application).await?;
            (None, options, connection)
        } else {
            let (server, connection) = SharedServer::enter(&application).await?;
            let options = server.options();
            (Some(server), options, connection)
        };
        let slow = PgPoolOptions::new()
            .max_connections(SLOW_CONNECTIONS)
            // A ping before each use would be a round trip more.
            .test_before_acquire(false)
            .connect_lazy_with(options.clone());
        let mut connection = connection;
        sweep::drop_backlog(&mut connection).await;
        Ok(Self {
            owner,
            connection: Mutex::new(connection),
            slow,
            shared: Mutex::default(),
            options,
            server,
            swept: Once::new(),
        })
    }

    /// How to connect to a database.
    pub(super) fn options(&self, name: &str) -> PgConnectOptions {
        self.options.clone().database(name)
    }

    /// Whether the server belongs to the tests alone: its data may be lost in a crash, and its user is a superuser.
    pub(super) fn is_private(&self) -> bool {
        self.server.is_some()
    }

    /// A connection for statements that take their time, to the database that every process meets in.
    pub(super) async fn slow_connection(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        connect_patiently(|| self.slow.acquire()).await
    }

    /// A connection of its own to the database that every process meets in.
    pub(super) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        connect(&self.slow.connect_options()).await
    }

    /// Drops the leftovers of other processes in the background; once.
    pub(super) fn sweep_leftovers(&'static self) {
        self.swept
            .call_once(|| run_in_background(sweep::drop_leftovers(self)));
    }

    /// Drops a database in the background.
    pub(super) fn drop_later(&'static self, name: &str) {
        let name = name.to_owned();
        run_in_background(async move {
            sweep::drop_database(&mut *self.slow_connection().await?, &name).await
        });
    }

    /// Keeps a database for a while; gives for how long, in words.
    pub(super) fn keep_database(&'static self, name: &str) -> &'static str {
        let (sql, words) = match &self.server {
            Some(server) => {
                server.keep();
                (
                    names::mark_good_for(name, Duration::from_hours(1)),
                    "for an hour",
                )
            }
            None => (
                names::mark_good_for(name, Duration::from_hours(24)),
                "for a day",
            ),
        };
        let (done, kept) = sync_channel(1);
        run_in_background(async move {
            let executed = self
                .slow_connection()
                .await?
                .execute(AssertSqlSafe(sql))
                .await;
            let _ = done.send(());
            executed.map(drop)
        });
        // A failing test may run on the only thread of its runtime, so waiting on that runtime would never end. A channel of the
        // standard library blocks the thread, while the other runtime works.
        let _ = kept.recv_timeout(MARK_DEADLINE);
        words
    }
}

/// Runs on the session's runtime, so that connections opened here outlive the test's runtime.
pub(super) async fn on_runtime<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    match RUNTIME.spawn(work).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// Runs in the background. Errors are not reported, because another process repeats the work, or has done it.
pub(super) fn run_in_background(
    work: impl Future<Output = Result<(), sqlx::Error>> + Send + 'static,
) {
    RUNTIME.spawn(async move {
        if let Err(error) = work.await {
            tracing::debug!(%error, "left to another process");
        }
    });
}
