//! Values of every type that generated code has: from text to Postgres, to Rust, and back to the same text.

use std::fmt::Debug;

use xact::FromSql;
use xact::Xact;
use xact::sqlx::{Encode, Postgres, Type};
use xact::types::{
    BitVec, Date, Decimal, IpNetwork, MacAddress, MaybeInfinite, OffsetDateTime, Oid, PgBox,
    PgCircle, PgInterval, PgLSeg, PgLine, PgMoney, PgPath, PgPoint, PgPolygon, PgTid, PgTimeTz,
    PrimitiveDateTime, Time, Uuid,
};

use super::{begin, query};
use crate::orm::Admin;

/// Reads every text as a value of the type, alone, as an element and as a field, and sends it back.
pub(super) async fn there_and_back<T>(q: &mut Xact<Admin>, pg_type: &str, texts: &[String]) -> usize
where
    T: for<'r> FromSql<'r> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Debug,
    T: Send + Sync + 'static,
{
    let read = query(format!("SELECT $1::text::{pg_type}"), &[25]);
    let inner = query(
        format!("SELECT ARRAY[ROW(1, $1::text::{pg_type}, NULL::{pg_type})] AS value"),
        &[25],
    );
    let same = query(
        format!("SELECT ($1::{pg_type})::text || '', ($2::text::{pg_type})::text || ''"),
        &[0, 25],
    );
    let same = &*Box::leak(Box::new(xact::generated::Query {
        columns: &[25, 25],
        names: "",
        ..*same
    }));
    let mut refused = 0;
    for text in texts {
        let mut orm = q.orm();
        let call = orm
            .run
            .one(read.arguments().push(text.as_str()), |row| row.get::<T>(0));
        let value = match call.await {
            Ok(value) => value,
            Err(error) => {
                assert!(error.is_unreadable_value(), "{pg_type} {text}: {error}");
                refused += 1;
                continue;
            }
        };
        let call = orm.run.one(inner.arguments().push(text.as_str()), |row| {
            row.get::<Vec<(i32, T, Option<T>)>>(0)
        });
        let inside = call
            .await
            .unwrap_or_else(|error| panic!("{pg_type} {text}: {error}"));
        assert!(
            matches!(inside.as_slice(), [(1, _, None)]),
            "{pg_type} {text}: {inside:?}"
        );
        let arguments = same.arguments().push(&value).push(text.as_str());
        let call = orm.run.one(arguments, |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?))
        });
        let (back, original) = call
            .await
            .unwrap_or_else(|error| panic!("{pg_type} {text}: {error}"));
        assert_eq!(back, original, "{pg_type} {text}: {value:?}");
    }
    refused
}

pub(super) fn all(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn values_without_time_are_written_back_as_they_were() {
    let q = &mut begin().await;
    let none = 0;
    assert_eq!(
        there_and_back::<bool>(q, "bool", &all(&["t", "f"])).await,
        none
    );
    assert_eq!(
        there_and_back::<i16>(q, "int2", &all(&["-32768", "32767"])).await,
        none
    );
    assert_eq!(
        there_and_back::<i32>(q, "int4", &all(&["-2147483648", "2147483647"])).await,
        none
    );
    let large = all(&["-9223372036854775808", "9223372036854775807"]);
    assert_eq!(there_and_back::<i64>(q, "int8", &large).await, none);
    let floats = all(&[
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "1e-45",
        "3.4028235e38",
    ]);
    assert_eq!(there_and_back::<f32>(q, "float4", &floats).await, none);
    let floats = all(&[
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "5e-324",
        "1.7976931348623157e308",
    ]);
    assert_eq!(there_and_back::<f64>(q, "float8", &floats).await, none);
    let money = all(&["-92233720368547758.08", "92233720368547758.07", "0"]);
    assert_eq!(there_and_back::<PgMoney>(q, "money", &money).await, none);
    let texts = all(&["", "a", "é🦀", "\n", "NULL"]);
    assert_eq!(there_and_back::<String>(q, "text", &texts).await, none);
    assert_eq!(there_and_back::<String>(q, "varchar", &texts).await, none);
    assert_eq!(there_and_back::<String>(q, "bpchar", &texts).await, none);
    assert_eq!(there_and_back::<String>(q, "name", &texts).await, none);
    assert_eq!(
        there_and_back::<i8>(q, "\"char\"", &all(&["", "a", "\\377"])).await,
        none
    );
    assert_eq!(
        there_and_back::<Vec<u8>>(q, "bytea", &all(&["", "\\x00ff"])).await,
        none
    );
    let ids = all(&[
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]);
    assert_eq!(there_and_back::<Uuid>(q, "uuid", &ids).await, none);
    assert_eq!(
        there_and_back::<Oid>(q, "oid", &all(&["0", "4294967295"])).await,
        none
    );
    assert_eq!(
        there_and_back::<PgTid>(q, "tid", &all(&["(0,1)", "(4294967295,65535)"])).await,
        none
    );
    let addresses = all(&[
        "10.0.0.1/8",
        "0.0.0.0/0",
        "::1",
        "2001:db8::1/64",
        "::/0",
        "255.255.255.255",
    ]);
    assert_eq!(
        there_and_back::<IpNetwork>(q, "inet", &addresses).await,
        none
    );
    assert_eq!(
        there_and_back::<MacAddress>(q, "macaddr", &all(&["08:00:2b:01:02:03"])).await,
        none
    );
    let bits = all(&["", "1", "101", "11111111", "111111110", "000000001"]);
    assert_eq!(there_and_back::<BitVec>(q, "varbit", &bits).await, none);
}

#[tokio::test]
async fn shapes_are_written_back_as_they_were() {
    let q = &mut begin().await;
    let points = all(&["(0,-0)", "(NaN,Infinity)", "(1e308,-1e-308)"]);
    assert_eq!(there_and_back::<PgPoint>(q, "point", &points).await, 0);
    assert_eq!(
        there_and_back::<PgLine>(q, "line", &all(&["{1,2,3}"])).await,
        0
    );
    assert_eq!(
        there_and_back::<PgLSeg>(q, "lseg", &all(&["[(0,1),(2,3)]"])).await,
        0
    );
    assert_eq!(
        there_and_back::<PgBox>(q, "box", &all(&["(3,4),(1,2)"])).await,
        0
    );
    let paths = all(&["[(0,1),(2,3)]", "((0,1),(2,3),(4,5))", "[(1,1)]"]);
    assert_eq!(there_and_back::<PgPath>(q, "path", &paths).await, 0);
    assert_eq!(
        there_and_back::<PgPolygon>(q, "polygon", &all(&["((0,1),(2,3))"])).await,
        0
    );
    assert_eq!(
        there_and_back::<PgCircle>(q, "circle", &all(&["<(1,2),3>"])).await,
        0
    );
}

/// Microseconds from the whole range of a timestamp, with its edges.
pub(super) fn moments(rng: &mut fastrand::Rng) -> Vec<String> {
    let edges = [
        "infinity",
        "-infinity",
        "4714-11-24 00:00:00 BC",
        "0001-12-31 23:59:59.999999 BC",
        "1999-12-31 23:59:59.999999",
        "2000-01-01 00:00:00",
        "9999-12-31 23:59:59.999999",
        "10000-01-01 00:00:00",
        "294276-12-31 23:59:59.999999",
    ];
    let mut all = all(&edges);
    for _ in 0..150 {
        let year = rng.i32(1..12_000);
        let (month, day) = (rng.u8(1..=12), rng.u8(1..=28));
        let (hour, minute, micro) = (rng.u8(..24), rng.u8(..60), rng.u32(..1_000_000));
        let era = if year < 4000 && rng.bool() { " BC" } else { "" };
        all.push(format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:07.{micro:06}{era}"
        ));
    }
    all
}

#[tokio::test]
async fn random_moments_are_written_back_as_they_were_or_are_errors() {
    let q = &mut begin().await;
    let rng = &mut fastrand::Rng::with_seed(3);
    let moments = moments(rng);
    let refused = there_and_back::<PrimitiveDateTime>(q, "timestamp", &moments).await;
    assert!((4..80).contains(&refused), "{refused}");
    assert_eq!(
        there_and_back::<OffsetDateTime>(q, "timestamptz", &moments).await,
        refused
    );
    // The infinities are values here.
    let finite = there_and_back::<MaybeInfinite<OffsetDateTime>>(q, "timestamptz", &moments).await;
    assert_eq!(finite, refused - 2);
    assert_eq!(there_and_back::<Date>(q, "date", &moments).await, refused);
    assert_eq!(
        there_and_back::<MaybeInfinite<Date>>(q, "date", &moments).await,
        refused - 2
    );
    let times = all(&["00:00", "23:59:59.999999", "24:00", "12:34:56.000001"]);
    assert_eq!(there_and_back::<Time>(q, "time", &times).await, 1);
    let times = all(&[
        "00:00+15:59:59",
        "23:59:59.999999-15:59:59",
        "24:00+00",
        "12:00+05:30",
    ]);
    assert_eq!(there_and_back::<PgTimeTz>(q, "timetz", &times).await, 1);
    let intervals = all(&[
        "178000000 years",
        "-178000000 years",
        "1 mon -2 days 03:04:05.000001",
    ]);
    assert_eq!(
        there_and_back::<PgInterval>(q, "interval", &intervals).await,
        0
    );
}

#[tokio::test]
async fn random_numbers_are_written_back_as_they_were_or_are_errors() {
    let q = &mut begin().await;
    let rng = &mut fastrand::Rng::with_seed(5);
    // Not `0.00`, which sqlx sends as `0`.
    let mut texts = all(&[
        "0", "-0", "NaN", "Infinity", "1e28", "1e29", "-1e-28", "1e-29", "1e1000",
    ]);
    for _ in 0..300 {
        let digits = |rng: &mut fastrand::Rng, most: usize| -> String {
            let count = rng.usize(..most);
            (0..count).map(|_| rng.digit(10)).collect()
        };
        let (whole, fraction) = (digits(rng, 25), digits(rng, 25));
        let sign = if rng.bool() { "-" } else { "" };
        // A zero at the end is left out where there is no room for it.
        texts.push(format!("{sign}{whole}5.{fraction}7"));
    }
    let refused = there_and_back::<Decimal>(q, "numeric", &texts).await;
    assert!((6..250).contains(&refused), "{refused}");
}
