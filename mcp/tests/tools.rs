//! The tools of the reference project: their list, and a call of each.

use crate::world::{Client, World, ada};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use xact_mcp::QueryOptions;

/// Tokenizers of models make at least 4.5 bytes of such JSON one token.
const BUDGET_BYTES: usize = 8_900;

#[tokio::test]
async fn the_tools_of_the_customer_scope_fit_two_thousand_tokens() {
    let world = World::seeded().await;
    let server = world.open(ada()).await;
    let list = serde_json::to_string(server.tools()).unwrap();
    if let Some(path) = std::env::var_os("XACT_MCP_TOOLS") {
        std::fs::write(path, &list).unwrap();
    }
    let count = server.tools().len();
    assert!(
        list.len() <= BUDGET_BYTES,
        "{} bytes of {count} tools: {list}",
        list.len()
    );
    assert!(count >= 20, "{list}");
}

/// An argument for each property that is required, or all of them.
fn write_arguments(schema: &Map<String, Value>, all: bool) -> Value {
    let required: BTreeSet<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema["properties"].as_object().unwrap();
    let chosen = properties
        .iter()
        .filter(|(name, _)| all || required.contains(name.as_str()))
        .filter(|(name, _)| !["after", "before"].contains(&name.as_str()));
    let arguments = chosen.map(|(name, schema)| (name.clone(), write_argument(name, schema)));
    Value::Object(arguments.collect())
}

fn write_argument(name: &str, schema: &Value) -> Value {
    if let Some(labels) = schema["enum"].as_array() {
        return labels[0].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str(),
        kind => kind.as_str(),
    };
    match (name, kind, schema["format"].as_str()) {
        ("organization_id", ..) => "org_acme".into(),
        ("user_id", ..) => "usr_ada".into(),
        ("bookmark_id", ..) => "bkm_acme_1".into(),
        ("cluster_id", ..) => "cls_acme_1".into(),
        ("import_job_id", ..) => "imp_acme_1".into(),
        (_, _, Some("date")) => "2025-01-06".into(),
        (_, _, Some("date-time")) => "2025-01-06T09:00:00Z".into(),
        (_, Some("integer" | "number"), _) => 7.into(),
        (_, Some("boolean"), _) => true.into(),
        (_, Some("array"), _) => json!([]),
        (_, Some("string"), _) => "some text".into(),
        _ => json!({"any": ["json", 1.5]}),
    }
}

/// Calls each tool with its required arguments, and with all of them.
async fn call_each(client: &Client) -> usize {
    let tools = client.0.peer().list_all_tools().await.unwrap();
    for tool in &tools {
        for all in [false, true] {
            let arguments = write_arguments(&tool.input_schema, all);
            let result = client
                .try_call(&tool.name, arguments.clone())
                .await
                .unwrap();
            let text = crate::world::write_result(&result);
            // A row that is not there is an answer too.
            let is_answer = result.is_error != Some(true) || text.contains("no row found");
            assert!(is_answer, "{} {arguments}: {text}", tool.name);
        }
    }
    tools.len()
}

#[tokio::test]
async fn each_tool_of_the_reference_project_can_be_called() {
    let world = World::seeded().await;
    let customer = world.connect(ada()).await;
    assert!(call_each(&customer).await >= 20);
    let admin = world.connect(QueryOptions::new("admin")).await;
    assert!(call_each(&admin).await >= 20);
}

#[tokio::test]
async fn a_call_gives_the_rows_of_its_scope_as_json() {
    let world = World::seeded().await;
    let client = world.connect(ada()).await;
    // The organization is that of the scope unless the call names one.
    let count = client.call("bookmarks_count", json!({})).await;
    assert_eq!(count, json!({"row": {"bookmark_count": 2}}));
    let found = client
        .call("bookmarks_get", json!({"id": "bkm_acme_1"}))
        .await;
    assert_eq!(found["row"]["title"], "Acme reads");
    assert_eq!(found["row"]["metadata"], json!({}));
    let foreign = client
        .call("bookmarks_get", json!({"id": "bkm_globex_1"}))
        .await;
    assert_eq!(foreign, json!({"row": null}));
    let foreign = json!({"organization_id": "org_globex"});
    let foreign = client.call("bookmarks_count", foreign).await;
    assert_eq!(foreign, json!({"row": {"bookmark_count": 0}}));
}

#[tokio::test]
async fn pages_follow_their_cursors_with_parts_and_orders() {
    let world = World::seeded().await;
    let client = world.connect(ada()).await;
    for tool in ["bookmarks_list", "bookmarks_search"] {
        let first = client.call(tool, json!({"limit": 1})).await;
        assert_eq!(first["rows"].as_array().unwrap().len(), 1, "{first}");
        let after = json!({"limit": 1, "after": first["next"]});
        let second = client.call(tool, after).await;
        assert_ne!(first["rows"][0]["id"], second["rows"][0]["id"]);
        assert_eq!(second["next"], Value::Null);
        let before = json!({"limit": 1, "before": second["previous"]});
        let back = client.call(tool, before).await;
        assert_eq!(back["rows"], first["rows"]);
    }
    let search = |arguments: Value| client.call("bookmarks_search", arguments);
    let by_title = search(json!({"order": "title", "pattern": "%reads%", "imported": true})).await;
    assert_eq!(by_title["rows"].as_array().unwrap().len(), 2);
    let none = search(json!({"domain": "nowhere.example"})).await;
    assert_eq!(none, json!({"rows": []}));
    let in_cluster = search(json!({"cluster_id": "cls_acme_1", "domain": null})).await;
    assert_eq!(in_cluster["rows"].as_array().unwrap().len(), 1);
    let of_another = search(json!({"order": "title", "limit": 1})).await;
    let mixed = json!({"order": "domain", "after": of_another["next"]});
    let refused = client.refuse("bookmarks_search", mixed).await;
    assert!(refused.contains("cursor"), "{refused}");
}

#[tokio::test]
async fn queries_that_write_are_tools_only_if_they_are_named() {
    let world = World::seeded().await;
    let reading = world.connect(ada()).await;
    let unknown = reading.try_call("bookmarks_create", json!({})).await;
    assert!(unknown.is_err(), "{unknown:?}");

    let options = ada()
        .allow_write("bookmarks_create")
        .allow_write("bookmarks_update");
    let writing = world.connect(options).await;
    let created = json!({
        "url": "https://example.com/new", "title": "New", "domain": "example.com",
        "metadata": {"tags": ["a"]},
    });
    let created = writing.call("bookmarks_create", created).await;
    let id = created["row"]["id"].as_str().unwrap().to_owned();
    assert_eq!(created["row"]["organization_id"], "org_acme");
    // Committed, and seen by another client.
    let seen = reading.call("bookmarks_get", json!({"id": id})).await;
    assert_eq!(seen["row"]["metadata"], json!({"tags": ["a"]}));

    // Left out, set to NULL, set to a value.
    let update = |arguments: Value| writing.call("bookmarks_update", arguments);
    let set = json!({"id": id, "original_folder": "news"});
    let set = update(set).await;
    assert_eq!(set["row"]["original_folder"], "news");
    assert_eq!(set["row"]["title"], "New");
    let unset = update(json!({"id": id, "original_folder": null, "title": "Old"})).await;
    assert_eq!(unset["row"]["original_folder"], Value::Null);
    assert_eq!(unset["row"]["title"], "Old");
    let nothing = writing.refuse("bookmarks_update", json!({"id": id})).await;
    assert!(nothing.contains("no column is set"), "{nothing}");

    let foreign = json!({
        "organization_id": "org_globex", "url": "https://example.com", "title": "T", "domain": "d",
        "metadata": {},
    });
    let refused = writing.refuse("bookmarks_create", foreign).await;
    assert!(refused.contains("row-level security"), "{refused}");
}
