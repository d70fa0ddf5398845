//! Diagnostics and their fixes, while a file is edited.

use crate::editor::Editor;
use crate::project::project;
use serde_json::json;

const PATH: &str = "queries/notes.sql";

#[test]
fn diagnostics_follow_the_unsaved_text_and_their_fix_ends_them() {
    let project = project();
    let mut editor = Editor::open_project(project.path());
    editor.open(PATH);
    editor.replace(PATH, "n.title", "n.titel");
    editor.wait_for_diagnostics(PATH, &["3 unknown-column: column n.titel does not exist"]);
    let diagnostic = editor.diagnostics(PATH)[0].clone();
    assert_eq!(diagnostic["severity"], 1);
    assert_eq!(diagnostic["source"], "xact");
    assert_eq!(
        diagnostic["range"]["start"],
        json!({ "line": 2, "character": 13 })
    );
    assert_eq!(
        diagnostic["range"]["end"],
        json!({ "line": 2, "character": 20 })
    );

    assert_eq!(titles(&mut editor), ["replace `n.titel` with `n.title`"]);

    editor.replace(PATH, "notes n\n", "note n\n");
    editor.wait_for_diagnostics(PATH, &["4 unknown-table: relation \"note\" does not exist"]);
    let params = json!({
        "textDocument": { "uri": editor.uri(PATH) },
        "range": editor.diagnostics(PATH)[0]["range"],
        "context": { "diagnostics": [] },
    });
    let actions = editor.ask("textDocument/codeAction", &params);
    assert_eq!(actions[0]["title"], "replace `note` with `notes`");
    assert_eq!(actions[0]["kind"], "quickfix");
    let edit = &actions[0]["edit"]["changes"][editor.uri(PATH)][0];
    assert_eq!(edit["newText"], "notes");
    editor.replace(PATH, "note n\n", "notes n\n");
    editor.replace(PATH, "n.titel", "n.title");
    editor.wait_for_diagnostics(PATH, &[]);
    editor.shut_down().unwrap();
}

/// The code actions for the first diagnostic.
fn titles(editor: &mut Editor) -> Vec<String> {
    let params = json!({
        "textDocument": { "uri": editor.uri(PATH) },
        "range": editor.diagnostics(PATH)[0]["range"],
        "context": { "diagnostics": [] },
    });
    let actions = editor.ask("textDocument/codeAction", &params);
    let actions = actions.as_array().unwrap().iter();
    actions
        .map(|action| action["title"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn each_help_with_a_replacement_is_a_code_action() {
    let project = project();
    let mut editor = Editor::open_project(project.path());
    let text = "\
-- name: a :mny
SELECT id FROM notes;
-- name: b :one
SELECT id FROM notes;
-- name: c :execrows
DELETE FROM notes;
-- name: d :many
SELECT id FROM notes WHERE title = NULL;
-- name: e :many
SELECT id FROM notes WHERE title LIKE '%:term%';
-- name: f :many
SELECT title AS \"title?\" FROM notes;
-- name: g :many
SELECT id FROM notes WHERE id = ?;
-- name: h :many
SELECT id, FROM notes;
";
    editor.open_with("queries/more.sql", text);
    let uri = editor.uri("queries/more.sql");
    editor.wait_until("the diagnostics", |editor| {
        !editor.diagnostics("queries/more.sql").is_empty()
    });
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params =
        json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", &params);
    let titles: Vec<&str> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        titles,
        [
            "replace `:mny` with `:many`",
            "replace `:one` with `:many`",
            "insert `-- xact: all rows`",
            "replace `= NULL` with `IS NULL`",
            "replace `'%:term%'` with `'%' || :term || '%'`",
            "remove `?`",
            "replace `?` with `:id`",
            "remove `,`",
        ]
    );
    editor.shut_down().unwrap();
}
