//! A savepoint is undone alone, and never left half done.

use std::future::pending;

use tokio::sync::Notify;
use xact::sqlx::Executor as _;

use crate::orm::{Admin, customer};
use crate::server::{closed, database};

#[tokio::test]
async fn what_is_done_at_a_savepoint_is_part_of_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.orm().users_insert("before", None).await.unwrap();
    let role = q
        .savepoint(async |q| {
            q.orm().users_insert("at", None).await?;
            Ok::<_, xact::Error>(q.orm().identity().await?.role)
        })
        .await
        .unwrap();
    assert_eq!(role, "xact_customer");
    assert!(observer.users().await.is_empty());
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["before", "at"]);
}

#[tokio::test]
async fn an_error_undoes_the_savepoint_and_the_transaction_goes_on() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let inserted = q
        .savepoint(async |q| {
            q.orm().users_insert("undone", None).await?;
            q.orm().users_insert("a", None).await
        })
        .await;
    assert!(inserted.unwrap_err().is_unique_violation());
    q.orm().users_insert("b", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a", "b"]);
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn an_error_of_the_caller_undoes_the_savepoint_too() {
    #[derive(Debug)]
    struct Mine;
    impl From<xact::Error> for Mine {
        fn from(_: xact::Error) -> Self {
            Self
        }
    }

    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let result = q.savepoint(async |q| {
        q.orm().users_insert("undone", None).await?;
        Err::<(), _>(Mine)
    });
    result.await.unwrap_err();
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}

#[tokio::test]
async fn savepoints_nest() {
    let (pool, mut observer) = database(1).await;
    pool.xact(Admin, async |q| {
        q.savepoint(async |q| {
            q.orm().users_insert("outer", None).await?;
            let inner = q.savepoint(async |q| {
                q.orm().users_insert("inner", None).await?;
                q.orm().users_insert("outer", None).await
            });
            assert!(inner.await.unwrap_err().is_unique_violation());
            q.savepoint(async |q| q.orm().users_insert("second", None).await)
                .await
        })
        .await
    })
    .await
    .unwrap();
    assert_eq!(observer.users().await, ["outer", "second"]);
}

#[tokio::test]
async fn a_swallowed_error_at_a_savepoint_is_an_error_that_names_the_query() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let result = q.savepoint(async |q| {
        let _swallowed = q.orm().users_insert("a", None).await;
        Ok::<_, xact::Error>(())
    });
    let error = result.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "savepoint: the transaction was aborted by an error of query `users_insert` (queries/users.sql) and has been rolled back"
    );
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}

#[tokio::test]
async fn no_savepoint_can_be_set_in_an_aborted_transaction() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap_err();
    let result = q.savepoint(async |_| -> Result<(), xact::Error> { panic!("the body runs") });
    assert_eq!(result.await.unwrap_err().code(), Some("25P02"));
    let error = q.commit().await.unwrap_err();
    assert!(error.to_string().contains("`users_insert`"), "{error}");
}

#[tokio::test]
async fn a_dropped_savepoint_loses_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let inserted = Notify::new();
    let savepoint = q.savepoint(async |q| {
        q.orm().users_insert("half", None).await?;
        inserted.notify_one();
        pending::<Result<(), xact::Error>>().await
    });
    // Nothing is under way on the connection when it is dropped: only the savepoint is unfinished.
    tokio::select! {
        _ = savepoint => panic!("it waits forever"),
        () = inserted.notified() => {}
    }
    let error = q.orm().users_insert("other half", None).await.unwrap_err();
    assert!(
        error.to_string().contains("the transaction is lost"),
        "{error}"
    );
    assert!(q.commit().await.is_err());
    closed(&pool).await;
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_panic_at_a_savepoint_loses_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.xact(Admin, async |q| {
                let panics = q.savepoint(async |q| {
                    q.orm().users_insert("half", None).await?;
                    assert_eq!(q.orm().users_list(0).await?.len(), 404, "boom");
                    Ok::<_, xact::Error>(())
                });
                panics.await
            })
            .await
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    closed(&pool).await;
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn the_raw_connection_may_be_used_at_a_savepoint() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    for (email, keep) in [("kept", true), ("undone", false)] {
        let result = q.savepoint(async |q| {
            q.orm().users_insert(email, None).await?;
            let sql = if keep { "SELECT 1" } else { "SELECT 1 / 0" };
            q.connection().execute(sql).await?;
            Ok::<_, xact::Error>(())
        });
        assert_eq!(result.await.is_ok(), keep);
    }
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["kept"]);
}

#[tokio::test]
async fn an_error_swallowed_on_the_raw_connection_fails_the_savepoint() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let result = q.savepoint(async |q| {
        let _swallowed = q.connection().execute("SELECT 1 / 0").await;
        Ok::<_, xact::Error>(())
    });
    let error = result.await.unwrap_err();
    assert_eq!(error.code(), Some("25P02"), "{error}");
    q.commit().await.unwrap();
    observer.quiet().await;
}

#[tokio::test]
async fn an_error_on_the_raw_connection_that_was_swallowed_undoes_its_savepoint_alone() {
    let (pool, mut observer) = database(1).await;
    for before in [false, true] {
        let mut q = pool.begin(Admin).await.unwrap();
        q.orm().users_insert("kept", None).await.unwrap();
        if before {
            q.connection();
        }
        let swallowed = q.savepoint(async |q| {
            q.orm().users_insert("undone", None).await?;
            let refused = q.connection().execute("SELECT 1 / 0").await;
            assert!(refused.is_err());
            Ok::<_, xact::Error>(())
        });
        assert_eq!(swallowed.await.unwrap_err().code(), Some("25P02"));
        let swallowed = q.savepoint(async |q| {
            let refused = q.orm().users_insert("kept", None).await;
            assert!(refused.unwrap_err().is_unique_violation());
            Ok::<_, xact::Error>(())
        });
        assert_eq!(swallowed.await.unwrap_err().code(), Some("25P02"));
        q.orm().users_insert("after", None).await.unwrap();
        q.commit().await.unwrap();
        assert_eq!(observer.users().await, ["kept", "after"]);
        observer.0.execute("DELETE FROM users").await.unwrap();
    }
}
