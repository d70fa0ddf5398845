//! An error names the query and answers questions.

use std::error::Error as _;

use xact::generated::Query;

use crate::orm::Admin;
use crate::server::pool;

async fn failure(query: &'static Query) -> xact::Error {
    let pool = pool().await;
    pool.xact(Admin, async |q| {
        q.orm().users_insert("ada@example.com", None).await
    })
    .await
    .unwrap();
    pool.xact(Admin, async |q| {
        q.orm().run.execute(query.arguments()).await
    })
    .await
    .unwrap_err()
}

macro_rules! failure {
    ($sql:expr) => {{
        static QUERY: Query = Query {
            name: "failing",
            file: "queries/f.sql",
            sql: $sql,
            parameters: &[],
            columns: &[],
            names: "",
        };
        failure(&QUERY).await
    }};
}

#[tokio::test]
async fn a_unique_violation() {
    let error = failure!("INSERT INTO users (email) VALUES ('ada@example.com')");
    assert!(error.is_unique_violation() && !error.is_check_violation());
    assert_eq!(
        error.to_string(),
        "query `failing` (queries/f.sql): duplicate key value violates unique constraint \"users_email_key\""
    );
    assert_eq!(error.query(), Some("failing"));
    assert_eq!(
        (error.code(), error.constraint_name()),
        (Some("23505"), Some("users_email_key"))
    );
    assert_eq!((error.table(), error.column()), (Some("users"), None));
    assert_eq!(
        error.detail(),
        Some("Key (email)=(ada@example.com) already exists.")
    );
    let beneath = error.sensitive_source().unwrap();
    assert!(beneath.downcast_ref::<xact::sqlx::Error>().is_some());
}

/// A report that follows the chain of sources prints each cause once.
#[test]
fn an_error_prints_its_cause_and_does_not_return_it_as_source() {
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    let error = xact::Error::from(xact::sqlx::Error::from(refused));
    assert!(error.to_string().ends_with("connection refused"), "{error}");
    assert!(error.source().is_none());
    let beneath = error.sensitive_source().unwrap().downcast_ref();
    assert!(matches!(beneath, Some(xact::sqlx::Error::Io(_))));
}

/// The name alone, of another table, is not enough.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Constraint {
    OfAnotherTable,
    UsersEmailKey,
}

impl xact::generated::Constraint for Constraint {
    const ALL: &'static [Self] = &[Self::OfAnotherTable, Self::UsersEmailKey];

    fn names(self) -> xact::generated::ConstraintNames {
        match self {
            Self::OfAnotherTable => ("public", "notes", "users_email_key"),
            Self::UsersEmailKey => ("public", "users", "users_email_key"),
        }
    }
}

#[tokio::test]
async fn a_constraint_is_found_by_its_schema_table_and_name() {
    let error = failure!("INSERT INTO users (email) VALUES ('ada@example.com')");
    assert_eq!(error.constraint(), Some(Constraint::UsersEmailKey));
    let error = failure!("INSERT INTO users (email, age) VALUES ('x', -1)");
    assert_eq!(error.constraint::<Constraint>(), None);
}

#[tokio::test]
async fn a_foreign_key_violation() {
    let error = failure!("INSERT INTO notes VALUES (404)");
    assert!(error.is_foreign_key_violation());
    assert_eq!(error.constraint_name(), Some("notes_user_id_fkey"));
}

#[tokio::test]
async fn a_check_violation() {
    let error = failure!("INSERT INTO users (email, age) VALUES ('x', -1)");
    assert!(error.is_check_violation());
    assert_eq!(error.constraint_name(), Some("users_age_check"));
}

#[tokio::test]
async fn a_not_null_violation() {
    let error = failure!("INSERT INTO users (email) VALUES (NULL)");
    assert!(error.is_not_null_violation());
    assert_eq!(
        (error.table(), error.column()),
        (Some("users"), Some("email"))
    );
}

#[tokio::test]
async fn a_hint() {
    let error = failure!("SELECT emial FROM users");
    assert_eq!(error.code(), Some("42703"));
    assert_eq!(
        error.hint(),
        Some("Perhaps you meant to reference the column \"users.email\".")
    );
}

#[tokio::test]
async fn what_may_be_retried() {
    assert!(failure!("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$").is_retryable());
    assert!(failure!("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$").is_retryable());
    assert!(!failure!("DO $$ BEGIN RAISE SQLSTATE '23505'; END $$").is_retryable());
}
