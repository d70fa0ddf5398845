//! Exceptions: by rule and by object, each with its reason, and none longer than it is needed.

use super::found;
use crate::command_line::{project, xact};
use crate::server;
use xact_codegen::diagnostic::{Style, render};
use xact_codegen::lint::Report;

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

#[tokio::test]
async fn lint_exits_with_1_until_everything_is_mended_or_excepted() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| {
        let output = xact(project.path(), arguments)
            .env("XACT_SERVER_URL", url)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, stdout, stderr) = run(&["lint"]);
    assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
    assert!(
        stderr.contains("error[created-at]: `notes` has no column `created_at`"),
        "{stderr}"
    );
    assert!(
        stderr.contains("ALTER TABLE notes ADD COLUMN created_at"),
        "{stderr}"
    );

    let (code, stdout, stderr) = run(&["lint", "--format", "json"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let violations = document["violations"].as_array().unwrap();
    let created = violations
        .iter()
        .find(|item| item["rule"] == "created-at")
        .unwrap();
    assert_eq!(created["object"], "notes");
    assert_eq!(created["file"], "schema.sql");
    let sql = "ALTER TABLE notes ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();";
    assert_eq!(created["sql"], sql);

    let rules = violations.iter().map(|item| item["rule"].as_str().unwrap());
    let off = rules.map(|rule| format!("lint.{rule}.except.notes = 'not here'\n"));
    let mut lines: Vec<String> = off.collect();
    lines.dedup();
    std::fs::write(project.path().join("xact.toml"), lines.concat()).unwrap();
    let (code, stdout, stderr) = run(&["lint"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("rules, 0 found, "), "{stderr}");
}

#[test]
fn rules_are_listed_and_explained_without_a_server_or_a_project() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = xact(folder.path(), arguments).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, listed, _) = run(&["lint", "--rules"]);
    assert_eq!(code, 0);
    assert!(
        listed.contains("foreign-key-index    an index leads with"),
        "{listed}"
    );
    let (code, explained, _) = run(&["lint", "--explain", "bigint"]);
    assert_eq!(code, 0);
    assert!(
        explained.contains("    CREATE TABLE notes (id serial PRIMARY KEY"),
        "{explained}"
    );
    let (code, _, error) = run(&["lint", "--explain", "bigints"]);
    assert_eq!(code, 1);
    assert_eq!(
        error,
        "error: there is no rule `bigints`\nhelp: perhaps you meant `bigint`\n"
    );
}
