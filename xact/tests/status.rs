//! How a pool is doing, and when it is ready.

use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::orm::Admin;
use crate::server::{database, url};

#[tokio::test]
async fn the_status_counts_connections_and_those_who_wait() {
    let (pool, _observer) = database(2).await;
    let status = async || {
        let status = pool.status();
        (status.size, status.idle, status.in_use, status.waiting)
    };
    assert_eq!((status().await, pool.status().max_size), ((0, 0, 0, 0), 2));
    let first = pool.begin(Admin).await.unwrap();
    let second = pool.begin(Admin).await.unwrap();
    assert_eq!(status().await, (2, 0, 2, 0));
    let third = tokio::spawn({
        let pool = pool.clone();
        async move { pool.begin(Admin).await }
    });
    while status().await != (2, 0, 2, 1) {
        tokio::task::yield_now().await;
    }
    first.commit().await.unwrap();
    let third = third.await.unwrap().unwrap();
    assert_eq!(status().await, (2, 0, 2, 0));
    second.commit().await.unwrap();
    third.commit().await.unwrap();
    assert_eq!(status().await, (2, 2, 0, 0));
}

#[tokio::test]
async fn whoever_gives_up_waiting_is_not_counted() {
    let (pool, _observer) = database(1).await;
    let q = pool.begin(Admin).await.unwrap();
    let impatient = tokio::time::timeout(Duration::from_millis(20), pool.begin(Admin));
    impatient.await.unwrap_err();
    assert_eq!(pool.status().waiting, 0);
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn a_check_asks_the_server() {
    let (pool, mut observer) = database(1).await;
    pool.check().await.unwrap();
    observer.terminate().await;
    pool.check().await.unwrap();
    pool.close().await;
    assert!(pool.check().await.is_err());
}

#[tokio::test]
async fn waiting_until_ready_outlasts_a_server_that_is_not_there_yet() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let there = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join(".s.PGSQL.5432");
    let pool = xact::Pool::from_options(PgPoolOptions::new(), options.socket(folder.path()));
    let error = pool
        .wait_until_ready(Duration::from_millis(100))
        .await
        .unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(error.to_string().starts_with("connect: "), "{error}");
    let ready = tokio::spawn({
        let pool = pool.clone();
        async move { pool.wait_until_ready(Duration::from_mins(1)).await }
    });
    tokio::task::yield_now().await;
    std::os::unix::fs::symlink(there, here).unwrap();
    ready.await.unwrap().unwrap();
    pool.check().await.unwrap();
}

#[tokio::test]
async fn no_waiting_helps_against_a_database_that_does_not_exist() {
    let url = url().await.replace("/xact_", "/no_such_");
    let pool = xact::Pool::from_settings(&xact::PoolSettings::from_url(&url).unwrap());
    let ready = pool.wait_until_ready(Duration::from_hours(1));
    assert_eq!(ready.await.unwrap_err().code(), Some("3D000"));
}

#[tokio::test]
async fn a_pool_from_settings_keeps_to_them() {
    let url = url().await;
    let settings =
        "pool_size=1&max_overflow=1&application_name=worker&options[search_path]=pg_catalog";
    let pool = xact::Pool::connect(&format!("{url}&{settings}"))
        .await
        .unwrap();
    assert_eq!(pool.status().max_size, 2);
    let mut q = pool.begin(Admin).await.unwrap();
    let shown: Vec<String> = xact::sqlx::query_scalar(
        "SELECT current_setting(name) FROM unnest(ARRAY['application_name', 'search_path']) name",
    )
    .fetch_all(q.connection())
    .await
    .unwrap();
    assert_eq!(shown, ["worker", "pg_catalog"]);
    q.rollback().await.unwrap();
}
