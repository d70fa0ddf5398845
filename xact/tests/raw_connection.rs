//! The raw connection does not weaken the promises.

use xact::sqlx::{Acquire as _, Executor as _, query_scalar, raw_sql};

use crate::orm::{Admin, customer};
use crate::server::{closed, database};

#[tokio::test]
async fn what_runs_on_the_raw_connection_is_part_of_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    let role: String = query_scalar("SELECT current_user::text")
        .fetch_one(q.connection())
        .await
        .unwrap();
    assert_eq!(role, "xact_customer");
    q.connection()
        .execute("INSERT INTO users (email) VALUES ('raw')")
        .await
        .unwrap();
    q.orm().users_insert("orm", None).await.unwrap();
    assert!(observer.users().await.is_empty());
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["raw", "orm"]);
}

#[tokio::test]
async fn what_the_raw_connection_left_in_its_session_reaches_no_other_transaction() {
    let (pool, mut observer) = database(1).await;
    let secret = pool.begin(customer("ada")).await;
    let mut q = secret.unwrap();
    let backend = q.orm().backend().await.unwrap();
    raw_sql(
        "SET SESSION app.user_id = 'ada'; SET SESSION ROLE xact_customer; SET search_path = pg_temp, public; \
         LISTEN orders; SELECT pg_advisory_lock(7); \
         CREATE TEMPORARY TABLE users AS SELECT 'ada' AS email, 36 AS age, 1 AS id; \
         PREPARE identity AS SELECT 'ada'; DECLARE rows CURSOR WITH HOLD FOR SELECT 'ada'",
    )
    .execute(q.connection())
    .await
    .unwrap();
    q.commit().await.unwrap();
    observer.unlocked().await;
    let mut q = pool.begin(Admin).await.unwrap();
    // PREPARE cannot be undone without its name.
    assert_ne!(q.orm().backend().await.unwrap(), backend);
    assert!(q.orm().users_list(0).await.unwrap().is_empty());
    let identity = q.orm().identity().await.unwrap();
    assert_eq!(
        (identity.role, identity.user_id),
        ("postgres".to_owned(), String::new())
    );
    let left = "SELECT (SELECT count(*) FROM pg_listening_channels()) \
        + (SELECT count(*) FROM pg_cursors WHERE is_holdable) \
        + (SELECT count(*) FROM pg_prepared_statements WHERE from_sql) \
        + (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema())";
    assert_eq!(q.sql("left", left).value::<i64>().await.unwrap(), 0);
    q.commit().await.unwrap();
}

/// State of a session that outlives its transaction and can be undone.
const LEFT: &[&str] = &[
    "SET app.user_id = 'ada'",
    "SET SESSION ROLE xact_customer",
    "SET SESSION AUTHORIZATION xact_customer",
    "SET default_transaction_read_only = on",
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SET search_path = pg_temp",
    "LISTEN orders",
    "SELECT pg_advisory_lock(7)",
    "CREATE TEMPORARY TABLE users (email text, age int, id int)",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 'ada'",
    "SELECT setseed(0.5)",
];

async fn look(q: &mut xact::Xact<Admin>) -> String {
    let look = include_str!("session/raw_connection.sql");
    q.sql("look", look).value().await.unwrap()
}

#[tokio::test]
async fn a_connection_that_was_lent_is_reset_and_kept() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let (backend, before) = (q.orm().backend().await.unwrap(), look(&mut q).await);
    q.rollback().await.unwrap();
    for left in LEFT {
        for commits in [true, false] {
            let mut q = pool.begin(customer("ada")).await.unwrap();
            raw_sql(*left).execute(q.connection()).await.unwrap();
            if commits {
                q.commit().await.unwrap();
            } else {
                q.rollback().await.unwrap();
            }
            // Without another transaction: the lock is released although the connection is idle.
            observer.unlocked().await;
            let mut q = pool.begin(Admin).await.unwrap();
            assert_eq!(look(&mut q).await, before, "{left}");
            assert_eq!(q.orm().backend().await.unwrap(), backend, "{left}");
            q.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_lent_connection_that_cannot_be_reset_is_closed() {
    for left in [
        "PREPARE mine AS SELECT 1",
        "PREPARE sqlx_s_50 AS SELECT 'stolen'",
        "DEALLOCATE ALL",
    ] {
        let (pool, mut observer) = database(1).await;
        let mut q = pool.begin(Admin).await.unwrap();
        let backend = q.orm().backend().await.unwrap();
        raw_sql(left).execute(q.connection()).await.unwrap();
        q.commit().await.unwrap();
        while observer.backends().await.contains(&backend) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_rollback_after_the_raw_connection_releases_its_locks() {
    let (pool, mut observer) = database(1).await;
    let run = pool.xact(customer("ada"), async |q| {
        q.connection().execute("LISTEN orders").await?;
        q.connection().execute("SELECT pg_advisory_lock(7)").await?;
        Err::<(), xact::Error>(
            q.connection()
                .execute("SELECT 1 / 0")
                .await
                .unwrap_err()
                .into(),
        )
    });
    assert_eq!(run.await.unwrap_err().code(), Some("22012"));
    observer.unlocked().await;
}

#[tokio::test]
async fn a_swallowed_error_on_the_raw_connection_fails_the_commit() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    assert!(q.connection().execute("SELECT 1 / 0").await.is_err());
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P02"));
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_transaction_ended_on_the_raw_connection_fails_the_commit() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.connection().execute("COMMIT").await.unwrap();
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P01"));
}

#[tokio::test]
async fn a_transaction_on_the_raw_connection_is_a_savepoint() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    let mut inner = q.connection().begin().await.unwrap();
    assert!(
        (*inner)
            .execute("INSERT INTO users (email) VALUES ('a')")
            .await
            .is_err()
    );
    inner.rollback().await.unwrap();
    q.orm().users_insert("b", None).await.unwrap();
    q.commit().await.unwrap();
    assert_eq!(observer.users().await, ["a", "b"]);
}

#[tokio::test]
async fn a_forgotten_transaction_on_the_raw_connection_fails_the_commit() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    std::mem::forget(q.connection().begin().await.unwrap());
    let error = q.commit().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("neither committed nor rolled back"),
        "{error}"
    );
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn without_a_commit_or_rollback_the_connection_is_closed() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.connection()
        .execute("SET app.user_id = 'left behind'")
        .await
        .unwrap();
    drop(q);
    closed(&pool).await;
    observer.quiet().await;
}

#[tokio::test]
async fn a_role_taken_for_the_session_does_not_outlive_the_transaction() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    raw_sql("SET ROLE xact_customer")
        .execute(q.connection())
        .await
        .unwrap();
    q.commit().await.unwrap();
    let identity = pool
        .xact(Admin, async |q| q.orm().identity().await)
        .await
        .unwrap();
    assert_eq!(identity.role, "postgres");
}

#[tokio::test]
async fn an_error_of_the_raw_connection_is_an_error_like_any_other() {
    let (pool, _observer) = database(1).await;
    let run = pool.xact(Admin, async |q| {
        q.connection()
            .execute("INSERT INTO users (email) VALUES (NULL)")
            .await?;
        Ok::<_, xact::Error>(())
    });
    let error = run.await.unwrap_err();
    assert!(error.is_not_null_violation());
    assert!(
        error
            .to_string()
            .starts_with("raw connection: null value in column"),
        "{error}"
    );
}

/// sqlx does not count the answer to a COPY: after this, each message gets the answer to the one before.
async fn drop_a_copy(connection: &mut xact::sqlx::PgConnection) {
    let copy = connection
        .copy_in_raw("COPY users (email) FROM STDIN")
        .await;
    drop(copy.unwrap());
}

#[tokio::test]
async fn a_connection_whose_answers_are_those_of_earlier_messages_is_never_used_again() {
    let (pool, mut observer) = database(1).await;
    for commits in [true, false] {
        let mut q = pool.begin(Admin).await.unwrap();
        let backend = q.orm().backend().await.unwrap();
        drop_a_copy(q.connection()).await;
        if commits {
            drop(q.commit().await.unwrap_err());
        } else {
            drop(q.rollback().await);
        }
        while observer.backends().await.contains(&backend) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_function_created_on_the_raw_connection_is_known_to_the_next_transaction() {
    let (pool, mut observer) = database(1).await;
    // The environment is read, and believed for ten seconds.
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.connection().execute("SELECT 1").await.unwrap();
    q.commit().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    raw_sql("CREATE FUNCTION take() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_lock(7)'")
        .execute(q.connection())
        .await
        .unwrap();
    q.commit().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.sql("take", "SELECT take()").execute().await.unwrap();
    q.commit().await.unwrap();
    pool.begin(Admin).await.unwrap().commit().await.unwrap();
    observer.unlocked().await;
}
