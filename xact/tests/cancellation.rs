//! A future dropped at any await leaves nothing of its transaction in the pool.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use xact::{Isolation, TransactionOptions};

use crate::orm::{Admin, Identity, customer};
use crate::server::{Observer, database, slow_database};

/// When a future is dropped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dropped {
    /// Right after a poll, while the answer is on its way.
    AfterPoll(usize),
    /// Before the next poll, when the answer has arrived and was not read.
    BeforePoll(usize),
}

/// Runs a future up to the moment it is to be dropped. Gives whether it completed before.
pub(crate) async fn run_until<F: Future>(future: F, dropped: Dropped) -> bool {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        if matches!(dropped, Dropped::BeforePoll(last) if polls == last) {
            return Poll::Ready(false);
        }
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if matches!(dropped, Dropped::AfterPoll(last) if polls == last) => {
                Poll::Ready(false)
            }
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Every connection of the pool is idle: no open transaction, no role, no setting.
async fn assert_clean(pool: &xact::Pool, observer: &mut Observer, moment: &str) {
    observer.quiet().await;
    observer.unlocked().await;
    let nobody = Identity {
        role: "postgres".to_owned(),
        user_id: String::new(),
        organization_id: String::new(),
    };
    let mut first = pool
        .begin(Admin)
        .await
        .unwrap_or_else(|error| panic!("{moment}: {error}"));
    let mut second = pool
        .begin(Admin)
        .await
        .unwrap_or_else(|error| panic!("{moment}: {error}"));
    for q in [&mut first, &mut second] {
        assert_eq!(q.orm().identity().await.unwrap(), nobody, "{moment}");
    }
    first.rollback().await.unwrap();
    second.rollback().await.unwrap();
}

async fn closure(pool: &xact::Pool) -> Result<(), xact::Error> {
    pool.xact(customer("ada"), async |q| {
        q.orm().users_insert("kept", Some(1)).await?;
        q.orm().users_list(0).await?;
        Ok(())
    })
    .await
}

async fn read_only(pool: &xact::Pool) -> Result<(), xact::Error> {
    let reads = TransactionOptions::new()
        .isolation(Isolation::ReadCommitted)
        .read_only();
    let pool = pool.with(reads);
    for _ in 0..3 {
        pool.xact(customer("ada"), async |q| q.orm().users_list(0).await)
            .await?;
    }
    Ok(())
}

async fn guard(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(customer("ada")).await?;
    q.orm().users_insert("undone", Some(1)).await?;
    q.rollback().await
}

async fn swallowed(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(customer("ada")).await?;
    let _refused = q.orm().secrets_count().await;
    q.commit().await
}

async fn raw(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(customer("ada")).await?;
    for sql in ["SELECT 1", "SET app.user_id TO DEFAULT"] {
        let _result = xact::sqlx::raw_sql(sql).execute(q.connection()).await;
    }
    q.commit().await
}

async fn savepoints(pool: &xact::Pool) -> Result<(), xact::Error> {
    pool.xact(customer("ada"), async |q| {
        q.savepoint(async |q| q.orm().users_insert("kept", Some(1)).await)
            .await?;
        let undone = q.savepoint(async |q| q.orm().users_insert("kept", Some(1)).await);
        assert!(undone.await.is_err());
        Ok(())
    })
    .await
}

async fn slices(pool: &xact::Pool) -> Result<(), xact::Error> {
    pool.xact(customer("ada"), async |q| {
        q.orm().users_load(&["copied", "too"]).await?;
        q.orm().users_put(&["batched", "too"]).await?;
        Ok(())
    })
    .await
}

async fn refused_copy(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(customer("ada")).await?;
    let twice = q.orm().users_load(&["twice", "twice"]).await;
    assert!(twice.is_err_and(|error| error.is_unique_violation()));
    q.rollback().await
}

async fn session_lock(pool: &xact::Pool) -> Result<(), xact::Error> {
    let lock = pool.lock_timeout("import", Duration::from_secs(5)).await?;
    lock.unwrap().release().await
}

async fn transaction_lock(pool: &xact::Pool) -> Result<(), xact::Error> {
    pool.xact(customer("ada"), async |q| {
        q.lock("import").await?;
        q.lock_timeout("export", Duration::from_secs(5)).await?;
        q.orm().users_insert("kept", Some(1)).await
    })
    .await
    .map(drop)
}

/// Drops the future at its first poll, its second, and so on until it completes.
macro_rules! dropped_at_every_poll {
    ($($run:ident => $name:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let (pool, mut observer) = slow_database(2).await;
            assert_clean(&pool, &mut observer, "at first").await;
            for dropped in [Dropped::AfterPoll as fn(usize) -> Dropped, Dropped::BeforePoll] {
                let mut poll = 0;
                loop {
                    poll += 1;
                    let dropped = dropped(poll);
                    let completed = run_until($run(&pool), dropped).await;
                    assert_clean(&pool, &mut observer, &format!("{dropped:?}")).await;
                    xact::sqlx::raw_sql("DELETE FROM users").execute(&mut observer.0).await.unwrap();
                    if completed {
                        break;
                    }
                }
                assert!(poll > 10, "{poll} polls are too few to have waited for every answer");
            }
        }
    )+};
}

dropped_at_every_poll! {
    closure => a_closure_dropped_at_any_poll_leaves_nothing,
    read_only => read_only_transactions_dropped_at_any_poll_leave_nothing,
    guard => a_guard_dropped_at_any_poll_leaves_nothing,
    swallowed => an_aborted_transaction_dropped_at_any_poll_leaves_nothing,
    savepoints => a_savepoint_dropped_at_any_poll_leaves_nothing,
    slices => a_copy_and_a_batch_dropped_at_any_poll_leave_nothing,
    refused_copy => a_refused_copy_dropped_at_any_poll_leaves_nothing,
    session_lock => a_lock_of_a_session_dropped_at_any_poll_leaves_nothing,
    transaction_lock => a_lock_of_a_transaction_dropped_at_any_poll_leaves_nothing,
    raw => a_raw_connection_dropped_at_any_poll_leaves_nothing,
}

#[tokio::test]
async fn a_transaction_with_a_dropped_call_cannot_run_or_commit() {
    let (pool, mut observer) = slow_database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    assert!(!run_until(q.orm().users_list(0).into_future(), Dropped::AfterPoll(1)).await);
    let error = q.orm().users_list(0).await.unwrap_err();
    assert!(
        error.to_string().contains("the transaction is lost"),
        "{error}"
    );
    let error = q.commit().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("commit: the transaction is lost"),
        "{error}"
    );
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_connection_with_something_under_way_is_closed_not_pooled() {
    let (pool, mut observer) = slow_database(1).await;
    for under_way in ["begin", "query", "commit", "rollback"] {
        let mut q = pool.begin(Admin).await.unwrap();
        let before = q.orm().backend().await.unwrap();
        let future: Pin<Box<dyn Future<Output = Result<(), xact::Error>>>> = match under_way {
            "begin" => {
                q.commit().await.unwrap();
                while pool.idle() == 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Box::pin(async { pool.begin(customer("ada")).await.map(drop) })
            }
            "query" => Box::pin(async move { q.orm().identity().await.map(drop) }),
            "commit" => Box::pin(q.commit()),
            _ => Box::pin(q.rollback()),
        };
        assert!(!run_until(future, Dropped::AfterPoll(1)).await);
        observer.quiet().await;
        let mut q = pool.begin(Admin).await.unwrap();
        assert_ne!(q.orm().backend().await.unwrap(), before, "{under_way}");
        q.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_call_dropped_before_its_first_poll_changes_nothing() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    drop(q.orm().users_insert("never", None).into_future());
    drop(q.orm().users_list(0).stream());
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}
