//! Rows one by one.

use futures_util::{StreamExt as _, TryStreamExt as _};
use xact::generated::Query;

use crate::orm::Admin;
use crate::server::database;

static SERIES: Query = Query {
    name: "series",
    file: "queries/series.sql",
    sql: "SELECT n FROM generate_series(1, $1) AS n",
    parameters: &[23],
    columns: &[23],
    names: "",
};

static DIVIDE: Query = Query {
    name: "divide",
    file: "queries/series.sql",
    sql: "SELECT 10 / (3 - n) FROM generate_series(1, $1) AS n",
    parameters: &[23],
    columns: &[23],
    names: "",
};

#[tokio::test]
async fn a_stream_read_to_its_end_leaves_the_transaction_usable() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let rows = orm
        .run
        .many(SERIES.arguments().push(10_000), |row| row.get::<i32>(0))
        .stream();
    assert!(
        rows.try_collect::<Vec<i32>>()
            .await
            .unwrap()
            .into_iter()
            .eq(1..=10_000)
    );
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a"]);
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_stream_dropped_half_way_loses_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let mut orm = q.orm();
    let mut rows = orm
        .run
        .many(SERIES.arguments().push(100_000), |row| row.get::<i32>(0))
        .stream();
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    drop(rows);
    assert!(q.orm().users_list(0).await.is_err());
    assert!(q.commit().await.is_err());
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
    pool.xact(Admin, async |q| q.orm().identity().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_error_in_the_middle_of_a_stream_ends_it_and_aborts_the_transaction() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let mut rows = orm
        .run
        .many(DIVIDE.arguments().push(5), |row| row.get::<i32>(0))
        .stream();
    assert_eq!(rows.next().await.unwrap().unwrap(), 5);
    assert_eq!(rows.next().await.unwrap().unwrap(), 10);
    assert_eq!(
        rows.next().await.unwrap().unwrap_err().code(),
        Some("22012")
    );
    assert!(rows.next().await.is_none());
    drop(rows);
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P02"));
}
