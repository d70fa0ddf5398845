//! What holds the databases of this process: one connection, on a runtime that no test owns.
//!
//! Each test has a runtime that ends with it, but a connection has to stay as long as the process:
//! it is by its application name that others see that the process lives. What nobody waits for runs
//! here too, on connections of its own. A statement that was sent is finished by the server, even if
//! this process ends before the answer.

use super::super::server::{SharedServer, connect_to};
use super::run::new_owner;
use super::{TestDatabaseError, names, sweep};
use crate::connect::{connect, connect_patiently};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, PgPool, Postgres};
use std::collections::HashMap;
use std::sync::mpsc::sync_channel;
use std::sync::{LazyLock, Once};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, OnceCell};

/// How many slow statements run at a time; the server has other tests to serve.
const HANDS: u32 = 2;

/// How long a failed test waits for its database to be marked as kept.
const PATIENCE: Duration = Duration::from_secs(10);

/// The keeper of this process.
#[derive(Debug)]
pub(super) struct Keeper {
    /// Part of the names of its databases.
    pub(super) owner: String,
    /// Says that this process lives. Only quick statements run on it.
    pub(super) connection: Mutex<PgConnection>,
    /// For statements that take their time.
    hands: PgPool,
    /// A connection into each shared database says that it is in use.
    pub(super) shared: Mutex<HashMap<String, PgConnection>>,
    /// To the database that every process meets in.
    options: PgConnectOptions,
    server: Option<SharedServer>,
    swept: Once,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("xact-test-databases")
        .enable_all()
        .build()
        .expect("a process that runs tests can start a thread")
});

static KEEPER: OnceCell<Keeper> = OnceCell::const_new();

impl Keeper {
    pub(super) async fn of_this_process() -> Result<&'static Self, TestDatabaseError> {
        if let Some(keeper) = KEEPER.get() {
            return Ok(keeper);
        }
        on_runtime(KEEPER.get_or_try_init(Self::start)).await
    }

    async fn start() -> Result<Self, TestDatabaseError> {
        let url = ["XACT_SERVER_URL", "DATABASE_URL"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|url| !url.is_empty()));
        let owner = new_owner();
        let application = names::application(&owner);
        let (server, options, connection) = if let Some(url) = url {
            let (options, connection) = connect_to(&url, &application).await?;
            (None, options, connection)
        } else {
            let (server, connection) = SharedServer::enter(&application).await?;
            let options = server.options();
            (Some(server), options, connection)
        };
        let hands = PgPoolOptions::new()
            .max_connections(HANDS)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone());
        let mut connection = connection;
        sweep::backlog(&mut connection).await;
        Ok(Self {
            owner,
            connection: Mutex::new(connection),
            hands,
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

    /// Whether nothing is lost when the server crashes, and its user may do everything.
    pub(super) fn is_private(&self) -> bool {
        self.server.is_some()
    }

    /// A connection for statements that take their time, to the database that every process meets in.
    pub(super) async fn hand(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        connect_patiently(|| self.hands.acquire()).await
    }

    /// A connection of its own to the database that every process meets in.
    pub(super) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        connect(&self.hands.connect_options()).await
    }

    /// Drops what other processes left, while nobody waits; once.
    pub(super) fn sweep(&'static self) {
        self.swept.call_once(|| afterwards(sweep::leftovers(self)));
    }

    /// Drops a database that nobody uses any more, while nobody waits.
    pub(super) fn release(&'static self, name: &str) {
        let name = name.to_owned();
        afterwards(async move { sweep::remove(&mut *self.hand().await?, &name).await });
    }

    /// Sees to it that a database stays for a while; gives for how long, in words.
    pub(super) fn keep(&'static self, name: &str) -> &'static str {
        let (sql, words) = match &self.server {
            Some(server) => {
                server.keep();
                (
                    names::good_for(name, Duration::from_hours(1)),
                    "for an hour",
                )
            }
            None => (names::good_for(name, Duration::from_hours(24)), "for a day"),
        };
        let (done, kept) = sync_channel(1);
        afterwards(async move {
            let executed = self.hand().await?.execute(AssertSqlSafe(sql)).await;
            let _ = done.send(());
            executed.map(drop)
        });
        // A test that fails may do so on a thread that drives its own runtime: this one waits without it.
        let _ = kept.recv_timeout(PATIENCE);
        words
    }
}

/// Runs on the keeper's runtime, so that connections made here outlive the test's.
pub(super) async fn on_runtime<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    match RUNTIME.spawn(work).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// Runs while nobody waits. What fails here is repeated by another process, or was done by one.
pub(super) fn afterwards(work: impl Future<Output = Result<(), sqlx::Error>> + Send + 'static) {
    RUNTIME.spawn(async move {
        if let Err(error) = work.await {
            tracing::debug!(%error, "left to another process");
        }
    });
}
