//! SQL that is made at run time runs as generated queries do: in the transaction and its scope, named in errors and spans, safe to
//! drop, and retried.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use xact::Retry;
use xact::sqlx::{Postgres, QueryBuilder, query, raw_sql};

use crate::names::Users;
use crate::orm::{Admin, customer};
use crate::server::{database, pool};

async fn three_users(q: &mut xact::Xact<Admin>) {
    for (email, age) in [("ada", Some(36)), ("bob", None), ("carl", Some(40))] {
        q.orm().users_insert(email, age).await.unwrap();
    }
}

#[tokio::test]
async fn the_query_builder_of_sqlx_runs_in_the_transaction_and_its_scope() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.orm().users_insert("ada", Some(36)).await.unwrap();
    let mut insert = QueryBuilder::<Postgres>::new("INSERT INTO users (email, age) ");
    insert.push_values([("bob", 1), ("carl", 2)], |mut row, (email, age)| {
        row.push_bind(email).push_bind(age);
    });
    let inserted = q.sql("users_import", insert).execute().await;
    assert_eq!(inserted.unwrap(), 2);
    let mut filter = QueryBuilder::<Postgres>::new("SELECT email FROM users WHERE age IN ");
    filter.push_tuples([36, 2], |mut tuple, age| {
        tuple.push_bind(age);
    });
    filter.push(" ORDER BY ").push(Users::Id);
    let emails: Vec<String> = q.sql("users_filter", &mut filter).values().await.unwrap();
    assert_eq!(emails, ["ada", "carl"]);
    assert!(observer.users().await.is_empty());
    let refused = q.sql("secrets", "SELECT * FROM secrets").execute().await;
    assert!(refused.unwrap_err().is_insufficient_privilege());
    // The refused statement aborted the transaction, so the commit is an error.
    let error = q.commit().await.unwrap_err();
    assert!(error.to_string().contains("query `secrets` ("), "{error}");
    assert!(observer.users().await.is_empty());
    observer.quiet().await;
    assert_eq!(pool.size(), 1, "its state was known all the time");
}

type Row = (String, Option<i32>);

#[tokio::test]
async fn rows_are_one_at_most_one_many_a_stream_or_their_number() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three_users(&mut q).await;
    let all = "SELECT email, age FROM users ORDER BY id";
    let one = "SELECT email, age FROM users WHERE age > 36";
    let none = "SELECT email, age FROM users WHERE age > 50";
    let many: Vec<Row> = q.sql("all", all).many().await.unwrap();
    assert_eq!(many[1], ("bob".to_owned(), None));
    let streamed: Vec<Row> = q
        .sql("all", all)
        .stream()
        .map(Result::unwrap)
        .collect()
        .await;
    assert_eq!(streamed, many);
    assert_eq!(q.sql("one", one).one::<Row>().await.unwrap(), many[2]);
    assert_eq!(
        q.sql("one", one).optional::<Row>().await.unwrap().as_ref(),
        Some(&many[2])
    );
    assert_eq!(q.sql("none", none).optional::<Row>().await.unwrap(), None);
    assert!(
        q.sql("none", none)
            .one::<Row>()
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(
        q.sql("all", all)
            .one::<Row>()
            .await
            .unwrap_err()
            .is_too_many_rows()
    );
    assert!(
        q.sql("all", all)
            .optional::<Row>()
            .await
            .unwrap_err()
            .is_too_many_rows()
    );
    let least = query("SELECT min(age) FROM users WHERE email <> $1").bind("ada");
    assert_eq!(q.sql("least", least).value::<i32>().await.unwrap(), 40);
    let gone = q
        .sql("gone", "DELETE FROM users WHERE age IS NULL")
        .execute()
        .await;
    assert_eq!(gone.unwrap(), 1);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn an_error_has_the_name_and_the_place_of_the_call() {
    let (pool, _observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    let (line, call) = (line!(), q.sql("broken", "SELECT nothing"));
    let error = call.execute().await.unwrap_err();
    assert_eq!(error.query(), Some("broken"));
    let expected = format!(
        "query `broken` ({}:{line}): column \"nothing\" does not exist",
        file!()
    );
    assert_eq!(error.to_string(), expected);
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_and_the_transaction_goes_on() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three_users(&mut q).await;
    let rows = q
        .sql("ages", "SELECT age FROM users ORDER BY id")
        .values::<i32>();
    let error = rows.await.unwrap_err();
    assert!(error.to_string().starts_with("query `ages` ("), "{error}");
    let rows = q.sql("emails", "SELECT email FROM users").values::<i64>();
    assert!(
        rows.await
            .unwrap_err()
            .to_string()
            .contains("mismatched types")
    );
    assert_eq!(q.orm().users_list(0).await.unwrap().len(), 2);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn what_could_end_or_outlive_the_transaction_is_refused_before_it_is_sent() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    for sql in [
        "COMMIT",
        "/* SELECT */ RESET ROLE",
        "SET app.user_id = 'eve'",
        "LISTEN orders",
    ] {
        let error = q.sql("escape", sql).execute().await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("raw connection, `q.connection()`"),
            "{error}"
        );
    }
    // And a second statement behind an innocent one is refused by Postgres.
    q.orm().users_insert("ada", None).await.unwrap();
    let two = q
        .sql("two", "SELECT 1; COMMIT")
        .execute()
        .await
        .unwrap_err();
    assert_eq!(two.code(), Some("42601"));
    q.rollback().await.unwrap();
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn what_a_function_left_in_the_session_reaches_no_other_transaction() {
    let (pool, mut observer) = database(1).await;
    for sql in [
        "SELECT set_config('app.user_id', 'eve', false)",
        "SELECT pg_advisory_lock(7)::text",
        "SELECT 'eve' AS email, 1 AS age, 1 AS id INTO TEMP users",
    ] {
        let left = pool.xact(customer("eve"), async |q| {
            q.sql("left", sql).execute().await?;
            q.orm().backend().await
        });
        let backend = left.await.unwrap();
        let next = pool.xact(Admin, async |q| {
            observer.unlocked().await;
            assert!(q.orm().users_list(0).await?.is_empty());
            assert_eq!(q.orm().identity().await?.user_id, "");
            q.orm().backend().await
        });
        assert_eq!(next.await.unwrap(), backend, "{sql}");
    }
}

#[tokio::test]
async fn a_name_cannot_leave_the_comment_that_it_is_sent_in() {
    let pool = pool().await;
    let current = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    let rest = &current["SELECT".len()..];
    for (name, sent) in [
        ("named", "SELECT /* named */"),
        ("*/ COMMIT; /*", "SELECT /* _/ COMMIT; /_ */"),
    ] {
        // A transaction sees one moment of the activity.
        let query = pool.xact(Admin, async |q| {
            q.sql(name, current).value::<String>().await
        });
        assert_eq!(query.await.unwrap(), format!("{sent}{rest}"));
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_the_transaction() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("ada", None).await.unwrap();
    {
        let slow = pin!(q.sql("slow", "SELECT pg_sleep(600)").execute());
        let waited = tokio::time::timeout(Duration::from_millis(1), slow);
        assert!(waited.await.is_err());
    }
    let error = q.sql("next", "SELECT 1").execute().await.unwrap_err();
    assert!(
        error.to_string().contains("the transaction is lost"),
        "{error}"
    );
    assert!(q.commit().await.is_err());
    observer.terminate().await;
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn a_conflict_is_run_again() {
    let (pool, mut observer) = database(1).await;
    let create = "CREATE SEQUENCE tries; CREATE FUNCTION conflict_once() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN \
        IF nextval('tries') = 1 THEN RAISE SQLSTATE '40001'; END IF; RETURN lastval(); END $$";
    raw_sql(create).execute(&mut observer.0).await.unwrap();
    let retry = Retry::times(3).backoff(Duration::ZERO, Duration::ZERO);
    let tries = pool.retry(retry, Admin, async |q| {
        let tries: i64 = q.sql("conflict", "SELECT conflict_once()").value().await?;
        Ok::<_, xact::Error>(tries)
    });
    assert_eq!(tries.await.unwrap(), 2);
}
