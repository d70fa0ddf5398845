//! A pool never has more sessions on the server than connections, also when its queries are dropped in a loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use xact::generated::Query;
use xact::sqlx::{Executor as _, query_scalar};

use crate::orm::Admin;
use crate::server::{Observer, database, database_apart, url};

static SLEEP: Query = Query {
    name: "sleep",
    file: "queries/slow.sql",
    sql: "SELECT pg_sleep(600)",
    parameters: &[],
    columns: &[],
    names: "",
};

static LOCK: Query = Query {
    name: "lock",
    file: "queries/slow.sql",
    sql: "LOCK TABLE users IN ACCESS EXCLUSIVE MODE",
    parameters: &[],
    columns: &[],
    names: "",
};

static BUSY: Query = Query {
    name: "busy",
    file: "queries/slow.sql",
    sql: "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b WHERE a # b = -1",
    parameters: &[],
    columns: &[],
    names: "",
};

const TASKS: usize = 20;
const CONNECTIONS: u32 = 5;

/// All sessions of the database but those of the test, with the one that cancels.
async fn sessions(observer: &mut Observer) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND backend_type = 'client backend' AND application_name NOT IN ('observer', '')";
    query_scalar(count)
        .fetch_one(&mut observer.0)
        .await
        .unwrap()
}

/// Twenty tasks start a query that never ends and drop it, again and again.
async fn storm(query: &'static Query) {
    let (server, pool, mut observer) = database_apart(CONNECTIONS).await;
    let mut holder = server.connect().await.unwrap();
    holder
        .execute("SET application_name = observer; BEGIN; LOCK TABLE users")
        .await
        .unwrap();
    let (over, dropped) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (pool, over, dropped) = (pool.clone(), Arc::clone(&over), Arc::clone(&dropped));
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let running = pool.xact(Admin, async |q| {
                        q.orm().run.execute(query.arguments()).await
                    });
                    let ended = timeout(Duration::from_millis(40), running).await;
                    assert!(ended.is_err(), "{ended:?}");
                    dropped.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let mut most = 0;
    while dropped.load(Ordering::Relaxed) < 200 || most < i64::from(CONNECTIONS) {
        most = most.max(sessions(&mut observer).await);
        assert!(
            pool.status().size <= CONNECTIONS as usize,
            "{:?}",
            pool.status()
        );
        sleep(Duration::from_millis(3)).await;
    }
    over.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    // One more cancels them.
    assert!(most <= i64::from(CONNECTIONS) + 1, "{most} sessions");
    while pool.status().closing > 0 {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(pool.status().given_up, 0);
    holder.execute("ROLLBACK").await.unwrap();
    pool.xact(Admin, async |q| q.orm().users_list(0).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn dropped_queries_that_sleep_leave_no_session_behind() {
    storm(&SLEEP).await;
}

#[tokio::test]
async fn dropped_queries_that_wait_for_a_lock_leave_no_session_behind() {
    storm(&LOCK).await;
}

#[tokio::test]
async fn dropped_queries_that_compute_leave_no_session_behind() {
    storm(&BUSY).await;
}

/// With these, the server also ends the sessions of a process that was killed and could cancel nothing.
#[tokio::test]
async fn connections_ask_the_server_to_notice_that_they_have_gone() {
    let (pool, _observer) = database(1).await;
    let shown = "SELECT array_agg(setting ORDER BY name) FROM pg_settings WHERE source = 'client' \
        AND (name LIKE 'tcp%' OR name = 'client_connection_check_interval')";
    let mut q = pool.begin(Admin).await.unwrap();
    let settings: Vec<String> = query_scalar(shown).fetch_one(q.connection()).await.unwrap();
    // The settings of TCP are 0 on a socket of the same machine.
    assert_eq!(settings, ["1000", "0", "0", "0", "0"]);
    let chosen = format!(
        "{}&options[client_connection_check_interval]=7s",
        url().await
    );
    let pool = xact::Pool::connect(&chosen).await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let settings: Vec<String> = query_scalar(shown).fetch_one(q.connection()).await.unwrap();
    assert_eq!(settings.first().map(String::as_str), Some("7000"));
}

#[tokio::test]
async fn a_dropped_commit_is_not_cancelled() {
    let (pool, mut observer) = database(1).await;
    observer
        .0
        .execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$; \
             CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION slow()",
        )
        .await
        .unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("kept", None).await.unwrap();
    let committing = timeout(Duration::from_millis(100), q.commit());
    assert!(committing.await.is_err());
    assert_eq!(pool.status().closing, 1);
    pool.begin(Admin).await.unwrap().rollback().await.unwrap();
    assert_eq!(observer.users().await, ["kept"]);
}

/// Where a cancelled statement goes on, the session is ended.
#[tokio::test]
async fn a_query_that_catches_its_cancellation_ends_too() {
    static STUBBORN: Query = Query {
        name: "stubborn",
        file: "queries/slow.sql",
        sql: "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let running = orm.run.execute(STUBBORN.arguments());
    assert!(timeout(Duration::from_millis(100), running).await.is_err());
    drop(q);
    pool.begin(Admin).await.unwrap().rollback().await.unwrap();
    assert_eq!(observer.backends().await.len(), 1);
    assert_eq!(pool.status().given_up, 0);
}
