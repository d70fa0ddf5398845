//! Each query is a span with its name.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::orm::Admin;
use crate::server::pool;

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

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_query_is_a_span_with_its_name_and_without_its_values() {
    let spans = Spans::default();
    let mut q = pool().await.begin(Admin).await.unwrap();
    let traced = tracing::subscriber::set_default(spans.clone());
    q.orm().users_insert("secret", Some(1)).await.unwrap();
    q.orm().users_list(0).await.unwrap();
    drop(traced);
    q.commit().await.unwrap();
    let spans = spans.0.lock().unwrap();
    assert_eq!(
        *spans,
        [r#"query name="users_insert""#, r#"query name="users_list""#]
    );
}
