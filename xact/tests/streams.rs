//! Rows one by one.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::{StreamExt as _, TryStreamExt as _};
use xact::generated::Query;
use xact::{BorrowedRows, Error};

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

/// Its third row has NULLs.
static TEXTS: Query = Query {
    name: "texts",
    file: "queries/series.sql",
    sql: "SELECT n, nullif('text ' || n, 'text 3') AS title, convert_to(nullif('bytes ' || n, 'bytes 3'), 'UTF8') AS body \
        FROM generate_series(1, $1) AS n",
    parameters: &[23],
    columns: &[23, 25, 17],
    names: "n, title, body",
};

#[derive(Debug, PartialEq)]
struct TextRow<'a> {
    n: i32,
    title: Option<&'a str>,
    body: Option<&'a [u8]>,
}

xact::generated::borrowed_row!(TextRow { n, title, body });

/// The same with columns that cannot be NULL.
struct WholeRow<'a> {
    n: i32,
    title: &'a str,
    body: &'a [u8],
}

xact::generated::borrowed_row!(WholeRow { n, title, body });

#[tokio::test]
async fn borrowed_rows_have_the_values_of_their_columns() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let mut rows: BorrowedRows<'_, TextRow<'static>> =
        orm.run.stream_borrowed(TEXTS.arguments().push(5_000));
    let mut count = 0;
    while let Some(row) = rows.next().await.unwrap() {
        count += 1;
        let is_null = count == 3;
        let (title, body) = (format!("text {count}"), format!("bytes {count}"));
        assert_eq!(
            row,
            TextRow {
                n: count,
                title: (!is_null).then_some(title.as_str()),
                body: (!is_null).then_some(body.as_bytes()),
            }
        );
    }
    assert_eq!(count, 5_000);
    assert!(rows.next().await.unwrap().is_none());
    drop(rows);
    q.orm().users_insert("a", None).await.unwrap();
    q.commit().await.unwrap();
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_borrowed_text_that_is_null_is_an_error_and_the_next_row_follows() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let mut rows: BorrowedRows<'_, WholeRow<'static>> =
        orm.run.stream_borrowed(TEXTS.arguments().push(4));
    for n in 1..=4 {
        match rows.next().await {
            Ok(row) => {
                let row = row.unwrap();
                assert_eq!((row.n, row.title.len(), row.body.len()), (n, 6, 7));
            }
            Err(error) => {
                assert_eq!(n, 3);
                assert!(error.to_string().contains("`title`"), "{error}");
            }
        }
    }
    assert!(rows.next().await.unwrap().is_none());
    drop(rows);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn borrowed_rows_of_other_columns_are_refused() {
    static OTHER: Query = Query {
        columns: &[23, 25, 25],
        ..TEXTS
    };
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let mut rows: BorrowedRows<'_, TextRow<'static>> =
        orm.run.stream_borrowed(OTHER.arguments().push(2));
    for _ in 0..2 {
        let error: Error = rows.next().await.unwrap_err();
        assert!(error.is_schema_mismatch(), "{error}");
    }
    assert!(rows.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_borrowed_row_that_is_not_waited_for_is_the_next_one() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    // So many that they arrive in more than one piece, however busy the machine is.
    let wanted = 100_000;
    let mut rows: BorrowedRows<'_, TextRow<'static>> =
        orm.run.stream_borrowed(TEXTS.arguments().push(wanted));
    let (mut count, mut dropped) = (0, 0);
    loop {
        {
            let mut next = pin!(rows.next());
            let polled = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
            if let Poll::Ready(row) = polled {
                let Some(row) = row.unwrap() else { break };
                count += 1;
                assert_eq!(row.n, count);
                continue;
            }
        }
        dropped += 1;
        tokio::task::yield_now().await;
    }
    assert_eq!(count, wanted);
    assert!(dropped > 0);
}

#[tokio::test]
async fn borrowed_rows_dropped_half_way_lose_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let mut orm = q.orm();
    let mut rows: BorrowedRows<'_, TextRow<'static>> =
        orm.run.stream_borrowed(TEXTS.arguments().push(100_000));
    assert_eq!(rows.next().await.unwrap().unwrap().n, 1);
    drop(rows);
    assert!(q.commit().await.is_err());
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

/// A row is kept over an await, in a future that can be sent to another thread.
#[tokio::test]
async fn borrowed_rows_are_read_in_a_task() {
    let (pool, _observer) = database(1).await;
    let task = tokio::spawn(async move {
        let mut q = pool.begin(Admin).await?;
        let mut orm = q.orm();
        let mut rows: BorrowedRows<'_, WholeRow<'static>> =
            orm.run.stream_borrowed(TEXTS.arguments().push(2));
        let mut lengths = Vec::new();
        while let Some(row) = rows.next().await? {
            tokio::task::yield_now().await;
            lengths.push((row.title.len(), row.body.len()));
        }
        Ok::<_, Error>(lengths)
    });
    assert_eq!(task.await.unwrap().unwrap(), [(6, 7), (6, 7)]);
}
