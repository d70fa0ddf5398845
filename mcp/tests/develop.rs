//! The tools for agents that change a project.

use crate::world::{Client, PROJECT, write_project};
use serde_json::json;
use std::path::Path;
use xact_mcp::open_develop;

#[tokio::test]
async fn the_tools_of_the_reference_project_answer() {
    let client = Client::connect(open_develop(Path::new(PROJECT), None, false)).await;
    let tools = client.0.peer().list_all_tools().await.unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| &*tool.name).collect();
    assert_eq!(names, ["schema", "queries", "explain", "check"]);

    let schema = client.call("schema", json!({})).await;
    assert!(
        schema["tables"].to_string().contains("bookmarks"),
        "{schema}"
    );
    let table = client.call("schema", json!({"table": "bookmarks"})).await;
    assert!(
        table["table"].as_str().unwrap().contains("organization_id"),
        "{table}"
    );
    let unknown = client.refuse("schema", json!({"table": "bookmark"})).await;
    assert!(
        unknown.contains("perhaps you meant `bookmarks`"),
        "{unknown}"
    );

    let queries = client.call("queries", json!({})).await;
    assert!(queries.to_string().contains("bookmarks_list"));
    let explained = client
        .call("explain", json!({"query": "bookmarks_get"}))
        .await;
    assert!(
        explained["explanation"]
            .as_str()
            .unwrap()
            .contains("bookmarks")
    );
    let unknown = client
        .refuse("explain", json!({"query": "bookmark_get"}))
        .await;
    assert!(
        unknown.contains("perhaps you meant `bookmarks_get`"),
        "{unknown}"
    );

    let checked = client.call("check", json!({})).await;
    assert_eq!(checked["out_of_date"], json!([]), "{checked}");
    // No tool takes SQL unless it is asked for.
    assert!(
        client
            .try_call("describe", json!({"sql": "SELECT 1"}))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_changed_file_is_checked_at_the_next_call() {
    let project = write_project("CREATE TABLE notes (id int8 PRIMARY KEY, title text);", "");
    let client = Client::connect(open_develop(project.path(), None, true)).await;
    let before = client.call("check", json!({})).await;
    assert_eq!(before["diagnostics"], json!([]), "{before}");

    let queries = project.path().join("queries/all.sql");
    std::fs::write(&queries, "-- name: notes :many\nSELECT titel FROM notes;").unwrap();
    let wrong = client.call("check", json!({})).await;
    assert_eq!(wrong["diagnostics"][0]["code"], "unknown-column", "{wrong}");
    assert_eq!(wrong["diagnostics"][0]["line"], 2);

    std::fs::write(&queries, "-- name: notes :many\nSELECT title FROM notes;").unwrap();
    let right = client.call("check", json!({})).await;
    assert_eq!(right["help"], "run `xact codegen`", "{right}");

    let sql = "-- name: other :one\nSELECT count(*) FROM notes WHERE id = :id;";
    let described = client.call("describe", json!({"sql": sql})).await;
    assert!(
        described["queries"][0].as_str().unwrap().contains("count"),
        "{described}"
    );
    let wrong = client.call(
        "describe",
        json!({"sql": "-- name: x :one\nSELECT ids FROM notes;"}),
    );
    assert_eq!(wrong.await["diagnostics"][0]["code"], "unknown-column");
    // Nothing of it is in the project.
    let after = client.call("queries", json!({})).await;
    assert_eq!(after["queries"].as_array().unwrap().len(), 1);
}
