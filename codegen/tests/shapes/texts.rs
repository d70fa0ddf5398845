//! The text of variants: connectors, keywords and brackets follow the parts, and parameters are numbered without a gap.

use std::sync::Arc;
use xact_codegen::query::{Choices, Shape, parse};
use xact_codegen::report::diagnostic::{Style, render};
use xact_codegen::report::source::SourceFile;
use xact_codegen::sql::lexer::words;

/// The shape of a statement.
fn shape_of(statement: &str) -> Arc<Shape> {
    let file = Arc::new(SourceFile::new(
        "queries/test.sql",
        format!("-- name: test :many\n{statement}\n;\n"),
    ));
    let (queries, diagnostics) = parse(&file);
    assert!(
        diagnostics.is_empty(),
        "{}",
        render(&diagnostics, Style::Plain)
    );
    queries[0].shape.clone().unwrap()
}

/// The variant with these switches, and the named order or the default, in one line.
fn variant(shape: &Shape, on: &[&str]) -> String {
    let switches = shape.switches.iter().zip(0..);
    let choices = switches.fold(Choices::default(), |choices, (switch, bit)| {
        if on.contains(&switch.name.as_str()) {
            choices.with(bit)
        } else {
            choices
        }
    });
    let choices = shape.alternatives.iter().fold(choices, |choices, group| {
        let index = group
            .choices
            .iter()
            .position(|name| on.contains(&name.as_str()));
        choices.with(group.first + u32::try_from(index.unwrap_or(0)).unwrap())
    });
    normalize(&shape.write_variant(choices).sql.text)
}

/// The tokens with one blank between them.
fn normalize(sql: &str) -> String {
    let words = words(sql);
    let words: Vec<&str> = words.iter().map(|word| word.text).collect();
    words.join(" ")
}

#[track_caller]
fn check(statement: &str, variants: &[(&[&str], &str)]) {
    let shape = shape_of(statement);
    for (on, expected) in variants {
        assert_eq!(variant(&shape, on), normalize(expected), "{on:?}");
    }
}

#[test]
fn where_goes_with_its_last_condition() {
    check(
        "SELECT 1 FROM t\nWHERE a = :a -- if :a\n AND b = :b -- if :b\n AND c = :c -- if :c\nLIMIT :n",
        &[
            (&[], "SELECT 1 FROM t LIMIT $1"),
            (&["a"], "SELECT 1 FROM t WHERE a = $1 LIMIT $2"),
            (&["c"], "SELECT 1 FROM t WHERE c = $1 LIMIT $2"),
            (
                &["a", "c"],
                "SELECT 1 FROM t WHERE a = $1 AND c = $2 LIMIT $3",
            ),
            (
                &["b", "c"],
                "SELECT 1 FROM t WHERE b = $1 AND c = $2 LIMIT $3",
            ),
        ],
    );
}

#[test]
fn commas_may_come_first_or_last() {
    let expected: &[(&[&str], &str)] = &[
        (&["a"], "UPDATE t SET a = $1 WHERE id = $2"),
        (&["b"], "UPDATE t SET b = $1 WHERE id = $2"),
        (&["a", "c"], "UPDATE t SET a = $1 , c = $2 WHERE id = $3"),
    ];
    let first = "UPDATE t SET a = :a -- if :a\n,b = :b -- if :b\n,c = :c -- if :c\nWHERE id = :id";
    check(first, expected);
    let last = "UPDATE t SET\na = :a, -- if :a\nb = :b, -- if :b\nc = :c -- if :c\nWHERE id = :id";
    check(last, expected);
}

#[test]
fn an_update_without_an_assignment_is_no_statement() {
    let statement = "UPDATE t SET a = :a -- if :a\nWHERE id = :id AND b = :b -- if :b";
    let shape = shape_of(statement.replace(" AND", "\nAND").as_str());
    assert!(!shape.required.holds(Choices::default().with(1)));
    assert!(shape.required.holds(Choices::default().with(0)));
    let fixed = shape_of("UPDATE t SET a = :a, -- if :a\nc = now()\nWHERE id = :id");
    assert!(fixed.required.is_always());
    // The rows of an INSERT are there without one.
    let insert =
        "INSERT INTO t (id) VALUES (:id) ON CONFLICT (id) DO UPDATE SET a = :a, -- if :a\nb = 1";
    assert!(shape_of(insert).required.is_always());
}

#[test]
fn brackets_go_with_their_last_condition() {
    check(
        "SELECT 1 FROM t WHERE x AND (\na = :a -- if :a\nOR b = :b -- if :b\n) AND (y\nOR z -- if z\n)",
        &[
            (&[], "SELECT 1 FROM t WHERE x AND (y )"),
            (&["b"], "SELECT 1 FROM t WHERE x AND ( b = $1 ) AND (y )"),
            (
                &["a", "b", "z"],
                "SELECT 1 FROM t WHERE x AND ( a = $1 OR b = $2 ) AND (y OR z )",
            ),
        ],
    );
    // A call keeps its brackets, whatever is left in them.
    check(
        "SELECT f(\n1 -- if one\n, 2 -- if two\n)",
        &[
            (&[], "SELECT f( )"),
            (&["two"], "SELECT f( 2 )"),
            (&["one"], "SELECT f( 1 )"),
        ],
    );
}

#[test]
fn the_and_of_between_and_case_is_no_connector() {
    check(
        "SELECT 1 FROM t WHERE a BETWEEN 1 AND 2 -- if a\nAND CASE WHEN b AND c THEN d END -- if b\nAND e -- if e",
        &[
            (&["a"], "SELECT 1 FROM t WHERE a BETWEEN 1 AND 2"),
            (&["b"], "SELECT 1 FROM t WHERE CASE WHEN b AND c THEN d END"),
            (&["a", "e"], "SELECT 1 FROM t WHERE a BETWEEN 1 AND 2 AND e"),
        ],
    );
}

#[test]
fn keywords_may_be_names_and_rows_keep_their_brackets() {
    check(
        "SELECT t.case, 1 AS end\nFROM t WHERE t.from AND t.order -- if a\nAND t.set -- if b",
        &[(&["b"], "SELECT t.case, 1 AS end WHERE t.set")],
    );
    check(
        "INSERT INTO t (id) VALUES\n(\n1 -- if one\n),\n(2) -- if two",
        &[
            (&[], "INSERT INTO t (id) VALUES ( )"),
            (&["one", "two"], "INSERT INTO t (id) VALUES ( 1 ), (2)"),
        ],
    );
}

#[test]
fn joins_and_their_conditions_can_be_left_out() {
    check(
        "SELECT 1 FROM t\nLEFT OUTER JOIN u ON u.a = t.a -- if u\nJOIN v ON v.a = t.a\nAND v.b = 1 -- if b\n, w -- if w\nWHERE true",
        &[
            (&[], "SELECT 1 FROM t JOIN v ON v.a = t.a WHERE true"),
            (
                &["u", "b", "w"],
                "SELECT 1 FROM t LEFT OUTER JOIN u ON u.a = t.a JOIN v ON v.a = t.a AND v.b = 1 , w WHERE true",
            ),
        ],
    );
}

#[test]
fn clauses_and_members_of_with_can_be_left_out() {
    check(
        "WITH\na AS (SELECT 1), -- if a\nb AS (SELECT 2) -- if b\nSELECT 1 FROM t\nGROUP BY x -- if x\nHAVING y -- if y\nUNION ALL SELECT 2 -- if more\nLIMIT 1 -- if one\nFOR UPDATE -- if locked",
        &[
            (&[], "SELECT 1 FROM t"),
            (
                &["b", "one"],
                "WITH b AS (SELECT 2) SELECT 1 FROM t LIMIT 1",
            ),
            (
                &["a", "b", "x", "y", "more", "locked"],
                "WITH a AS (SELECT 1), b AS (SELECT 2) SELECT 1 FROM t GROUP BY x HAVING y UNION ALL SELECT 2 FOR UPDATE",
            ),
        ],
    );
}

#[test]
fn orders_are_alternatives() {
    check(
        "SELECT 1 FROM t ORDER BY a DESC, -- newest first\n b -- order newest\n-- order rank: f(:query) DESC, b\n-- order b: b\nLIMIT :n",
        &[
            (&[], "SELECT 1 FROM t ORDER BY a DESC, b LIMIT $1"),
            (&["rank"], "SELECT 1 FROM t ORDER BY f($1) DESC, b LIMIT $2"),
            (&["b"], "SELECT 1 FROM t ORDER BY b LIMIT $1"),
        ],
    );
}

#[test]
fn parts_in_parts_and_switches_of_several() {
    check(
        "SELECT 1 FROM t\n-- if outer\nJOIN u ON true\nAND u.a -- if inner\n-- end\nWHERE a -- if :x or y\nAND b = :x -- if :x and y",
        &[
            (&["inner"], "SELECT 1 FROM t"),
            (&["outer"], "SELECT 1 FROM t JOIN u ON true"),
            (
                &["outer", "inner"],
                "SELECT 1 FROM t JOIN u ON true AND u.a",
            ),
            (&["y"], "SELECT 1 FROM t WHERE a"),
            (&["x", "y"], "SELECT 1 FROM t WHERE a AND b = $1"),
        ],
    );
}

#[test]
fn the_comment_of_the_last_line_may_follow_the_semicolon() {
    let file = Arc::new(SourceFile::new(
        "queries/test.sql",
        "-- name: test :many\nSELECT 1 FROM t\nWHERE a; -- if a\n-- if none: prose\n".to_owned(),
    ));
    let (queries, diagnostics) = parse(&file);
    assert!(diagnostics.is_empty());
    let shape = queries[0].shape.clone().unwrap();
    assert_eq!(variant(&shape, &[]), "SELECT 1 FROM t");
}
