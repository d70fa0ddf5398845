//! Each query is a span with the statement, the server and the outcome.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use xact::sqlx::query_scalar;

use crate::orm::Admin;
use crate::server::database;

/// Writes down the fields of the spans of this crate, and counts from 1 for their ids.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("xact::")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(span.metadata().name().to_owned());
        span.record(&mut fields);
        let mut spans = self.0.lock().unwrap();
        spans.push(fields.0);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let index = usize::try_from(id.into_u64()).unwrap() - 1;
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        self.0.lock().unwrap()[index].push_str(&fields.0);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_query_is_a_span_in_the_words_of_opentelemetry_and_without_its_values() {
    let spans = Spans::default();
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let traced = tracing::subscriber::set_default(spans.clone());
    q.orm().users_insert("secret", Some(1)).await.unwrap();
    q.orm().users_insert("secret", Some(1)).await.unwrap_err();
    drop(traced);
    q.rollback().await.unwrap();
    let database: String = query_scalar("SELECT current_database()")
        .fetch_one(&mut observer.0)
        .await
        .unwrap();
    let spans = spans.0.lock().unwrap();
    let expected = format!(
        r#"query otel.name="users_insert" otel.kind="client" db.system.name="postgresql" db.namespace="{database}" db.query.summary="users_insert" db.query.text="INSERT INTO users (email, age) VALUES ($1, $2) RETURNING id" server.address="#
    );
    assert!(spans[0].starts_with(&expected), "{}", spans[0]);
    assert!(
        spans[0].ends_with(" server.port=5432 db.response.returned_rows=1"),
        "{}",
        spans[0]
    );
    let failed = r#" db.response.status_code="23505" error.type="23505" otel.status_code="ERROR""#;
    assert!(spans[1].ends_with(failed), "{}", spans[1]);
    assert!(spans.iter().all(|span| !span.contains("secret")));
}
