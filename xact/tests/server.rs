//! The server that the promises are tested against, and an observer who sees the pool's connections.

use std::sync::Mutex;
use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use xact::sqlx::{ConnectOptions, PgConnection, PgPool, query_scalar, raw_sql};

use xact::testing::TestDatabase;
use xact_server::Server;

use crate::slow_server;

pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// The URL of a new database with the schema of the tests, which stays for as long as this process.
pub(crate) async fn url() -> String {
    static LEASED: Mutex<Vec<TestDatabase>> = Mutex::new(Vec::new());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1_schema.up.sql"), SCHEMA).unwrap();
    let test = TestDatabase::isolated_from(&folder).await.unwrap();
    let url = test.url();
    LEASED.lock().unwrap().push(test);
    url
}

/// A new database, a pool of at most `connections` to it, and an observer.
pub(crate) async fn database(connections: u32) -> (xact::Pool, Observer) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    pool_and_observer(connections, options.clone(), options).await
}

/// The same, on a server of its own: so many connections are made and dropped that other tests could not connect.
pub(crate) async fn database_apart(connections: u32) -> (Server, xact::Pool, Observer) {
    let server = Server::start(None).await.unwrap();
    let mut connection = server.connect().await.unwrap();
    raw_sql(SCHEMA).execute(&mut connection).await.unwrap();
    let options = server.options();
    let (pool, observer) = pool_and_observer(connections, options.clone(), options).await;
    (server, pool, observer)
}

/// The same, with a pool whose server answers a few bytes at a time.
pub(crate) async fn slow_database(connections: u32) -> (xact::Pool, Observer) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    pool_and_observer(connections, slow_options(&options).await, options).await
}

/// A new database, a pool of sqlx's own, and an observer.
pub(crate) async fn sqlx_database(connections: u32) -> (PgPool, Observer) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    sqlx_pool_and_observer(connections, options.clone(), options).await
}

/// The same, with a server that answers a few bytes at a time.
pub(crate) async fn slow_sqlx_database(connections: u32) -> (PgPool, Observer) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    sqlx_pool_and_observer(connections, slow_options(&options).await, options).await
}

async fn slow_options(options: &PgConnectOptions) -> PgConnectOptions {
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(slow_server::start(socket).await)
        .username(options.get_username())
        .database(options.get_database().unwrap())
        .ssl_mode(PgSslMode::Disable)
}

async fn sqlx_pool_and_observer(
    connections: u32,
    pooled: PgConnectOptions,
    options: PgConnectOptions,
) -> (PgPool, Observer) {
    let observer = options.application_name("observer").connect().await;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(pooled.application_name("pool"));
    (pool, Observer(observer.unwrap()))
}

async fn pool_and_observer(
    connections: u32,
    pooled: PgConnectOptions,
    options: PgConnectOptions,
) -> (xact::Pool, Observer) {
    let observer = options
        .application_name("observer")
        .connect()
        .await
        .unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10));
    (
        xact::Pool::from_options(pool, pooled.application_name("pool")),
        Observer(observer),
    )
}

/// A pool of at most four connections to a new database.
pub(crate) async fn pool() -> xact::Pool {
    database(4).await.0
}

/// Waits until the pool has closed its connections, which it does in the background.
pub(crate) async fn closed(pool: &xact::Pool) {
    for _ in 0..500 {
        if pool.size() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a connection was kept");
}

/// A connection of its own, to look at those of the pool.
pub(crate) struct Observer(pub(crate) PgConnection);

impl Observer {
    /// Waits until no connection of the pool is in a transaction; the pool returns and closes connections in the background.
    pub(crate) async fn quiet(&mut self) {
        let open = "SELECT count(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = 'pool' AND state <> 'idle'";
        for _ in 0..500 {
            let open: i64 = query_scalar(open).fetch_one(&mut self.0).await.unwrap();
            if open == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("a transaction was left open");
    }

    /// Waits until no session holds an advisory lock or waits for one; the server notices in the background that a client has left.
    pub(crate) async fn unlocked(&mut self) {
        let locks = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database \
            WHERE locktype = 'advisory' AND datname = current_database()";
        for _ in 0..2000 {
            let locks: i64 = query_scalar(locks).fetch_one(&mut self.0).await.unwrap();
            if locks == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("a lock is still held or waited for");
    }

    /// Ends every connection of the pool, as an administrator or a restart does.
    pub(crate) async fn terminate(&mut self) {
        let terminate = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = 'pool'";
        let _ended: i64 = query_scalar(terminate)
            .fetch_one(&mut self.0)
            .await
            .unwrap();
        while !self.backends().await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The processes that serve the pool.
    pub(crate) async fn backends(&mut self) -> Vec<i32> {
        let backends = "SELECT pid FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = 'pool' ORDER BY pid";
        query_scalar(backends).fetch_all(&mut self.0).await.unwrap()
    }

    pub(crate) async fn users(&mut self) -> Vec<String> {
        query_scalar("SELECT email FROM users ORDER BY id")
            .fetch_all(&mut self.0)
            .await
            .unwrap()
    }
}
