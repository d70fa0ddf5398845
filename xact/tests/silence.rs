//! A network that stops carrying packets, at every step of a transaction, holds up neither the pool nor its end.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};

use crate::orm::{Admin, customer};
use crate::server::url;
use crate::silent_server::{self, Way, Wire};

/// More than a transaction of these pools waits for a connection, on a machine that is busy.
const ENOUGH: Duration = Duration::from_secs(20);

/// The steps of a transaction are fewer.
const MOST_STEPS: usize = 60;

pub(crate) async fn silent_pool(
    options: &PgConnectOptions,
    size: u32,
    way: Way,
) -> (xact::Pool, Wire) {
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let (port, wire) = silent_server::start(socket, way).await;
    let connection = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(options.get_username())
        .database(options.get_database().unwrap())
        .ssl_mode(PgSslMode::Disable)
        .application_name("pool");
    let pool = PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(2));
    (xact::Pool::from_options(pool, connection), wire)
}

/// Everything that a program does with a pool. Queries and COMMIT have no deadline but the caller's.
async fn live(pool: &xact::Pool) {
    let some = Duration::from_secs(3);
    let _read = timeout(
        some,
        pool.xact(customer("ada"), async |q| q.orm().users_list(0).await),
    )
    .await;
    let _checked = timeout(ENOUGH, pool.check()).await.unwrap();
    // Dropped, rolled back in the background.
    drop(timeout(ENOUGH, pool.begin(Admin)).await.unwrap());
    if let Ok(q) = timeout(ENOUGH, pool.begin(Admin)).await.unwrap() {
        let _rolled_back = timeout(ENOUGH, q.rollback()).await.unwrap();
    }
    let failed = pool.xact(Admin, async |q| {
        q.orm().users_list(0).await?;
        q.orm().users_insert("a\0b", None).await
    });
    let _failed = timeout(some, failed).await;
}

async fn assert_recovers(pool: &xact::Pool, moment: &str) {
    let begun = Instant::now();
    let next = pool.xact(Admin, async |q| q.orm().users_list(0).await);
    match timeout(ENOUGH, next).await {
        Ok(Ok(_users)) => {}
        Ok(Err(error)) => panic!("{moment}: {error} after {:?}", begun.elapsed()),
        Err(elapsed) => panic!("{moment}: the pool hangs: {elapsed}"),
    }
    let settled = async {
        loop {
            let status = pool.status();
            if (status.in_use, status.waiting, status.closing) == (0, 0, 0) {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    let settled = timeout(ENOUGH, settled).await;
    settled.unwrap_or_else(|_| panic!("{moment}: {:?}", pool.status()));
    let closed = timeout(ENOUGH, pool.close()).await;
    closed.unwrap_or_else(|_| panic!("{moment}: close() hangs"));
}

async fn silence_at_every_step(way: Way) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let step = async |step: usize| {
        let (pool, wire) = silent_pool(&options, 1, way).await;
        wire.cut_at(step);
        live(&pool).await;
        let cut = wire.was_cut();
        assert_recovers(&pool, &format!("{way:?}, step {step}")).await;
        cut
    };
    let steps = (1..=MOST_STEPS).map(step);
    let cut = futures_util::future::join_all(steps).await;
    let steps = cut.iter().filter(|cut| **cut).count();
    assert!((20..MOST_STEPS).contains(&steps), "{steps} steps");
}

#[tokio::test]
async fn a_server_that_hears_nothing_is_left_at_every_step() {
    silence_at_every_step(Way::ToServer).await;
}

#[tokio::test]
async fn a_server_that_is_not_heard_is_left_at_every_step() {
    silence_at_every_step(Way::ToClient).await;
}

#[tokio::test]
async fn a_wire_that_is_cut_is_left_at_every_step() {
    silence_at_every_step(Way::Both).await;
}

#[tokio::test]
async fn idle_connections_that_became_silent_are_replaced_within_the_time_to_acquire() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let (pool, wire) = silent_pool(&options, 8, Way::Both).await;
    let mut guards = Vec::new();
    for _ in 0..8 {
        guards.push(pool.begin(Admin).await.unwrap());
    }
    for guard in guards {
        guard.rollback().await.unwrap();
    }
    assert_eq!(pool.idle(), 8);
    wire.set_down(true);
    let error = timeout(ENOUGH, pool.begin(Admin)).await.unwrap();
    assert!(error.unwrap_err().is_unreachable());
    assert!(timeout(ENOUGH, pool.check()).await.unwrap().is_err());
    wire.set_down(false);
    assert_recovers(&pool, "idle").await;
}

#[tokio::test]
async fn a_pool_whose_network_is_down_for_good_can_be_closed() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let (pool, wire) = silent_pool(&options, 3, Way::Both).await;
    let held = pool.begin(Admin).await.unwrap();
    let dropped = pool.begin(Admin).await.unwrap();
    pool.begin(Admin).await.unwrap().rollback().await.unwrap();
    wire.set_down(true);
    drop(dropped);
    timeout(ENOUGH, pool.close()).await.unwrap();
    drop(held);
}

#[tokio::test]
async fn a_rollback_that_is_not_answered_says_so() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let (pool, wire) = silent_pool(&options, 1, Way::Both).await;
    let q = pool.begin(Admin).await.unwrap();
    wire.cut_at(1);
    let error = timeout(ENOUGH, q.rollback()).await.unwrap().unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "rollback: the server did not answer within 1s, and the connection was closed"
    );
    assert_recovers(&pool, "rollback").await;
}

#[tokio::test]
async fn a_lock_whose_connection_is_silent_is_not_waited_for() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let (pool, wire) = silent_pool(&options, 1, Way::Both).await;
    let mut lock = pool.lock("silent").await.unwrap();
    wire.set_down(true);
    let error = timeout(ENOUGH, lock.check()).await.unwrap().unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    let error = timeout(ENOUGH, lock.release()).await.unwrap().unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
}
