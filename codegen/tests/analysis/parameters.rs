//! The names of parameters, and which may be NULL.

use super::project::{SCHEMA, analysed, database};

/// Queries, with their parameters: `?` may be NULL.
const CASES: &[(&str, &str)] = &[
    ("SELECT tt FROM a WHERE id = $1", "id"),
    ("SELECT tt FROM a WHERE $1 = id AND n < $2", "id n"),
    ("SELECT tt FROM a WHERE id BETWEEN $1 AND $2", "id id_2"),
    ("SELECT tt FROM a WHERE id = ANY ($1)", "id"),
    (
        "SELECT tt FROM a WHERE t LIKE $1 AND lower(tt) = lower($2)",
        "t tt",
    ),
    (
        "SELECT tt FROM a WHERE att > $1::timestamptz LIMIT $2 OFFSET $3",
        "att limit offset",
    ),
    ("SELECT $1::int + 1 AS x, $2::text AS y", "arg1 arg2"),
    ("SELECT tt FROM a WHERE id = :which AND n = :which", "which"),
    ("SELECT tt FROM a WHERE id = :n AND n = :m?", "n m?"),
    ("SELECT tt FROM a WHERE ($1::int IS NULL OR n = $1)", "n?"),
    ("SELECT tt FROM a WHERE n IS NOT DISTINCT FROM $1", "n?"),
    (
        "SELECT s.tt FROM (SELECT tt FROM a WHERE nn = $1) s WHERE EXISTS (SELECT FROM b WHERE b.a_id = $2)",
        "nn a_id",
    ),
    (
        "WITH s AS (SELECT tt FROM a WHERE nn = $1) SELECT tt FROM s WHERE tt = $2",
        "nn tt",
    ),
    (
        "INSERT INTO b (id, a_id, v, vv) VALUES ($1, $2, $3, $4)",
        "id a_id? v? vv",
    ),
    (
        "INSERT INTO b (id, a_id, v, vv) VALUES ($1, $2, $3, $4), ($5, $2, $3, $4)",
        "id a_id? v? vv id_2",
    ),
    (
        "INSERT INTO b (id, a_id, v, vv) SELECT $1, n, $2, tt FROM a WHERE id = $3",
        "id v? id_2",
    ),
    (
        "INSERT INTO b (id, vv) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET v = $3, vv = excluded.vv",
        "id vv v?",
    ),
    ("INSERT INTO b (id, v, vv) VALUES ($1, $2, $2)", "id v"),
    (
        "INSERT INTO b (id, v, vv) VALUES ($1, lower($2), 'x')",
        "id arg2",
    ),
    (
        "INSERT INTO plain (id, n, tt) VALUES ($1, $2, $3)",
        "id n? tt",
    ),
    ("UPDATE a SET n = $1, tt = $2 WHERE id = $3", "n? tt id"),
    ("UPDATE a SET n = $1, nn = $2 WHERE n = $3", "n? nn n_2"),
    ("UPDATE a SET tt = COALESCE($1, tt) WHERE id = $2", "tt? id"),
    // The last argument of COALESCE takes the place of the others; a mark says otherwise.
    (
        "SELECT COALESCE(t, :x) AS t, COALESCE(t, :y?) AS u, COALESCE(:z, t, :w) AS v FROM a",
        "x y? z? w",
    ),
    (
        "UPDATE a SET t = COALESCE(t, $1), tt = COALESCE(t, $2) WHERE id = 1",
        "t? tt",
    ),
    // Whichever way a value came.
    (
        "WITH s AS (SELECT $1::int AS x, $2::text AS y), u AS (SELECT x, y FROM s UNION ALL SELECT 1, 'x') INSERT INTO b (id, v, vv) SELECT x, y, y FROM u",
        "id v",
    ),
    (
        "INSERT INTO b (id, vv) VALUES ((SELECT $1::int), (SELECT $2 WHERE $3))",
        "id vv arg3",
    ),
    ("DELETE FROM k WHERE id = $1 AND w <> $2", "id w"),
];

#[tokio::test]
async fn parameters_are_named_after_the_columns_they_meet() {
    let (_test, mut connection) = database(SCHEMA).await;
    for (query, expected) in CASES {
        let command = if query.starts_with("SELECT") || query.starts_with("WITH") {
            "many"
        } else {
            "exec"
        };
        let file = format!("-- name: q :{command}\n{query}");
        let (typed, _) = analysed(&mut connection, &file).await;
        let parameters = typed[0].parameters.iter();
        let found: Vec<String> = parameters
            .map(|p| format!("{}{}", p.name, if p.nullable { "?" } else { "" }))
            .collect();
        assert_eq!(found.join(" "), *expected, "{query}");
    }
}
