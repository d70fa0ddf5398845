//! Clients that speak badly, and those that end without a word.

use crate::editor::Editor;
use crate::project::project;
use serde_json::{Value, json};
use xact_lsp::ServiceError;

#[test]
fn bytes_that_are_no_message_end_the_connection_with_an_error() {
    let project = project();
    for garbage in [
        "GET / HTTP/1.1\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 5 bytes\r\n\r\n",
    ] {
        let mut editor = Editor::connect(project.path());
        editor.write_bytes(garbage.as_bytes());
        assert!(
            matches!(editor.hang_up(), Err(ServiceError::NoMessage(_))),
            "{garbage}"
        );
    }
}

#[test]
fn messages_that_are_wrong_are_answered_and_the_next_one_is_read() {
    let project = project();
    let mut editor = Editor::connect(project.path());
    assert_eq!(
        editor.ask_for_answer("textDocument/hover", &json!({}))["error"]["code"],
        -32002
    );
    editor.write_bytes(b"Content-Length: 3\r\n\r\n{{{");
    editor.write_bytes(b"Content-Length: 2\r\n\r\n[]");
    editor.notify("textDocument/didChange", &json!({ "textDocument": {} }));
    let uri = editor.uri("");
    let params = json!({ "capabilities": {}, "rootUri": uri });
    assert!(editor.ask("initialize", &params)["capabilities"].is_object());
    assert_eq!(
        editor.ask_for_answer("textDocument/rename", &json!({}))["error"]["code"],
        -32601
    );
    assert_eq!(
        editor.ask_for_answer("textDocument/hover", &json!([]))["error"]["code"],
        -32602
    );
    editor.shut_down().unwrap();
}

#[test]
fn a_client_that_hangs_up_ends_the_service_while_it_checks() {
    let project = project();
    let editor = Editor::open_project(project.path());
    // The server of the project is being started now.
    assert!(matches!(editor.hang_up(), Err(ServiceError::NoShutdown)));
    let mut editor = Editor::open_project(project.path());
    editor.notify("exit", &Value::Null);
    assert!(matches!(editor.hang_up(), Err(ServiceError::NoShutdown)));
}

#[test]
fn a_folder_that_is_no_project_is_reported_once_and_questions_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut editor = Editor::open_project(folder.path());
    editor.open_with("queries/a.sql", "-- name: a :one\nSELECT 1;\n");
    editor.wait_until("the message", |editor| !editor.shown.is_empty());
    assert!(
        editor.shown[0].contains("is not a project"),
        "{:?}",
        editor.shown
    );
    editor.replace("queries/a.sql", "1", "2");
    assert_eq!(editor.hover("queries/a.sql", "SELECT", 1), "");
    assert_eq!(editor.shown.len(), 1, "{:?}", editor.shown);
    editor.shut_down().unwrap();
}
