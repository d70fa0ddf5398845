//! Queries that are wide, long or oddly named: every column is understood all the same.

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
