//! Exceptions: by rule and by object, each with its reason, and none longer than it is needed.

use super::found;
use xact_codegen::lint::Report;
use xact_codegen::report::diagnostic::{Style, render};

const TABLES: &str =
    "CREATE TABLE notes (body varchar(9)); CREATE TABLE tags (name varchar(9), other char(2))";

fn objects(report: &Report, rule: &str) -> Vec<String> {
    let violations = report.violations.iter();
    let own = violations.filter(|violation| violation.rule.id == rule);
    own.map(|violation| violation.finding.object.clone())
        .collect()
}

#[tokio::test]
async fn a_rule_is_off_with_a_reason_and_an_exception_covers_its_object_alone() {
    let all = ["notes.body", "tags.name", "tags.other"];
    assert_eq!(objects(&found("", &[TABLES]).await, "text"), all);
    let off = found("lint.text.off = 'the limits are the law'", &[TABLES]).await;
    assert_eq!(objects(&off, "text"), [""; 0]);
    assert_ne!(objects(&off, "created-at"), [""; 0]);
    let column = found("lint.text.except.'tags.name' = 'short'", &[TABLES]).await;
    assert_eq!(objects(&column, "text"), ["notes.body", "tags.other"]);
    assert_eq!(column.excepted, 1);
    let table = found("lint.text.except.tags = 'short'", &[TABLES]).await;
    assert_eq!(objects(&table, "text"), ["notes.body"]);
    let starred = found("lint.text.except.'*' = 'short'", &[TABLES]).await;
    assert_eq!(objects(&starred, "text"), [""; 0]);
    assert!(starred.exceptions.is_empty());
}

#[tokio::test]
async fn an_exception_that_is_no_longer_needed_is_reported_at_its_place() {
    let configuration = "\
[lint.text.except]
'notes.body' = 'short'
tags = 'short'
'tag.name' = 'misspelt'
";
    let mended = "CREATE TABLE notes (body text); CREATE TABLE tags (name varchar(9))";
    let report = found(configuration, &[mended]).await;
    let expected = "\
xact.toml:2:1: error[unneeded-exception]: `notes.body` keeps rule `text`, so it needs no exception
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
