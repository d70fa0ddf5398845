//! A password in a URL shows nowhere.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use xact::Pool;

use crate::orm::customer;
use crate::server::{pool, url};

/// Writes down everything that anybody logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_connect_error_shows_the_password() {
    let real = url().await.replace("postgres@", "no_such_login:hunter2@");
    let logged = Log::default();
    let _logging = tracing::subscriber::set_default(logged.clone());
    for url in [
        real.as_str(),
        "postgres://ada:hunter2@localhost/app?pasword=hunter2",
        "postgres://ada:1?hunter2@localhost/app",
        "postgres://ada@localhost:1/app?password=hunter2&pool_timeout=0.1",
        "mysql://ada:hunter2@localhost/app",
        "hunter2",
        "postgres://ada:hunter2@[broken/app",
        "postgres://ada:hunter2@localhost:port/app",
        "postgres://ada:hunter2@localhost/app?sslmode=bogus",
    ] {
        let error = Pool::connect(url).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let logged = logged.0.lock().unwrap();
    assert!(!logged.contains("hunter2"), "{logged}");
}

#[tokio::test]
async fn no_log_shows_a_password_or_a_value() {
    let logged = Log::default();
    let _logging = tracing::subscriber::set_default(logged.clone());
    let url = url().await.replace("postgres@", "postgres:hunter2@");
    let pool = Pool::connect(&format!("{url}&echo=true")).await.unwrap();
    pool.wait_until_ready(Duration::from_mins(1)).await.unwrap();
    let result = pool.xact(customer("hunter2"), async |q| {
        q.orm().users_insert("hunter2", Some(1)).await?;
        q.orm().users_insert("hunter2", Some(1)).await
    });
    result.await.unwrap_err();
    let logged = logged.0.lock().unwrap();
    assert!(logged.contains("INSERT INTO users"), "{logged}");
    assert!(!logged.contains("hunter2"), "{logged}");
}

#[tokio::test]
async fn a_pool_and_a_transaction_show_figures_and_no_values() {
    let pool = pool().await;
    assert_eq!(format!("{pool:?}"), "Pool { size: 0, idle: 0, .. }");
    let q = pool.begin(customer("ada")).await.unwrap();
    assert_eq!(format!("{q:?}"), "Xact { scope: \"customer\", .. }");
    q.rollback().await.unwrap();
}
