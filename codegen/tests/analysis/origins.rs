//! Which column of which table an output column is.

use super::project::{SCHEMA, analysed, database};

/// Queries, with the origin of each column, or `-`.
const CASES: &[(&str, &str)] = &[
    (
        "SELECT id, n + 1, tt AS other, lower(tt) FROM a",
        "a.id - a.tt -",
    ),
    (
        "SELECT a.id, b.id, c.w FROM a LEFT JOIN b ON b.a_id = a.id JOIN c ON c.b_id = b.id",
        "a.id b.id c.w",
    ),
    ("SELECT id, vv FROM a JOIN b USING (id)", "a.id b.vv"),
    ("SELECT id FROM a FULL JOIN b USING (id)", "-"),
    ("SELECT s.x FROM (SELECT tt AS x FROM a) s", "a.tt"),
    (
        "WITH s AS (SELECT tt AS x FROM a), u AS (SELECT x FROM s) SELECT u.x FROM u",
        "a.tt",
    ),
    ("SELECT id, vv, total FROM nested", "a.id b.vv -"),
    ("SELECT id FROM kept", "kept.id"),
    ("SELECT tt, count(*) FROM a GROUP BY tt", "a.tt -"),
    ("SELECT tt FROM a GROUP BY ROLLUP (tt)", "a.tt"),
    ("SELECT id FROM a UNION SELECT id FROM b", "-"),
    (
        "SELECT j.x, j.vv FROM (a JOIN b ON b.a_id = a.nn) AS j (x)",
        "a.id b.vv",
    ),
    (
        "SELECT (SELECT a.tt) AS x, s.y FROM a, LATERAL (SELECT a.t AS y) s",
        "a.tt a.t",
    ),
    (
        "SELECT id FROM a UNION SELECT a.id FROM a JOIN b ON b.a_id = a.id",
        "a.id",
    ),
    (
        "WITH RECURSIVE r AS (SELECT id, n FROM a UNION ALL SELECT r.id, r.id FROM r) SELECT id, n FROM r",
        "a.id -",
    ),
    (
        "SELECT x FROM (VALUES ((SELECT max(n) FROM a))) AS v (x)",
        "-",
    ),
    (
        "INSERT INTO b (id, vv) VALUES (1, 'x') RETURNING id, vv",
        "b.id b.vv",
    ),
    (
        "UPDATE k SET x = a.t FROM a WHERE a.id = k.id RETURNING k.x, a.t",
        "k.x a.t",
    ),
    ("SELECT a, ctid FROM a", "- -"),
];

#[tokio::test]
async fn a_column_that_is_a_tables_says_so() {
    let (_test, mut connection) = database(SCHEMA).await;
    for (query, expected) in CASES {
        let file = format!("-- name: q :many\n{query}");
        let (typed, _) = analysed(&mut connection, &file).await;
        let mut found = Vec::new();
        for column in &typed[0].columns {
            let Some((table, number)) = column.origin else {
                found.push("-".to_owned());
                continue;
            };
            let name: (String,) = sqlx::query_as(
                "SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attrelid = $1::oid AND attnum = $2",
            )
            .bind(i64::from(table))
            .bind(number)
            .fetch_one(&mut connection)
            .await
            .unwrap();
            found.push(name.0);
        }
        assert_eq!(found.join(" "), *expected, "{query}");
    }
}
