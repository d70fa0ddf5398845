//! Long files, and many of them.

use crate::editor::Editor;
use crate::project::{project, write};

#[test]
fn a_file_of_ten_thousand_lines_is_answered() {
    let project = project();
    let query = |number: usize| {
        format!(
            "-- name: note_{number} :optional\n{}SELECT title FROM notes WHERE id = :id;\n\n",
            "-- A line of documentation.\n".repeat(46)
        )
    };
    let text: String = (0..200).map(query).collect();
    assert!(text.lines().count() >= 9_800);
    write(project.path(), "queries/long.sql", &text);
    let mut editor = Editor::open_project(project.path());
    editor.open("queries/long.sql");
    editor.replace(
        "queries/long.sql",
        "-- name: note_199 :optional",
        "-- name: note_199 :optionl",
    );
    editor.wait_for_diagnostics(
        "queries/long.sql",
        &["9752 unknown-command: unknown command `:optionl`"],
    );
    assert!(
        editor
            .hover("queries/long.sql", "note_198", 2)
            .contains("at most one")
    );
    let uri = editor.uri("queries/long.sql");
    let symbols = editor.ask(
        "textDocument/documentSymbol",
        &serde_json::json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(symbols.as_array().unwrap().len(), 200);
    editor.shut_down().unwrap();
}

#[test]
fn hundreds_of_files_may_be_open() {
    let project = project();
    for number in 0..500 {
        let text =
            format!("-- name: note_{number} :optional\nSELECT title FROM notes WHERE id = :id;\n");
        write(project.path(), &format!("queries/many/{number}.sql"), text);
    }
    let mut editor = Editor::open_project(project.path());
    for number in 0..500 {
        editor.open(&format!("queries/many/{number}.sql"));
    }
    let path = "queries/many/499.sql";
    editor.replace(path, "title", "titel");
    editor.wait_for_diagnostics(path, &["2 unknown-column: column \"titel\" does not exist"]);
    assert!(
        editor
            .hover("queries/many/0.sql", "note_0", 2)
            .contains("at most one")
    );
    editor.shut_down().unwrap();
}
