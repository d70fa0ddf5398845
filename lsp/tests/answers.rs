//! Hover, definition, references, completion, hints and symbols on one project.

use crate::editor::Editor;
use crate::project::project;
use serde_json::json;

const PATH: &str = "queries/notes.sql";

#[test]
fn every_part_of_a_query_has_its_facts() {
    let project = project();
    let mut editor = Editor::open_project_with(project.path(), &json!({ "inlayHints": "option" }));
    editor.open(PATH);
    editor.open("src/main.rs");
    editor.open("src/orm/notes.rs");
    editor.open("schema_annotations.yaml");
    editor.replace(PATH, "SELECT title FROM", "SELECT titl FROM");
    editor.wait_for_diagnostics(PATH, &["10 unknown-column: column \"titl\" does not exist"]);
    editor.replace(PATH, "SELECT titl FROM", "SELECT title FROM");
    editor.wait_for_diagnostics(PATH, &[]);

    check_hovers(&mut editor);
    check_places(&mut editor);
    check_completions(&mut editor);

    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } });
    let uri = editor.uri(PATH);
    let hints = editor.ask(
        "textDocument/inlayHint",
        &json!({ "textDocument": { "uri": uri }, "range": range }),
    );
    assert_eq!(hints.as_array().unwrap().len(), 1, "{hints}");
    assert_eq!(hints[0]["label"], ": Option<String>");
    assert_eq!(hints[0]["position"], json!({ "line": 2, "character": 38 }));
    let symbols = editor.ask(
        "textDocument/documentSymbol",
        &json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(symbols[0]["name"], "notes_list");
    assert_eq!(symbols[1]["detail"], ":optional");
    editor.shut_down().unwrap();
}

fn check_hovers(editor: &mut Editor) {
    let mut expect = |path: &str, needle: &str, skip: usize, parts: &[&str]| {
        let hover = editor.hover(path, needle, skip);
        for part in parts {
            assert!(hover.contains(part), "{needle}: no `{part}` in\n{hover}");
        }
    };
    expect(
        PATH,
        "notes_list",
        2,
        &[
            "The notes with their authors",
            "any number",
            "`:mood` `&str`, `text`",
            "Option<String>",
        ],
    );
    expect(
        PATH,
        "note_get",
        2,
        &["at most one, because", "`:id` `", "`, `bigint`, "],
    );
    expect(PATH, ":optional", 3, &["One row or none"]);
    expect(
        PATH,
        "author\n",
        2,
        &["`Option<String>`, `text`", "can be NULL: ", "JOIN"],
    );
    expect(
        PATH,
        "n.title",
        4,
        &[
            "never NULL: ",
            "**notes.title** `text`, not NULL",
            "The first line of the note.",
        ],
    );
    expect(
        PATH,
        "people p",
        2,
        &[
            "table **people**",
            "Everyone who writes.",
            "`name` `text`, not NULL",
            "PRIMARY KEY",
        ],
    );
    expect(PATH, "n.mood", 4, &["**notes.mood**", "CHECK"]);
    expect(PATH, ":mood", 2, &["**:mood** `&str`, `text`, not NULL"]);
    expect("schema_annotations.yaml", "title", 2, &["**notes.title**"]);
    expect(
        "src/main.rs",
        "notes_list",
        2,
        &["**notes_list** `:many`", "```sql\nSELECT n.id"],
    );
    assert_eq!(editor.hover(PATH, "ORDER", 2), "");
    assert_eq!(editor.hover("src/main.rs", "main", 2), "");
}

fn check_places(editor: &mut Editor) {
    let mut expect = |method: &str, path: &str, needle: &str, places: &[&str]| {
        assert_eq!(
            editor.places(method, path, needle, 3),
            places,
            "{method} {needle}"
        );
    };
    expect("definition", PATH, "notes n", &["schema.sql:6"]);
    expect("definition", PATH, "p.name", &["schema.sql:4"]);
    expect("definition", PATH, "notes_list", &["src/orm/notes.rs:2"]);
    expect(
        "definition",
        "src/main.rs",
        "notes_list",
        &["queries/notes.sql:2"],
    );
    expect(
        "definition",
        "src/orm/notes.rs",
        "notes_list",
        &["queries/notes.sql:2"],
    );
    expect(
        "definition",
        "schema_annotations.yaml",
        "title",
        &["schema.sql:8"],
    );
    expect("references", PATH, "notes_list", &["src/main.rs:2"]);
    expect(
        "references",
        PATH,
        "people p",
        &["queries/notes.sql:2", "schema_annotations.yaml:2"],
    );
}

fn check_completions(editor: &mut Editor) {
    let path = "queries/new.sql";
    editor.open_with(path, "-- name: a :many\nSELECT p.\nFROM people p JOIN \nWHERE p.id = :\n-- name: b \nSELECT 1;\n-- \n");
    assert_eq!(editor.completions(path, "SELECT p."), ["id", "name"]);
    assert_eq!(editor.completions(path, "JOIN "), ["notes", "people"]);
    assert_eq!(editor.completions(path, "p.id = :"), [":id", ":name"]);
    assert!(
        editor
            .completions(path, "name: b ")
            .contains(&":execrows".to_owned())
    );
    assert!(
        editor
            .completions(path, "SELECT 1;\n-- ")
            .contains(&"xact: skip".to_owned())
    );
    let path = "schema_annotations.yaml";
    editor.replace(
        path,
        "      title: The first line of the note.\n",
        "      title: The first line of the note.\n      \n",
    );
    assert_eq!(
        editor.completions(path, "note.\n      "),
        ["id", "mood", "author_id"]
    );
}

#[test]
fn a_query_that_is_half_written_keeps_its_last_facts_and_others_theirs() {
    let project = project();
    let mut editor = Editor::open_project(project.path());
    editor.open(PATH);
    editor.replace(PATH, "ORDER BY n.id DESC", "AND n.id > 1");
    editor.replace(PATH, "SELECT title FROM", "SELECT titl FROM");
    let unknown = "10 unknown-column: column \"titl\" does not exist";
    // From here on the first query has passed a check.
    editor.wait_for_diagnostics(PATH, &[unknown]);
    editor.replace(PATH, "SELECT titl FROM", "SELECT title FROM");
    editor.replace(PATH, "AND n.id > 1", "AND n.id > (");
    editor.wait_for_diagnostics(PATH, &["7 syntax: syntax error at end of input"]);
    let after = editor.hover(PATH, "author\n", 2);
    assert!(
        after.contains("From the last check that this query passed"),
        "{after}"
    );
    assert!(after.contains("Option<String>"), "{after}");
    assert!(
        editor
            .hover(PATH, "people p", 2)
            .contains("Everyone who writes.")
    );
    editor.shut_down().unwrap();
}
