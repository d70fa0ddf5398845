//! Types of Postgres itself that sqlx has no Rust type for.

use xact::types::{PgCid, PgJsonPath, PgLsn, PgMacAddress8, PgSnapshot, PgXid, PgXid8, TsQuery};

use super::begin;
use super::round_trips::{all, there_and_back};

#[tokio::test]
async fn system_types_are_written_back_as_they_were() {
    let q = &mut begin().await;
    let numbers = all(&["0", "745", "4294967295"]);
    assert_eq!(there_and_back::<PgXid>(q, "xid", &numbers).await, 0);
    assert_eq!(there_and_back::<PgCid>(q, "cid", &numbers).await, 0);
    let wide = all(&["0", "18446744073709551615"]);
    assert_eq!(there_and_back::<PgXid8>(q, "xid8", &wide).await, 0);
    let snapshots = all(&[
        "1:1:",
        "10:20:10,14,15",
        "9223372036854775806:9223372036854775807:",
    ]);
    assert_eq!(
        there_and_back::<PgSnapshot>(q, "pg_snapshot", &snapshots).await,
        0
    );
    let positions = all(&["0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"]);
    assert_eq!(there_and_back::<PgLsn>(q, "pg_lsn", &positions).await, 0);
    let addresses = all(&["08:00:2b:01:02:03:04:05"]);
    assert_eq!(
        there_and_back::<PgMacAddress8>(q, "macaddr8", &addresses).await,
        0
    );
    let paths = all(&["$", "$.\"a b\"[*] ? (@.\"é\" > 1)", "strict $.\"a\""]);
    assert_eq!(there_and_back::<PgJsonPath>(q, "jsonpath", &paths).await, 0);
    let portals = all(&["", "a portal"]);
    assert_eq!(there_and_back::<String>(q, "refcursor", &portals).await, 0);
}

#[tokio::test]
async fn queries_of_words_are_written_back_as_they_were_and_print_as_postgres_prints_them() {
    let q = &mut begin().await;
    let texts = all(&[
        "'rat'",
        "!'rat'",
        "!!'rat'",
        "'fat' & 'rat'",
        "'fat' | 'rat' & !'cat'",
        "( 'fat' | 'rat' ) & 'cat'",
        "!( 'fat' | 'rat' )",
        "'fat' <-> 'rat' <2> 'cat'",
        "'fat' <-> ( 'rat' <-> 'cat' )",
        "( 'a' & 'b' ) <-> 'c'",
        "'super':*A & 'it''s':BD",
        "'a' & ( 'b' & 'c' )",
        "'a' | ( 'b' | 'c' )",
        "'back\\\\slash'",
    ]);
    assert_eq!(there_and_back::<TsQuery>(q, "tsquery", &texts).await, 0);
    let empty: TsQuery = super::read(q, "''::tsquery").await.unwrap();
    assert_eq!(empty, TsQuery::default());
    let error = super::write(q, "tsquery", empty).await.unwrap_err();
    // The reason may hold the value, so the error itself does not print it.
    let reason = error.sensitive_source().unwrap().to_string();
    assert!(reason.contains("without words"), "{reason}");
    for text in &texts {
        let quoted = text.replace('\'', "''");
        let query: TsQuery = super::read(q, &format!("'{quoted}'::tsquery"))
            .await
            .unwrap();
        let printed: String = super::read(q, &format!("'{quoted}'::tsquery::text"))
            .await
            .unwrap();
        assert_eq!(query.to_string(), printed, "{query:?}");
    }
}
