//! Messages of clients, good and bad, without a project, and the answers to them.

use super::{FileChange, Flow, Session};
use serde_json::{Value, json};

/// A session that has been introduced, in an empty folder.
fn running(root: &std::path::Path) -> Session {
    let mut session = Session::new(Some(root.to_owned()));
    let params = json!({ "capabilities": { "general": { "positionEncodings": ["utf-8"] } } });
    assert!(matches!(
        request(&mut session, "initialize", &params).1,
        Flow::Open(_)
    ));
    notify(&mut session, "initialized", &json!({}));
    session.take_outgoing();
    session
}

fn request(session: &mut Session, method: &str, params: &Value) -> (Value, Flow) {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let flow = session.receive(message.to_string().as_bytes());
    let answer = session
        .take_outgoing()
        .into_iter()
        .find(|message| message["id"] == 1);
    (answer.unwrap(), flow)
}

fn notify(session: &mut Session, method: &str, params: &Value) -> Flow {
    let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
    session.receive(message.to_string().as_bytes())
}

fn error_code(answer: &Value) -> Option<i64> {
    answer["error"]["code"].as_i64()
}

#[test]
fn nothing_is_answered_before_initialize_and_initialize_is_answered_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(Some(folder.path().to_owned()));
    assert_eq!(
        error_code(&request(&mut session, "textDocument/hover", &json!({})).0),
        Some(-32002)
    );
    assert_eq!(
        notify(&mut session, "textDocument/didOpen", &json!({})),
        Flow::Continue
    );
    let mut session = running(folder.path());
    assert_eq!(
        error_code(&request(&mut session, "initialize", &json!({ "capabilities": {} })).0),
        Some(-32600)
    );
}

#[test]
fn initialize_tells_the_features_and_the_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(Some(folder.path().to_owned()));
    let (answer, _) = request(&mut session, "initialize", &json!({ "capabilities": {} }));
    let capabilities = &answer["result"]["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    for feature in [
        "hoverProvider",
        "definitionProvider",
        "referencesProvider",
        "documentSymbolProvider",
        "inlayHintProvider",
    ] {
        assert_eq!(capabilities[feature], true, "{feature}");
    }
}

#[test]
fn options_that_cannot_be_read_are_reported_and_the_defaults_are_used() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(Some(folder.path().to_owned()));
    let params = json!({ "capabilities": {}, "initializationOptions": { "inlayHints": "some" } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    session.receive(message.to_string().as_bytes());
    let outgoing = session.take_outgoing();
    assert!(
        outgoing
            .iter()
            .any(|message| message["method"] == "window/showMessage"),
        "{outgoing:?}"
    );
    assert!(outgoing.iter().any(|message| message["result"].is_object()));
}

#[test]
fn a_client_ends_in_order_with_shutdown_and_exit_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = running(folder.path());
    assert_eq!(
        notify(&mut session, "exit", &Value::Null),
        Flow::Exit { is_orderly: false }
    );
    assert_eq!(
        request(&mut session, "shutdown", &Value::Null).0["result"],
        Value::Null
    );
    assert_eq!(
        error_code(&request(&mut session, "shutdown", &Value::Null).0),
        Some(-32600)
    );
    assert_eq!(
        error_code(&request(&mut session, "textDocument/hover", &json!({})).0),
        Some(-32600)
    );
    assert_eq!(
        notify(&mut session, "exit", &Value::Null),
        Flow::Exit { is_orderly: true }
    );
}

#[test]
fn unknown_methods_and_wrong_parameters_are_errors_of_requests_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = running(folder.path());
    assert_eq!(
        error_code(&request(&mut session, "textDocument/rename", &json!({})).0),
        Some(-32601)
    );
    for params in [
        json!({}),
        json!(null),
        json!([1]),
        json!({ "textDocument": { "uri": "no uri" }, "position": {} }),
    ] {
        assert_eq!(
            error_code(&request(&mut session, "textDocument/hover", &params).0),
            Some(-32602)
        );
    }
    assert_eq!(
        notify(&mut session, "$/unknown", &json!({})),
        Flow::Continue
    );
    assert_eq!(
        notify(
            &mut session,
            "textDocument/didChange",
            &json!({ "textDocument": 7 })
        ),
        Flow::Continue
    );
    session.receive(b"\xff\xfe garbage");
    session.receive(b"[]");
    let codes: Vec<Option<i64>> = session.take_outgoing().iter().map(error_code).collect();
    // The notification with wrong parameters is in the log.
    assert_eq!(codes, [None, Some(-32700), Some(-32600)]);
}

#[test]
fn files_count_for_the_check_if_they_are_inputs_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut session = running(&root);
    let uri = |path: &str| gen_lsp_types::Uri::from_file_path(root.join(path)).unwrap();
    for path in [
        "queries/a b.sql",
        "migrations/1_a.up.sql",
        "src/main.rs",
        "schema_annotations.yaml",
    ] {
        let document =
            json!({ "uri": uri(path), "languageId": "sql", "version": 1, "text": "SELECT 1" });
        notify(
            &mut session,
            "textDocument/didOpen",
            &json!({ "textDocument": document }),
        );
    }
    let outside = json!({ "uri": "file:///elsewhere/queries/a.sql", "languageId": "sql", "version": 1, "text": "" });
    notify(
        &mut session,
        "textDocument/didOpen",
        &json!({ "textDocument": outside }),
    );
    let paths: Vec<String> = session
        .take_changes()
        .into_iter()
        .map(|change| change.path)
        .collect();
    assert_eq!(paths, ["queries/a b.sql", "schema_annotations.yaml"]);

    let change = json!({ "range": { "start": { "line": 0, "character": 7 }, "end": { "line": 0, "character": 8 } }, "text": "2" });
    let identifier = json!({ "uri": uri("queries/a b.sql"), "version": 2 });
    notify(
        &mut session,
        "textDocument/didChange",
        &json!({ "textDocument": identifier, "contentChanges": [change] }),
    );
    notify(
        &mut session,
        "textDocument/didClose",
        &json!({ "textDocument": { "uri": uri("queries/a b.sql") } }),
    );
    let path = "queries/a b.sql".to_owned();
    let expected = [
        FileChange {
            path: path.clone(),
            text: Some("SELECT 2".to_owned()),
        },
        FileChange { path, text: None },
    ];
    assert_eq!(session.take_changes(), expected);
}

#[test]
fn questions_before_the_first_check_have_empty_answers() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut session = running(&root);
    let uri = gen_lsp_types::Uri::from_file_path(root.join("queries/a.sql")).unwrap();
    let text = "-- name: a :many\nSELECT id FROM notes";
    let document = json!({ "uri": uri, "languageId": "sql", "version": 1, "text": text });
    notify(
        &mut session,
        "textDocument/didOpen",
        &json!({ "textDocument": document }),
    );
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 8 } });
    let references = json!({ "includeDeclaration": true });
    for (method, context) in [
        ("hover", Value::Null),
        ("definition", Value::Null),
        ("references", references),
        ("completion", Value::Null),
    ] {
        let mut params = at.clone();
        params["context"] = context;
        let (answer, _) = request(&mut session, &format!("textDocument/{method}"), &params);
        assert!(answer.get("result").is_some(), "{method}: {answer}");
    }
    let (symbols, _) = request(
        &mut session,
        "textDocument/documentSymbol",
        &json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(symbols["result"][0]["name"], "a");
}
