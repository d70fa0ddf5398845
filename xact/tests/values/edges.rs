//! Values at the edges of Rust types, alone and inside of others.

use xact::types::{
    Date, Decimal, MaybeInfinite, OffsetDateTime, PgArray, PgInterval, PgMoney, PgTimeTz,
    PrimitiveDateTime, Range, Time,
};

use super::{begin, read, refuse};

const INFINITE: &str = "it is `infinity` or `-infinity`";
const YEAR: &str = "its year is out of the range";
const END_OF_DAY: &str = "it is `24:00`";
const DIGITS: &str = "it has more digits than `Decimal` holds";

#[tokio::test]
async fn timestamps_out_of_range_are_errors() {
    let q = &mut begin().await;
    refuse::<OffsetDateTime>(q, "'infinity'::timestamptz", INFINITE).await;
    refuse::<OffsetDateTime>(q, "'-infinity'::timestamptz", INFINITE).await;
    refuse::<OffsetDateTime>(q, "'294276-12-31 23:59:59.999999+00'::timestamptz", YEAR).await;
    refuse::<OffsetDateTime>(q, "'10000-01-01+00'::timestamptz", YEAR).await;
    refuse::<PrimitiveDateTime>(q, "'infinity'::timestamp", INFINITE).await;
    refuse::<PrimitiveDateTime>(q, "'294276-12-31 23:59:59.999999'::timestamp", YEAR).await;
    refuse::<Date>(q, "'infinity'::date", INFINITE).await;
    refuse::<Date>(q, "'-infinity'::date", INFINITE).await;
    refuse::<Date>(q, "'5874897-12-31'::date", YEAR).await;
    refuse::<Date>(q, "'10000-01-01'::date", YEAR).await;
}

#[tokio::test]
async fn timestamps_within_range_are_read() {
    let q = &mut begin().await;
    let last: OffsetDateTime = read(q, "'9999-12-31 23:59:59.999999+00'::timestamptz")
        .await
        .unwrap();
    assert_eq!((last.year(), last.microsecond()), (9999, 999_999));
    let first: PrimitiveDateTime = read(q, "'4714-11-24 BC'::timestamp").await.unwrap();
    assert_eq!(first.year(), -4713);
    let first: OffsetDateTime = read(q, "'4714-11-24 00:00:00+00 BC'::timestamptz")
        .await
        .unwrap();
    assert_eq!(first.year(), -4713);
    let day: Date = read(q, "'0001-01-01 BC'::date").await.unwrap();
    assert_eq!(day.year(), 0);
}

#[tokio::test]
async fn times_at_the_end_of_the_day_are_errors() {
    let q = &mut begin().await;
    refuse::<Time>(q, "'24:00'::time", END_OF_DAY).await;
    refuse::<Time>(q, "'23:59:59.9999999'::time", END_OF_DAY).await;
    refuse::<Time>(q, "'23:59:60'::time", END_OF_DAY).await;
    refuse::<PgTimeTz>(q, "'24:00+00'::timetz", END_OF_DAY).await;
    let last: Time = read(q, "'23:59:59.999999'::time").await.unwrap();
    assert_eq!(last.as_hms_micro(), (23, 59, 59, 999_999));
    let far: PgTimeTz = read(q, "'12:00-15:59'::timetz").await.unwrap();
    assert_eq!(far.offset.as_hms(), (-15, -59, 0));
}

#[tokio::test]
async fn values_inside_of_others_are_checked_too() {
    let q = &mut begin().await;
    let infinity = "'infinity'::timestamptz";
    refuse::<Vec<OffsetDateTime>>(q, &format!("ARRAY[{infinity}]"), INFINITE).await;
    refuse::<Option<OffsetDateTime>>(q, infinity, INFINITE).await;
    refuse::<(i32, OffsetDateTime)>(q, &format!("ROW(1, {infinity})"), INFINITE).await;
    refuse::<Vec<(i32, OffsetDateTime)>>(q, &format!("ARRAY[ROW(1, {infinity})]"), INFINITE).await;
    let range = "'[2020-01-01,infinity)'::tstzrange";
    refuse::<Range<OffsetDateTime>>(q, range, INFINITE).await;
    refuse::<Range<Date>>(q, "'[2020-01-01,infinity]'::daterange", INFINITE).await;
    refuse::<Range<PrimitiveDateTime>>(q, "'[2020-01-01,10000-01-01]'::tsrange", YEAR).await;
    refuse::<Vec<Option<Time>>>(q, "ARRAY[NULL, time '24:00']", END_OF_DAY).await;
    refuse::<Vec<Decimal>>(q, "ARRAY['NaN'::numeric]", "`NaN`").await;
    refuse::<Range<Decimal>>(q, "numrange(0, 'Infinity')", "infinite").await;
    refuse::<Range<Decimal>>(q, "numrange(0, 7.9228162514264337593543950336)", DIGITS).await;
}

#[tokio::test]
async fn infinities_are_values_of_a_type_that_has_them() {
    type At = MaybeInfinite<OffsetDateTime>;
    let q = &mut begin().await;
    let infinity = read::<At>(q, "'infinity'::timestamptz").await.unwrap();
    assert_eq!(infinity, MaybeInfinite::Infinity);
    let all = "ARRAY['-infinity', '2020-01-01 00:00+00', 'infinity']::timestamptz[]";
    let all: Vec<At> = read(q, all).await.unwrap();
    assert!(all.is_sorted() && all[1].finite().is_some(), "{all:?}");
    let day: MaybeInfinite<Date> = read(q, "'-infinity'::date").await.unwrap();
    assert_eq!(day, MaybeInfinite::NegativeInfinity);
    let none: Option<At> = read(q, "NULL::timestamptz").await.unwrap();
    assert_eq!(none, None);
    refuse::<At>(q, "'10000-01-01+00'::timestamptz", YEAR).await;
}

#[tokio::test]
async fn numbers_are_exact_or_errors() {
    let q = &mut begin().await;
    for (expression, because) in [
        ("'NaN'::numeric", "`NaN`"),
        ("'Infinity'::numeric", "infinite"),
        ("'-Infinity'::numeric", "infinite"),
        ("1e29::numeric", DIGITS),
        ("1e100::numeric", DIGITS),
        ("power(10::numeric, 1000)", DIGITS),
        ("0.1234567890123456789012345678901234567890", DIGITS),
        ("1e-40::numeric", DIGITS),
        ("79228162514264337593543950336::numeric", DIGITS),
        // 29 digits: `Decimal` would round the last one.
        ("7.9228162514264337593543950336::numeric", DIGITS),
        ("-7.9228162514264337593543950336::numeric", DIGITS),
        (
            "123456789.000000000000000000000000000000000001::numeric",
            DIGITS,
        ),
    ] {
        refuse::<Decimal>(q, expression, because).await;
    }
    for (expression, expected) in [
        ("1e28::numeric", "10000000000000000000000000000"),
        (
            "-0.0000000000000000000000000001::numeric",
            "-0.0000000000000000000000000001",
        ),
        (
            "79228162514264337593543950335::numeric",
            "79228162514264337593543950335",
        ),
        (
            "-79228162514264337593543950335::numeric",
            "-79228162514264337593543950335",
        ),
        ("100::numeric(20,10)", "100.0000000000"),
        ("0::numeric(20,3)", "0.000"),
        ("0.00012::numeric", "0.00012"),
        ("120000::numeric", "120000"),
    ] {
        let found: Decimal = read(q, expression).await.unwrap();
        assert_eq!(found.to_string(), expected, "{expression}");
    }
    // Zeros that there is no room for do not change the number.
    let one: Decimal = read(q, "1::numeric(1000,900)").await.unwrap();
    assert_eq!(one, Decimal::ONE);
}

#[tokio::test]
async fn floats_have_their_special_values() {
    let q = &mut begin().await;
    assert!(read::<f64>(q, "'NaN'::float8").await.unwrap().is_nan());
    let infinity: f32 = read(q, "'-Infinity'::float4").await.unwrap();
    assert!(infinity.is_infinite() && infinity.is_sign_negative());
    let least: f64 = read(q, "5e-324::float8").await.unwrap();
    assert_eq!(least.to_bits(), 1);
    let zero: f64 = read(q, "'-0'::float8").await.unwrap();
    assert!(zero.is_sign_negative());
}

#[tokio::test]
async fn whole_numbers_are_read_in_other_widths_if_they_fit() {
    let q = &mut begin().await;
    assert_eq!(read::<i64>(q, "1::int2").await.unwrap(), 1);
    assert_eq!(read::<i16>(q, "(-1)::int8").await.unwrap(), -1);
    refuse::<i32>(q, "4294967296", "out of the range").await;
    assert_eq!(read::<i8>(q, r#"'\377'::"char""#).await.unwrap(), -1);
    let least: PgMoney = read(q, "'-92233720368547758.08'::money").await.unwrap();
    assert_eq!(least, PgMoney(i64::MIN));
    let long: PgInterval = read(q, "'178000000 years'::interval").await.unwrap();
    assert_eq!(long.months, 2_136_000_000);
}

#[tokio::test]
async fn an_array_is_read_in_its_order_wherever_it_begins() {
    let q = &mut begin().await;
    for expression in [
        "ARRAY[1,2]",
        "'[5:6]={1,2}'::int[]",
        "'[0:1]={1,2}'::int[]",
        "'[-7:-6]={1,2}'::int[]",
    ] {
        let values: Vec<i32> = read(q, expression).await.unwrap();
        assert_eq!(values, [1, 2], "{expression}");
    }
    let keys = "(SELECT indkey::int2[] FROM pg_index WHERE indnatts = 2 LIMIT 1)";
    assert_eq!(read::<Vec<i16>>(q, keys).await.unwrap().len(), 2);
    assert!(read::<Vec<i32>>(q, "'{}'::int[]").await.unwrap().is_empty());
    let nulls: Vec<Option<i32>> = read(q, "ARRAY[1,NULL]").await.unwrap();
    assert_eq!(nulls, [Some(1), None]);
    refuse::<Vec<i32>>(q, "ARRAY[1,NULL]", "a value in it is NULL").await;
}

#[tokio::test]
async fn an_array_of_dimensions_is_no_vector() {
    let q = &mut begin().await;
    let matrix = "'[2:3][4:6]={{1,2,3},{4,5,6}}'::int[]";
    refuse::<Vec<Option<i32>>>(q, matrix, "array of 2 dimensions").await;
    let read: PgArray<i32> = read(q, matrix).await.unwrap();
    assert_eq!(read.values, [1, 2, 3, 4, 5, 6]);
    let dimensions = read.dimensions.iter();
    let dimensions: Vec<_> = dimensions.map(|one| (one.lower, one.length)).collect();
    assert_eq!(dimensions, [(2, 2), (4, 3)]);
    assert_eq!(
        super::write(q, "int4[]", &read).await.unwrap(),
        "[2:3][4:6]={{1,2,3},{4,5,6}}"
    );
}

#[tokio::test]
async fn an_element_of_another_type_is_an_error() {
    let q = &mut begin().await;
    refuse::<Vec<i64>>(q, "ARRAY[1.5::float8]", "a value in it has type").await;
    refuse::<(i64,)>(
        q,
        "ROW('2020-01-01 00:00+00'::timestamptz)",
        "a value in it has type",
    )
    .await;
    refuse::<(i32, i32)>(q, "ROW(1)", "has 1 fields").await;
}

#[tokio::test]
async fn each_row_of_an_array_is_checked() {
    let q = &mut begin().await;
    let other = "a value in it has type";
    for second in [
        "ROW('2020-01-01 00:00+00'::timestamptz, 'a')",
        "ROW('a'::text, 1::bigint)",
        "ROW(2::bigint, '\\x61'::bytea)",
    ] {
        let rows = format!("ARRAY[ROW(1::bigint, 'a'::text), {second}]");
        refuse::<Vec<(i64, String)>>(q, &rows, other).await;
    }
    let arrays = "ARRAY[ROW(ARRAY[1::bigint]), ROW(ARRAY['2020-01-01 00:00+00'::timestamptz])]";
    refuse::<Vec<(Vec<i64>,)>>(q, arrays, other).await;
    let longer = "ARRAY[ROW(1::bigint), ROW(1::bigint, 2::bigint)]";
    refuse::<Vec<(i64,)>>(q, longer, "has 2 fields").await;
    for second in ["NULL", "ROW(NULL::bigint)"] {
        let rows = format!("ARRAY[ROW(1::bigint), {second}]");
        refuse::<Vec<(i64,)>>(q, &rows, "is NULL").await;
    }
    let rows: Vec<Option<(i64, Option<String>)>> =
        read(q, "ARRAY[ROW(1::bigint, NULL::text), NULL]")
            .await
            .unwrap();
    assert_eq!(rows, [Some((1, None)), None]);
}
