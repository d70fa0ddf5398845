//! A read-only transaction whose rows are valid does not wait for its COMMIT, and its connection does.

use std::time::Duration;

use tokio::time::timeout;
use xact::sqlx::postgres::PgConnectOptions;
use xact::{Error, Isolation, Pool, TransactionOptions};

use crate::orm::{Admin, Identity, customer};
use crate::server::{closed, database, slow_database, url};
use crate::silence::silent_pool;
use crate::silent_server::{Way, Wire};

/// More than an answer of the server takes, and less than the deadline for one.
const MOMENT: Duration = Duration::from_millis(150);

fn reads(isolation: Isolation) -> TransactionOptions {
    TransactionOptions::new().isolation(isolation).read_only()
}

/// A pool of one open connection, whose server is not heard once the wire is down.
async fn quiet_pool(options: TransactionOptions) -> (Pool, Wire) {
    let server: PgConnectOptions = url().await.parse().unwrap();
    let (pool, wire) = silent_pool(&server, 1, Way::ToClient).await;
    let pool = pool.with(options);
    pool.begin(Admin).await.unwrap().rollback().await.unwrap();
    (pool, wire)
}

/// Whether a transaction commits although the answer to its COMMIT never arrives.
async fn commits_unheard(
    options: TransactionOptions,
    body: impl AsyncFnOnce(&mut xact::Xact<Admin>),
) -> bool {
    let (pool, wire) = quiet_pool(options).await;
    let mut q = pool.begin(Admin).await.unwrap();
    body(&mut q).await;
    wire.set_down(true);
    match timeout(MOMENT, q.commit()).await {
        Ok(committed) => committed.is_ok(),
        Err(_elapsed) => false,
    }
}

async fn read(q: &mut xact::Xact<Admin>) {
    q.orm().users_list(0).await.unwrap();
}

#[tokio::test]
async fn rows_that_are_valid_do_not_wait_for_commit() {
    for options in [
        reads(Isolation::ReadCommitted),
        reads(Isolation::RepeatableRead),
        reads(Isolation::Serializable).deferrable(),
    ] {
        assert!(commits_unheard(options, read).await, "{options:?}");
    }
}

/// By default the server may be serializable, and then a transaction that only reads can fail at COMMIT.
#[tokio::test]
async fn rows_that_commit_can_make_invalid_wait_for_it() {
    for options in [
        TransactionOptions::new(),
        TransactionOptions::new().read_only(),
        TransactionOptions::new().isolation(Isolation::ReadCommitted),
        reads(Isolation::Serializable),
    ] {
        assert!(!commits_unheard(options, read).await, "{options:?}");
    }
}

#[tokio::test]
async fn hooks_and_effects_at_commit_wait_for_it() {
    let options = reads(Isolation::ReadCommitted);
    let with_hook = async |q: &mut xact::Xact<Admin>| q.after_commit(|| {});
    assert!(!commits_unheard(options, with_hook).await, "a hook");
    let raw = async |q: &mut xact::Xact<Admin>| {
        q.connection();
    };
    assert!(!commits_unheard(options, raw).await, "the raw connection");
    let locked = async |q: &mut xact::Xact<Admin>| q.lock("import").await.unwrap();
    assert!(!commits_unheard(options, locked).await, "a lock");
    for sql in [
        "SELECT pg_notify('a', 'b')",
        "NOTIFY a",
        "LOCK TABLE users IN ACCESS SHARE MODE",
    ] {
        let run = async |q: &mut xact::Xact<Admin>| {
            q.sql("effect", sql).execute().await.unwrap();
        };
        assert!(!commits_unheard(options, run).await, "{sql}");
    }
    let undone = async |q: &mut xact::Xact<Admin>| {
        let failed = q.savepoint(async |q| q.sql("fail", "SELECT 1 / 0").execute().await);
        assert!(failed.await.is_err());
    };
    assert!(
        commits_unheard(options, undone).await,
        "an undone savepoint"
    );
}

#[tokio::test]
async fn an_error_that_was_swallowed_is_still_an_error_of_the_commit() {
    let (pool, _observer) = database(1).await;
    let q = pool.with(reads(Isolation::ReadCommitted));
    let mut q = q.begin(Admin).await.unwrap();
    assert!(q.orm().users_insert("a", None).await.is_err());
    let error = q.commit().await.unwrap_err();
    assert!(error.to_string().contains("users_insert"), "{error}");
}

async fn identify(pool: &Pool) -> Result<(Identity, i32), Error> {
    pool.xact(Admin, async |q| {
        Ok((q.orm().identity().await?, q.orm().backend().await?))
    })
    .await
}

#[tokio::test]
async fn a_connection_is_ended_before_it_is_acquired_again() {
    let (pool, _observer) = slow_database(1).await;
    let reading = pool.with(reads(Isolation::RepeatableRead));
    let (nobody, backend) = identify(&pool).await.unwrap();
    for round in 0..5 {
        let users = reading.xact(customer("ada"), async |q| q.orm().users_list(0).await);
        assert_eq!(users.await.unwrap().len(), round);
        // It counts until the server has answered.
        assert_eq!((pool.size(), pool.idle()), (1, 0));
        // Another transaction on the same connection sees neither the role nor the snapshot, and may write.
        assert_eq!(identify(&pool).await.unwrap(), (nobody.clone(), backend));
        pool.xact(Admin, async |q| {
            q.orm()
                .users_insert(&format!("user {round}"), Some(1))
                .await
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_transaction_of_a_server_that_dies_after_its_rows_is_over_and_its_connection_closed() {
    let (pool, mut observer) = database(1).await;
    let reading = pool.with(reads(Isolation::ReadCommitted));
    let mut q = reading.begin(Admin).await.unwrap();
    q.orm().users_list(0).await.unwrap();
    observer.terminate().await;
    q.commit().await.unwrap();
    closed(&pool).await;
    identify(&pool).await.unwrap();
}

#[tokio::test]
async fn a_commit_that_is_never_answered_gives_its_place_back_within_the_deadline() {
    let (pool, wire) = quiet_pool(reads(Isolation::ReadCommitted)).await;
    let mut q = pool.begin(Admin).await.unwrap();
    read(&mut q).await;
    wire.set_down(true);
    q.commit().await.unwrap();
    assert_eq!(pool.status().in_use, 1);
    tokio::time::sleep(MOMENT).await;
    wire.set_down(false);
    identify(&pool).await.unwrap();
}

#[tokio::test]
async fn closing_the_pool_waits_for_the_commit() {
    let (pool, mut observer) = slow_database(2).await;
    let reading = pool.with(reads(Isolation::ReadCommitted));
    reading
        .xact(Admin, async |q| q.orm().users_list(0).await)
        .await
        .unwrap();
    pool.close().await;
    assert_eq!(pool.size(), 0);
    while !observer.backends().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
