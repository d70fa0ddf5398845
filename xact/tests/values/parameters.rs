//! Values that are sent as parameters.

use xact::types::{
    Date, Decimal, MaybeInfinite, OffsetDateTime, PgTimeTz, PrimitiveDateTime, Range, Time,
    UtcOffset,
};

use super::{begin, write};

#[tokio::test]
async fn nanoseconds_are_cut_to_the_microseconds_that_postgres_has() {
    let q = &mut begin().await;
    let time = Time::from_hms_nano(23, 59, 59, 999_999_999).unwrap();
    assert_eq!(write(q, "time", time).await.unwrap(), "23:59:59.999999");
    let at = PrimitiveDateTime::new(Date::from_ordinal_date(2025, 365).unwrap(), time);
    assert_eq!(
        write(q, "timestamp", at).await.unwrap(),
        "2025-12-31 23:59:59.999999"
    );
    let zoned = PgTimeTz {
        time,
        offset: UtcOffset::from_hms(-15, -59, 0).unwrap(),
    };
    assert_eq!(
        write(q, "timetz", zoned).await.unwrap(),
        "23:59:59.999999-15:59"
    );
}

#[tokio::test]
async fn infinities_are_sent() {
    let q = &mut begin().await;
    let infinity = MaybeInfinite::<OffsetDateTime>::Infinity;
    assert_eq!(write(q, "timestamptz", infinity).await.unwrap(), "infinity");
    let none = MaybeInfinite::<Date>::NegativeInfinity;
    assert_eq!(write(q, "date", &none).await.unwrap(), "-infinity");
    let until = Range::from(MaybeInfinite::NegativeInfinity..MaybeInfinite::<Date>::Infinity);
    assert_eq!(
        write(q, "daterange", until).await.unwrap(),
        "[-infinity,infinity)"
    );
    let all = vec![Some(infinity), None];
    assert_eq!(
        write(q, "timestamptz[]", all).await.unwrap(),
        "{infinity,NULL}"
    );
}

#[tokio::test]
async fn dates_that_postgres_does_not_have_are_errors() {
    let q = &mut begin().await;
    let error = write(q, "date", Date::MIN).await.unwrap_err();
    assert_eq!(error.code(), Some("22008"));
}

#[tokio::test]
async fn decimals_keep_every_digit() {
    let q = &mut begin().await;
    for text in [
        "79228162514264337593543950335",
        "-0.0000000000000000000000000001",
        "1.50",
    ] {
        let number: Decimal = text.parse().unwrap();
        assert_eq!(write(q, "numeric", number).await.unwrap(), text);
    }
}
