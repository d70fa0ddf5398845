//! A failure outside of the program is a clear error, the pool recovers by itself, and nothing is half committed.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use xact::generated::Query;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use xact::sqlx::{AssertSqlSafe, Connection as _, query_scalar, raw_sql};
use xact_server::Server;

use crate::orm::{Admin, customer};
use crate::server::{SCHEMA, closed, database, pool, url};

fn impatient(url: &str) -> xact::Pool {
    let options: PgConnectOptions = url.parse().unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(200));
    xact::Pool::from_options(pool, options)
}

#[tokio::test]
async fn an_exhausted_pool_says_so_and_recovers() {
    let pool = impatient(&url().await);
    let q = pool.begin(Admin).await.unwrap();
    let error = pool.begin(customer("ada")).await.unwrap_err();
    assert!(
        error.is_pool_exhausted() && !error.is_unreachable(),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "begin in scope `customer`: all 1 connections of the pool were in use for 200ms"
    );
    q.commit().await.unwrap();
    pool.begin(customer("ada"))
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_not_an_exhausted_pool() {
    let pool = impatient("postgres://postgres@127.0.0.1:1/app");
    let error = pool.begin(Admin).await.unwrap_err();
    assert!(
        error.is_unreachable() && !error.is_pool_exhausted(),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "begin in scope `admin`: no connection could be made within 200ms: \
         the server cannot be reached, is starting up, or has none left"
    );
}

/// A server of its own, for it is going to crash.
async fn server() -> (Server, String) {
    let server = Server::start(None).await.unwrap();
    let mut connection = server.connect().await.unwrap();
    raw_sql(SCHEMA).execute(&mut connection).await.unwrap();
    let socket = server.options().get_socket().unwrap().display().to_string();
    let database: String = query_scalar("SELECT current_database()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    (
        server,
        format!("postgres://postgres@localhost/{database}?host={socket}"),
    )
}

#[tokio::test]
async fn a_server_that_restarts_in_the_middle_of_a_transaction_rolls_it_back() {
    let (server, url) = server().await;
    let pool = xact::Pool::connect(&url).await.unwrap();
    let mut victim = server.connect().await.unwrap();
    let mut observer = server.connect().await.unwrap();
    let pid: i32 = query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut victim)
        .await
        .unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("half", None).await.unwrap();
    // The crash would lose the last commits, because throwaway servers do not wait for the disk.
    let checkpoint = raw_sql("CHECKPOINT").execute(&mut observer);
    checkpoint.await.unwrap();
    // Postgres ends every connection and recovers when one of its processes dies like this.
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    let error = loop {
        match q.orm().users_list(0).await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            Err(error) => break error,
        }
    };
    assert!(error.is_connection_lost(), "{error:?}");
    let error = q.commit().await.unwrap_err();
    assert!(
        error.to_string().contains("the transaction is lost"),
        "{error}"
    );
    pool.wait_until_ready(Duration::from_mins(1)).await.unwrap();
    let users = pool
        .xact(Admin, async |q| q.orm().users_list(0).await)
        .await
        .unwrap();
    assert!(users.is_empty());
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_an_error_of_its_own_and_nothing_is_committed() {
    static FULL: Query = Query {
        name: "full",
        file: "queries/disk.sql",
        sql: "DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file: No space left on device'; END $$",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let (pool, mut observer) = database(1).await;
    let result = pool.xact(Admin, async |q| {
        q.orm().users_insert("half", None).await?;
        q.orm().run.execute(FULL.arguments()).await
    });
    let error = result.await.unwrap_err();
    assert!(error.is_disk_full() && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "query `full` (queries/disk.sql): SQLSTATE 53100: \
        the message may hold values, and is in `Error::database_message`"
    );
    assert!(observer.users().await.is_empty());
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_database_without_connections_left_is_a_clear_error_and_recovers() {
    let url = url().await;
    let mut owner = xact::sqlx::PgConnection::connect(&url).await.unwrap();
    // Roles belong to the whole server, which other runs share.
    let lonely = format!("lonely_{}", std::process::id());
    let create = format!("CREATE ROLE {lonely} LOGIN CONNECTION LIMIT 1");
    let create = raw_sql(AssertSqlSafe(create));
    create.execute(&mut owner).await.unwrap();
    let url = url.replace("postgres@", &format!("{lonely}@"));
    let (pool, other) = (impatient(&url), impatient(&url));
    let q = pool.begin(Admin).await.unwrap();
    let error = other.begin(Admin).await.unwrap_err();
    assert!(error.is_unreachable(), "{error:?}");
    let ready = other.wait_until_ready(Duration::from_millis(100)).await;
    assert_eq!(ready.unwrap_err().code(), Some("53300"));
    q.commit().await.unwrap();
    pool.close().await;
    other
        .wait_until_ready(Duration::from_mins(1))
        .await
        .unwrap();
    let drop = raw_sql(AssertSqlSafe(format!("DROP ROLE {lonely}")));
    drop.execute(&mut owner).await.unwrap();
}

static ECHO: Query = Query {
    name: "echo",
    file: "queries/large.sql",
    sql: "SELECT $1, length($1)",
    parameters: &[25],
    columns: &[25, 23],
    names: "",
};

#[tokio::test]
async fn parameters_of_two_megabytes_arrive_whole() {
    let (pool, _observer) = database(1).await;
    let large = "Ünï'\\\"🦀".repeat(2 << 17);
    assert!(large.len() > 2 << 20);
    let mut q = pool.begin(customer(&large)).await.unwrap();
    let mut orm = q.orm();
    let echo = ECHO.arguments().push(large.as_str());
    let read = |row: &xact::generated::Row<'_>| Ok((row.get::<String>(0)?, row.get::<i32>(1)?));
    let (echoed, length) = orm.run.one(echo, read).await.unwrap();
    assert!(echoed == large);
    assert_eq!(usize::try_from(length).unwrap(), large.chars().count());
    assert!(orm.identity().await.unwrap().user_id == large);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_value_that_is_too_large_for_an_index_is_an_error_and_the_pool_recovers() {
    let (pool, mut observer) = database(1).await;
    // Random letters, because Postgres compresses repetitions.
    let mut random = 1_u32;
    let large: String = (0..2 << 20)
        .map(|_| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from((random >> 24) % 26).unwrap())
        })
        .collect();
    let result = pool.xact(Admin, async |q| q.orm().users_insert(&large, None).await);
    let error = result.await.unwrap_err();
    assert_eq!(error.code(), Some("54000"), "{error}");
    assert!(error.to_string().len() < 500, "it shows the value");
    pool.xact(Admin, async |q| q.orm().users_insert("a", None).await)
        .await
        .unwrap();
    assert_eq!(observer.users().await, ["a"]);
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_nul_byte_in_a_parameter_is_an_error_and_the_pool_recovers() {
    let pool = pool().await;
    let result = pool.xact(Admin, async |q| q.orm().users_insert("a\0b", None).await);
    let error = result.await.unwrap_err();
    assert_eq!(error.code(), Some("22021"), "{error}");
    assert_eq!(error.query(), Some("users_insert"));
    pool.xact(Admin, async |q| q.orm().users_insert("ab", None).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_connection_that_an_administrator_ends_while_a_query_runs_is_an_error() {
    static SLEEP: Query = Query {
        name: "sleep",
        file: "queries/sleep.sql",
        sql: "SELECT pg_sleep(600)",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let (pool, mut observer) = database(1).await;
    let running = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.xact(Admin, async |q| {
                q.orm().users_insert("half", None).await?;
                q.orm().run.execute(SLEEP.arguments()).await
            })
            .await
        }
    });
    while observer.backends().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    observer.terminate().await;
    let error = running.await.unwrap().unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(observer.users().await.is_empty());
    closed(&pool).await;
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
}
