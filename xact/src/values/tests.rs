//! Bytes that no Postgres would send are errors, too.

use super::*;
use crate::types::*;

/// Reads random bytes, and those of real values with some of them changed.
fn read_anything<T: for<'r> FromSql<'r>>(rng: &mut fastrand::Rng) {
    let seeds: [&[u8]; 4] = [
        &[
            0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7,
        ],
        &[0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 4, 0, 0, 0, 7],
        &[2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 9],
        &[0, 2, 0, 0, 0, 0, 0, 4, 0, 1, 0, 2],
    ];
    for _ in 0..3000 {
        let mut bytes = seeds[rng.usize(..seeds.len())].to_vec();
        if rng.bool() {
            bytes = (0..rng.usize(..40)).map(|_| rng.u8(..)).collect();
        }
        for _ in 0..rng.usize(..3) {
            if let Some(byte) = rng.choice(bytes.iter_mut()) {
                *byte = [0, 1, 0x7f, 0x80, 0xff][rng.usize(..5)];
            }
        }
        let cut = rng.usize(..=bytes.len());
        for bytes in [&bytes[..], &bytes[..cut]] {
            let _any = T::from_sql(SqlValue::new(Some(bytes), 0, None));
        }
    }
    assert!(T::from_sql(SqlValue::new(None, 0, None)).is_err());
}

#[test]
fn no_bytes_make_reading_panic() {
    let rng = &mut fastrand::Rng::with_seed(1);
    macro_rules! each {
        ($($type:ty),+ $(,)?) => { $(read_anything::<$type>(rng);)+ };
    }
    each!(
        bool,
        i8,
        i16,
        i32,
        i64,
        f32,
        f64,
        String,
        Vec<u8>,
        Uuid,
        Oid,
        PgMoney,
        PgInterval,
        PgTid,
        TsVector,
        TsQuery,
        PgXid,
        PgXid8,
        PgSnapshot,
        PgCid,
        PgLsn,
        PgMacAddress8,
        PgJsonPath,
        Date,
        Time,
        PgTimeTz,
        PrimitiveDateTime,
        OffsetDateTime,
        MaybeInfinite<Date>,
        MaybeInfinite<OffsetDateTime>,
        Range<i32>,
        Range<MaybeInfinite<Date>>,
        Vec<i32>,
        Vec<Option<Vec<u8>>>,
        Vec<Range<i64>>,
        PgArray<i32>,
        (i32,),
        (Option<i32>, Option<String>),
        Vec<(i32, i32)>,
        PgPoint,
        PgLine,
        PgLSeg,
        PgBox,
        PgPath,
        PgPolygon,
        PgCircle,
        PgCube,
        PgHstore,
        PgLTree,
        PgLQuery,
        JsonValue,
        Json<JsonValue>,
    );
}

#[test]
fn no_bytes_make_reading_types_of_other_crates_panic() {
    let rng = &mut fastrand::Rng::with_seed(1);
    macro_rules! each {
        ($($type:ty),+ $(,)?) => { $(read_anything::<$type>(rng);)+ };
    }
    #[cfg(feature = "decimal")]
    each!(Decimal, Vec<Decimal>, Range<Decimal>);
    #[cfg(feature = "bits")]
    each!(BitVec);
    #[cfg(feature = "chrono")]
    each!(
        ::chrono::DateTime<::chrono::Utc>,
        ::chrono::NaiveDateTime,
        MaybeInfinite<::chrono::NaiveDate>,
        Range<::chrono::NaiveDate>,
        ::chrono::NaiveTime,
    );
    #[cfg(feature = "jiff")]
    each!(
        ::jiff::Timestamp,
        ::jiff::civil::DateTime,
        MaybeInfinite<::jiff::civil::Date>,
        ::jiff::civil::Time,
    );
    #[cfg(feature = "bigdecimal")]
    each!(BigDecimal, Range<BigDecimal>);
    #[cfg(feature = "pgvector")]
    each!(Vector, HalfVector, SparseVector);
    #[cfg(feature = "network")]
    each!(IpNetwork, MacAddress);
}

/// A timestamp is the sum of the epoch and a duration.
#[test]
fn timestamps_are_microseconds_after_the_year_2000() {
    let rng = &mut fastrand::Rng::with_seed(2);
    let epoch = ::time::Date::from_ordinal_date(2000, 1)
        .expect("the year 2000 has a first day")
        .midnight();
    let mut differences = 0;
    for turn in 0..20_000 {
        // Of each magnitude, on both sides of the epoch and of the years that the crate has.
        let random = rng.i64(..) >> rng.u32(..64);
        let day = random / 86_400_000_000 * 86_400_000_000;
        let microseconds = [random, day, day.saturating_sub(1)][turn % 3];
        if matches!(microseconds, i64::MIN | i64::MAX) {
            continue;
        }
        let bytes = microseconds.to_be_bytes();
        let read = PrimitiveDateTime::from_sql(SqlValue::new(Some(&bytes), 0, None)).ok();
        let expected = epoch.checked_add(::time::Duration::microseconds(microseconds));
        differences += usize::from(read != expected);
    }
    assert_eq!(differences, 0);
}
