//! Rows of SQL built at run time are read by sqlx: a value that it cannot read is an error before it tries.

use xact::types::{Decimal, OffsetDateTime, Time};

use super::begin;

macro_rules! refused {
    ($q:expr, $type:ty, $sql:literal, $because:literal) => {
        let error = $q.sql("made", $sql).value::<$type>().await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("column `value` (number 1) cannot be decoded"),
            "{text}"
        );
        assert!(text.contains($because), "{text}");
        assert_eq!(error.column(), Some("value"));
    };
}

#[tokio::test]
async fn values_that_sqlx_panics_for_or_changes_are_errors() {
    let mut q = begin().await;
    refused!(
        q,
        OffsetDateTime,
        "SELECT 'infinity'::timestamptz AS value",
        "infinity"
    );
    refused!(
        q,
        Vec<OffsetDateTime>,
        "SELECT '{infinity}'::timestamptz[] AS value",
        "infinity"
    );
    refused!(q, Time, "SELECT '24:00'::time AS value", "24:00");
    refused!(
        q,
        Decimal,
        "SELECT 7.9228162514264337593543950336 AS value",
        "digits"
    );
    let text = "SELECT ('infinity'::timestamptz)::text AS value";
    let text: String = q.sql("made", text).value().await.unwrap();
    assert_eq!(text, "infinity");
}
