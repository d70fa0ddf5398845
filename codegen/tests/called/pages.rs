//! Pages of a query with parts and orders: every variant has every row once, in both directions.

use super::pool;
use crate::compiled::pages_have_parts_and_orders as paged;
use paged::notes::{NotesByMoodOrder, NotesByMoodParams, NotesSearchOrder, NotesSearchParams};
use paged::types::Mood;
use xact::sqlx::{AssertSqlSafe, Executor as _, Row as _};

const FILL: &str = "
    INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 3) n;
    INSERT INTO notes
    SELECT n, 1 + n % 3, 'Title ' || n % 40, nullif(n % 11, 4), nullif((ARRAY['sad', 'ok', 'happy', '7'])[n % 4 + 1], '7')::mood
    FROM generate_series(1, 4000) n";

/// The choices of a call, and the same query written by hand.
struct Variant {
    author: Option<&'static str>,
    score: Option<i32>,
    moods: Option<Vec<Mood>>,
    sevens: bool,
    order: NotesSearchOrder,
}

impl Variant {
    fn of_number(number: usize) -> Self {
        let bit = |bit: usize| ((number / 3) >> bit) & 1 == 1;
        Self {
            author: bit(0).then_some("author 2"),
            score: bit(1).then_some(3),
            moods: bit(2).then(|| vec![Mood::Sad, Mood::Happy]),
            sevens: bit(3),
            order: [
                NotesSearchOrder::Newest,
                NotesSearchOrder::Title,
                NotesSearchOrder::Score,
            ][number % 3],
        }
    }

    fn params(&self) -> NotesSearchParams<'_> {
        NotesSearchParams {
            author: self.author,
            score: self.score,
            moods: self.moods.as_deref(),
            sevens: self.sevens,
            order: self.order,
        }
    }

    fn by_hand(&self) -> String {
        let mut sql =
            "SELECT n.id FROM notes n JOIN authors a ON a.id = n.author_id WHERE true".to_owned();
        for (is_on, condition) in [
            (self.author.is_some(), "a.name = 'author 2'"),
            (self.score.is_some(), "n.score >= 3"),
            (self.moods.is_some(), "n.mood IN ('sad', 'happy')"),
            (self.sevens, "n.title LIKE '%7'"),
        ] {
            if is_on {
                sql.push_str(" AND ");
                sql.push_str(condition);
            }
        }
        let order = match self.order {
            NotesSearchOrder::Newest => "n.id DESC",
            NotesSearchOrder::Title => "lower(n.title), n.id",
            NotesSearchOrder::Score => "n.score DESC NULLS LAST, n.mood, n.id",
        };
        format!("{sql} ORDER BY {order}")
    }
}

#[tokio::test]
async fn pages_of_every_variant_have_every_row_once() {
    let (server, pool) = pool("pages_have_parts_and_orders").await;
    let db = paged::Database::new(pool);
    let mut connection = server.connect().await.unwrap();
    connection.execute(FILL).await.unwrap();
    for number in 0..48 {
        let variant = Variant::of_number(number);
        let by_hand = variant.by_hand();
        let rows = connection
            .fetch_all(AssertSqlSafe(by_hand.clone()))
            .await
            .unwrap();
        let expected: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        let mut q = db.begin_admin().await.unwrap();
        let mut orm = q.orm();
        let first = orm.notes_search(variant.params()).first(300).with_total();
        let mut page = first.await.unwrap();
        assert_eq!(page.total, u64::try_from(expected.len()).ok(), "{by_hand}");
        let mut found: Vec<i64> = page.rows.iter().map(|row| i64::from(row.id)).collect();
        while let Some(next) = page.next {
            page = q
                .orm()
                .notes_search(variant.params())
                .after(&next, 777)
                .await
                .unwrap();
            found.extend(page.rows.iter().map(|row| i64::from(row.id)));
        }
        assert_eq!(found, expected, "{by_hand}");
        let mut page = q
            .orm()
            .notes_search(variant.params())
            .last(300)
            .await
            .unwrap();
        let mut back = vec![page.rows];
        while let Some(previous) = page.previous {
            page = q
                .orm()
                .notes_search(variant.params())
                .before(&previous, 777)
                .await
                .unwrap();
            back.push(page.rows);
        }
        let back: Vec<i64> = back
            .iter()
            .rev()
            .flatten()
            .map(|row| i64::from(row.id))
            .collect();
        assert_eq!(back, expected, "{by_hand}, back");
        q.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_order_and_not_to_the_parts() {
    let (server, pool) = pool("pages_have_parts_and_orders").await;
    let db = paged::Database::new(pool);
    server.connect().await.unwrap().execute(FILL).await.unwrap();
    let mut q = db.begin_admin().await.unwrap();
    let newest = Variant::of_number(0);
    let page = q
        .orm()
        .notes_search(newest.params())
        .first(10)
        .await
        .unwrap();
    let cursor = page.next.unwrap();
    let with_author = Variant::of_number(3);
    let page = q
        .orm()
        .notes_search(with_author.params())
        .after(&cursor, 10)
        .await
        .unwrap();
    assert!(page.rows.iter().all(|row| i64::from(row.id) <= 3990));
    for order in [1, 2] {
        let other = Variant::of_number(order);
        let error = q
            .orm()
            .notes_search(other.params())
            .after(&cursor, 10)
            .await
            .unwrap_err();
        assert!(error.is_invalid_cursor(), "{error}");
    }
    let rising = NotesByMoodParams {
        order: NotesByMoodOrder::Rising,
        ..NotesByMoodParams::new("")
    };
    let error = q
        .orm()
        .notes_by_mood(rising)
        .after(&cursor, 10)
        .await
        .unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
}
