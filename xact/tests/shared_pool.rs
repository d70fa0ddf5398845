//! A pool that sqlx's own code uses too: neither sees the session of the other, and together they open no more connections than
//! the pool has.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use xact::Pool;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use xact::sqlx::{Executor as _, PgPool, query_scalar, raw_sql};

use crate::orm::{Admin, customer};
use crate::server::{slow_sqlx_database, sqlx_database, url};

async fn show(sqlx: &PgPool, sql: &'static str) -> String {
    query_scalar(sql).fetch_one(sqlx).await.unwrap()
}

/// A pool whose code relies on a role and a setting of its sessions.
async fn configured() -> PgPool {
    let options: PgConnectOptions = url().await.parse().unwrap();
    PgPoolOptions::new()
        .max_connections(2)
        .after_connect(|connection, _| {
            Box::pin(async move {
                let sql = "SET ROLE xact_customer; SET app.user_id = 'from after_connect'";
                connection.execute(raw_sql(sql)).await.map(drop)
            })
        })
        .connect_lazy_with(options)
}

#[tokio::test]
async fn the_sessions_of_other_code_keep_the_role_and_settings_of_after_connect() {
    let sqlx = configured().await;
    let pool = Pool::from_pool(sqlx.clone());
    for _ in 0..20 {
        let mut q = pool.begin(Admin).await.unwrap();
        let identity = q.orm().identity().await.unwrap();
        assert_eq!(
            (identity.role.as_str(), identity.user_id.as_str()),
            ("postgres", "")
        );
        q.commit().await.unwrap();
        let shown = "SELECT current_user || ' ' || current_setting('app.user_id')";
        assert_eq!(show(&sqlx, shown).await, "xact_customer from after_connect");
    }
}

#[tokio::test]
async fn nothing_that_other_code_left_in_a_session_reaches_a_transaction() {
    let (sqlx, _observer) = sqlx_database(1).await;
    let pool = Pool::from_pool(sqlx.clone());
    raw_sql(
        "SET ROLE xact_customer; SET app.user_id = 'eve'; SET search_path = pg_temp; LISTEN orders; \
         SET default_transaction_read_only = on; CREATE TEMP TABLE users (email text, age int, id int)",
    )
    .execute(&sqlx)
    .await
    .unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let identity = q.orm().identity().await.unwrap();
    assert_eq!(
        (identity.role.as_str(), identity.user_id.as_str()),
        ("postgres", "")
    );
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
}

/// When the future of a `begin()` is dropped, sqlx returns the open transaction to its pool.
#[tokio::test]
async fn a_transaction_that_sqlx_left_open_is_never_committed() {
    let (sqlx, mut observer) = slow_sqlx_database(1).await;
    let pool = Pool::from_pool(sqlx.clone());
    drop(sqlx.acquire().await.unwrap());
    let mut begin = Box::pin(sqlx.begin());
    poll_fn(|context| {
        let _pending = begin.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    drop(begin);
    for sql in ["INSERT INTO users (email) VALUES ('eve')", "SELECT 1 / 0"] {
        let mut stale = sqlx.acquire().await.unwrap();
        raw_sql("BEGIN").execute(&mut *stale).await.unwrap();
        let _left = raw_sql(sql).execute(&mut *stale).await;
        drop(stale);
        let mut q = pool.begin(customer("ada")).await.unwrap();
        q.orm().users_insert(sql, None).await.unwrap();
        q.commit().await.unwrap();
        assert!(!observer.users().await.contains(&"eve".to_owned()));
        // So that the next round takes one of sqlx's again.
        pool.begin(Admin).await.unwrap().connection();
    }
    assert_eq!(observer.users().await.len(), 2);
}

#[tokio::test]
async fn transactions_keep_their_connection_while_others_are_left() {
    let (sqlx, _observer) = sqlx_database(2).await;
    let pool = Pool::from_pool(sqlx.clone());
    let backend = pool.xact(Admin, async |q| q.orm().backend().await).await;
    for _ in 0..20 {
        let next = pool.xact(Admin, async |q| q.orm().backend().await).await;
        assert_eq!(next.unwrap(), *backend.as_ref().unwrap());
    }
}

#[tokio::test]
async fn other_code_gets_a_connection_of_a_pool_that_transactions_have_used_up() {
    let (sqlx, mut observer) = sqlx_database(2).await;
    let pool = Pool::from_pool(sqlx.clone());
    let busy = async {
        let until = Instant::now() + Duration::from_secs(4);
        while Instant::now() < until {
            pool.xact(Admin, async |q| q.orm().backend().await)
                .await
                .unwrap();
        }
    };
    let other = async {
        for _ in 0..5 {
            let asked = query_scalar::<_, i32>("SELECT 1").fetch_one(&sqlx);
            assert_eq!(
                timeout(Duration::from_secs(3), asked)
                    .await
                    .unwrap()
                    .unwrap(),
                1
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::join!(
        busy,
        async {
            pool.xact(Admin, async |q| q.orm().backend().await)
                .await
                .unwrap();
        },
        other
    );
    assert!(observer.backends().await.len() <= 2);
}

#[tokio::test]
async fn a_pool_used_up_by_other_code_says_so() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let sqlx = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(300))
        .connect_lazy_with(options);
    let pool = Pool::from_pool(sqlx.clone());
    let _taken = sqlx.acquire().await.unwrap();
    let error = pool.begin(Admin).await.unwrap_err();
    assert!(error.is_pool_exhausted(), "{error}");
}

#[tokio::test]
async fn closing_leaves_the_pool_to_the_other_code() {
    let (sqlx, _observer) = sqlx_database(2).await;
    let pool = Pool::from_pool(sqlx.clone());
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
    let held = sqlx.acquire().await.unwrap();
    timeout(Duration::from_secs(5), pool.close()).await.unwrap();
    assert!(pool.begin(Admin).await.is_err());
    held.close().await.unwrap();
    assert_eq!(show(&sqlx, "SELECT 'open'").await, "open");
}

#[tokio::test]
async fn a_connection_whose_answers_are_those_of_earlier_messages_is_replaced() {
    let (sqlx, mut observer) = sqlx_database(1).await;
    let pool = Pool::from_pool(sqlx.clone());
    let mut connection = sqlx.acquire().await.unwrap();
    let backend: i32 = query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    let copy = connection
        .copy_in_raw("COPY users (email) FROM STDIN")
        .await;
    drop(copy.unwrap());
    drop(connection);
    let mut q = pool.begin(Admin).await.unwrap();
    assert_ne!(q.orm().backend().await.unwrap(), backend);
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
}
