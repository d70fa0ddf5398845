//! Values that Rust's usual types cannot hold, by generated functions.

use super::pool;
use crate::compiled::values_past_the_range_of_rust_have_types as stays;
use stays::stays::StaysPutParams;
use stays::types::Mood;
use xact::sqlx::raw_sql;
use xact::types::{MaybeInfinite, OffsetDateTime, Range};

#[tokio::test]
async fn what_postgres_has_as_a_default_is_read_and_written_back() {
    let (_server, pool) = pool("values_past_the_range_of_rust_have_types").await;
    let db = stays::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let infinity = MaybeInfinite::Infinity;
    let day = time_of_year_2000();
    q.orm()
        .stay_put(&infinity, Range::Empty, Mood::Sunny)
        .await
        .unwrap();
    q.orm()
        .stay_put(&day.into(), Range::from(day.date()..), Mood::Rainy)
        .await
        .unwrap();
    let stays = q.orm().stays_all().await.unwrap();
    assert_eq!(stays[0].valid_until, MaybeInfinite::Infinity);
    assert_eq!(stays[0].nights, Range::Empty);
    assert_eq!(stays[1].valid_until, MaybeInfinite::Finite(day));
    assert_eq!(stays[1].nights, Range::from(day.date()..));
    let first = q.orm().first_day().await.unwrap();
    assert_eq!(first, Some(MaybeInfinite::Finite(day.date())));
    let keys = q.orm().index_keys().await.unwrap();
    assert!(keys.iter().all(|keys| !keys.is_empty()));
    q.commit().await.unwrap();
}

fn time_of_year_2000() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(946_684_800).unwrap()
}

#[tokio::test]
async fn arrays_of_dimensions_are_read() {
    let (_server, pool) = pool("values_past_the_range_of_rust_have_types").await;
    let db = stays::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let moods = vec![Mood::Sunny, Mood::Rainy];
    let row = StaysPutParams {
        valid_until: &MaybeInfinite::NegativeInfinity,
        mood: Mood::Sunny,
        moods: &moods,
    };
    q.orm().stays_put(&[row.clone(), row]).await.unwrap();
    let found = q.orm().matrix().await.unwrap();
    assert_eq!(found.matrix.values, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(found.matrix.dimensions.len(), 2);
    assert_eq!(found.wide.values.len(), 4);
    let lengths: Vec<i32> = found
        .moods
        .unwrap()
        .dimensions
        .iter()
        .map(|one| one.length)
        .collect();
    assert_eq!(lengths, [2, 2]);
}

#[tokio::test]
async fn a_label_that_was_added_later_is_kept() {
    let (_server, pool) = pool("values_past_the_range_of_rust_have_types").await;
    let db = stays::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    raw_sql("ALTER TYPE mood ADD VALUE 'foggy'")
        .execute(q.connection())
        .await
        .unwrap();
    q.commit().await.unwrap();
    let foggy = Mood::Unknown2("foggy".to_owned());
    assert_eq!("foggy".parse(), Ok(foggy.clone()));
    let mut q = db.begin_admin().await.unwrap();
    let until = MaybeInfinite::Infinity;
    q.orm()
        .stay_put(&until, Range::Empty, foggy.clone())
        .await
        .unwrap();
    assert_eq!(q.orm().stays_all().await.unwrap()[0].mood, foggy);
    // One that Postgres does not have is its error.
    let nowhere = Mood::Unknown2("nowhere".to_owned());
    let refused = q.orm().stay_put(&until, Range::Empty, nowhere).await;
    assert_eq!(refused.unwrap_err().code(), Some("22P02"));
}
