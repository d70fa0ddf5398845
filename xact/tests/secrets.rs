//! A password in a URL shows nowhere.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use xact::generated::Query;
use xact::sqlx::raw_sql;
use xact::types::Json;
use xact::{Error, Pool, Xact};

use crate::orm::{Admin, customer};
use crate::server::{database, pool, url};

/// Records everything that is logged.
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
async fn a_pool_and_a_transaction_show_numbers_and_no_values() {
    let pool = pool().await;
    assert_eq!(format!("{pool:?}"), "Pool { size: 0, idle: 0, .. }");
    let q = pool.begin(customer("ada")).await.unwrap();
    assert_eq!(format!("{q:?}"), "Xact { scope: \"customer\", .. }");
    q.rollback().await.unwrap();
}

/// Statements that fail in ways that Postgres describes with the value of their parameter.
const FAILING: &[&str] = &[
    "SELECT $1::text::int",
    "SELECT $1::text::numeric",
    "SELECT $1::text::date",
    "SELECT $1::text::timestamptz",
    "SELECT $1::text::interval",
    "SELECT $1::text::bool",
    "SELECT $1::text::uuid",
    "SELECT $1::text::inet",
    "SELECT $1::text::json",
    "SELECT $1::text::jsonb",
    "SELECT $1::text::xml::text || xmlparse(document $1::text)::text",
    "SELECT $1::text::int4range",
    "SELECT $1::text::int[]",
    "SELECT $1::text::mood",
    "SELECT $1::text::regclass",
    "SELECT $1::text::regtype",
    "SELECT $1::text::regprocedure",
    "SELECT $1::text::regrole",
    "SELECT to_timestamp('x' || $1::text, 'YYYY')",
    "SELECT encode($1::text::bytea, $1::text)",
    "SELECT decode($1::text, 'hex')",
    "SELECT current_setting($1::text)",
    "SELECT '' ~ ('(' || $1::text)",
    "SELECT jsonb_path_query('{}', ('$.' || $1::text || '!')::jsonpath)",
    "SELECT to_tsvector($1::text::regconfig, '')",
    "SELECT nextval($1::text)",
    "INSERT INTO users (email) VALUES ($1), ($1)",
    "INSERT INTO users (email, age) VALUES ($1, -1)",
    "INSERT INTO users (email, age) VALUES ($1, 1), (NULL, 1)",
    "SELECT fail_loudly($1, 'P0001')",
    "SELECT fail_loudly($1, '23505')",
    "SELECT fail_loudly($1, '42501')",
    "SELECT run_anything($1)",
];

const FUNCTIONS: &str = "
    CREATE FUNCTION fail_loudly(word text, code text) RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'no %', word USING ERRCODE = code, DETAIL = word, HINT = word, CONSTRAINT = 'c'; END $$;
    CREATE FUNCTION run_anything(word text) RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN EXECUTE 'SELECT ' || word; EXECUTE 'SELECT from ' || word; END $$;";

/// Everything that an error shows to whoever does not ask for values.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(beneath) = source {
        write!(shown, " {beneath} {beneath:?}").unwrap();
        source = beneath.source();
    }
    shown
}

async fn fail(q: &mut Xact<Admin>, sql: &'static str) -> Error {
    let query = Box::leak(Box::new(Query {
        name: "failing",
        file: "queries/f.sql",
        sql,
        parameters: &[25],
        columns: &[],
        names: "",
    }));
    let mut orm = q.orm();
    let call = orm.run.execute(query.arguments().push("hunter2"));
    call.await.expect_err(sql)
}

#[tokio::test]
async fn no_error_of_postgres_shows_a_value_unless_it_is_asked_for() {
    let (pool, mut observer) = database(1).await;
    raw_sql(FUNCTIONS).execute(&mut observer.0).await.unwrap();
    let logged = Log::default();
    let _logging = tracing::subscriber::set_default(logged.clone());
    let mut hidden = 0;
    for sql in FAILING {
        let mut q = pool.begin(Admin).await.unwrap();
        let error = fail(&mut q, sql).await;
        let shown = shown(&error);
        assert!(!shown.contains("hunter2"), "{sql}: {shown}");
        assert!(shown.contains("query `failing` (queries/f.sql)"), "{shown}");
        let asked = [error.database_message(), error.detail(), error.hint()];
        let asked = format!("{asked:?} {:?}", error.sensitive_source());
        hidden += usize::from(asked.contains("hunter2"));
        q.rollback().await.unwrap();
    }
    // The statements fail for the intended reasons.
    assert!(hidden > 25, "{hidden} of {}", FAILING.len());
    let logged = logged.0.lock().unwrap();
    assert!(
        logged.contains("failing") && !logged.contains("hunter2"),
        "{logged}"
    );
}

#[tokio::test]
async fn an_error_that_hides_the_message_says_what_it_is() {
    let (pool, mut observer) = database(1).await;
    raw_sql(FUNCTIONS).execute(&mut observer.0).await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let error = fail(&mut q, "SELECT $1::text::int").await;
    assert_eq!(
        error.to_string(),
        "query `failing` (queries/f.sql): invalid_text_representation (SQLSTATE 22P02): \
        the message may hold values, and is in `Error::database_message`"
    );
    assert_eq!(
        error.database_message(),
        Some("invalid input syntax for type integer: \"hunter2\"")
    );
    q.rollback().await.unwrap();
    // Postgres's message about the statement itself is shown.
    let mut q = pool.begin(Admin).await.unwrap();
    let error = fail(&mut q, "SELECT emial FROM users WHERE email = $1").await;
    assert_eq!(
        error.to_string(),
        "query `failing` (queries/f.sql): column \"emial\" does not exist"
    );
    q.rollback().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    let error = fail(&mut q, "SELECT fail_loudly($1, '23505')").await;
    assert!(
        error
            .to_string()
            .contains("SQLSTATE 23505, constraint \"c\""),
        "{error}"
    );
    q.rollback().await.unwrap();
}

static JSON: Query = Query {
    name: "failing",
    file: "queries/f.sql",
    sql: "SELECT '{\"hunter2\": \"hunter2\"}'::jsonb",
    parameters: &[],
    columns: &[3802],
    names: "",
};

type Numbers = std::collections::BTreeMap<String, i32>;

#[tokio::test]
async fn no_error_about_a_value_of_a_row_shows_it() {
    let pool = pool().await;
    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm
        .run
        .one(JSON.arguments(), |row| row.get::<Json<Vec<i32>>>(0));
    let as_vector = call.await.unwrap_err();
    let call = orm
        .run
        .one(JSON.arguments(), |row| row.get::<Json<Numbers>>(0));
    let as_numbers = call.await.unwrap_err();
    for error in [&as_vector, &as_numbers] {
        let shown = shown(error);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("the JSON does not fit its Rust type"),
            "{shown}"
        );
    }
    let asked = as_numbers.sensitive_source().unwrap().to_string();
    assert!(asked.contains("hunter2"), "{asked}");
    let made = q
        .sql("made", "SELECT '\"hunter2\"'::jsonb")
        .value::<Json<i32>>();
    let shown = shown(&made.await.unwrap_err());
    assert!(!shown.contains("hunter2"), "{shown}");
}
