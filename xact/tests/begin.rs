//! A transaction begins in its scope, or says why not.

use std::time::Duration;

use xact::TransactionOptions;
use xact::sqlx::{query, query_scalar};

use crate::orm::{Admin, Customer, Identity, Orm, customer};
use crate::server::{self, closed, database, sqlx_database};

#[tokio::test]
async fn a_customer_runs_as_its_role_with_its_settings_for_that_transaction_only() {
    let (pool, _observer) = database(1).await;
    let inside = pool
        .xact(customer("ada"), async |q| q.orm().identity().await)
        .await
        .unwrap();
    let ada = Identity {
        role: "xact_customer".to_owned(),
        user_id: "ada".to_owned(),
        organization_id: "acme".to_owned(),
    };
    assert_eq!(inside, ada);
    let after = pool
        .xact(Admin, async |q| q.orm().identity().await)
        .await
        .unwrap();
    assert_eq!(
        after,
        Identity {
            role: "postgres".to_owned(),
            user_id: String::new(),
            organization_id: String::new()
        }
    );
    assert_eq!(pool.size(), 1, "it was the same connection");
}

#[tokio::test]
async fn what_the_role_may_not_read_is_refused() {
    let (pool, _observer) = database(1).await;
    let error = pool
        .xact(customer("ada"), async |q| q.orm().secrets_count().await)
        .await
        .unwrap_err();
    assert!(error.is_insufficient_privilege());
    assert_eq!(
        error.to_string(),
        "query `secrets_count` (queries/secrets.sql): permission denied for table secrets"
    );
}

struct Missing;

impl xact::Scope for Missing {
    const NAME: &'static str = "missing";
    const ROLE: Option<&'static str> = Some("no such \"role\"");
    type Orm<'a> = Orm<'a, Admin>;

    fn settings(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    fn orm(run: xact::generated::Runner<'_>) -> Orm<'_, Admin> {
        <Admin as xact::Scope>::orm(run)
    }
}

#[tokio::test]
async fn a_missing_role_is_named_and_the_connection_is_closed() {
    let (pool, mut observer) = database(1).await;
    let error = pool.begin(Missing).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "begin in scope `missing`: role \"no such \"role\"\" does not exist"
    );
    closed(&pool).await;
    observer.quiet().await;
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_role_one_is_not_a_member_of_is_refused() {
    let url = server::url().await.replace("postgres@", "xact_outsider@");
    let pool = xact::Pool::connect(&url).await.unwrap();
    let error = pool.begin(customer("ada")).await.unwrap_err();
    assert!(error.is_insufficient_privilege());
    assert_eq!(
        error.to_string(),
        "begin in scope `customer`: permission denied to set role \"xact_customer\""
    );
}

#[tokio::test]
async fn a_nul_byte_in_a_setting_is_refused_before_anything_is_sent() {
    let (pool, _observer) = database(1).await;
    let scope = Customer {
        user_id: "a\0b".to_owned(),
        organization_id: String::new(),
    };
    let error = pool.begin(scope).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "begin in scope `customer`: the value of setting `app.user_id` holds a NUL byte"
    );
    assert_eq!(pool.size(), 0);
}

struct Impatient;

impl xact::Scope for Impatient {
    const NAME: &'static str = "impatient";
    const ROLE: Option<&'static str> = None;
    const STATEMENT_TIMEOUT: Option<Duration> = Some(Duration::from_millis(1_500));
    type Orm<'a> = Orm<'a, Admin>;

    fn settings(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    fn orm(run: xact::generated::Runner<'_>) -> Orm<'_, Admin> {
        <Admin as xact::Scope>::orm(run)
    }
}

async fn read_timeout<S: xact::Scope>(pool: &xact::Pool, scope: S) -> String {
    let mut q = pool.begin(scope).await.unwrap();
    let timeout = query_scalar("SHOW statement_timeout")
        .fetch_one(q.connection())
        .await
        .unwrap();
    q.commit().await.unwrap();
    timeout
}

#[tokio::test]
async fn statements_of_a_scope_have_its_timeout_unless_the_transaction_has_another() {
    let (pool, _observer) = database(1).await;
    assert_eq!(read_timeout(&pool, Impatient).await, "1500ms");
    assert_eq!(read_timeout(&pool, Admin).await, "0");
    let patient = pool.with(TransactionOptions::new().statement_timeout(Duration::from_mins(1)));
    assert_eq!(read_timeout(&patient, Impatient).await, "1min");
    assert_eq!(pool.size(), 1, "it was the same connection");
}

#[tokio::test]
async fn an_adopted_transaction_has_the_timeout_of_its_scope_until_it_is_released() {
    let (pool, _observer) = sqlx_database(1).await;
    let mut transaction = pool.begin().await.unwrap();
    let show = "SHOW statement_timeout";
    query("SET LOCAL statement_timeout = '7s'")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let mut q = xact::Xact::adopt(transaction, Impatient).await.unwrap();
    let inside: String = query_scalar(show).fetch_one(q.connection()).await.unwrap();
    let mut transaction = q.release().await.unwrap();
    let after: String = query_scalar(show)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert_eq!((inside.as_str(), after.as_str()), ("1500ms", "7s"));
}
