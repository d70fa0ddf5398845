//! A table of many rows with ties, NULLs and extreme values, and the orders in which it is read.

use std::fmt::Write as _;
use xact::sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

/// How many rows there are; others that come and go have larger ids.
pub(super) const ROWS: i64 = 10_000;

/// The table. Postgres compares `1 month` and `30 days`, `0` and `-0`, `1.0` and `1.00`, and `a` and `A` in `folded`, as equal.
pub(super) const SCHEMA: &str = "
    CREATE EXTENSION citext SCHEMA pg_catalog;
    CREATE SCHEMA apart;
    CREATE EXTENSION isn SCHEMA apart;
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE DOMAIN short AS text CHECK (length(VALUE) < 20);
    CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE notes (
        id bigint PRIMARY KEY,
        rank int NOT NULL,
        title text NOT NULL,
        score int,
        ratio float8,
        exact float4 NOT NULL,
        amount numeric,
        at timestamptz,
        day date,
        span interval,
        mood mood,
        code char(3) NOT NULL,
        tag varchar(10),
        ref uuid,
        flag bool,
        data bytea,
        tags text[],
        body jsonb,
        label citext,
        brief short,
        folded text COLLATE folding,
        local text COLLATE \"und-x-icu\",
        mask bit(4)
    );
    CREATE INDEX ON notes (rank, id);
    CREATE INDEX ON notes (title, id DESC);
    CREATE INDEX ON notes (score DESC, id DESC);
";

/// Each column with the expression of its value, in which `n` is the number of a row.
const COLUMNS: &[(&str, &str)] = &[
    ("rank", "n * 7919 % 40"),
    ("title", "'title ' || n * 31 % 60"),
    ("score", "nullif(n * 37 % 50, 7)"),
    (
        "ratio",
        "nullif((ARRAY['NaN', '-0', '0', 'Infinity', '-Infinity', '1e-310', '0.1', '7'])[n * 11 % 8 + 1], '7')::float8",
    ),
    (
        "exact",
        "(ARRAY['NaN', '-0', '0', 'Infinity', '-Infinity', '0.1'])[n * 5 % 6 + 1]::float4",
    ),
    (
        "amount",
        "nullif((ARRAY['NaN', '1.0', '1.00', '-1e-40', '1e40', '7'])[n * 5 % 6 + 1], '7')::numeric",
    ),
    (
        "at",
        "nullif((ARRAY['infinity', '-infinity', 'epoch', '4713-01-01 BC', '2024-02-29 12:00:00.000001+02', '2024-03-01'])[n * 5 % 6 + 1], '2024-03-01')::timestamptz",
    ),
    (
        "day",
        "CASE WHEN n % 9 > 0 THEN '2024-01-01'::date + n % 70 ELSE NULL END",
    ),
    (
        "span",
        "nullif((ARRAY['1 month', '30 days', '720:00', '-1 day', '7'])[n % 5 + 1], '7')::interval",
    ),
    (
        "mood",
        "nullif((ARRAY['sad', 'ok', 'happy', '7'])[n % 4 + 1], '7')::mood",
    ),
    ("code", "'c' || n % 20"),
    ("tag", "nullif('tag' || n % 30, 'tag7')"),
    (
        "ref",
        "CASE WHEN n % 8 > 0 THEN md5((n % 90)::text)::uuid ELSE NULL END",
    ),
    (
        "flag",
        "CASE n % 3 WHEN 0 THEN true WHEN 1 THEN false ELSE NULL END",
    ),
    (
        "data",
        "CASE WHEN n % 6 > 0 THEN decode(md5((n % 50)::text), 'hex') ELSE NULL END",
    ),
    (
        "tags",
        "CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '{}' ELSE ARRAY['a' || n % 12, NULL] END",
    ),
    (
        "body",
        "CASE WHEN n % 7 > 0 THEN jsonb_build_object('n', n % 25) ELSE NULL END",
    ),
    (
        "label",
        "nullif((ARRAY['Ada', 'ADA', 'ada', 'Bob', '7'])[n % 5 + 1], '7')::citext",
    ),
    ("brief", "nullif('brief ' || n % 15, 'brief 7')"),
    (
        "folded",
        "nullif((ARRAY['a', 'A', 'b', 'B', '7'])[n % 5 + 1], '7')",
    ),
    (
        "local",
        "nullif((ARRAY['ä', 'z', 'Z', 'a', 'ß', '7'])[n % 6 + 1], '7')",
    ),
    (
        "mask",
        "CASE WHEN n % 4 > 0 THEN (n % 16)::bit(4) ELSE NULL END",
    ),
];

/// The rows that stay.
pub(super) fn fill() -> String {
    format!("{}; ANALYZE notes", insert(1, ROWS))
}

fn insert(first: i64, last: i64) -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let values: Vec<&str> = COLUMNS.iter().map(|(_, value)| *value).collect();
    format!(
        "INSERT INTO notes (id, {}) SELECT n, {} FROM generate_series({first}, {last}) AS n",
        names.join(", "),
        values.join(", ")
    )
}

/// Rows that come and go.
pub(super) fn disturb(round: i64) -> String {
    let first = ROWS + 1 + round * 50;
    let delete = format!(
        "DELETE FROM notes WHERE id > {ROWS} AND id % 3 = {}",
        round % 3
    );
    format!("{delete}; {}", insert(first, first + 49))
}

/// The elements of ORDER BY: each column in every direction with each place of its NULLs, and mixtures.
pub(super) fn orders() -> Vec<String> {
    let directions = ["", " DESC", " NULLS FIRST", " DESC NULLS LAST"];
    let mixed = [
        "rank, id",
        "rank DESC, id DESC",
        "title, id DESC",
        "score DESC, id DESC",
        "score, rank DESC, title, id",
        "mood NULLS FIRST, score DESC NULLS LAST, flag, id DESC",
        "lower(title) DESC, rank, id",
        "coalesce(score, -1), id",
        "title COLLATE \"C\" DESC, folded COLLATE folding, id",
        "score + rank DESC, id",
        "CASE WHEN flag THEN rank ELSE -rank END, id DESC",
    ];
    let mut orders = vec!["id DESC".to_owned()];
    orders.extend(mixed.map(str::to_owned));
    for (index, (name, _)) in COLUMNS.iter().enumerate() {
        for direction in directions {
            let id = if index % 2 == 0 { "id" } else { "id DESC" };
            orders.push(format!("{name}{direction}, {id}"));
        }
    }
    orders
}

/// The query with this order, which selects none of its columns but the id.
pub(super) fn query(order: &str) -> String {
    format!("SELECT id FROM notes ORDER BY {order} LIMIT :size")
}

/// The plan of the page after a cursor as one would write it by hand.
pub(super) async fn plan_by_hand(connection: &mut PgConnection, order: &str) -> String {
    let (types, condition) = match order {
        "id DESC" => ("int8, int8", "id < $2"),
        "rank, id" => ("int8, int4, int8", "(rank, id) > ($2, $3)"),
        "rank DESC, id DESC" => ("int8, int4, int8", "(rank, id) < ($2, $3)"),
        "title, id DESC" => (
            "int8, text, int8",
            "title >= $2 AND (title > $2 OR id < $3)",
        ),
        "score DESC, id DESC" => ("int8, int4, int8", "(score, id) < ($2, $3)"),
        order => panic!("no statement is written for {order}"),
    };
    let sql = format!("SELECT id FROM notes WHERE {condition} ORDER BY {order} LIMIT $1");
    explain(connection, types, &sql).await
}

/// The generic plan of a statement with parameters of these types.
pub(super) async fn explain(connection: &mut PgConnection, types: &str, sql: &str) -> String {
    let nulls = vec!["NULL"; types.split(',').count()].join(", ");
    let prepare =
        format!("SET plan_cache_mode = force_generic_plan; PREPARE plan ({types}) AS {sql}");
    connection.execute(AssertSqlSafe(prepare)).await.unwrap();
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE plan ({nulls})");
    let lines = connection.fetch_all(AssertSqlSafe(explain)).await.unwrap();
    connection.execute("DEALLOCATE plan").await.unwrap();
    lines.iter().fold(String::new(), |mut plan, line| {
        let _ = writeln!(plan, "{}", line.get::<String, _>(0));
        plan
    })
}
