//! A named lock is held by one, until it is released in whichever way.

use std::time::Duration;

use xact::sqlx::query_scalar;

use crate::orm::{Admin, customer};
use crate::server::{Observer, database};

/// Longer than any test waits, so that a wait beyond it is a failure.
const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_lock_is_held_by_one_until_it_is_released() {
    let (pool, _observer) = database(1).await;
    let lock = pool.lock("import").await.unwrap();
    assert_eq!(lock.name(), "import");
    assert!(pool.try_lock("import").await.unwrap().is_none());
    let other = pool.try_lock("export").await.unwrap();
    assert!(other.is_some(), "another name is another lock");
    lock.release().await.unwrap();
    assert!(pool.try_lock("import").await.unwrap().is_some());
}

#[tokio::test]
async fn a_lock_needs_no_connection_of_the_pool() {
    let (pool, _observer) = database(1).await;
    let q = pool.begin(Admin).await.unwrap();
    let lock = pool.lock("import").await.unwrap();
    assert_eq!(pool.size(), 1);
    q.commit().await.unwrap();
    lock.release().await.unwrap();
}

#[tokio::test]
async fn a_dropped_lock_is_released() {
    let (pool, _observer) = database(1).await;
    for _ in 0..3 {
        drop(pool.lock_timeout("import", LONG).await.unwrap().unwrap());
    }
}

#[tokio::test]
async fn a_panic_releases_a_lock() {
    let (pool, _observer) = database(1).await;
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            let mut lock = pool.lock("import").await.unwrap();
            lock.check().await.unwrap();
            assert_eq!(lock.name(), "export", "boom");
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert!(
        pool.lock_timeout("import", LONG).await.unwrap().is_some(),
        "it is still held"
    );
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_the_queue() {
    let (pool, mut observer) = database(1).await;
    let lock = pool.lock("import").await.unwrap();
    let waiting = tokio::spawn({
        let pool = pool.clone();
        async move { pool.lock("import").await }
    });
    while holders(&pool).await != [false, true] {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waiting.abort();
    while holders(&pool).await != [false] {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    lock.release().await.unwrap();
    observer.unlocked().await;
}

/// Whether each of the sessions waits.
async fn holders(pool: &xact::Pool) -> Vec<bool> {
    let holders = pool.lock_holders("import").await.unwrap();
    holders.into_iter().map(|holder| holder.waiting).collect()
}

#[tokio::test]
async fn a_wait_ends_at_its_limit() {
    let (pool, _observer) = database(1).await;
    let lock = pool.lock_timeout("import", SHORT).await.unwrap().unwrap();
    assert!(pool.lock_timeout("import", SHORT).await.unwrap().is_none());
    drop(lock);
    assert!(pool.lock_timeout("import", LONG).await.unwrap().is_some());
}

#[tokio::test]
async fn a_lock_whose_connection_was_ended_says_so() {
    let (pool, mut observer) = database(1).await;
    let mut lock = pool.lock("import").await.unwrap();
    lock.check().await.unwrap();
    let holder = pool.lock_holders("import").await.unwrap().remove(0);
    let _ended: bool = query_scalar("SELECT pg_terminate_backend($1, 30000)")
        .bind(holder.pid)
        .fetch_one(&mut observer.0)
        .await
        .unwrap();
    let error = lock.check().await.unwrap_err();
    assert!(error.is_connection_lost(), "{error}");
    assert!(error.to_string().starts_with("lock `import`: "), "{error}");
    assert!(lock.release().await.is_err());
    assert!(pool.try_lock("import").await.unwrap().is_some());
}

#[tokio::test]
async fn who_holds_a_lock_and_who_waits_for_it_is_known_by_its_name() {
    let (pool, _observer) = database(3).await;
    assert!(
        pool.lock_holders("nightly import")
            .await
            .unwrap()
            .is_empty()
    );
    let lock = pool.lock("nightly import").await.unwrap();
    let waiting = tokio::spawn({
        let pool = pool.clone();
        async move {
            let mut q = pool.begin(customer("ada")).await?;
            q.lock("nightly import").await?;
            q.commit().await
        }
    });
    let holders = loop {
        let holders = pool.lock_holders("nightly import").await.unwrap();
        if holders.len() == 2 {
            break holders;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let named = |index: usize| holders[index].application_name.as_deref();
    assert_eq!(named(0), Some("pool lock:nightly import"));
    assert_eq!(named(1), Some("pool"));
    assert_eq!(holders[0].user.as_deref(), Some("postgres"));
    assert_eq!(holders[0].address, None);
    assert_eq!([holders[0].waiting, holders[1].waiting], [false, true]);
    lock.release().await.unwrap();
    waiting.await.unwrap().unwrap();
}

/// Whether a session of `psql` could take the lock.
async fn psql_can_take(observer: &mut Observer, name: &str) -> bool {
    let mut psql = "SELECT pg_try_advisory_lock(hashtextextended('NAME', 0))".replace("NAME", name);
    psql.push_str(" AND pg_advisory_unlock_all() IS NOT NULL");
    query_scalar(xact::sqlx::AssertSqlSafe(psql))
        .fetch_one(&mut observer.0)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_lock_has_the_number_that_psql_computes() {
    let (pool, mut observer) = database(1).await;
    let lock = pool.lock("Ünïcödé 🦀").await.unwrap();
    assert!(!psql_can_take(&mut observer, "Ünïcödé 🦀").await);
    assert!(psql_can_take(&mut observer, "unicode").await);
    lock.release().await.unwrap();
    assert!(psql_can_take(&mut observer, "Ünïcödé 🦀").await);
}

#[tokio::test]
async fn a_lock_of_a_transaction_ends_with_it() {
    let (pool, mut observer) = database(2).await;
    for end in ["commit", "rollback", "drop"] {
        let mut q = pool.begin(customer("ada")).await.unwrap();
        q.lock("import").await.unwrap();
        q.lock("import").await.unwrap();
        assert!(pool.try_lock("import").await.unwrap().is_none());
        let mut other = pool.begin(customer("bob")).await.unwrap();
        assert!(!other.try_lock("import").await.unwrap());
        assert!(other.try_lock("export").await.unwrap());
        other.commit().await.unwrap();
        match end {
            "commit" => q.commit().await.unwrap(),
            "rollback" => q.rollback().await.unwrap(),
            _ => drop(q),
        }
        observer.quiet().await;
        assert!(pool.try_lock("import").await.unwrap().is_some(), "{end}");
        observer.unlocked().await;
    }
}

#[tokio::test]
async fn a_transaction_goes_on_without_a_lock_that_it_did_not_get_in_time() {
    let (pool, mut observer) = database(1).await;
    let lock = pool.lock("import").await.unwrap();
    let options = xact::TransactionOptions::new().lock_timeout(Duration::from_millis(1234));
    let mut q = pool.with(options).begin(Admin).await.unwrap();
    assert!(!q.lock_timeout("import", SHORT).await.unwrap());
    q.orm().users_insert("a", None).await.unwrap();
    lock.release().await.unwrap();
    assert!(q.lock_timeout("import", LONG).await.unwrap());
    let limit: String = query_scalar("SHOW lock_timeout")
        .fetch_one(q.connection())
        .await
        .unwrap();
    assert_eq!(limit, "1234ms");
    assert!(pool.try_lock("import").await.unwrap().is_none());
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}

#[tokio::test]
async fn a_lock_that_is_not_had_within_the_transactions_own_limit_is_an_error_with_its_name() {
    let (pool, _observer) = database(1).await;
    let lock = pool.lock("import").await.unwrap();
    let options = xact::TransactionOptions::new().lock_timeout(SHORT);
    let pool = pool.with(options);
    let result = pool.xact(Admin, async |q| q.lock("import").await);
    let error = result.await.unwrap_err();
    assert!(error.is_lock_timeout());
    assert_eq!(
        error.to_string(),
        "lock `import`: canceling statement due to lock timeout"
    );
    lock.release().await.unwrap();
}

#[tokio::test]
async fn a_lock_of_a_database_that_cannot_be_reached_is_an_error() {
    let options = xact::sqlx::postgres::PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(1);
    let pool = xact::Pool::from_options(xact::sqlx::postgres::PgPoolOptions::new(), options);
    let error = pool.lock("import").await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(error.to_string().starts_with("lock `import`: "), "{error}");
}

#[tokio::test]
async fn a_wait_for_a_lock_leaves_the_limit_of_the_transaction_as_it_was() {
    let (pool, _observer) = database(2).await;
    let mut holder = pool.begin(Admin).await.unwrap();
    holder.lock("import").await.unwrap();
    let limit = async |q: &mut xact::Xact<Admin>| {
        q.sql("limit", "SELECT current_setting('lock_timeout')")
            .value::<String>()
            .await
            .unwrap()
    };
    let options = xact::TransactionOptions::new()
        .lock_timeout(Duration::from_secs(7))
        .statement_timeout(Duration::from_millis(50));
    let mut q = pool.with(options).begin(Admin).await.unwrap();
    assert!(q.lock_timeout("free", LONG).await.unwrap());
    assert_eq!(limit(&mut q).await, "7s");
    assert!(
        !q.lock_timeout("import", Duration::from_millis(5))
            .await
            .unwrap()
    );
    assert_eq!(limit(&mut q).await, "7s");
    // Neither the lock nor the limit, but something else ends the wait.
    let error = q.lock_timeout("import", LONG).await.unwrap_err();
    assert!(error.is_canceled(), "{error}");
    assert_eq!(limit(&mut q).await, "7s");
    q.commit().await.unwrap();
    holder.commit().await.unwrap();
}
