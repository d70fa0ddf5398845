//! Values of every type there and back: Postgres has the value that a model passed, and a model gets the value that Postgres has.

use crate::world::{Client, World, write_project};
use serde_json::{Value, json};
use std::fmt::Write as _;
use xact_mcp::QueryOptions;

/// The types: name, expression of a random value by Postgres, and arguments that are refused.
const TYPES: &[(&str, &str, &[&str])] = &[
    ("bool", "random() < 0.5", &["\"true\"", "1", "[]"]),
    (
        "int2",
        "(random() * 65535 - 32768)::int4",
        &["40000", "1.5", "\"1e3\"", "true"],
    ),
    (
        "int4",
        "(random() * 4294967295 - 2147483648)::int8",
        &["2147483648", "\"\"", "\" 1\"", "\"+1\""],
    ),
    (
        "int8",
        "('x' || md5(random()::text))::bit(64)::int8",
        &["9223372036854775808", "1e30", "{}"],
    ),
    (
        "oid",
        "(random() * 4294967295)::int8",
        &["-1", "4294967296"],
    ),
    (
        "float4",
        "(random() * 1e6)::float4",
        &["\"1\"", "true", "1e300"],
    ),
    (
        "float8",
        "random() * 10 ^ (random() * 600 - 300)",
        &["\"nan\"", "\"1.0\"", "[]"],
    ),
    (
        "numeric",
        "round((random() * 1e15)::numeric, (random() * 10)::int4)",
        &["\"1e3\"", "\"abc\"", "\"1.\"", "\"--1\""],
    ),
    (
        "text",
        "md5(random()::text) || chr(1 + (random() * 2000)::int4) || E'\\\\\"''{},'",
        &["7", "null_in", "{}"],
    ),
    ("varchar", "md5(random()::text)", &["7"]),
    ("name", "left(md5(random()::text), 20)", &["7"]),
    (
        "mood",
        "(ARRAY['ok', 'so, so', '\"'])[1 + (random() * 2)::int4]",
        &["\"bad\"", "\"OK\"", "7"],
    ),
    (
        "uuid",
        "gen_random_uuid()",
        &[
            "\"67e55044\"",
            "\"{67e55044-10b1-426f-9247-bb680e5fe0c8}\"",
            "7",
        ],
    ),
    (
        "bytea",
        "decode(md5(random()::text), 'hex')",
        &["\"00ff\"", "\"\\\\xabc\"", "\"\\\\xzz\""],
    ),
    (
        "jsonb",
        "jsonb_build_object('a', random(), 'b', ARRAY[md5(random()::text), NULL])",
        &[],
    ),
    (
        "json",
        "json_build_array((random() * 1e6)::int4, md5(random()::text), NULL, true)",
        &[],
    ),
    (
        "date",
        "'2000-01-01'::date + (random() * 30000)::int4",
        &["\"now\"", "\"today\"", "\"2025-02-30\"", "\"6.1.2025\""],
    ),
    (
        "timestamp",
        "'2000-01-01'::timestamp + random() * interval '90 years'",
        &["\"now\"", "\"2025-01-06\"", "\"2025-01-06T09:00:00Z\""],
    ),
    (
        "timestamptz",
        "'2000-01-01'::timestamptz + random() * interval '90 years'",
        &[
            "\"now\"",
            "\"tomorrow\"",
            "\"2025-01-06T09:00:00\"",
            "\"2025-13-06T09:00:00Z\"",
        ],
    ),
    (
        "time",
        "'00:00'::time + random() * interval '23 hours'",
        &["\"25:00\"", "7"],
    ),
    (
        "interval",
        "random() * interval '900 days'",
        &["\"soon\"", "7"],
    ),
    (
        "inet",
        "('10.0.0.' || (random() * 255)::int4)::inet",
        &["\"10.0.0.256\"", "\"localhost\""],
    ),
    (
        "int4range",
        "int4range((random() * 9)::int4, 10 + (random() * 90)::int4)",
        &["\"[2,1]\"", "\"x\""],
    ),
    ("point", "point(random(), random())", &["\"(1)\""]),
    ("percent", "(random() * 100)::int4", &["101", "\"x\""]),
    (
        "address",
        "ROW(md5(random()::text) || '\"(),', (random() * 9)::int4)::address",
        &["\"(a,1)\"", "{\"streets\": 1}", "[1]"],
    ),
    (
        "int4[]",
        "ARRAY[(random() * 9)::int4, NULL, (random() * 9)::int4]",
        &["\"{1}\"", "[\"x\"]", "7"],
    ),
    (
        "text[]",
        "ARRAY[md5(random()::text), 'NULL', NULL, '', '\"', '\\', '{a,b}']",
        &["\"{}\"", "[7]"],
    ),
    ("mood[]", "ARRAY['ok', '\"']::mood[]", &["[\"bad\"]"]),
    (
        "address[]",
        "ARRAY[ROW('a', 1)::address, ROW(NULL, NULL)::address]",
        &["[7]"],
    ),
    (
        "timestamptz[]",
        "ARRAY['2000-01-01Z'::timestamptz + random() * interval '90 years']",
        &["[\"now\"]"],
    ),
    (
        "interval[]",
        "ARRAY[random() * interval '9 days', NULL]",
        &["[\"soon\"]"],
    ),
];

const MIGRATION: &str = "
CREATE TYPE mood AS ENUM ('ok', 'so, so', '\"');
CREATE DOMAIN percent AS int4 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE address AS (street text, number int4);
CREATE TABLE notes (id int8 PRIMARY KEY, tags text[], mood mood, at timestamptz, data jsonb, json json, span interval);
";

fn write_queries() -> String {
    let mut queries = String::new();
    for (index, (name, expression, _)) in TYPES.iter().enumerate() {
        let _infallible = write!(
            queries,
            "-- name: random_{index} :many
SELECT v AS value, v::text AS text FROM (SELECT ({expression})::{name} AS v FROM generate_series(1, 40)) r;

-- name: echo_{index} :one
SELECT (:value?)::{name} AS value, (:value?)::{name}::text AS text;

",
        );
    }
    queries + BULK
}

const BULK: &str = "
-- name: notes_add :batch
INSERT INTO notes (id, tags, mood, at) VALUES (:id, :tags, :mood?, :at?);

-- name: notes_load :copy
INSERT INTO notes (id, tags, mood, data, json, span) VALUES (:id, :tags?, :mood?, :data, :json, :span?);

-- name: notes_find :batch
SELECT n.id, n.tags, n.mood FROM notes n WHERE n.id = :id;

-- name: notes_pairs :many
SELECT n.id FROM notes n WHERE (n.id, n.mood) IN (:pairs) ORDER BY n.id;

-- name: notes_text :many
SELECT n.id, n.tags, n.mood, n.at, n.data, n.json::text AS json, n.span, ROW(n.id, n.mood) AS pair,
       ARRAY(SELECT sqlc.embed(m) FROM notes m WHERE m.id < n.id ORDER BY m.id) AS earlier
FROM notes n ORDER BY n.id;
";

/// The equality of values as Postgres prints them: the text of the value that came back is that of the value sent.
#[tokio::test]
async fn every_type_comes_back_as_it_was_sent() {
    let project = write_project(MIGRATION, &write_queries());
    let world = World::of_project(project.path()).await;
    let server = world
        .open_project(project.path(), QueryOptions::new("admin"))
        .await;
    let client = Client::connect(server).await;
    for (index, (name, _, refused)) in TYPES.iter().enumerate() {
        let echo = format!("echo_{index}");
        let random = client.call(&format!("random_{index}"), json!({})).await;
        for row in random["rows"].as_array().unwrap() {
            let back = client.call(&echo, json!({"value": row["value"]})).await;
            let text = |row: &Value| match (*name, row["text"].as_str()) {
                // Postgres keeps the blanks of `json` as they were sent.
                ("json", Some(text)) => serde_json::from_str(text).unwrap(),
                _ => row["text"].clone(),
            };
            assert_eq!(text(&back["row"]), text(row), "{name}: {row}");
            assert_eq!(back["row"]["value"], row["value"], "{name}: {row}");
        }
        let null = client.call(&echo, json!({"value": null})).await;
        assert_eq!(null["row"]["value"], Value::Null, "{name}");
        for argument in *refused {
            let value: Value = serde_json::from_str(argument).unwrap_or(json!("a\u{0}b"));
            let text = client.refuse(&echo, json!({"value": value})).await;
            assert!(
                text.starts_with("argument `value"),
                "{name} {argument}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn values_have_the_json_that_a_reader_expects() {
    let project = write_project(MIGRATION, &write_queries());
    let world = World::of_project(project.path()).await;
    let server = world
        .open_project(project.path(), QueryOptions::new("admin"))
        .await;
    let client = Client::connect(server).await;
    let cases = [
        (
            "int8",
            json!(9_007_199_254_740_993_i64),
            json!("9007199254740993"),
        ),
        (
            "int8",
            json!("-9223372036854775808"),
            json!("-9223372036854775808"),
        ),
        ("float4", json!(0.1), json!(0.1)),
        ("float8", json!("NaN"), json!("NaN")),
        ("float8", json!("-Infinity"), json!("-Infinity")),
        ("numeric", json!("12.50"), json!("12.50")),
        (
            "numeric",
            json!("123456789012345678901234567890.5"),
            json!("123456789012345678901234567890.5"),
        ),
        ("bytea", json!("\\x00ff"), json!("\\x00ff")),
        ("date", json!("infinity"), json!("infinity")),
        (
            "timestamptz",
            json!("2025-01-06T10:00:00.25+01:00"),
            json!("2025-01-06T09:00:00.25Z"),
        ),
        (
            "timestamp",
            json!("2025-01-06 10:00:00"),
            json!("2025-01-06T10:00:00"),
        ),
        ("interval", json!("1 day 2 hours"), json!("1 day 02:00:00")),
        ("int4range", json!("[1,3]"), json!("[1,4)")),
        (
            "address",
            json!({"street": "a,\"(b)"}),
            json!({"street": "a,\"(b)", "number": null}),
        ),
        ("int4[]", json!([[1, 2], [3, 4]]), json!([[1, 2], [3, 4]])),
        ("int4[]", json!([]), json!([])),
        (
            "jsonb",
            json!({"a": [1, null, {"b": "c"}]}),
            json!({"a": [1, null, {"b": "c"}]}),
        ),
        ("jsonb", json!("text"), json!("text")),
        ("percent", json!(100), json!(100)),
    ];
    for (name, sent, expected) in cases {
        let index = TYPES.iter().position(|(known, ..)| *known == name).unwrap();
        let back = client
            .call(&format!("echo_{index}"), json!({"value": sent}))
            .await;
        assert_eq!(back["row"]["value"], expected, "{name}");
    }
}

#[tokio::test]
async fn slices_copies_lists_of_rows_and_rows_in_rows_travel() {
    let project = write_project(MIGRATION, &write_queries());
    let world = World::of_project(project.path()).await;
    let options = QueryOptions::new("admin")
        .allow_write("notes_add")
        .allow_write("notes_load");
    let client = Client::connect(world.open_project(project.path(), options).await).await;
    let rows = json!({"rows": [
        {"id": 1, "tags": ["a", "b,\"c"], "mood": "ok", "at": "2025-01-06T09:00:00Z"},
        {"id": 2, "tags": []},
    ]});
    client.call("notes_add", rows).await;
    let rows = json!({"rows": [
        {"id": 3, "tags": ["d"], "mood": "\"", "data": {"a": 1}, "json": [1, {"b": 2}], "span": "1 day"},
        {"json": "text"},
    ]});
    let refused = client.refuse("notes_load", rows).await;
    assert!(
        refused.contains("`rows[1].id`: it is required"),
        "{refused}"
    );
    let rows = json!({"rows": [
        {"id": 3, "tags": ["d"], "mood": "\"", "data": {"a": 1}, "json": [1, {"b": 2}], "span": "1 day"},
    ]});
    assert_eq!(
        client.call("notes_load", rows).await,
        json!({"affected": 1})
    );

    let found = client
        .call(
            "notes_find",
            json!({"rows": [{"id": 2}, {"id": 9}, {"id": 1}]}),
        )
        .await;
    let expected = json!({"rows_of_each": [
        [{"id": 2, "tags": [], "mood": null}], [], [{"id": 1, "tags": ["a", "b,\"c"], "mood": "ok"}],
    ]});
    assert_eq!(found, expected);
    let pairs = json!({"pairs": [[1, "ok"], [3, "ok"]]});
    assert_eq!(
        client.call("notes_pairs", pairs).await,
        json!({"rows": [{"id": 1}]})
    );

    let all = client.call("notes_text", json!({})).await;
    let third = &all["rows"][2];
    assert!(
        third["json"].as_str().unwrap().contains("\"b\":2"),
        "{third}"
    );
    assert_eq!(third["data"], json!({"a": 1}));
    assert_eq!(third["span"], "1 day");
    assert_eq!(third["pair"], json!([3, "\""]));
    assert_eq!(third["earlier"][0]["at"], "2025-01-06T09:00:00Z");
    assert_eq!(third["earlier"][0]["tags"], json!(["a", "b,\"c"]));
    assert_eq!(third["earlier"].as_array().unwrap().len(), 2);
}
