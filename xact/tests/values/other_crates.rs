//! Dates, times and numbers of `chrono`, `jiff` and `bigdecimal`, and vectors of pgvector.

use std::ops::Bound;

use xact::sqlx::{AssertSqlSafe, raw_sql};
use xact::types::chrono::{self, DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use xact::types::jiff::{self, civil};
use xact::types::{BigDecimal, ForSqlx, HalfVector, MaybeInfinite, Range, SparseVector, Vector};

use super::round_trips::{all, moments, there_and_back};
use super::{begin, read, refuse, write};

/// Edges that `time` cannot hold and chrono can, and those that neither can.
fn far_moments(rng: &mut fastrand::Rng) -> Vec<String> {
    let mut all = moments(rng);
    all.extend([
        "20000-01-01 00:00:00".to_owned(),
        "262142-12-31 23:59:59".to_owned(),
    ]);
    all
}

#[tokio::test]
async fn dates_and_times_of_chrono_are_written_back_as_they_were_or_are_errors() {
    let q = &mut begin().await;
    let moments = far_moments(&mut fastrand::Rng::with_seed(7));
    // The infinities, and the year 294276.
    let refused = 3;
    assert_eq!(
        there_and_back::<ForSqlx<NaiveDateTime>>(q, "timestamp", &moments).await,
        refused
    );
    assert_eq!(
        there_and_back::<ForSqlx<DateTime<Utc>>>(q, "timestamptz", &moments).await,
        refused
    );
    assert_eq!(
        there_and_back::<ForSqlx<DateTime<FixedOffset>>>(q, "timestamptz", &moments).await,
        refused
    );
    assert_eq!(
        there_and_back::<ForSqlx<NaiveDate>>(q, "date", &moments).await,
        refused
    );
    assert_eq!(
        there_and_back::<ForSqlx<MaybeInfinite<DateTime<Utc>>>>(q, "timestamptz", &moments).await,
        1
    );
    assert_eq!(
        there_and_back::<ForSqlx<MaybeInfinite<NaiveDate>>>(q, "date", &moments).await,
        1
    );
    let times = all(&["00:00", "23:59:59.999999", "24:00", "12:34:56.000001"]);
    assert_eq!(
        there_and_back::<ForSqlx<NaiveTime>>(q, "time", &times).await,
        1
    );
}

#[tokio::test]
async fn dates_and_times_of_jiff_are_written_back_as_they_were_or_are_errors() {
    let q = &mut begin().await;
    let moments = moments(&mut fastrand::Rng::with_seed(9));
    let refused = there_and_back::<ForSqlx<civil::DateTime>>(q, "timestamp", &moments).await;
    assert!((4..80).contains(&refused), "{refused}");
    // A timestamp of jiff ends a day before the year 10000, so that it can be shown in every time zone.
    let moments_refused =
        there_and_back::<ForSqlx<jiff::Timestamp>>(q, "timestamptz", &moments).await;
    assert!(
        (refused..=refused + 2).contains(&moments_refused),
        "{moments_refused}"
    );
    assert_eq!(
        there_and_back::<ForSqlx<civil::Date>>(q, "date", &moments).await,
        refused
    );
    assert_eq!(
        there_and_back::<ForSqlx<MaybeInfinite<civil::Date>>>(q, "date", &moments).await,
        refused - 2
    );
    let times = all(&["00:00", "23:59:59.999999", "24:00", "12:34:56.000001"]);
    assert_eq!(
        there_and_back::<ForSqlx<civil::Time>>(q, "time", &times).await,
        1
    );
}

#[tokio::test]
async fn numbers_of_bigdecimal_are_written_back_as_they_were_or_are_errors() {
    let q = &mut begin().await;
    let rng = &mut fastrand::Rng::with_seed(11);
    let mut texts = all(&[
        "0",
        "0.00",
        "-0",
        "1e28",
        "1e-28",
        "1e1000",
        "1.50",
        "0.0001",
        "0.00001",
        "10000",
        "1e16",
        "123456789012345678901234567890.123456789",
        "NaN",
        "Infinity",
        "-Infinity",
    ]);
    texts.push("9".repeat(5_000) + "." + &"7".repeat(5_000));
    for _ in 0..300 {
        let mut digits = |most: usize| -> String {
            let count = rng.usize(..most);
            (0..count).map(|_| rng.digit(10)).collect()
        };
        let (whole, fraction) = (digits(40), digits(40));
        let sign = if rng.bool() { "-" } else { "" };
        texts.push(format!("{sign}0{whole}.{fraction}0"));
    }
    let refused = there_and_back::<ForSqlx<BigDecimal>>(q, "numeric", &texts).await;
    assert_eq!(refused, 3, "NaN and the infinities");
    // An exponent that Postgres writes out.
    let large: BigDecimal = "12e5".parse().unwrap();
    assert_eq!(
        write(q, "numeric", ForSqlx(large)).await.unwrap(),
        "1200000"
    );
    for too_long in ["1e200000", "1e-20000"] {
        let number: BigDecimal = too_long.parse().unwrap();
        let error = write(q, "numeric", ForSqlx(number)).await.unwrap_err();
        assert!(error.to_string().contains("more digits"), "{error}");
    }
}

#[tokio::test]
async fn values_that_a_crate_cannot_hold_are_errors_with_a_reason() {
    let q = &mut begin().await;
    refuse::<DateTime<Utc>>(q, "'infinity'::timestamptz", "MaybeInfinite").await;
    refuse::<NaiveDate>(q, "'5874897-01-01'::date", "crate `chrono`").await;
    refuse::<NaiveTime>(q, "'24:00'::time", "chrono::NaiveTime").await;
    refuse::<jiff::Timestamp>(q, "'-infinity'::timestamptz", "MaybeInfinite").await;
    refuse::<civil::Date>(q, "'10000-01-01'::date", "crate `jiff`").await;
    refuse::<civil::Time>(q, "'24:00'::time", "jiff::civil::Time").await;
    refuse::<BigDecimal>(q, "'NaN'::numeric", "`NaN`").await;
    let noon = NaiveDate::MAX.and_hms_milli_opt(23, 59, 59, 1_500).unwrap();
    let error = write(q, "timestamp", ForSqlx(noon)).await.unwrap_err();
    assert!(error.to_string().contains("leap second"), "{error}");
    let error = write(q, "time", ForSqlx(noon.time())).await.unwrap_err();
    assert!(error.to_string().contains("leap second"), "{error}");
}

#[tokio::test]
async fn they_are_read_and_written_in_arrays_and_ranges() {
    let q = &mut begin().await;
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let days = vec![Some(day), None];
    let text = write(q, "date[]", ForSqlx(days.as_slice())).await.unwrap();
    assert_eq!(text, "{2024-02-29,NULL}");
    let back: Vec<Option<NaiveDate>> = read(q, "'{2024-02-29,NULL}'::date[]").await.unwrap();
    assert_eq!(back, days);
    let none: &[civil::Date] = &[];
    assert_eq!(write(q, "date[]", ForSqlx(none)).await.unwrap(), "{}");
    let since = Range::Between(Bound::Included(day), Bound::Unbounded);
    let text = write(q, "daterange", ForSqlx(since)).await.unwrap();
    assert_eq!(text, "[2024-02-29,)");
    let back: Range<NaiveDate> = read(q, "'[2024-02-29,)'::daterange").await.unwrap();
    assert_eq!(back, since);
    let forever = Range::Between(
        Bound::Unbounded,
        Bound::Excluded(MaybeInfinite::<civil::Date>::Infinity),
    );
    let text = write(q, "daterange", ForSqlx(forever)).await.unwrap();
    assert_eq!(text, "(,infinity)");
    let prices = [Range::from(BigDecimal::from(1)..), Range::Empty];
    let text = write(q, "numrange[]", ForSqlx(prices.as_slice()))
        .await
        .unwrap();
    assert_eq!(text, "{\"[1,)\",empty}");
    let null: Option<jiff::Timestamp> = None;
    let absent = write(q, "timestamptz", ForSqlx(null)).await;
    assert!(absent.unwrap_err().to_string().contains("NULL"));
}

#[tokio::test]
async fn sql_built_at_run_time_takes_and_gives_them() {
    type Row = (
        ForSqlx<DateTime<Utc>>,
        ForSqlx<BigDecimal>,
        ForSqlx<Vec<civil::Date>>,
    );

    let q = &mut begin().await;
    let moment = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::microseconds(1);
    let statement = xact::sqlx::query("SELECT $1, $2, $3").bind(ForSqlx(moment));
    let statement = statement
        .bind(ForSqlx(BigDecimal::from(7)))
        .bind(ForSqlx(vec![civil::date(2024, 1, 1)]));
    let (found, number, days): Row = q.sql("moments", statement).one().await.unwrap();
    assert_eq!(found.0, moment);
    assert_eq!(number.0, BigDecimal::from(7));
    assert_eq!(days.0, [civil::date(2024, 1, 1)]);
}

/// Types of the names of pgvector whose text is the bytes of its binary format: what it sends and takes, on a server without it.
fn fake_vectors() -> String {
    let fake = |name: &str| {
        format!(
            "CREATE TYPE {name};
             CREATE FUNCTION {name}_in(cstring) RETURNS {name} LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
             CREATE FUNCTION {name}_out({name}) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
             CREATE FUNCTION {name}_recv(internal) RETURNS {name} LANGUAGE internal IMMUTABLE STRICT AS 'bytearecv';
             CREATE FUNCTION {name}_send({name}) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'byteasend';
             CREATE TYPE {name} (INPUT = {name}_in, OUTPUT = {name}_out, RECEIVE = {name}_recv, SEND = {name}_send);"
        )
    };
    ["vector", "halfvec", "sparsevec"].map(fake).concat()
}

#[tokio::test]
async fn vectors_travel_in_the_format_of_pgvector() {
    let q = &mut begin().await;
    raw_sql(AssertSqlSafe(fake_vectors()))
        .execute(q.connection())
        .await
        .unwrap();
    let vector = Vector::from(vec![1.0, -2.5]);
    let bytes = "\\x000200003f800000c0200000";
    assert_eq!(write(q, "vector", vector.clone()).await.unwrap(), bytes);
    let back: Vector = read(q, &format!("'{bytes}'::vector")).await.unwrap();
    assert_eq!(back, vector);
    let half = HalfVector::from_f32_slice(&[1.0, 0.5]);
    let bytes = "\\x000200003c003800";
    assert_eq!(write(q, "halfvec", half.clone()).await.unwrap(), bytes);
    let back: HalfVector = read(q, &format!("'{bytes}'::halfvec")).await.unwrap();
    assert_eq!(back, half);
    let sparse = SparseVector::from_dense(&[0.0, 3.0, 0.0]);
    let text = write(q, "sparsevec", sparse.clone()).await.unwrap();
    let back: SparseVector = read(q, &format!("'{text}'::sparsevec")).await.unwrap();
    assert_eq!(back, sparse);
    for malformed in [
        "\\x0002",
        "\\x000200013f800000c0200000",
        "\\x000100003f80000000",
    ] {
        refuse::<Vector>(q, &format!("'{malformed}'::vector"), "`vector`").await;
    }
    // An index outside of the dimensions.
    let outside = "\\x0000000100000001000000000000000540400000";
    refuse::<SparseVector>(q, &format!("'{outside}'::sparsevec"), "`sparsevec`").await;
}
