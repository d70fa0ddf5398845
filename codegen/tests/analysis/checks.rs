//! Contradictions are diagnostics; columns that cannot be analysed are only nullable.

use super::project::{SCHEMA, analysed, database, execute};
use xact_codegen::query::analysis::TypedColumn;
use xact_codegen::report::diagnostic::{Style, render};

/// Queries, with everything that is said of them.
const CASES: &[(&str, &str)] = &[
    ("many\nSELECT id, tt FROM a", ""),
    ("one\nSELECT 1", ""),
    (
        "batch\nUPDATE a SET n = :n WHERE id = :id RETURNING id, n AS id",
        "queries/test.sql:2:55: error[duplicate-column]: two columns are named `id`\n  \
         |\n2 | UPDATE a SET n = :n WHERE id = :id RETURNING id, n AS id\n  |                                                       ^^\n   = help: rename one with AS\n\n",
    ),
    (
        "many\nSELECT id, 1 FROM a",
        "queries/test.sql:2:12: error[unnamed-column]: column 2 has no name\n  \
         |\n2 | SELECT id, 1 FROM a\n  |            ^\n   = help: name it with AS\n\n",
    ),
    (
        "one\nDELETE FROM k WHERE id = 1",
        "queries/test.sql:1:10: error[no-rows]: `:one` expects rows, but the statement gives none\n  \
         |\n1 | -- name: q :one\n  |          ^\n   = help: add RETURNING, or use `:exec`\n\n",
    ),
    ("exec\nDELETE FROM k WHERE id = 1", ""),
    // The second field of one name gets a number.
    ("many\nSELECT a.id, b.id FROM a, b", ""),
    ("many\nSELECT n AS \"x!\", d AS x FROM a", ""),
    (
        "many\nSELECT *, n IS DISTINCT FROM 1, n AS id FROM a",
        "queries/test.sql:1:10: error[unnamed-column]: column 18 has no name\n  \
         |\n1 | -- name: q :many\n  |          ^\n   = help: name it with AS\n\n",
    ),
    (
        "many\nSELECT DISTINCT ON (n, d) n, (SELECT max(id) FROM b), n IS DISTINCT FROM 1 FROM a",
        "queries/test.sql:2:55: error[unnamed-column]: column 3 has no name\n  \
         |\n2 | SELECT DISTINCT ON (n, d) n, (SELECT max(id) FROM b), n IS DISTINCT FROM 1 FROM a\n  \
         |                                                       ^^^^^^^^^^^^^^^^^^^^\n   = help: name it with AS\n\n",
    ),
];

#[tokio::test]
async fn contradictions_are_diagnostics() {
    let (_test, mut connection) = database(SCHEMA).await;
    for (query, expected) in CASES {
        let (_, diagnostics) = analysed(&mut connection, &format!("-- name: q :{query}")).await;
        assert_eq!(render(&diagnostics, Style::Plain), *expected, "{query}");
    }
}

#[tokio::test]
async fn an_override_goes_before_the_proof() {
    let (_test, mut connection) = database(SCHEMA).await;
    let file = "-- name: q :many\nSELECT n AS \"n!\", nn AS \"nn?\", nn AS \"x!: Money\", n AS \"y: Money\" FROM a";
    let (typed, _) = analysed(&mut connection, file).await;
    let evidence = |c: &TypedColumn| c.evidence.to_string();
    let evidence: Vec<String> = typed[0].columns.iter().map(evidence).collect();
    let columns = typed[0].columns.iter().zip(&evidence);
    let found: Vec<_> = columns
        .map(|(c, evidence)| {
            (
                c.name.as_str(),
                c.nullable,
                c.rust_type.as_deref(),
                evidence.as_str(),
            )
        })
        .collect();
    let expected = [
        (
            "n",
            false,
            None,
            "declared by `!`, against: `a.n` may be NULL",
        ),
        (
            "nn",
            true,
            None,
            "declared by `?`, against: `a.nn` is NOT NULL",
        ),
        (
            "x",
            false,
            Some("Money"),
            "declared by `!`, which is proved as well: `a.nn` is NOT NULL",
        ),
        ("y", true, Some("Money"), "`a.n` may be NULL"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_query_without_a_tree_is_nullable_and_hurts_no_other() {
    let (_test, mut connection) = database(SCHEMA).await;
    let file = "-- name: into :exec\nSELECT 1 AS x INTO made\n;\n\
                -- name: show :one\nSHOW work_mem;\n\
                -- name: fine :many\nSELECT id FROM a;";
    let (typed, _) = analysed(&mut connection, file).await;
    assert!(typed[1].columns[0].nullable);
    assert_eq!(
        typed[1].columns[0].evidence.to_string(),
        "no proof: Postgres gives no analysed tree of this statement"
    );
    assert!(!typed[2].columns[0].nullable);
}

#[tokio::test]
async fn a_query_that_nests_deep_is_analysed_or_nullable() {
    let (_test, mut connection) = database(SCHEMA).await;
    for (depth, proved) in [(50, true), (200, true), (600, false)] {
        let inner = "(SELECT x FROM ".repeat(depth);
        let file = format!(
            "-- name: q :many\nSELECT x FROM {inner} (SELECT 1 AS x) s {}",
            ") s".repeat(depth)
        );
        let (typed, _) = analysed(&mut connection, &file).await;
        assert_eq!(!typed[0].columns[0].nullable, proved, "{depth}");
    }
}

#[tokio::test]
async fn chains_of_with_do_not_explode() {
    let (_test, mut connection) = database(SCHEMA).await;
    let steps = (1..60).map(|n| format!(", c{n} AS (SELECT x + x + x AS x FROM c{})", n - 1));
    let file = format!(
        "-- name: q :many\nWITH c0 AS (SELECT 1 AS x){} SELECT x FROM c59",
        steps.collect::<String>()
    );
    let (typed, _) = analysed(&mut connection, &file).await;
    assert!(!typed[0].columns[0].nullable);
}

#[tokio::test]
async fn a_child_without_the_constraint_makes_the_parent_nullable() {
    let (_test, mut connection) = database(SCHEMA).await;
    // Either the child drops it (to 17) or the parent never handed it down (18).
    let setup = "DO $$ BEGIN ALTER TABLE child ALTER id DROP NOT NULL; EXCEPTION WHEN OTHERS THEN \
                 ALTER TABLE child NO INHERIT parent; ALTER TABLE parent ALTER id DROP NOT NULL; \
                 EXECUTE 'ALTER TABLE parent ADD NOT NULL id NO INHERIT'; \
                 ALTER TABLE child ALTER id DROP NOT NULL; ALTER TABLE child INHERIT parent; END $$";
    execute(&mut connection, setup).await;
    let file = "-- name: all_rows :many\nSELECT id FROM parent;\n-- name: own :many\nSELECT id FROM ONLY parent;";
    let (typed, _) = analysed(&mut connection, file).await;
    assert!(
        typed[0].columns[0].nullable,
        "{}",
        typed[0].columns[0].evidence
    );
    assert!(!typed[1].columns[0].nullable);
}

#[tokio::test]
async fn foreign_tables_and_constraints_that_were_not_validated_prove_nothing() {
    let (_test, mut connection) = database(SCHEMA).await;
    let setup = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; \
                 CREATE FOREIGN TABLE f (id integer NOT NULL) SERVER s; \
                 CREATE TABLE lazy (id integer); \
                 DO $$ BEGIN EXECUTE 'ALTER TABLE lazy ADD CONSTRAINT n NOT NULL id NOT VALID'; \
                 EXCEPTION WHEN syntax_error THEN NULL; END $$";
    execute(&mut connection, setup).await;
    let file = "-- name: f :many\nSELECT id FROM f;\n-- name: lazy :many\nSELECT id FROM lazy;";
    let (typed, _) = analysed(&mut connection, file).await;
    assert!(
        typed[0].columns[0].nullable,
        "{}",
        typed[0].columns[0].evidence
    );
    assert!(
        typed[1].columns[0].nullable,
        "{}",
        typed[1].columns[0].evidence
    );
}
