//! The rules, by their own examples.

use super::{found, found_in};
use crate::schema::expected::assert_expected_in;
use crate::schema::server::{drop, empty};
use crate::server;
use std::collections::HashSet;
use std::path::Path;
use xact_codegen::lint::{FOUNDATIONS, Finding, FindingFix, RULES, Report, Rule};
use xact_codegen::read_schema;
use xact_codegen::report::diagnostic::{Diagnostic, Style, render};
use xact_codegen::schema::enum_tables;

/// Rules are tried with the optional ones on.
const HOUSE: &str = "lint.sets = ['house']\n";

const NOTHING: [&Finding; 0] = [];

fn of_rule<'a>(report: &'a Report, rule: &Rule) -> Vec<&'a Finding> {
    let violations = report.violations.iter();
    let own = violations.filter(|violation| violation.rule.id == rule.id);
    own.map(|violation| &violation.finding).collect()
}

#[tokio::test]
async fn every_rule_finds_its_bad_example_and_nothing_in_its_good_one() {
    let mut shown = String::new();
    let mut database = empty().await;
    for rule in RULES {
        let bad = found_in(&mut database, HOUSE, &[rule.bad]).await;
        assert_ne!(of_rule(&bad, rule), NOTHING, "{}", rule.id);
        let own = |diagnostic: &Diagnostic| diagnostic.code == rule.id;
        let diagnostics: Vec<Diagnostic> = bad.diagnostics().into_iter().filter(own).collect();
        shown += &render(&diagnostics, Style::Plain);
        let good = found_in(&mut database, HOUSE, &[rule.good]).await;
        assert_eq!(of_rule(&good, rule), NOTHING, "{}", rule.id);
    }
    drop(database).await;
    assert_expected_in("lint", "rules.expected.txt", &shown);
}

#[tokio::test]
async fn the_sql_of_every_finding_fixes_it() {
    let mut database = empty().await;
    for rule in RULES {
        let bad = found_in(&mut database, HOUSE, &[rule.bad]).await;
        let fixes = of_rule(&bad, rule).into_iter().map(|finding| &finding.fix);
        let sql: Vec<&str> = fixes
            .filter(|fix| matches!(fix, FindingFix::Sql(_)))
            .map(FindingFix::text)
            .collect();
        let after = found_in(&mut database, HOUSE, &[rule.bad, &sql.join("\n")]).await;
        let left = of_rule(&after, rule).into_iter();
        let left: Vec<_> = left
            .filter(|finding| matches!(finding.fix, FindingFix::Sql(_)))
            .collect();
        assert_eq!(left, NOTHING, "{}", rule.id);
        assert!(!sql.is_empty() || rule.id == "annotation", "{}", rule.id);
    }
    drop(database).await;
}

#[test]
fn rules_have_names_of_their_own_that_files_can_hold() {
    let names: HashSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), RULES.len());
    let is_kebab = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    assert!(names.iter().all(is_kebab), "{names:?}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    for rule in RULES {
        let file = folder.join(rule.id.replace('-', "_") + ".rs");
        assert!(file.exists(), "{}", file.display());
    }
}

#[tokio::test]
async fn the_reference_project_keeps_every_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (project, schema) = read_schema(&root, Some(server::url().await)).await.unwrap();
    let report = xact_codegen::lint::lint(&project, &schema);
    let shown = render(&report.diagnostics(), Style::Plain);
    assert!(report.is_clean(), "{shown}");
}

#[tokio::test]
async fn a_text_key_takes_the_columns_that_refer_to_it_along() {
    let numbers = "
        CREATE TABLE authors (author integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
        CREATE TABLE notes (id serial PRIMARY KEY, author_id integer REFERENCES authors ON DELETE CASCADE);
        INSERT INTO authors (name) VALUES ('Ada'); INSERT INTO notes (author_id) VALUES (1);";
    let rule = RULES.iter().find(|rule| rule.id == "text-id").unwrap();
    let report = found(HOUSE, &[numbers]).await;
    let fixes = of_rule(&report, rule)
        .into_iter()
        .map(|finding| finding.fix.text());
    let fixes: Vec<&str> = fixes.collect();
    assert_eq!(fixes.len(), 2);
    let joined = "DO $$ BEGIN ASSERT (SELECT a.id = n.author_id FROM authors a, notes n); END $$";
    let after = found(HOUSE, &[numbers, fixes[0], fixes[1], joined]).await;
    assert_eq!(of_rule(&after, rule), NOTHING);
}

#[tokio::test]
async fn what_the_lint_takes_for_an_enum_becomes_one() {
    let rule = RULES.iter().find(|rule| rule.id == "enum-table").unwrap();
    for (sql, is_enum) in [(rule.good, true), (rule.bad, false)] {
        let mut database = crate::schema::server::migrated(FOUNDATIONS).await;
        crate::schema::server::execute(&mut database.connection, sql).await;
        let schema = crate::schema::server::schema(&mut database).await;
        drop(database).await;
        let labels: Vec<Vec<&str>> = enum_tables(&schema).map(|found| found.labels).collect();
        let sql = xact_codegen::schema::dump(&schema);
        assert!(
            sql.contains("INSERT INTO colour_enum (value) VALUES\n    ('red');"),
            "{sql}"
        );
        assert_eq!(labels == [["red"]], is_enum);
    }
}
