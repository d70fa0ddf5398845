//! The raw connection does not weaken the promises.

use xact::sqlx::{Acquire as _, Executor as _, query_scalar, raw_sql};

use crate::orm::{Admin, customer};
use crate::server::{closed, database};

#[tokio::test]
async fn what_runs_on_the_raw_connection_is_part_of_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    let role: String = query_scalar("SELECT current_user::text")
        .fetch_one(q.conn())
        .await
        .unwrap();
    assert_eq!(role, "xact_customer");
    q.conn()
        .execute("INSERT INTO users (email) VALUES ('raw')")
        .await
        .unwrap();
    q.orm().users_insert("orm", None).await.unwrap();
    assert!(observer.users().await.is_empty());
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["raw", "orm"]);
    observer.quiet().await;
    assert_eq!(
        pool.size(),
        1,
        "a completed commit makes the connection poolable again"
    );
}

#[tokio::test]
async fn a_swallowed_error_on_the_raw_connection_fails_the_commit() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    assert!(q.conn().execute("SELECT 1 / 0").await.is_err());
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P02"));
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_transaction_ended_on_the_raw_connection_fails_the_commit() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.conn().execute("COMMIT").await.unwrap();
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P01"));
}

#[tokio::test]
async fn a_transaction_on_the_raw_connection_is_a_savepoint() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let mut inner = q.conn().begin().await.unwrap();
    assert!(
        (*inner)
            .execute("INSERT INTO users (email) VALUES ('a')")
            .await
            .is_err()
    );
    inner.rollback().await.unwrap();
    q.orm().users_insert("b", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a", "b"]);
}

#[tokio::test]
async fn a_forgotten_transaction_on_the_raw_connection_fails_the_commit() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    std::mem::forget(q.conn().begin().await.unwrap());
    let error = q.commit().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("neither committed nor rolled back"),
        "{error}"
    );
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn without_a_commit_or_rollback_the_connection_is_closed() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.conn()
        .execute("SET app.user_id = 'left behind'")
        .await
        .unwrap();
    drop(q);
    closed(&pool).await;
    observer.quiet().await;
}

#[tokio::test]
async fn a_role_taken_for_the_session_does_not_outlive_the_transaction() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    raw_sql("SET ROLE xact_customer")
        .execute(q.conn())
        .await
        .unwrap();
    q.commit().await.unwrap();
    let identity = pool
        .xact(Admin, async |q| q.orm().identity().await)
        .await
        .unwrap();
    assert_eq!(identity.role, "postgres");
}

#[tokio::test]
async fn an_error_of_the_raw_connection_is_an_error_like_any_other() {
    let (pool, _observer) = database(1).await;
    let run = pool.xact(Admin, async |q| {
        q.conn()
            .execute("INSERT INTO users (email) VALUES (NULL)")
            .await?;
        Ok::<_, xact::Error>(())
    });
    let error = run.await.unwrap_err();
    assert!(error.is_not_null_violation());
    assert!(
        error
            .to_string()
            .starts_with("raw connection: null value in column"),
        "{error}"
    );
}
