//! How often a transaction waits for the wire, counted on the wire.

use std::time::Duration;

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use xact::{Isolation, TransactionOptions};

use crate::counting_server::{self, RoundTrips};
use crate::orm::{Admin, customer};
use crate::server::url;

/// A pool of one connection, which is open and has prepared the query, and the count of its round trips.
async fn counted() -> (xact::Pool, RoundTrips) {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let (port, round_trips) = counting_server::start(socket).await;
    let counted = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(options.get_username())
        .database(options.get_database().unwrap())
        .ssl_mode(PgSslMode::Disable);
    let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), counted);
    one_query(&pool).await;
    round_trips.take();
    (pool, round_trips)
}

async fn one_query(pool: &xact::Pool) {
    pool.xact(customer("ada"), async |q| q.orm().users_list(0).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_scoped_transaction_with_one_query_is_three_round_trips() {
    let (pool, round_trips) = counted().await;
    for _ in 0..10 {
        one_query(&pool).await;
    }
    assert_eq!(round_trips.take(), 30);
}

#[tokio::test]
async fn options_cost_no_round_trip() {
    let (pool, round_trips) = counted().await;
    let options = TransactionOptions::new()
        .isolation(Isolation::Serializable)
        .read_only()
        .lock_timeout(Duration::from_secs(5));
    one_query(&pool.with(options)).await;
    assert_eq!(round_trips.take(), 3);
}

#[tokio::test]
async fn a_rollback_is_one_round_trip_and_each_query_one_more() {
    let (pool, round_trips) = counted().await;
    for queries in 0..5 {
        let mut q = pool.begin(customer("ada")).await.unwrap();
        for _ in 0..queries {
            q.orm().users_list(0).await.unwrap();
        }
        q.rollback().await.unwrap();
        assert_eq!(round_trips.take(), 2 + queries);
    }
}

#[tokio::test]
async fn a_query_is_prepared_once_for_each_connection() {
    let (pool, round_trips) = counted().await;
    for expected in [4, 3, 3] {
        pool.xact(Admin, async |q| q.orm().identity().await)
            .await
            .unwrap();
        assert_eq!(round_trips.take(), expected);
    }
}

#[tokio::test]
async fn a_savepoint_is_two_round_trips_and_a_lock_one() {
    let (pool, round_trips) = counted().await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.lock("prepared").await.unwrap();
    round_trips.take();
    q.lock("import").await.unwrap();
    assert_eq!(round_trips.take(), 1);
    q.savepoint(async |q| q.orm().users_list(0).await)
        .await
        .unwrap();
    assert_eq!(round_trips.take(), 3);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_module_of_many_queries_keeps_every_statement_prepared() {
    let statements: Vec<&'static xact::generated::Query> = (0..150).map(statement).collect();
    let (pool, round_trips) = counted().await;
    let pool = pool.prepare_up_to(statements.len());
    // The size is that of connections made from now on.
    pool.begin(Admin).await.unwrap().connection();
    while pool.size() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut q = pool.begin(Admin).await.unwrap();
    for again in [false, true] {
        round_trips.take();
        for statement in &statements {
            q.orm().run.execute(statement.arguments()).await.unwrap();
        }
        let expected = if again { 1 } else { 2 } * statements.len();
        assert_eq!(round_trips.take(), expected);
    }
}

fn statement(number: usize) -> &'static xact::generated::Query {
    Box::leak(Box::new(xact::generated::Query {
        name: "numbered",
        file: "queries/numbers.sql",
        sql: format!("SELECT {number}").leak(),
        parameters: &[],
        columns: &[],
        names: "",
    }))
}
