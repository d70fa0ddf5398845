//! A pool that may have more connections than the server gives it shares those that it has.

use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use xact::sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::orm::Admin;
use crate::server::url;

const LIMIT: usize = 3;

/// A role of its own that may connect three times, dropped at the end.
async fn limited() -> (PgConnectOptions, String, PgConnection) {
    let url = url().await;
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let role = format!("limited_{}_{:x}", std::process::id(), fastrand());
    let create = format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT {LIMIT}");
    owner.execute(AssertSqlSafe(create)).await.unwrap();
    let options: PgConnectOptions = url.parse().unwrap();
    (options.username(&role), role, owner)
}

fn fastrand() -> u32 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .subsec_nanos()
}

#[tokio::test]
async fn transactions_wait_for_connections_that_exist_where_the_server_gives_no_more() {
    let (options, role, mut owner) = limited().await;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(20));
    let pool = xact::Pool::from_options(pool, options);
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                for _ in 0..3 {
                    pool.xact(Admin, async |q| {
                        q.orm().identity().await?;
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        Ok::<_, xact::Error>(())
                    })
                    .await?;
                }
                Ok::<_, xact::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert!(pool.size() as usize <= LIMIT, "{:?}", pool.status());
    pool.close().await;
    drop_role(&mut owner, &role).await;
}

/// The session that would cancel another finds no place either: one of the pool's does it, or the server by itself.
#[tokio::test]
async fn dropped_queries_are_cancelled_where_the_server_gives_no_more_connections() {
    let (options, role, mut owner) = limited().await;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(20));
    let pool = xact::Pool::from_options(pool, options);
    for _ in 0..3 {
        let mut guards = Vec::new();
        for _ in 0..LIMIT {
            guards.push(pool.begin(Admin).await.unwrap());
        }
        let mut sleeping = guards.pop().unwrap();
        let sleep = xact::sqlx::raw_sql("SELECT pg_sleep(600)").execute(sleeping.connection());
        assert!(
            tokio::time::timeout(Duration::from_millis(50), sleep)
                .await
                .is_err()
        );
        drop(sleeping);
        // There is room for this one only when the dropped one has left the server.
        pool.begin(Admin).await.unwrap().rollback().await.unwrap();
        for guard in guards {
            guard.rollback().await.unwrap();
        }
    }
    pool.close().await;
    drop_role(&mut owner, &role).await;
}

async fn drop_role(owner: &mut PgConnection, role: &str) {
    let drop = format!("DROP ROLE {role}");
    owner.execute(AssertSqlSafe(drop)).await.unwrap();
}
