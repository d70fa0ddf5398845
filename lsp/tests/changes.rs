//! The project changes while it is open: migrations, files on disk, another editor.

use crate::editor::Editor;
use crate::project::{NOTES, project, write};

const PATH: &str = "queries/notes.sql";
const MIGRATION: &str = "migrations/2_more.up.sql";

#[test]
fn queries_are_checked_while_the_migrations_are_refused() {
    let project = project();
    let mut editor = Editor::open_project(project.path());
    editor.open(PATH);
    editor.replace(PATH, "n.title", "n.nope");
    editor.wait_for_diagnostics(PATH, &["3 unknown-column: column n.nope does not exist"]);
    write(project.path(), MIGRATION, "CREATE TABL oops ();\n");
    editor.wait_for_diagnostics(MIGRATION, &["1 syntax: syntax error at or near \"TABL\""]);
    assert!(
        editor
            .shown
            .iter()
            .any(|message| message.contains("the migrations are refused")),
        "{:?}",
        editor.shown
    );

    editor.replace(PATH, "n.nope", "n.title");
    editor.wait_for_diagnostics(PATH, &[]);
    assert!(editor.hover(PATH, "note_get", 2).contains("at most one"));

    write(
        project.path(),
        MIGRATION,
        "ALTER TABLE notes RENAME title TO headline;\n",
    );
    editor.wait_for_diagnostics(MIGRATION, &[]);
    editor.wait_until("the renamed column", |editor| {
        editor.diagnostics(PATH).len() == 2
    });
    editor.shut_down().unwrap();
}

#[test]
fn a_file_that_is_not_utf_8_has_a_diagnostic_and_hides_no_other() {
    let project = project();
    write(
        project.path(),
        "queries/old.sql",
        b"-- name: old :many\nSELECT '\xe9';\n",
    );
    let mut editor = Editor::open_project(project.path());
    editor.open(PATH);
    editor.replace(PATH, "n.title", "n.nope");
    editor.wait_for_diagnostics(PATH, &["3 unknown-column: column n.nope does not exist"]);
    editor.wait_for_diagnostics(
        "queries/old.sql",
        &["2 invalid-utf8: this file is not UTF-8 from here on"],
    );
    // The editor converts it: the text counts, and not the file.
    editor.open_with(
        "queries/old.sql",
        "-- name: old :many\nSELECT '\u{e9}' AS letter;\n",
    );
    editor.wait_for_diagnostics("queries/old.sql", &[]);
    editor.shut_down().unwrap();
}

#[test]
fn a_file_that_is_closed_counts_as_it_is_on_disk() {
    let project = project();
    let mut editor = Editor::open_project(project.path());
    editor.open(PATH);
    editor.replace(PATH, "n.title", "n.nope");
    editor.wait_for_diagnostics(PATH, &["3 unknown-column: column n.nope does not exist"]);
    let identifier = serde_json::json!({ "uri": editor.uri(PATH) });
    editor.notify(
        "textDocument/didClose",
        &serde_json::json!({ "textDocument": identifier }),
    );
    editor.wait_for_diagnostics(PATH, &[]);
    write(project.path(), PATH, NOTES.replace("n.title", "n.gone"));
    editor.wait_for_diagnostics(PATH, &["3 unknown-column: column n.gone does not exist"]);
    editor.shut_down().unwrap();
}

#[test]
fn two_editors_have_their_own_texts() {
    let project = project();
    let mut first = Editor::open_project(project.path());
    let mut second = Editor::open_project(project.path());
    first.open(PATH);
    second.open(PATH);
    first.replace(PATH, "n.title", "n.one");
    second.replace(PATH, "n.title", "n.two");
    first.wait_for_diagnostics(PATH, &["3 unknown-column: column n.one does not exist"]);
    second.wait_for_diagnostics(PATH, &["3 unknown-column: column n.two does not exist"]);
    first.shut_down().unwrap();
    second.replace(PATH, "n.two", "n.title");
    second.wait_for_diagnostics(PATH, &[]);
    second.shut_down().unwrap();
}
