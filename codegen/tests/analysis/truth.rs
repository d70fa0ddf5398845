//! The truth table: tiny queries with the proof of each column. And the property behind it:
//! on tables full of NULLs, no column that is proved never NULL holds one, nor an array of which
//! that is proved for its elements.

use sqlx::PgConnection;
use xact_codegen::query::analysis::Typed;

use super::project::{SCHEMA, analysed, database};
use super::random;

/// Cases: a query, and below it `=>` with a mark for each column: `!` is never NULL, `?` may be;
/// `[!]` after it says that no element of the array is.
/// Paragraphs are cases; a line with `#` is the topic of the cases below it.
const FILES: &[(&str, &str)] = &[
    ("columns", include_str!("truth/columns.txt")),
    ("joins", include_str!("truth/joins.txt")),
    ("conditions", include_str!("truth/conditions.txt")),
    ("expressions", include_str!("truth/expressions.txt")),
    ("elements", include_str!("truth/elements.txt")),
    ("functions", include_str!("truth/functions.txt")),
    ("groups", include_str!("truth/groups.txt")),
    ("windows", include_str!("truth/windows.txt")),
    ("subqueries", include_str!("truth/subqueries.txt")),
    ("writes", include_str!("truth/writes.txt")),
    ("views", include_str!("truth/views.txt")),
    ("rows", include_str!("truth/rows.txt")),
    ("assignments", include_str!("truth/assignments.txt")),
    ("mixed", include_str!("truth/mixed.txt")),
];
/// Cases that only newer servers accept.
const SINCE_18: &str = include_str!("truth/since_18.txt");

pub(super) struct Case {
    pub(super) query: String,
    pub(super) expected: String,
}

pub(super) fn cases(text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let text = lines.join("\n");
    let paragraphs = text
        .split("\n\n")
        .map(str::trim)
        .filter(|case| !case.is_empty());
    paragraphs
        .map(|paragraph| {
            let (query, expected) = paragraph.split_once("\n=>").expect(paragraph);
            Case {
                query: query.trim().to_owned(),
                expected: expected.trim().to_owned(),
            }
        })
        .collect()
}

pub(super) fn query_file(cases: &[Case]) -> String {
    let numbered = cases.iter().enumerate();
    let queries = numbered.map(|(number, case)| {
        let command = if case.expected.is_empty() {
            "exec"
        } else {
            "many"
        };
        format!("-- name: case_{number} :{command}\n{}\n;\n", case.query)
    });
    queries.collect()
}

/// The failures of the cases of one file.
async fn wrong_cases(connection: &mut PgConnection, name: &str, text: &str) -> String {
    let cases = cases(text);
    let (typed, _) = analysed(connection, &query_file(&cases)).await;
    assert_eq!(typed.len(), cases.len(), "{name}");
    let mut wrong = Vec::new();
    for (case, typed) in cases.iter().zip(&typed) {
        let marks = marks(typed);
        if marks != case.expected {
            let columns = typed.columns.iter();
            let evidence: Vec<String> = columns
                .map(|c| format!("   {}: {}", c.name, c.evidence))
                .collect();
            let expected = &case.expected;
            wrong.push(format!(
                "{}\n=> {marks}, not {expected}\n{}\n",
                case.query,
                evidence.join("\n")
            ));
        }
    }
    wrong.extend(random::broken_promises(connection, &typed).await);
    wrong.join("\n")
}

fn marks(typed: &Typed) -> String {
    let marks = typed.columns.iter().map(|column| {
        let own = if column.nullable { "?" } else { "!" };
        let elements = if column.elements_nullable { "" } else { "[!]" };
        format!("{own}{elements}")
    });
    marks.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_case_is_proved_as_expected_and_holds_on_random_rows() {
    let (_test, mut connection) = database(SCHEMA).await;
    let mut wrong = String::new();
    for (name, text) in FILES {
        wrong += &wrong_cases(&mut connection, name, text).await;
    }
    let version: (i32,) = sqlx::query_as("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    if version.0 >= 180_000 {
        wrong += &wrong_cases(&mut connection, "since_18", SINCE_18).await;
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Extensions that come with Postgres, and a function of a user that is called as one of theirs.
const EXTENSIONS: &str = "
    CREATE EXTENSION citext; CREATE EXTENSION fuzzystrmatch; CREATE EXTENSION hstore; CREATE EXTENSION ltree;
    CREATE EXTENSION pg_trgm; CREATE EXTENSION pgcrypto; CREATE EXTENSION unaccent; CREATE EXTENSION \"uuid-ossp\";
    CREATE SCHEMA alike;
    CREATE FUNCTION alike.similarity(text, text) RETURNS real LANGUAGE plpgsql STRICT AS 'BEGIN RETURN NULL; END';
";

#[tokio::test]
async fn functions_of_extensions_are_proved_as_expected_and_hold_on_random_rows() {
    let (_test, mut connection) = database(SCHEMA).await;
    super::project::execute(&mut connection, EXTENSIONS).await;
    let text = include_str!("truth/extensions.txt");
    let wrong = wrong_cases(&mut connection, "extensions", text).await;
    assert!(wrong.is_empty(), "{wrong}");
}

/// A cast that `||` uses, though no tree has it.
const CAST: &str = "
    CREATE TYPE mood AS ENUM ('calm', 'wild');
    CREATE TABLE sized (id integer NOT NULL, kind mood NOT NULL);
    CREATE FUNCTION as_text(mood) RETURNS text LANGUAGE sql STRICT IMMUTABLE AS 'SELECT NULL::text';
    CREATE CAST (mood AS text) WITH FUNCTION as_text(mood) AS ASSIGNMENT;
    CREATE MATERIALIZED VIEW kept AS SELECT id FROM sized;
";

#[tokio::test]
async fn a_cast_of_the_project_to_text_makes_its_callers_nullable() {
    let (_test, mut connection) = database(CAST).await;
    let text = include_str!("truth/casts.txt");
    let wrong = wrong_cases(&mut connection, "casts", text).await;
    assert!(wrong.is_empty(), "{wrong}");
}
