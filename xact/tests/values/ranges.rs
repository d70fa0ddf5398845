//! Ranges are written back as they were read: the empty one, bounds of both kinds, none, and infinite ones.

use std::ops::Bound;

use xact::FromSql;
use xact::Xact;
use xact::sqlx::{Encode, Postgres};
use xact::types::{Date, Decimal, MaybeInfinite, OffsetDateTime, PrimitiveDateTime, Range};

use super::{begin, query};
use crate::orm::Admin;

/// Reads the range with this text, sends it back, and compares inside of Postgres; gives it as it was read.
async fn there_and_back<T>(q: &mut Xact<Admin>, pg_type: &str, text: &str) -> Range<T>
where
    Range<T>: for<'r> FromSql<'r> + for<'q> Encode<'q, Postgres> + Send + Sync + 'static,
{
    let read = query(format!("SELECT $1::text::{pg_type}"), &[25]);
    let same = query(
        format!("SELECT ($1::{pg_type})::text = ($2::text::{pg_type})::text"),
        &[0, 25],
    );
    let mut orm = q.orm();
    let call = orm
        .run
        .one(read.arguments().push(text), |row| row.get::<Range<T>>(0));
    let range = call.await.unwrap();
    let arguments = same.arguments().push(&range).push(text);
    let call = orm.run.one(arguments, |row| row.get::<bool>(0));
    assert!(call.await.unwrap(), "{pg_type} {text}");
    range
}

/// Random bounds of random kinds around random values, most of which are not empty.
fn random(
    random: &mut fastrand::Rng,
    value: impl Fn(&mut fastrand::Rng, bool) -> String,
) -> String {
    if random.u8(..10) == 0 {
        return "empty".to_owned();
    }
    let one = |random: &mut fastrand::Rng, is_upper: bool| match random.u8(..5) {
        0 => String::new(),
        _ => value(random, is_upper),
    };
    let (lower, upper) = (one(random, false), one(random, true));
    let open = if random.bool() { '[' } else { '(' };
    let close = if random.bool() { ']' } else { ')' };
    format!("{open}{lower},{upper}{close}")
}

#[tokio::test]
async fn random_ranges_of_every_type_are_written_back_as_they_were() {
    type At = MaybeInfinite<OffsetDateTime>;
    type Local = MaybeInfinite<PrimitiveDateTime>;
    let q = &mut begin().await;
    let rng = &mut fastrand::Rng::with_seed(12);
    // The lower bound is never above the upper one, which Postgres refuses; they may be equal, which is an empty range.
    let number = |rng: &mut fastrand::Rng, upper: bool| {
        let number = rng.i32(0..3);
        if upper { number + 2 } else { number - 2 }.to_string()
    };
    let day = |rng: &mut fastrand::Rng, upper: bool| match (rng.u8(..6), upper) {
        (0, true) => "infinity".to_owned(),
        (0, false) => "-infinity".to_owned(),
        (_, true) => format!("9999-12-{:02}", rng.u8(10..20)),
        (_, false) => format!("0099-01-{:02} BC", rng.u8(10..20)),
    };
    for _ in 0..60 {
        there_and_back::<i32>(q, "int4range", &random(rng, number)).await;
        there_and_back::<i64>(q, "int8range", &random(rng, number)).await;
        there_and_back::<Decimal>(q, "numrange", &random(rng, number)).await;
        there_and_back::<MaybeInfinite<Date>>(q, "daterange", &random(rng, day)).await;
        there_and_back::<Local>(q, "tsrange", &random(rng, day)).await;
        there_and_back::<At>(q, "tstzrange", &random(rng, day)).await;
    }
}

#[tokio::test]
async fn an_empty_range_is_not_one_without_bounds() {
    let q = &mut begin().await;
    let empty: Range<i32> = there_and_back(q, "int4range", "empty").await;
    assert!(empty.is_empty() && empty.bounds().is_none());
    let all: Range<i32> = there_and_back(q, "int4range", "(,)").await;
    assert_eq!(all, Range::from(..));
    let nothing: Range<i32> = there_and_back(q, "int4range", "(1,2)").await;
    assert_eq!(nothing, Range::Empty);
    let pages: Range<i32> = there_and_back(q, "int4range", "[1,4]").await;
    assert_eq!(pages, Range::from(1..5));
    let price: Range<Decimal> = there_and_back(q, "numrange", "(0.50,1]").await;
    let (lower, upper) = (Decimal::new(50, 2), Decimal::ONE);
    assert_eq!(
        price,
        Range::from((Bound::Excluded(lower), Bound::Included(upper)))
    );
}

#[tokio::test]
async fn ranges_are_elements_of_arrays() {
    let q = &mut begin().await;
    let ranges =
        super::read::<Vec<Option<Range<Date>>>>(q, "ARRAY['empty', NULL, '(,)']::daterange[]");
    let ranges = ranges.await.unwrap();
    assert_eq!(ranges, [Some(Range::Empty), None, Some(Range::from(..))]);
    let text = super::write(q, "daterange[]", ranges).await.unwrap();
    assert_eq!(text, r#"{empty,NULL,"(,)"}"#);
}
