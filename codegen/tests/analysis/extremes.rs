//! Queries that are wide, long or oddly named: every column is understood all the same.

use xact_codegen::query::analysis::Cardinality;

use super::project::{SCHEMA, analysed, database, execute};

#[tokio::test]
async fn a_thousand_columns_and_sixty_joins_are_analysed() {
    let (_test, mut connection) = database(SCHEMA).await;
    let columns: Vec<String> = (0..1_000).map(|n| format!("tt || '{n}' AS c{n}")).collect();
    let joined: Vec<String> = (0..60).map(|n| format!("a{n}.tt AS c{n}")).collect();
    let joins = (1..60).map(|n| format!(" LEFT JOIN a a{n} ON a{n}.id = a{}.id", n - 1));
    let file = format!(
        "-- name: wide :many\nSELECT {} FROM a;\n-- name: joined :many\nSELECT {} FROM a a0{};\n\
         -- name: sum :one\nSELECT {} AS x; -- the end",
        columns.join(", "),
        joined.join(", "),
        joins.collect::<String>(),
        ["1"; 400].join("+"),
    );
    let (typed, _) = analysed(&mut connection, &file).await;
    let nullable = |query: usize| typed[query].columns.iter().filter(|c| c.nullable).count();
    assert_eq!((typed[0].columns.len(), nullable(0)), (1_000, 0));
    assert_eq!((typed[1].columns.len(), nullable(1)), (60, 59));
    assert_eq!((typed[2].columns.len(), nullable(2)), (1, 0));
}

#[tokio::test]
async fn keywords_quotes_and_letters_of_any_script_are_names() {
    let (_test, mut connection) = database(SCHEMA).await;
    let table = r#"CREATE TABLE "Ünï ""cødé" ("select" int PRIMARY KEY, "from where" text, "日本" text NOT NULL)"#;
    execute(&mut connection, table).await;
    let file = "-- name: odd :many\nSELECT \"select\", o.\"from where\", \"日本\" AS \"größe\"\n\
                FROM \"Ünï \"\"cødé\" o LEFT JOIN a ON a.tt = \"日本\" WHERE \"日本\" <> :日本 -- ?";
    let (typed, _) = analysed(&mut connection, file).await;
    let columns = typed[0].columns.iter();
    let columns: Vec<(&str, bool)> = columns.map(|c| (c.name.as_str(), c.nullable)).collect();
    assert_eq!(
        columns,
        [("select", false), ("from where", true), ("größe", false)]
    );
    assert_eq!(typed[0].parameters[0].name, "日本");
}

/// A table of so many columns that may be NULL, besides its key, and an upsert of one row.
fn put(columns: usize) -> (String, String) {
    let types = ["integer", "text", "timestamptz", "numeric", "boolean[]"];
    let numbered: Vec<usize> = (0..columns).collect();
    let join = |each: &dyn Fn(usize) -> String| {
        let parts: Vec<String> = numbered.iter().map(|n| each(*n)).collect();
        parts.join(", ")
    };
    let declared = join(&|n| format!("c{n} {}", types[n % types.len()]));
    let table = format!("CREATE TABLE wide_{columns} (id bigint PRIMARY KEY, {declared})");
    let query = format!(
        "-- name: put_{columns} :one\nINSERT INTO wide_{columns} (id, {}) VALUES (:id, {})\n\
         ON CONFLICT (id) DO UPDATE SET {} RETURNING id, c0, c1, :c2::timestamptz AS given;\n",
        join(&|n| format!("c{n}")),
        join(&|n| format!(":c{n}")),
        join(&|n| format!("c{n} = :c{n}")),
    );
    (table, query)
}

#[tokio::test]
async fn more_parameters_than_a_function_has_arguments_are_analysed_like_fewer() {
    let (_test, mut connection) = database(SCHEMA).await;
    for columns in [99, 100, 999, 1_590] {
        let (table, query) = put(columns);
        execute(&mut connection, &table).await;
        let (typed, diagnostics) = analysed(&mut connection, &query).await;
        assert!(diagnostics.is_empty(), "{columns}: {diagnostics:?}");
        let [typed] = typed.as_slice() else {
            panic!("{typed:?}")
        };
        assert_eq!(typed.parameters.len(), columns + 1);
        let (id, rest) = typed.parameters.split_first().unwrap();
        assert!(!id.nullable && id.origin.is_some(), "{id:?}");
        assert!(
            rest.iter().all(|p| p.nullable && p.origin.is_some()),
            "{columns}"
        );
        let nullable: Vec<bool> = typed.columns.iter().map(|c| c.nullable).collect();
        assert_eq!(nullable, [false, true, true, true], "{columns}");
        assert!(matches!(typed.cardinality, Cardinality::ExactlyOne { .. }));
        assert!(typed.columns[0].origin.is_some());
    }
}

#[tokio::test]
async fn tens_of_thousands_of_parameters_are_analysed() {
    let (_test, mut connection) = database(SCHEMA).await;
    let numbers: Vec<String> = (1..=30_000).map(|n| format!("${n}")).collect();
    let file = format!(
        "-- name: listed :many\nSELECT id, $30001::text AS t, ($30002::int[])[1] FROM a WHERE id IN ({}) AND t = $30001",
        numbers.join(", ")
    );
    let (typed, diagnostics) = analysed(&mut connection, &file).await;
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(typed[0].parameters.len(), 30_002);
    let nullable: Vec<bool> = typed[0].columns.iter().map(|c| c.nullable).collect();
    assert_eq!(nullable, [false, false, true]);
}

#[tokio::test]
async fn checks_see_queries_of_many_parameters() {
    let (_test, mut connection) = database(SCHEMA).await;
    let numbers: Vec<String> = (1..=101).map(|n| format!("${n}::int")).collect();
    let many = numbers.join(", ");
    let file = format!("-- name: all_rows :exec\nUPDATE k SET x = coalesce({many})::text");
    let (_, diagnostics) = analysed(&mut connection, &file).await;
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "missing-where");
}

#[tokio::test]
async fn what_cannot_be_analysed_is_said() {
    let (_test, mut connection) = database(SCHEMA).await;
    let deep = format!("-- name: deep :one\nSELECT {} AS x", ["1"; 600].join("+"));
    let (typed, diagnostics) = analysed(&mut connection, &deep).await;
    assert!(typed[0].columns[0].nullable);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].code, "not-analysed");
}

/// Elements are followed along twice as many ways for each step of WITH, and each column is proved once.
#[tokio::test]
async fn elements_along_many_ways_are_proved() {
    let (_test, mut connection) = database(SCHEMA).await;
    let steps = (1..24).map(|n| {
        format!(
            ", w{n} AS MATERIALIZED (SELECT id, x || x AS x FROM w{})",
            n - 1
        )
    });
    let file = format!(
        "-- name: doubled :many\nWITH w0 AS (SELECT id, ARRAY[nn] AS x FROM a){} SELECT x FROM w23",
        steps.collect::<String>()
    );
    let (typed, diagnostics) = analysed(&mut connection, &file).await;
    assert!(!typed[0].columns[0].elements_nullable);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}

/// A recursion that shifts its columns: each round finds one more column that can be NULL.
#[tokio::test]
async fn a_column_that_is_too_complicated_changes_no_other_and_is_said() {
    let (_test, mut connection) = database(SCHEMA).await;
    let columns = |each: &dyn Fn(usize) -> String| {
        let columns: Vec<String> = (1..=600).map(each).collect();
        columns.join(", ")
    };
    let file = format!(
        "-- name: shifted :many\nWITH RECURSIVE r ({}) AS (SELECT {} FROM a UNION ALL SELECT NULL, {} FROM r WHERE c600 > 0) SELECT c600, a.id, ARRAY[a.id] AS y FROM r, a",
        columns(&|n| format!("c{n}")),
        columns(&|_| "nn".to_owned()),
        columns(&|n| format!("c{n}")).replace(", c600", "")
    );
    let (typed, diagnostics) = analysed(&mut connection, &file).await;
    let columns = &typed[0].columns;
    assert!(columns[0].nullable);
    assert!(!columns[1].nullable && !columns[2].elements_nullable);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].code, "not-analysed");
}
