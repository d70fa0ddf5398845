//! Bookmarks by the conditions of a URL, and changes of one.

use super::{ACME, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

const SEARCH: &str = "/organizations/org_acme/search";

async fn titles(world: &World, token: &str, conditions: &str) -> Vec<String> {
    let (status, body) = world.get(&format!("{SEARCH}?{conditions}"), token).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let found: Value = serde_json::from_str(&body).unwrap();
    let titles = found["bookmarks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bookmark| bookmark["title"].as_str().unwrap().to_owned());
    titles.collect()
}

async fn patch(world: &World, token: &str, id: &str, body: &Value) -> (StatusCode, String) {
    let request = Request::patch(format!("{ACME}/{id}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    world.ask(request.unwrap()).await
}

#[tokio::test]
async fn conditions_and_orders_of_a_url_are_optional() {
    let world = World::new().await;
    let ada = world.token("ada@acme.example").await;
    for title in ["Zebra", "Aardvark"] {
        let new = json!({ "url": "https://z.example", "title": title, "domain": "z.example" });
        assert_eq!(world.post(ACME, &ada, &new).await.0, StatusCode::CREATED);
    }
    assert_eq!(
        titles(&world, &ada, "domain=z.example").await,
        ["Aardvark", "Zebra"]
    );
    assert_eq!(
        titles(&world, &ada, "domain=z.example&pattern=z%25").await,
        ["Zebra"]
    );
    let sorted = titles(&world, &ada, "order=title").await;
    assert!(sorted.is_sorted() && sorted.len() > 2, "{sorted:?}");
    let newest = titles(&world, &ada, "domain=z.example&order=newest").await;
    assert_eq!(newest, ["Aardvark", "Zebra"]);
    assert_eq!(
        titles(&world, &ada, "domain=z.example&imported=true").await,
        [""; 0]
    );
    let (status, _) = world.get(&format!("{SEARCH}?order=price"), &ada).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_change_keeps_the_fields_that_it_does_not_name() {
    let world = World::new().await;
    let ada = world.token("ada@acme.example").await;
    let new = json!({ "url": "https://z.example", "title": "Zebra", "domain": "z.example" });
    let (_, body) = world.post(ACME, &ada, &new).await;
    let made: Value = serde_json::from_str(&body).unwrap();
    let id = made["id"].as_str().unwrap();
    let (status, body) = patch(&world, &ada, id, &json!({ "title": "Horse" })).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (_, body) = patch(&world, &ada, id, &json!({ "folder": "animals" })).await;
    let changed: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(changed["title"], "Horse");
    assert_eq!(
        patch(&world, &ada, id, &json!({ "folder": null })).await.0,
        StatusCode::OK
    );
    let nothing = patch(&world, &ada, id, &json!({})).await;
    assert_eq!(nothing.0, StatusCode::BAD_REQUEST);
    let missing = patch(&world, &ada, "bkm_missing", &json!({ "title": "x" })).await;
    assert_eq!(missing.0, StatusCode::NOT_FOUND);
    let grace = world.token("grace@globex.example").await;
    assert_eq!(
        patch(&world, &grace, id, &json!({ "title": "x" })).await.0,
        StatusCode::NOT_FOUND
    );
}
