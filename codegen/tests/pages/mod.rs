//! Pages of many rows with ties, NULLs and extreme values: every type and direction of ORDER BY, read by the runtime from the
//! statements that the tool writes.
//!
//! ```text
//! notes   a table of many rows, and the queries over it     paged   statements of the tool, run by the runtime
//! joins   rows of outer joins
//! ```

mod joins;
mod notes;
mod paged;

use notes::{ROWS, orders};
use paged::{Paged, Paging};
use std::collections::BTreeMap;
use xact::Cursor;
use xact::generated::content_hash;
use xact::sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use xact::testing::TestDatabase;

/// The pages of a walk are of different sizes, so that their ends fall everywhere.
const SIZES: &[u32] = &[1_501, 1, 2_997, 313];

/// A database with the table, and the statements of a query for each order.
async fn notes_database() -> (TestDatabase, PgConnection, Vec<Paged>) {
    let no_migrations = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&no_migrations).await.unwrap();
    let mut connection = test.connect().await.unwrap();
    connection.execute(notes::SCHEMA).await.unwrap();
    connection
        .execute(AssertSqlSafe(notes::fill()))
        .await
        .unwrap();
    let queries: Vec<String> = orders().iter().map(|order| notes::query(order)).collect();
    let paged = paged::of_queries(&mut connection, &queries).await;
    (test, connection, paged)
}

/// The ids in the order of a query.
async fn ids_in_order(connection: &mut PgConnection, order: &str) -> Vec<i64> {
    let sql = format!("SELECT id FROM notes WHERE id <= {ROWS} ORDER BY {order}");
    let rows = connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// All ids, page by page, from the first page on or from the last one back.
async fn walk(q: &mut Paging, paged: &Paged, forward: bool) -> Vec<i64> {
    walk_by(q, paged, forward, SIZES).await
}

async fn walk_by(q: &mut Paging, paged: &Paged, forward: bool, sizes: &[u32]) -> Vec<i64> {
    let mut walked = Vec::new();
    let mut at: Option<Cursor> = None;
    for size in sizes.iter().cycle() {
        let mut orm = q.orm();
        let pages_of = orm.pages(paged);
        let call = match (&at, forward) {
            (None, true) => pages_of.first(*size),
            (None, false) => pages_of.last(*size),
            (Some(cursor), true) => pages_of.after(cursor, *size),
            (Some(cursor), false) => pages_of.before(cursor, *size),
        };
        let page = call.await.unwrap();
        let next = if forward { page.next } else { page.previous };
        walked.push(page.rows);
        match next {
            // As a client has it.
            Some(cursor) => at = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    if !forward {
        walked.reverse();
    }
    walked.concat()
}

#[tokio::test]
async fn pages_have_every_row_once_in_every_order() {
    let (test, mut connection, paged) = notes_database().await;
    let db = paged::connect(&test);
    for (order, paged) in orders().iter().zip(&paged) {
        let expected = ids_in_order(&mut connection, order).await;
        assert_eq!(expected.len(), usize::try_from(ROWS).unwrap());
        let mut q = db.begin_all().await.unwrap();
        assert_eq!(walk(&mut q, paged, true).await, expected, "{order}");
        assert_eq!(walk(&mut q, paged, false).await, expected, "{order}, back");
        q.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn pages_have_every_row_once_while_others_come_and_go() {
    let (test, mut connection, paged) = notes_database().await;
    let db = paged::connect(&test);
    for (order, paged) in orders().iter().zip(&paged).step_by(5) {
        let expected = ids_in_order(&mut connection, order).await;
        for forward in [true, false] {
            let mut writer = test.connect().await.unwrap();
            let writing = async {
                for round in 0.. {
                    writer
                        .execute(AssertSqlSafe(notes::disturb(round)))
                        .await
                        .unwrap();
                }
            };
            let reading = async {
                let mut q = db.begin_all().await.unwrap();
                let found = walk(&mut q, paged, forward).await;
                q.rollback().await.unwrap();
                found
            };
            let found = tokio::select! {
                found = reading => found,
                () = writing => unreachable!("it writes without end"),
            };
            let kept: Vec<i64> = found.into_iter().filter(|id| *id <= ROWS).collect();
            assert_eq!(kept, expected, "{order}");
            // Its statement may have been dropped while it ran.
            writer.close_hard().await.unwrap();
            let others = format!("DELETE FROM notes WHERE id > {ROWS}");
            connection.execute(AssertSqlSafe(others)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_page_and_its_neighbours_are_side_by_side() {
    let (test, mut connection, paged) = notes_database().await;
    let db = paged::connect(&test);
    let expected = ids_in_order(&mut connection, orders()[0].as_str()).await;
    let mut q = db.begin_all().await.unwrap();
    let first = q
        .orm()
        .pages(&paged[0])
        .first(10)
        .with_total()
        .await
        .unwrap();
    assert_eq!(first.rows, expected[..10]);
    assert_eq!(first.total, u64::try_from(ROWS).ok());
    assert_eq!(first.previous, None);
    let next = first.next.unwrap();
    let second = q.orm().pages(&paged[0]).after(&next, 10).await.unwrap();
    assert_eq!(second.rows, expected[10..20]);
    assert_eq!(second.total, None);
    let back = second.previous.unwrap();
    let again = q.orm().pages(&paged[0]).before(&back, 10).await.unwrap();
    assert_eq!(again.rows, expected[..10]);
    assert_eq!(again.previous, None);
    assert_eq!(again.next, Some(next));
    let last = q.orm().pages(&paged[0]).last(3).await.unwrap();
    assert_eq!(last.rows, expected[expected.len() - 3..]);
    assert_eq!(last.next, None);
    let all = q.orm().pages(&paged[0]).first(u32::MAX).await.unwrap();
    assert_eq!(all.rows, expected);
    assert_eq!((all.next, all.previous), (None, None));
}

#[tokio::test]
async fn a_cursor_of_another_query_order_or_version_is_refused() {
    let (test, _connection, paged) = notes_database().await;
    let db = paged::connect(&test);
    let mut q = db.begin_all().await.unwrap();
    for (index, one) in paged.iter().enumerate() {
        let page = q.orm().pages(one).first(1).await.unwrap();
        let cursor = page.next.unwrap();
        for (other, paged) in paged.iter().enumerate() {
            let answer = q.orm().pages(paged).after(&cursor, 1).await;
            // The transaction goes on after each refusal.
            let refused = answer.is_err_and(|error| error.is_invalid_cursor());
            assert_eq!(refused, index != other);
        }
    }
    let error = q.orm().pages(&paged[0]).first(0).await.unwrap_err();
    assert!(error.to_string().contains("at least one row"), "{error}");
    let zero = "no-cursor".parse::<Cursor>().map_err(xact::Error::from);
    assert!(zero.is_err_and(|error| error.is_invalid_cursor()));
}

/// The bytes of a cursor with other bytes in the place of some, and the checksum that belongs to them.
fn forge(cursor: &Cursor, change: impl FnOnce(&mut Vec<u8>)) -> Option<Cursor> {
    let mut bytes = paged::bytes_of(cursor);
    bytes.truncate(bytes.len() - 4);
    change(&mut bytes);
    let checksum = content_hash(&bytes).to_be_bytes();
    bytes.extend(&checksum[..4]);
    paged::text_of(&bytes).parse().ok()
}

#[tokio::test]
async fn a_forged_cursor_is_an_error_or_another_place_in_the_order() {
    let (test, mut connection, paged) = notes_database().await;
    let db = paged::connect(&test);
    let mut rng = fastrand::Rng::with_seed(7);
    let mut answers = BTreeMap::new();
    for (order, paged) in orders().iter().zip(&paged) {
        let mut q = db.begin_all().await.unwrap();
        let cursor = q
            .orm()
            .pages(paged)
            .first(5_000)
            .await
            .unwrap()
            .next
            .unwrap();
        q.rollback().await.unwrap();
        let expected = ids_in_order(&mut connection, order).await;
        for _ in 0..8 {
            let forged = forge(&cursor, |bytes| {
                for _ in 0..rng.usize(1..4) {
                    // Behind the version and the fingerprint.
                    let at = rng.usize(9..bytes.len());
                    bytes[at] = rng.u8(..);
                }
                if rng.u8(..4) == 0 {
                    bytes.truncate(rng.usize(9..bytes.len()));
                }
            });
            let Some(forged) = forged else { continue };
            let mut q = db.begin_all().await.unwrap();
            let answer = q.orm().pages(paged).after(&forged, u32::MAX).await;
            *answers.entry(answer.is_ok()).or_insert(0) += 1;
            match answer {
                // The rows beyond some place are the end of all rows.
                Ok(page) => assert!(expected.ends_with(&page.rows), "{order}"),
                Err(error) => assert!(error.is_invalid_cursor(), "{order}: {error:?}"),
            }
            let _ = q.rollback().await;
        }
    }
    // Both happen.
    assert_eq!(answers.len(), 2, "{answers:?}");
}

#[tokio::test]
async fn a_cursor_begins_a_scan_of_the_index() {
    let (_test, mut connection, paged) = notes_database().await;
    for (order, condition) in [
        ("id DESC", "Index Cond: (id < "),
        ("rank, id", "Index Cond: (ROW(rank, id) > ROW("),
        ("rank DESC, id DESC", "Index Cond: (ROW(rank, id) < ROW("),
        ("title, id DESC", "Index Cond: (title >= "),
        ("score DESC, id DESC", "Index Cond: (ROW(score, id) < ROW("),
    ] {
        let at = orders().iter().position(|known| known == order).unwrap();
        let plan = paged::explain_after(&mut connection, &paged[at]).await;
        assert!(plan.contains(condition), "{order}:\n{plan}");
        assert!(!plan.contains("Sort"), "{order}:\n{plan}");
        let by_hand = notes::plan_by_hand(&mut connection, order).await;
        assert_eq!(plan, by_hand, "{order}");
    }
}
