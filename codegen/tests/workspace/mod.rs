//! An open project: unsaved texts, refused migrations, dropped checks.

mod incremental;

use crate::server;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use xact_codegen::Stop;
use xact_codegen::workspace::{CheckedProject, Workspace};

const NOTES: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL, body text);";
const LIST: &str = "-- name: notes_list :many\nSELECT id, title FROM notes;\n";
const WRONG: &str = "\n-- name: notes_wrong :many\nSELECT titel FROM notes;\n";
const MIGRATION: &str = "migrations/1_notes.up.sql";
const QUERIES: &str = "queries/notes.sql";

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), MIGRATION, NOTES);
    write(folder.path(), QUERIES, LIST);
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn names(checked: &CheckedProject) -> Vec<&str> {
    let names = checked.queries.iter();
    names.map(|query| query.query.name.as_str()).collect()
}

fn codes(checked: &CheckedProject) -> Vec<&str> {
    checked.diagnostics.iter().map(|found| found.code).collect()
}

#[tokio::test]
async fn an_unsaved_text_counts_in_place_of_the_file() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    assert_eq!(names(&workspace.check().await.unwrap()), ["notes_list"]);
    workspace.set_text(QUERIES, LIST.replace("notes_list", "notes_all"));
    workspace.set_text(
        "queries/new.sql",
        "-- name: notes_new :many\nSELECT body FROM notes;",
    );
    workspace.set_text("queries/.hidden.sql", "not SQL");
    let checked = workspace.check().await.unwrap();
    assert_eq!(names(&checked), ["notes_new", "notes_all"]);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    workspace.remove_text(QUERIES);
    workspace.remove_text("queries/new.sql");
    assert_eq!(names(&workspace.check().await.unwrap()), ["notes_list"]);
    workspace.set_text("xact.toml", "[scopes.owner]\nrole = \"missing\"\n");
    assert_eq!(codes(&workspace.check().await.unwrap()), ["unknown-role"]);
}

#[tokio::test]
async fn queries_without_an_error_are_there_beside_those_with_one() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.set_text(
        QUERIES,
        [LIST, WRONG, "\n-- name: notes_half :one\nSELEC"].concat(),
    );
    let checked = workspace.check().await.unwrap();
    assert_eq!(names(&checked), ["notes_list"]);
    assert_eq!(codes(&checked), ["unknown-column", "syntax"]);
    let written: Vec<&str> = checked
        .written
        .iter()
        .map(|query| query.name.as_str())
        .collect();
    assert_eq!(written, ["notes_list", "notes_wrong", "notes_half"]);
    assert!(checked.find_query("notes_list").is_some() && checked.stale.is_none());
}

#[tokio::test]
async fn results_of_queries_that_did_not_change_are_shared_between_checks() {
    let project = project();
    write(
        project.path(),
        "queries/other.sql",
        "-- name: notes_other :many\nSELECT * FROM notes;\n",
    );
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    let before = workspace.check().await.unwrap();
    workspace.set_text(QUERIES, LIST.replace("title", "body"));
    let after = workspace.check().await.unwrap();
    let find = |checked: &CheckedProject, name: &str| checked.find_query(name).unwrap().clone();
    let is_shared = |name| Arc::ptr_eq(&find(&before, name), &find(&after, name));
    assert!(is_shared("notes_other") && !is_shared("notes_list"));
    // Another schema gives other results.
    workspace.set_text(MIGRATION, NOTES.replace("text NOT NULL", "text"));
    let changed = workspace.check().await.unwrap();
    let title = |checked: &CheckedProject| find(checked, "notes_other").columns[1].nullable;
    assert!(!title(&after) && title(&changed));
}

#[tokio::test]
async fn the_last_good_catalog_serves_while_the_migrations_are_refused() {
    for server in [Some(server::url().await), None] {
        let project = project();
        write(
            project.path(),
            "migrations/0_role.up.sql",
            "CREATE ROLE workspace_reader;",
        );
        let mut workspace = Workspace::open(project.path(), server);
        workspace.check().await.unwrap();
        let broken = NOTES.replace("bigint", "bigit");
        workspace.set_text(MIGRATION, broken);
        workspace.set_text(QUERIES, [LIST, WRONG].concat());
        for _ in 0..2 {
            let checked = workspace.check().await.unwrap();
            assert_eq!(names(&checked), ["notes_list"]);
            assert_eq!(codes(&checked), ["unknown-object", "unknown-column"]);
            let stale = checked.stale.unwrap();
            assert_eq!(stale.len(), 1);
            assert_eq!(stale[0].code, "unknown-object");
        }
        let refused = workspace.generate().await;
        assert!(
            matches!(&refused, Err(Stop::Diagnostics(found)) if found.len() == 1),
            "{refused:?}"
        );
        workspace.set_text(MIGRATION, NOTES.replace("title", "titel"));
        let checked = workspace.check().await.unwrap();
        assert_eq!(names(&checked), ["notes_wrong"]);
        assert!(checked.stale.is_none());
        workspace.stop().await.unwrap();
    }
}

#[tokio::test]
async fn migrations_that_were_never_accepted_are_an_error() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.set_text(MIGRATION, "CREATE TABEL notes ();");
    for _ in 0..2 {
        let refused = workspace.check().await;
        assert!(
            matches!(&refused, Err(Stop::Diagnostics(found)) if found[0].code == "syntax"),
            "{refused:?}"
        );
    }
    workspace.remove_text(MIGRATION);
    assert_eq!(names(&workspace.check().await.unwrap()), ["notes_list"]);
}

#[tokio::test]
async fn a_dropped_check_costs_its_connection_alone() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    let text = [LIST, "\n-- name: notes_lock :exec\nLOCK TABLE notes;\n"].concat();
    workspace.check().await.unwrap();
    for step in 0..40 {
        workspace.set_text(
            QUERIES,
            text.replace("title", &format!("title || '{step}' AS title")),
        );
        let patience = Duration::from_micros(step * 500);
        let _dropped = tokio::time::timeout(patience, workspace.check()).await;
    }
    let checked = workspace.check().await.unwrap();
    assert_eq!(names(&checked), ["notes_list", "notes_lock"]);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
}

#[tokio::test]
async fn two_workspaces_of_one_project_do_not_disturb_each_other() {
    let project = project();
    let mut one = Workspace::open(project.path(), Some(server::url().await));
    let mut other = Workspace::open(project.path(), Some(server::url().await));
    one.set_text(QUERIES, [LIST, WRONG].concat());
    other.set_text(MIGRATION, NOTES.replace("title", "titel"));
    for _ in 0..3 {
        let (first, second) = tokio::join!(one.check(), other.check());
        assert_eq!(names(&first.unwrap()), ["notes_list"]);
        assert!(names(&second.unwrap()).is_empty());
    }
}

#[tokio::test]
async fn an_unsaved_text_of_one_editor_is_never_seen_by_another() {
    let project = project();
    let mut first = Workspace::open(project.path(), None);
    let mut second = Workspace::open(project.path(), None);
    first.set_text(QUERIES, LIST.replace("notes_list", "notes_first"));
    second.set_text(QUERIES, LIST.replace("notes_list", "notes_second"));
    assert_eq!(names(&first.check().await.unwrap()), ["notes_first"]);
    assert_eq!(names(&second.check().await.unwrap()), ["notes_second"]);
    let migrated = format!("{NOTES} CREATE TABLE unsaved (id int);");
    first.set_text(MIGRATION, migrated);
    let query = "-- name: unsaved_list :many\nSELECT id FROM unsaved;\n";
    first.set_text(QUERIES, query);
    second.set_text(QUERIES, query);
    assert_eq!(names(&first.check().await.unwrap()), ["unsaved_list"]);
    let checked = second.check().await.unwrap();
    assert_eq!(codes(&checked), ["unknown-table"]);
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}
