//! The service, on a database of each test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use database::Database;
use example_service::{App, password_hash, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt as _;
use xact::sqlx::{query, raw_sql};
use xact::testing::TestDatabase;

/// The service, and the people of two organizations.
struct World {
    test: TestDatabase,
    app: App,
}

impl World {
    async fn new() -> Self {
        let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let test = TestDatabase::isolated_from(migrations).await.unwrap();
        let mut owner = test.connect().await.unwrap();
        let seed = include_str!("../../../tests/world/seed.sql");
        raw_sql(seed).execute(&mut owner).await.unwrap();
        query("UPDATE users SET hashed_password = $1")
            .bind(password_hash("correct horse").unwrap())
            .execute(&mut owner)
            .await
            .unwrap();
        let app = App::new(Database::new(test.pool()));
        Self { test, app }
    }

    fn router(&self) -> Router {
        self.app.clone().router()
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> (StatusCode, String) {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        self.ask(request.unwrap()).await
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn sign_in(&self, email: &str, password: &str) -> (StatusCode, String) {
        let credentials = json!({ "email": email, "password": password });
        self.post("/sign-in", "", &credentials).await
    }

    async fn token(&self, email: &str) -> String {
        let (status, body) = self.sign_in(email, "correct horse").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        body["token"].as_str().unwrap().to_owned()
    }
}

mod openapi;
mod search;

const ACME: &str = "/organizations/org_acme/bookmarks";
const GLOBEX: &str = "/organizations/org_globex/bookmarks";

#[tokio::test]
async fn only_active_people_with_their_password_sign_in() {
    let world = World::new().await;
    let right = world.sign_in("Ada@acme.example", "correct horse").await;
    assert_eq!(right.0, StatusCode::OK);
    for (email, password) in [
        ("ada@acme.example", "wrong"),
        ("ivan@acme.example", "correct horse"),
        ("nobody@acme.example", "correct horse"),
    ] {
        let refused = world.sign_in(email, password).await;
        assert_eq!(refused.0, StatusCode::UNAUTHORIZED, "{email}");
    }
    assert_eq!(world.get(ACME, "made up").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn members_see_the_bookmarks_of_their_organization_and_no_other() {
    let world = World::new().await;
    let ada = world.token("ada@acme.example").await;
    let (status, own) = world.get(ACME, &ada).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!titles(&own).is_empty());
    let (status, others) = world.get(GLOBEX, &ada).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(titles(&others), [""; 0]);
}

/// The titles of a page.
fn titles(body: &str) -> Vec<String> {
    let page: Value = serde_json::from_str(body).unwrap();
    let bookmarks = page["bookmarks"].as_array().unwrap().iter();
    let titles = bookmarks.map(|bookmark| bookmark["title"].as_str().unwrap().to_owned());
    titles.collect()
}

#[tokio::test]
async fn bookmarks_are_listed_page_by_page_in_both_directions() {
    let world = World::new().await;
    let many = "INSERT INTO bookmarks (organization_id, url, title, domain)
                SELECT 'org_acme', 'https://a.example/' || n, n, 'a.example' FROM generate_series(1, 130) n";
    let mut owner = world.test.connect().await.unwrap();
    raw_sql(many).execute(&mut owner).await.unwrap();
    let ada = world.token("ada@acme.example").await;
    let link = |body: &str, name: &str| {
        let page: Value = serde_json::from_str(body).unwrap();
        page[name].as_str().map(str::to_owned)
    };
    let (_, first) = world.get(ACME, &ada).await;
    assert_eq!(titles(&first).len(), 50);
    assert_eq!(link(&first, "previous"), None);
    let next = link(&first, "next").unwrap();
    let (_, second) = world
        .get(&format!("{ACME}?after={next}&size=1000"), &ada)
        .await;
    assert_eq!(titles(&second).len(), 82);
    assert_eq!(link(&second, "next"), None);
    let previous = link(&second, "previous").unwrap();
    let (_, back) = world.get(&format!("{ACME}?before={previous}"), &ada).await;
    assert_eq!(titles(&back), titles(&first));
    for wrong in ["", "AbCd", "%00", &next[1..]] {
        let (status, _) = world.get(&format!("{ACME}?after={wrong}"), &ada).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_saved_is_told_and_what_is_refused_is_not() {
    let world = World::new().await;
    let ada = world.token("ada@acme.example").await;
    let mut saved = world.app.subscribe();
    let new = json!({ "url": "https://a.example/1", "title": "One", "domain": "a.example" });

    let (status, _) = world.post(GLOBEX, &ada, &new).await;
    assert_eq!(status, StatusCode::CONFLICT, "the policy refuses the row");
    assert!(saved.try_recv().is_err());

    let (status, body) = world.post(ACME, &ada, &new).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let told = saved.try_recv().unwrap();
    assert!(body.contains(&told.id.to_string()), "{body}");
    assert!(
        world
            .get(ACME, &ada)
            .await
            .1
            .contains("https://a.example/1")
    );
}

#[tokio::test]
async fn imports_come_with_their_bookmarks() {
    let world = World::new().await;
    let mut owner = world.test.connect().await.unwrap();
    let brought = "INSERT INTO bookmarks (organization_id, import_job_id, url, title, domain)
                   SELECT 'org_acme', 'imp_acme_1', 'https://a.example/' || n, n, 'a.example' FROM generate_series(1, 3) n";
    raw_sql(brought).execute(&mut owner).await.unwrap();
    let ada = world.token("ada@acme.example").await;
    let (status, body) = world.get("/organizations/org_acme/imports", &ada).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let jobs: Value = serde_json::from_str(&body).unwrap();
    let mut jobs = jobs.as_array().unwrap().iter();
    let job = jobs.find(|job| job["import_job"]["id"] == "imp_acme_1");
    let bookmarks = job.unwrap()["bookmarks"].as_array().unwrap();
    let urls = bookmarks
        .iter()
        .map(|bookmark| bookmark["url"].as_str().unwrap());
    let ours: Vec<&str> = urls
        .filter(|url| url.starts_with("https://a.example/"))
        .collect();
    assert_eq!(
        ours,
        [
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3"
        ]
    );
    let (_, other) = world.get("/organizations/org_globex/imports", &ada).await;
    assert_eq!(other, "[]");
}

#[tokio::test]
async fn an_export_streams_every_bookmark_of_the_organization() {
    let world = World::new().await;
    let many = "INSERT INTO bookmarks (organization_id, url, title, domain)
                SELECT 'org_acme', 'https://a.example/' || n, n, 'a.example' FROM generate_series(1, 5000) n";
    let mut owner = world.test.connect().await.unwrap();
    raw_sql(many).execute(&mut owner).await.unwrap();
    let ada = world.token("ada@acme.example").await;
    let (status, body) = world.get("/organizations/org_acme/export", &ada).await;
    assert_eq!(status, StatusCode::OK);
    let urls = body.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["url"].as_str().unwrap().to_owned()
    });
    let ours = urls.filter(|url| url.starts_with("https://a.example/"));
    assert_eq!(ours.count(), 5000);
    let betty = world.token("betty@both.example").await;
    let (_, other) = world.get("/organizations/org_globex/export", &betty).await;
    assert!(!other.contains("https://a.example/"));
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_before_the_service_stops() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = world.app.clone();
    let served = tokio::spawn(serve(listener, app, async move {
        drop(stopped.await);
    }));

    // Half a request is one that has begun.
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
                    Expect: 100-continue\r\n\r\n";
    client.write_all(request).await.unwrap();
    let mut begun = [0; 12];
    client.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100");
    stop.send(()).unwrap();
    client.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("422 Unprocessable Entity"), "{answer}");

    served.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
    assert!(world.test.connect().await.is_ok());
}

#[tokio::test]
async fn people_who_sign_up_own_an_organization_that_is_theirs_alone() {
    let world = World::new().await;
    let new = json!({
        "organization": "Initech", "slug": "initech",
        "name": "Milton", "email": "Milton@initech.example", "password": "stapler",
    });
    let (status, body) = world.post("/sign-up", "", &new).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    let own = format!("/organizations/{}/bookmarks", text("organization_id"));
    let bookmark = json!({ "url": "https://a.example/1", "title": "One", "domain": "a.example" });
    let saved = world.post(&own, &text("token"), &bookmark).await;
    assert_eq!(saved.0, StatusCode::CREATED, "{}", saved.1);
    assert!(world.get(ACME, &text("token")).await.1.contains("[]"));
    let (status, _) = world.sign_in("milton@initech.example", "stapler").await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = world.post("/sign-up", "", &new).await;
    assert_eq!(status, StatusCode::CONFLICT, "the address is taken");
}
