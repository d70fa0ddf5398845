//! A commit whose answer is lost is said to be unknown, and is not run again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use xact::Retry;
use xact::sqlx::Executor as _;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};

use crate::orm::Admin;
use crate::server::{database, url};
use crate::silent_server::{self, Way};

/// The server hears COMMIT, and its answer meets a closed connection.
#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_unknown_and_not_retried() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let (port, wire) = silent_server::start(socket, Way::ToClient).await;
    wire.set_closing();
    let connection = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(options.get_username())
        .database(options.get_database().unwrap())
        .ssl_mode(PgSslMode::Disable);
    let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), connection);
    let runs = AtomicUsize::new(0);
    let result = pool.retry(Retry::times(3), Admin, async |q| {
        runs.fetch_add(1, Ordering::Relaxed);
        q.orm().users_insert("once", Some(1)).await?;
        // COMMIT, and the answer to it.
        wire.cut_at(2);
        Ok::<_, xact::Error>(())
    });
    let error = result.await.unwrap_err();
    assert!(
        error.is_commit_unknown() && error.is_connection_lost(),
        "{error:?}"
    );
    assert!(!error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("commit: whether the transaction was committed is not known: "),
        "{error}"
    );
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    let users = pool.xact(Admin, async |q| q.orm().users_list(0).await);
    assert_eq!(users.await.unwrap().len(), 1);
}

/// Postgres says why it ends the session, and not whether the transaction came through.
#[tokio::test]
async fn a_session_that_is_ended_at_commit_leaves_it_unknown() {
    let (pool, mut observer) = database(1).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$; \
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED \
        FOR EACH ROW EXECUTE FUNCTION slow()";
    observer.0.execute(slow).await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let committing = tokio::spawn(q.commit());
    tokio::time::sleep(Duration::from_millis(50)).await;
    observer.terminate().await;
    let error = committing.await.unwrap().unwrap_err();
    assert!(
        error.is_commit_unknown() && error.is_connection_lost(),
        "{error:?}"
    );
    assert_eq!(error.code(), Some("57P01"));
}

#[tokio::test]
async fn a_commit_that_postgres_refuses_is_known() {
    let (pool, mut observer) = database(1).await;
    let strict = "CREATE TABLE strict (id int, CONSTRAINT one UNIQUE (id) DEFERRABLE INITIALLY DEFERRED); \
        INSERT INTO strict VALUES (1)";
    observer.0.execute(strict).await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let insert = q.sql("strict", xact::sqlx::query("INSERT INTO strict VALUES (1)"));
    insert.execute().await.unwrap();
    let error = q.commit().await.unwrap_err();
    assert!(
        error.is_unique_violation() && !error.is_commit_unknown(),
        "{error:?}"
    );
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    observer.terminate().await;
    assert!(q.orm().users_insert("b", None).await.is_err());
    let error = q.commit().await.unwrap_err();
    assert!(
        !error.is_commit_unknown(),
        "COMMIT was never sent: {error:?}"
    );
}
