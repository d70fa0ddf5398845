//! The pool lends, keeps and retires connections.

use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::orm::Admin;
use crate::server::{closed, database, url};

async fn pool_with(options: PgPoolOptions) -> xact::Pool {
    let connection: PgConnectOptions = url().await.parse().unwrap();
    xact::Pool::from_options(options, connection)
}

#[tokio::test]
async fn transactions_that_follow_one_another_share_one_connection() {
    let (pool, mut observer) = database(8).await;
    let backend = async || {
        pool.xact(Admin, async |q| q.orm().backend().await)
            .await
            .unwrap()
    };
    let first = backend().await;
    for _ in 0..20 {
        assert_eq!(backend().await, first);
        assert_eq!((pool.size(), pool.idle()), (1, 1));
    }
    assert_eq!(observer.backends().await, [first]);
}

#[tokio::test]
async fn a_connection_that_nobody_needs_is_retired() {
    for options in [
        PgPoolOptions::new().idle_timeout(Duration::from_millis(50)),
        PgPoolOptions::new().max_lifetime(Duration::from_millis(50)),
    ] {
        let pool = pool_with(options).await;
        pool.begin(Admin).await.unwrap().commit().await.unwrap();
        closed(&pool).await;
    }
}

#[tokio::test]
async fn the_least_number_of_connections_is_opened_without_a_transaction() {
    let pool = pool_with(PgPoolOptions::new().min_connections(2)).await;
    while (pool.size(), pool.idle()) != (2, 2) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    pool.close().await;
    assert_eq!(pool.size(), 0);
}

#[tokio::test]
async fn whoever_waits_gets_the_connection_that_is_given_back() {
    let (pool, _observer) = database(1).await;
    for _ in 0..20 {
        let q = pool.begin(Admin).await.unwrap();
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.begin(Admin).await.unwrap().commit().await }
        });
        tokio::task::yield_now().await;
        q.commit().await.unwrap();
        waiting.await.unwrap().unwrap();
    }
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_closed_pool_lends_nothing_and_closes_what_is_given_back() {
    let (pool, mut observer) = database(2).await;
    let q = pool.begin(Admin).await.unwrap();
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
    let (shared, waiting) = (pool.clone(), pool.clone());
    let closing = tokio::spawn(async move { shared.close().await });
    while observer.backends().await.len() == 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let error = waiting.begin(Admin).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "begin in scope `admin`: attempted to acquire a connection on a closed pool"
    );
    q.commit().await.unwrap();
    closing.await.unwrap();
    while !observer.backends().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
