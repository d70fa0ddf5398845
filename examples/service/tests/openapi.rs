//! `GET /openapi.json`: the responses of the service are those that the document describes.

use super::{ACME, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Map, Value, json};
use xact::sqlx::raw_sql;

/// The document of the service.
struct Document(Value);

impl Document {
    async fn read(world: &World) -> Self {
        let (status, body) = world.get("/openapi.json", "").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        Self(serde_json::from_str(&body).unwrap())
    }

    fn schema(&self, name: &str) -> &Value {
        let schema = &self.0["components"]["schemas"][name];
        assert!(schema.is_object(), "`{name}` is not in the document");
        schema
    }

    /// The schema of a response.
    fn response(&self, path: &str, method: &str, status: &str) -> &Value {
        let response = &self.0["paths"][path][method]["responses"][status]["content"];
        let content = response
            .as_object()
            .unwrap_or_else(|| panic!("{method} {path} {status}"));
        &content.values().next().unwrap()["schema"]
    }

    /// The first value that is not of its schema; none if all are.
    fn find_misfit(&self, schema: &Value, value: &Value) -> Option<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            return self.find_misfit(self.schema(name), value);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let mut fitting = choices.iter().map(|one| self.find_misfit(one, value));
            return (!fitting.any(|misfit| misfit.is_none())).then(|| format!("{value}: {schema}"));
        }
        if let Some(parts) = schema["allOf"].as_array() {
            // Each part has its own fields, so one value has those of all.
            let merged = parts.iter().map(|part| self.resolve(part));
            return self.find_object_misfit(&merged.collect::<Vec<_>>(), value);
        }
        let types = match &schema["type"] {
            Value::Array(types) => types.clone(),
            one => vec![one.clone()],
        };
        let is_one = types.iter().any(|name| match (name.as_str(), value) {
            (None, _)
            | (Some("null"), Value::Null)
            | (Some("boolean"), Value::Bool(_))
            | (Some("number"), Value::Number(_))
            | (Some("object"), Value::Object(_))
            | (Some("array"), Value::Array(_)) => true,
            (Some("integer"), Value::Number(number)) => number.is_i64(),
            (Some("string"), Value::String(text)) => fits_text(schema, text),
            _ => false,
        });
        match value {
            _ if !is_one => Some(format!("{value}: {schema}")),
            Value::Object(_) if schema["properties"].is_object() => {
                self.find_object_misfit(&[schema], value)
            }
            Value::Array(values) => {
                let mut values = values.iter();
                values.find_map(|value| self.find_misfit(&schema["items"], value))
            }
            _ => None,
        }
    }

    fn resolve<'d>(&'d self, schema: &'d Value) -> &'d Value {
        let reference = schema["$ref"].as_str();
        let name = reference.and_then(|name| name.strip_prefix("#/components/schemas/"));
        name.map_or(schema, |name| self.schema(name))
    }

    fn find_object_misfit(&self, schemas: &[&Value], value: &Value) -> Option<String> {
        let properties = schemas
            .iter()
            .filter_map(|schema| schema["properties"].as_object());
        let properties: Map<String, Value> = properties.flat_map(Clone::clone).collect();
        let required = schemas
            .iter()
            .filter_map(|schema| schema["required"].as_array());
        let required = required.flatten().filter_map(Value::as_str);
        for name in required {
            if value.get(name).is_none() {
                return Some(format!("{value} has no `{name}`"));
            }
        }
        let mut fields = value.as_object().unwrap().iter();
        fields.find_map(|(name, value)| match properties.get(name) {
            Some(property) => self.find_misfit(property, value),
            None => Some(format!("`{name}` is not in {schemas:?}")),
        })
    }

    fn check(&self, (path, method, status): (&str, &str, &str), body: &str) {
        let value: Value = serde_json::from_str(body).unwrap();
        let schema = self.response(path, method, status);
        assert_eq!(self.find_misfit(schema, &value), None);
    }
}

fn fits_text(schema: &Value, text: &str) -> bool {
    let labels = schema["enum"].as_array();
    let is_label = labels.is_none_or(|labels| labels.iter().any(|label| label == text));
    let has_prefix = schema["pattern"].as_str().is_none_or(|pattern| {
        let prefix = pattern.strip_prefix('^').unwrap();
        text.starts_with(prefix)
    });
    let is_moment = schema["format"] != "date-time" || (text.contains('T') && text.contains('+'));
    is_label && has_prefix && is_moment
}

#[tokio::test]
async fn responses_fit_the_document() {
    let world = World::new().await;
    let mut owner = world.test.connect().await.unwrap();
    let brought = "INSERT INTO bookmarks (organization_id, import_job_id, url, title, domain)
                   SELECT 'org_acme', 'imp_acme_1', 'https://a.example/' || n, n, 'a.example' FROM generate_series(1, 3) n";
    raw_sql(brought).execute(&mut owner).await.unwrap();
    let document = Document::read(&world).await;
    let ada = world.token("ada@acme.example").await;

    let bookmarks = "/organizations/{organization}/bookmarks";
    let (_, body) = world.get(ACME, &ada).await;
    document.check((bookmarks, "get", "200"), &body);
    let new = json!({ "url": "https://a.example/9", "title": "Nine", "domain": "a.example" });
    let (_, body) = world.post(ACME, &ada, &new).await;
    document.check((bookmarks, "post", "201"), &body);
    let saved: Value = serde_json::from_str(&body).unwrap();
    let (_, body) = world
        .get("/organizations/org_acme/search?order=title", &ada)
        .await;
    document.check(
        ("/organizations/{organization}/search", "get", "200"),
        &body,
    );
    let (_, body) = world.get("/organizations/org_acme/imports", &ada).await;
    assert!(body.contains("https://a.example/1"));
    document.check(
        ("/organizations/{organization}/imports", "get", "200"),
        &body,
    );
    let request = Request::patch(format!("{ACME}/{}", saved["id"].as_str().unwrap()))
        .header("authorization", format!("Bearer {ada}"))
        .header("content-type", "application/json")
        .body(Body::from(r#"{"folder": null}"#));
    let (_, body) = world.ask(request.unwrap()).await;
    document.check(
        (&format!("{bookmarks}/{{bookmark}}"), "patch", "200"),
        &body,
    );
    let (_, body) = world.get("/organizations/org_acme/export", &ada).await;
    let line = body.lines().next().unwrap();
    document.check(("/organizations/{organization}/export", "get", "200"), line);
}

#[tokio::test]
async fn the_document_has_the_schemas_of_generated_types() {
    let world = World::new().await;
    let document = Document::read(&world).await;
    let id = document.schema("BookmarkId");
    assert_eq!(
        (&id["type"], &id["pattern"]),
        (&json!("string"), &json!("^bkm_"))
    );
    let bookmark = document.schema("Bookmark");
    let property = |name: &str| &bookmark["properties"][name];
    assert_eq!(property("id")["$ref"], "#/components/schemas/BookmarkId");
    assert_eq!(property("created_at")["format"], "date-time");
    assert_eq!(
        property("original_folder")["type"],
        json!(["string", "null"])
    );
    let order = document.schema("BookmarksSearchOrder");
    assert_eq!(order["enum"][0], "newest");
    let text = serde_json::to_string(&document.0).unwrap();
    assert!(!text.contains("hashed_password"));
    for reference in text.split("#/components/schemas/").skip(1) {
        document.schema(reference.split('"').next().unwrap());
    }
    // A value of another kind is found.
    let mut wrong = json!({ "id": "usr_1" });
    assert!(document.find_misfit(bookmark, &wrong).is_some());
    wrong["id"] = json!(1);
    assert!(document.find_misfit(id, &wrong["id"]).is_some());
}
