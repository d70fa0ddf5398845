//! A connection that died in the pool is replaced; one that dies in a transaction is an error.

use crate::orm::Admin;
use crate::server::database;

#[tokio::test]
async fn dead_connections_are_replaced_at_begin() {
    let (pool, mut observer) = database(3).await;
    let guards = [
        pool.begin(Admin).await.unwrap(),
        pool.begin(Admin).await.unwrap(),
        pool.begin(Admin).await.unwrap(),
    ];
    for guard in guards {
        guard.rollback().await.unwrap();
    }
    observer.quiet().await;
    observer.terminate().await;
    pool.xact(Admin, async |q| q.orm().users_insert("a", None).await)
        .await
        .unwrap();
    assert_eq!(observer.users().await, ["a"]);
}

#[tokio::test]
async fn a_connection_that_dies_in_a_transaction_is_an_error_and_not_kept() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    observer.terminate().await;
    let error = q.orm().users_insert("b", None).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(error.query(), Some("users_insert"));
    assert!(q.commit().await.is_err());
    assert!(observer.users().await.is_empty());
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_commit_on_a_dead_connection_is_an_error() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    observer.terminate().await;
    assert!(q.commit().await.is_err());
    assert!(observer.users().await.is_empty());
}
