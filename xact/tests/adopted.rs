//! A transaction that sqlx began runs as a scope until it is released, and no scope outlives that, whatever happens.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use xact::Xact;
use xact::sqlx::{
    Acquire as _, Executor as _, PgConnection, PgPool, Postgres, Transaction, query_as, raw_sql,
};

use crate::cancellation::{Dropped, run_until};
use crate::orm::{Admin, Customer, customer};
use crate::server::{Observer, slow_sqlx_database, sqlx_database};

type Begun = Transaction<'static, Postgres>;

/// Role, settings, and whether a transaction was open before this statement.
async fn scope_of(connection: &mut PgConnection) -> (String, String, String) {
    query_as(
        "SELECT current_user::text, coalesce(current_setting('app.user_id', true), ''), \
         coalesce(current_setting('app.organization_id', true), '')",
    )
    .fetch_one(connection)
    .await
    .unwrap()
}

fn no_scope() -> (String, String, String) {
    ("postgres".to_owned(), String::new(), String::new())
}

/// The pool has one connection: nothing of a scope or a transaction is left in it.
async fn assert_clean(pool: &PgPool, observer: &mut Observer, moment: &str) {
    let mut connection = pool.acquire().await.unwrap();
    assert_eq!(scope_of(&mut connection).await, no_scope(), "{moment}");
    drop(connection);
    observer.quiet().await;
}

#[tokio::test]
async fn generated_queries_run_as_the_scope_within_the_transaction_of_sqlx() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut transaction = pool.begin().await.unwrap();
    let insert = "INSERT INTO users (email) VALUES ('sqlx')";
    (*transaction).execute(insert).await.unwrap();

    let mut q = Xact::adopt(transaction, customer("ada")).await.unwrap();
    let identity = q.orm().identity().await.unwrap();
    assert_eq!(identity.role, "xact_customer");
    assert_eq!(identity.user_id, "ada");
    helper(&mut q).await.unwrap();
    let refused = q.savepoint(async |q| q.orm().secrets_count().await).await;
    assert_eq!(refused.unwrap_err().code(), Some("42501"));

    let mut transaction = q.release().await.unwrap();
    assert_eq!(scope_of(&mut transaction).await, no_scope());
    assert!(observer.users().await.is_empty());
    transaction.commit().await.unwrap();
    assert_eq!(observer.users().await, ["sqlx", "xact"]);
    assert_clean(&pool, &mut observer, "after the commit").await;
}

/// Knows nothing of adoption.
async fn helper(q: &mut Xact<Customer>) -> Result<(), xact::Error> {
    q.orm().users_insert("xact", None).await.map(drop)
}

#[tokio::test]
async fn the_former_role_and_settings_come_back_with_the_release() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut transaction = pool.begin().await.unwrap();
    let former = "SET LOCAL app.user_id = E'it''s \\\\ me'; SET app.organization_id = 'initech'; SET LOCAL ROLE xact_customer";
    raw_sql(former).execute(&mut *transaction).await.unwrap();
    let before = scope_of(&mut transaction).await;

    let mut q = Xact::adopt(transaction, customer("ada")).await.unwrap();
    assert_eq!(q.orm().identity().await.unwrap().organization_id, "acme");
    let transaction = q.release().await.unwrap();

    // A scope without a role has that of the login, not the one that was taken.
    let mut q = Xact::adopt(transaction, Admin).await.unwrap();
    assert_eq!(q.orm().identity().await.unwrap().role, "postgres");
    let mut transaction = q.release().await.unwrap();

    assert_eq!(scope_of(&mut transaction).await, before);
    assert_eq!(before.1, "it's \\ me");
    transaction.commit().await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let after = scope_of(&mut connection).await;
    let kept = ("postgres".to_owned(), String::new(), "initech".to_owned());
    assert_eq!(after, kept, "the setting of the session is sqlx's own");
    drop(connection);
    observer.quiet().await;
}

#[tokio::test]
async fn a_transaction_that_has_ended_or_failed_is_not_adopted() {
    for (sql, code) in [("COMMIT", "25P01"), ("SELECT 1 / 0", "25P02")] {
        let (pool, mut observer) = sqlx_database(1).await;
        let mut transaction = pool.begin().await.unwrap();
        let _ended = raw_sql(sql).execute(&mut *transaction).await;
        let refused = Xact::adopt(transaction, customer("ada")).await;
        assert_eq!(refused.unwrap_err().code(), Some(code));
        assert_clean(&pool, &mut observer, sql).await;
    }
}

#[tokio::test]
async fn a_role_that_cannot_be_taken_is_an_error_and_rolls_back() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut transaction = pool.begin().await.unwrap();
    raw_sql("SET SESSION AUTHORIZATION xact_outsider")
        .execute(&mut *transaction)
        .await
        .unwrap();
    let refused = Xact::adopt(transaction, customer("ada")).await.unwrap_err();
    assert_eq!(refused.code(), Some("42501"), "{refused}");
    assert_clean(&pool, &mut observer, "refused").await;
}

#[tokio::test]
async fn a_transaction_with_a_failed_query_is_not_released() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut q = adopt(&pool).await;
    q.orm().users_insert("lost", None).await.unwrap();
    assert!(q.orm().secrets_count().await.is_err());
    let error = q.release().await.unwrap_err();
    let text =
        "release of an adopted transaction: the transaction was aborted by an error of query";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_clean(&pool, &mut observer, "failed").await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_transaction_ended_or_failed_on_the_raw_connection_is_not_released() {
    for (sql, code) in [("COMMIT", "25P01"), ("SELECT 1 / 0", "25P02")] {
        let (pool, mut observer) = sqlx_database(1).await;
        let mut q = adopt(&pool).await;
        let _ended = raw_sql(sql).execute(q.connection()).await;
        assert_eq!(q.release().await.unwrap_err().code(), Some(code));
        assert_clean(&pool, &mut observer, sql).await;
    }
}

#[tokio::test]
async fn a_transaction_within_that_was_forgotten_is_rolled_back_with_all() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut q = adopt(&pool).await;
    std::mem::forget(q.connection().begin().await.unwrap());
    q.orm().users_insert("lost", None).await.unwrap();
    let error = q.release().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("neither committed nor rolled back")
    );
    assert_clean(&pool, &mut observer, "released").await;

    let mut q = adopt(&pool).await;
    std::mem::forget(q.connection().begin().await.unwrap());
    drop(q);
    assert_clean(&pool, &mut observer, "dropped").await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_hook_that_no_commit_would_run_keeps_the_transaction_from_being_released() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut q = adopt(&pool).await;
    q.after_commit(|| unreachable!("sqlx commits"));
    let error = q.release().await.unwrap_err();
    assert!(error.to_string().contains("runs no hook"), "{error}");
    assert_clean(&pool, &mut observer, "hook").await;
}

#[tokio::test]
async fn a_panic_or_a_drop_leaves_no_scope_behind() {
    let (pool, mut observer) = sqlx_database(1).await;
    let panics = async {
        let mut q = adopt(&pool).await;
        q.orm().users_insert("lost", None).await.unwrap();
        panic!("on purpose");
    };
    assert!(AssertUnwindSafe(panics).catch_unwind().await.is_err());
    assert_clean(&pool, &mut observer, "panic").await;
    drop(adopt(&pool).await);
    assert_clean(&pool, &mut observer, "drop").await;
    assert!(observer.users().await.is_empty());
}

async fn adopt(pool: &PgPool) -> xact::Adopted<Customer> {
    let transaction = pool.begin().await.unwrap();
    Xact::adopt(transaction, customer("ada")).await.unwrap()
}

async fn run(transaction: Begun) {
    let mut q = Xact::adopt(transaction, customer("ada")).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    q.orm().users_load(&["b", "c"]).await.unwrap();
    let undone = q.savepoint(async |q| q.orm().secrets_count().await).await;
    undone.unwrap_err();
    raw_sql("SELECT 1").execute(q.connection()).await.unwrap();
    q.release().await.unwrap().rollback().await.unwrap();
}

#[tokio::test]
async fn an_adopted_transaction_dropped_at_any_poll_leaves_no_scope_behind() {
    let (pool, mut observer) = slow_sqlx_database(1).await;
    for dropped in [
        Dropped::AfterPoll as fn(usize) -> Dropped,
        Dropped::BeforePoll,
    ] {
        let mut turn = 0;
        loop {
            turn += 1;
            let transaction = pool.begin().await.unwrap();
            let dropped = dropped(turn);
            let completed = run_until(run(transaction), dropped).await;
            assert_clean(&pool, &mut observer, &format!("{dropped:?}")).await;
            assert!(observer.users().await.is_empty(), "{dropped:?}");
            if completed {
                break;
            }
        }
        assert!(
            turn > 10,
            "{turn} polls are too few to have waited for every answer"
        );
    }
}

/// sqlx does not count the answer to a COPY: after this, each message gets the answer to the one before.
#[tokio::test]
async fn a_transaction_whose_answers_are_those_of_earlier_messages_is_not_adopted() {
    let (pool, mut observer) = sqlx_database(1).await;
    let mut transaction = pool.begin().await.unwrap();
    let copy = transaction
        .copy_in_raw("COPY users (email) FROM STDIN")
        .await;
    drop(copy.unwrap());
    Xact::adopt(transaction, customer("ada")).await.unwrap_err();
    assert_clean(&pool, &mut observer, "copy").await;
}
