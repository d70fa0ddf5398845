//! Exceptions: by rule and by object, each with its reason, and none longer than it is needed.

use super::found;
use crate::server;
use xact_codegen::lint::Report;
use xact_codegen::report::diagnostic::{Style, render};
use xact_codegen::{Stop, read_schema};

const TABLES: &str =
    "CREATE TABLE notes (body char(9)); CREATE TABLE tags (name char(9), other char(2))";

fn objects(report: &Report, rule: &str) -> Vec<String> {
    let violations = report.violations.iter();
    let own = violations.filter(|violation| violation.rule.id == rule);
    own.map(|violation| violation.finding.object.clone())
        .collect()
}

#[tokio::test]
async fn a_rule_is_off_with_a_reason_and_an_exception_covers_its_object_alone() {
    let all = ["notes.body", "tags.name", "tags.other"];
    assert_eq!(objects(&found("", &[TABLES]).await, "padded-text"), all);
    let off = found("lint.padded-text.off = 'the limits are the law'", &[TABLES]).await;
    assert_eq!(objects(&off, "padded-text"), [""; 0]);
    assert_ne!(objects(&off, "primary-key"), [""; 0]);
    let column = found("lint.padded-text.except.'tags.name' = 'short'", &[TABLES]).await;
    assert_eq!(
        objects(&column, "padded-text"),
        ["notes.body", "tags.other"]
    );
    assert_eq!(column.excepted, 1);
    let table = found("lint.padded-text.except.tags = 'short'", &[TABLES]).await;
    assert_eq!(objects(&table, "padded-text"), ["notes.body"]);
    let starred = found("lint.padded-text.except.'*' = 'short'", &[TABLES]).await;
    assert_eq!(objects(&starred, "padded-text"), [""; 0]);
    assert!(starred.exceptions.is_empty());
}

#[tokio::test]
async fn an_exception_that_is_no_longer_needed_is_reported_at_its_place() {
    let configuration = "\
[lint.padded-text.except]
'notes.body' = 'short'
tags = 'short'
'tag.name' = 'misspelt'
";
    let fixed = "CREATE TABLE notes (body text); CREATE TABLE tags (name char(9))";
    let report = found(configuration, &[fixed]).await;
    let expected = "\
xact.toml:2:1: error[unneeded-exception]: `notes.body` keeps rule `padded-text`, so it needs no exception
  |
2 | 'notes.body' = 'short'
  | ^^^^^^^^^^^^
   = help: delete the line

xact.toml:4:1: error[unneeded-exception]: nothing is called `tag.name`
  |
4 | 'tag.name' = 'misspelt'
  | ^^^^^^^^^^
   = help: perhaps you meant `tags.name`

";
    assert_eq!(render(&report.exceptions, Style::Plain), expected);
    assert!(!report.is_clean());
}

#[tokio::test]
async fn the_rules_of_one_company_are_off_unless_a_project_asks_for_the_set() {
    let table = "CREATE TABLE notes (body text NOT NULL)";
    let general = found("", &[table]).await;
    assert_eq!(objects(&general, "primary-key"), ["notes"]);
    assert_eq!(objects(&general, "created-at"), [""; 0]);
    let house = found("lint.sets = ['house']\n", &[table]).await;
    assert_eq!(objects(&house, "primary-key"), ["notes"]);
    assert_eq!(objects(&house, "created-at"), ["notes"]);
    assert!(house.checked > general.checked);
    // An exception of a rule that is not checked is not called unneeded.
    let excepted = found(
        "lint.created-at.except.notes = 'short-lived'",
        &["CREATE TABLE notes ()"],
    )
    .await;
    assert_eq!(excepted.exceptions.len(), 0);
}

#[tokio::test]
async fn a_set_that_does_not_exist_is_an_error_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    let configuration = "[lint]\nsets = ['houses']\n";
    std::fs::write(folder.path().join("xact.toml"), configuration).unwrap();
    let read = read_schema(folder.path(), Some(server::url().await)).await;
    let Err(Stop::Diagnostics(diagnostics)) = read else {
        panic!("{read:?}");
    };
    let expected = "\
xact.toml:2:9: error[invalid-lint]: there is no optional set of rules `houses`
  |
2 | sets = ['houses']
  |         ^^^^^^^^
   = help: write `sets = [\"house\"]`; the general rules are always checked

";
    assert_eq!(render(&diagnostics, Style::Plain), expected);
}
