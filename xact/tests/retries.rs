//! A transaction that met another is run again, and no transaction that failed for a reason of its own is.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Barrier;
use xact::generated::Query;
use xact::{Isolation, Retry, TransactionOptions};

use crate::orm::{Admin, Database, customer};
use crate::server::{database, pool};

fn at_once(limit: u32) -> Retry {
    Retry::times(limit).backoff(Duration::ZERO, Duration::ZERO)
}

static CONFLICT: Query = Query {
    name: "conflict",
    file: "queries/conflicts.sql",
    sql: "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$",
    parameters: &[],
    columns: &[],
    names: "",
};

static AGE: Query = Query {
    name: "age",
    file: "queries/users.sql",
    sql: "UPDATE users SET age = age + 1 WHERE email = $1",
    parameters: &[25],
    columns: &[],
    names: "",
};

#[tokio::test]
async fn a_deadlock_is_run_again() {
    let (pool, mut observer) = database(2).await;
    pool.xact(Admin, async |q| {
        q.orm().users_insert("a", Some(0)).await?;
        q.orm().users_insert("b", Some(0)).await
    })
    .await
    .unwrap();
    let met = Barrier::new(2);
    let both = async |first: &str, second: &str| {
        let runs = Cell::new(0);
        pool.retry(at_once(5), Admin, async |q| {
            runs.set(runs.get() + 1);
            q.orm().run.execute(AGE.arguments().push(first)).await?;
            if runs.get() == 1 {
                met.wait().await;
            }
            q.orm().run.execute(AGE.arguments().push(second)).await
        })
        .await
        .unwrap();
        runs.get()
    };
    let (ours, theirs) = tokio::join!(both("a", "b"), both("b", "a"));
    assert!(ours + theirs > 2, "nobody had to run again");
    let mut q = pool.begin(Admin).await.unwrap();
    let ages = q.orm().users_list(0).await.unwrap();
    assert!(ages.iter().all(|user| user.age == Some(2)), "{ages:?}");
    q.rollback().await.unwrap();
    observer.quiet().await;
}

#[tokio::test]
async fn a_serialization_failure_of_the_commit_is_run_again() {
    let (pool, mut observer) = database(2).await;
    let serializable = pool.with(TransactionOptions::new().isolation(Isolation::Serializable));
    let runs = Cell::new(0);
    // Each reads the rows that the other writes: one after the other, the second would have seen the row of the first.
    serializable
        .retry(at_once(5), customer("ada"), async |q| {
            runs.set(runs.get() + 1);
            let seen = q.orm().users_list(0).await?.len();
            if runs.get() == 1 {
                let mut other = serializable.begin(customer("bob")).await?;
                other.orm().users_list(0).await?;
                other.orm().users_insert("other", Some(1)).await?;
                q.orm().users_insert("undone", Some(1)).await?;
                other.commit().await?;
            }
            q.orm().users_insert(&format!("saw {seen}"), Some(1)).await
        })
        .await
        .unwrap();
    assert_eq!(runs.get(), 2);
    assert_eq!(observer.users().await, ["other", "saw 1"]);
}

#[tokio::test]
async fn an_error_that_was_wrapped_or_swallowed_is_still_a_conflict() {
    #[derive(Debug, PartialEq)]
    struct Opaque;
    impl From<xact::Error> for Opaque {
        fn from(_: xact::Error) -> Self {
            Self
        }
    }

    let pool = pool().await;
    let runs = Cell::new(0);
    let wrapped = pool.retry(at_once(2), Admin, async |q| {
        runs.set(runs.get() + 1);
        q.orm().run.execute(CONFLICT.arguments()).await?;
        Ok::<_, Opaque>(())
    });
    assert_eq!(wrapped.await, Err(Opaque));
    assert_eq!(runs.get(), 3);

    let runs = Cell::new(0);
    let swallowed = pool.retry(at_once(1), Admin, async |q| {
        runs.set(runs.get() + 1);
        let _swallowed = q.orm().run.execute(CONFLICT.arguments()).await;
        q.orm().users_list(0).await
    });
    assert_eq!(swallowed.await.unwrap_err().code(), Some("25P02"));
    assert_eq!(runs.get(), 2);
}

#[tokio::test]
async fn the_last_conflict_is_the_error_when_the_limit_is_reached() {
    let pool = pool().await;
    for limit in [0, 1, 3] {
        let runs = Cell::new(0);
        let result = pool.retry(at_once(limit), Admin, async |q| {
            runs.set(runs.get() + 1);
            q.orm().run.execute(CONFLICT.arguments()).await
        });
        assert!(result.await.unwrap_err().is_retryable());
        assert_eq!(runs.get(), limit + 1);
    }
}

#[tokio::test]
async fn an_error_that_is_no_conflict_is_not_run_again() {
    let pool = pool().await;
    let runs = Cell::new(0);
    let result = pool.retry(at_once(5), Admin, async |q| {
        runs.set(runs.get() + 1);
        q.orm().users_insert("a", None).await?;
        q.orm().users_insert("a", None).await
    });
    assert!(result.await.unwrap_err().is_unique_violation());
    assert_eq!(runs.get(), 1);
}

#[tokio::test]
async fn a_conflict_that_a_savepoint_undid_is_no_reason_to_run_again() {
    let pool = pool().await;
    let runs = Cell::new(0);
    let result = pool.retry(at_once(5), Admin, async |q| {
        runs.set(runs.get() + 1);
        let conflict = q.savepoint(async |q| q.orm().run.execute(CONFLICT.arguments()).await);
        assert!(conflict.await.unwrap_err().is_retryable());
        q.orm().users_list(0).await?;
        q.orm().users_one(404).await
    });
    assert!(result.await.unwrap_err().is_not_found());
    assert_eq!(runs.get(), 1);

    // But if the transaction fails with the error of the savepoint, it is.
    let runs = Cell::new(0);
    let result = pool.retry(at_once(1), Admin, async |q| {
        runs.set(runs.get() + 1);
        q.savepoint(async |q| q.orm().run.execute(CONFLICT.arguments()).await)
            .await
    });
    assert!(result.await.unwrap_err().is_retryable());
    assert_eq!(runs.get(), 2);
}

#[tokio::test]
async fn each_run_begins_with_no_hooks() {
    let pool = pool().await;
    let (sender, mut hooks) = tokio::sync::mpsc::unbounded_channel();
    let runs = Cell::new(0);
    pool.retry(at_once(5), Admin, async |q| {
        runs.set(runs.get() + 1);
        let (sender, run) = (sender.clone(), runs.get());
        q.after_commit(move || sender.send(run).unwrap());
        if run < 3 {
            q.orm().run.execute(CONFLICT.arguments()).await?;
        }
        Ok::<_, xact::Error>(())
    })
    .await
    .unwrap();
    drop(sender);
    assert_eq!((hooks.recv().await, hooks.recv().await), (Some(3), None));
}

#[tokio::test]
async fn the_future_of_a_retried_transaction_is_send_inside_spawn() {
    let database = Database { pool: pool().await };
    let task = tokio::spawn(async move {
        let email = String::from("a");
        database
            .retry_customer(Retry::default(), "ada", async |q| {
                q.savepoint(async |q| q.orm().users_insert(&email, Some(1)).await)
                    .await?;
                Ok::<_, xact::Error>(q.orm().users_list(0).await?.len())
            })
            .await
    });
    assert_eq!(task.await.unwrap().unwrap(), 1);
}
