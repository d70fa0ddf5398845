//! A request that is dropped anywhere leaves no role, no setting and no open transaction in the pool.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use xact::sqlx::{PgConnection, query_as, raw_sql};

use database::Database;

use crate::slow_server;
use crate::world::{ADA, World, count};

const CONNECTIONS: u32 = 2;

/// The same database through a wire on which every answer is waited for more than once, for otherwise one is often there before
/// the future that waits for it is polled.
async fn slow_database(world: &World) -> Database {
    let options = world.test.options();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let slow = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(slow_server::start(socket).await)
        .username(options.get_username())
        .database(options.get_database().unwrap())
        .ssl_mode(PgSslMode::Disable)
        .application_name("pool");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10));
    Database::new(xact::Pool::from_options(pool, slow))
}

/// A request of Ada's, as an application would make it.
async fn request(database: &Database) -> Result<(), xact::Error> {
    let mut q = database
        .begin_customer(&ADA.user(), &ADA.organization())
        .await?;
    q.orm()
        .clusters_create(&ADA.organization(), "Maps", None)
        .await?;
    q.orm().bookmarks_count(&ADA.organization()).await?;
    q.commit().await
}

/// Polls a future so many times. Gives whether it completed.
async fn poll_times<F: Future>(future: F, times: usize) -> bool {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|context| {
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if polled == times => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits until no connection of the pool is in a transaction; it closes connections in the background.
async fn assert_quiet(observer: &mut PgConnection, times: usize) {
    for _ in 0..500 {
        let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pool' AND state <> 'idle'";
        if count(observer, open.to_owned()).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("dropped after {times} polls, a transaction was left open");
}

/// Takes every connection of the pool at once, and asks each for its login and its settings.
async fn assert_nobodys(database: &Database, times: usize) {
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut q = database.begin_admin().await.unwrap();
        // Beside the settings of this transaction, only those of an earlier one could be set.
        raw_sql("SET LOCAL ROLE NONE")
            .execute(q.connection())
            .await
            .unwrap();
        let left: (String, String, String) = query_as(
            "SELECT current_user::text, \
                COALESCE(current_setting('app.user_id', true), ''), COALESCE(current_setting('app.organization_id', true), '')",
        )
        .fetch_one(q.connection())
        .await
        .unwrap();
        assert_eq!(
            left,
            ("postgres".to_owned(), String::new(), String::new()),
            "dropped after {times} polls"
        );
        taken.push(q);
    }
    for q in taken {
        q.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_request_dropped_at_any_poll_leaves_nothing_in_the_pool() {
    let world = World::seeded().await;
    let database = slow_database(&world).await;
    let mut observer = world.owner().await;
    let mut times = 0;
    loop {
        times += 1;
        let completed = poll_times(request(&database), times).await;
        assert_quiet(&mut observer, times).await;
        assert_nobodys(&database, times).await;
        let saved = "SELECT count(*) FROM clusters WHERE name = 'Maps'".to_owned();
        let saved = count(&mut observer, saved).await;
        if completed {
            assert_eq!(saved, 1);
            break;
        }
        // A request dropped while it waits for the answer to COMMIT may have been committed.
        world.run("DELETE FROM clusters WHERE name = 'Maps'").await;
    }
    assert!(
        times > 20,
        "{times} polls are too few to have waited for every answer"
    );
}
