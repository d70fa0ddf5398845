//! Options hold for one transaction, and their errors are distinguished.

use std::time::Duration;

use xact::generated::Query;
use xact::{Isolation, TransactionOptions};

use crate::orm::{Admin, customer};
use crate::server::{database, pool};

static CHARACTERISTICS: Query = Query {
    name: "characteristics",
    file: "queries/options.sql",
    sql: "SELECT array_agg(name || '=' || setting ORDER BY name) FROM pg_settings WHERE name = ANY ($1)",
    parameters: &[1009],
    columns: &[1009],
    names: "",
};

const NAMES: [&str; 6] = [
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "statement_timeout",
    "transaction_deferrable",
    "transaction_isolation",
    "transaction_read_only",
];

async fn characteristics(pool: &xact::Pool) -> Vec<String> {
    let mut q = pool.begin(customer("ada")).await.unwrap();
    let mut orm = q.orm();
    let arguments = CHARACTERISTICS.arguments().push(&NAMES[..]);
    let found = orm.run.one(arguments, |row| row.get(0)).await.unwrap();
    q.commit().await.unwrap();
    found
}

#[tokio::test]
async fn options_hold_for_their_transaction_only() {
    let (pool, _observer) = database(1).await;
    let defaults = characteristics(&pool).await;
    let options = TransactionOptions::new()
        .isolation(Isolation::Serializable)
        .read_only()
        .deferrable()
        .statement_timeout(Duration::from_mins(1))
        .lock_timeout(Duration::from_millis(1500))
        .idle_timeout(Duration::from_mins(2));
    assert_eq!(
        characteristics(&pool.with(options)).await,
        [
            "idle_in_transaction_session_timeout=120000",
            "lock_timeout=1500",
            "statement_timeout=60000",
            "transaction_deferrable=on",
            "transaction_isolation=serializable",
            "transaction_read_only=on",
        ]
    );
    for (isolation, setting) in [
        (Isolation::RepeatableRead, "repeatable read"),
        (Isolation::ReadCommitted, "read committed"),
    ] {
        let found =
            characteristics(&pool.with(TransactionOptions::new().isolation(isolation))).await;
        assert_eq!(found[4], format!("transaction_isolation={setting}"));
    }
    assert_eq!(characteristics(&pool).await, defaults);
    assert_eq!(pool.size(), 1, "it was the same connection");
}

#[tokio::test]
async fn a_write_in_a_read_only_transaction_is_an_error_of_its_own() {
    let pool = pool().await.with(TransactionOptions::new().read_only());
    let error = pool
        .xact(Admin, async |q| q.orm().users_insert("a", None).await)
        .await
        .unwrap_err();
    assert!(error.is_read_only(), "{error}");
    assert_eq!(
        error.to_string(),
        "query `users_insert` (queries/users.sql): cannot execute INSERT in a read-only transaction"
    );
}

#[tokio::test]
async fn a_statement_beyond_its_timeout_is_cancelled() {
    static SLEEP: Query = Query {
        name: "sleep",
        file: "queries/options.sql",
        sql: "SELECT pg_sleep(600)",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let (pool, mut observer) = database(1).await;
    let options = TransactionOptions::new().statement_timeout(Duration::from_millis(50));
    let mut q = pool.with(options).begin(Admin).await.unwrap();
    let error = q.orm().run.execute(SLEEP.arguments()).await.unwrap_err();
    assert!(error.is_canceled() && !error.is_retryable(), "{error}");
    q.rollback().await.unwrap();
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_lock_that_is_not_to_be_had_in_time_is_an_error_of_its_own() {
    let (pool, _observer) = database(2).await;
    let mut holder = pool.begin(Admin).await.unwrap();
    holder.orm().users_insert("a", None).await.unwrap();
    let options = TransactionOptions::new().lock_timeout(Duration::from_millis(50));
    let error = pool
        .with(options)
        .xact(Admin, async |q| q.orm().users_insert("a", None).await)
        .await
        .unwrap_err();
    assert!(error.is_lock_timeout(), "{error}");
    holder.commit().await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_is_idle_for_too_long_is_ended_by_the_server() {
    let (pool, mut observer) = database(1).await;
    let options = TransactionOptions::new().idle_timeout(Duration::from_millis(50));
    let mut q = pool.with(options).begin(Admin).await.unwrap();
    let ended = q.orm().users_insert("a", None).await;
    while !observer.backends().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let error = match ended {
        Ok(_) => q.orm().users_list(0).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(error.is_connection_lost(), "{error:?}");
    drop(q);
    assert!(observer.users().await.is_empty());
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
}
