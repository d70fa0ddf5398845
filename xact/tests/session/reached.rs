//! Where some functions could leave more than utility statements undo, only transactions that reach one are followed by a query.

use std::time::Duration;

use xact::sqlx::{Executor as _, PgConnection};
use xact::{Error, Pool};

use super::quiet::{begin_message, is_thorough, observe, run};
use super::{database, pool, query, tenant};
use crate::orm::Admin;

/// Statements that run a function that takes a lock of the session.
const REACHING: &[&str] = &[
    "SELECT lock_it()",
    "SELECT by_text()",
    "SELECT by_tree()",
    "SELECT by_default()",
    "SELECT by_aggregate(1)",
    "CALL by_procedure()",
    "SELECT * FROM by_view",
    "SELECT * FROM by_view_of_view",
    "SELECT by_relation()",
    "INSERT INTO by_trigger VALUES (1)",
    "INSERT INTO through_view VALUES (2)",
    "SELECT by_statement()",
    "INSERT INTO by_deferred VALUES (1)",
    "DELETE FROM parent",
    "INSERT INTO divided VALUES (1)",
    "INSERT INTO by_column_default (id) VALUES (1)",
    "INSERT INTO by_generated VALUES (1)",
    "INSERT INTO by_check VALUES (1)",
    "INSERT INTO by_index VALUES (1)",
    "INSERT INTO by_rule VALUES (1)",
    "SELECT id FROM by_policy",
    "DO $$ BEGIN PERFORM lock_it(); END $$",
];

const NOT_REACHING: &[&str] = &[
    "SELECT tenant FROM rows_of",
    "SELECT id FROM by_trigger",
    "SELECT only_reads()",
    "SELECT parent FROM child",
    "WITH a AS (SELECT id FROM through_view) SELECT * FROM a",
];

/// How many locks the pool's sessions hold outside of transactions.
async fn locks(observer: &mut PgConnection) -> i64 {
    let count = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
        WHERE l.locktype = 'advisory' AND l.objid = 7 AND d.datname = current_database()";
    xact::sqlx::query_scalar(count)
        .fetch_one(observer)
        .await
        .unwrap()
}

#[tokio::test]
async fn only_a_transaction_that_reaches_such_a_function_is_followed_by_the_thorough_reset() {
    let options = database(include_str!("reached.sql")).await;
    let mut observer = observe(&options).await;
    let pool = pool(options, 1);
    begin_message(&pool, &mut observer).await;
    for statement in NOT_REACHING {
        run(&pool, statement).await.unwrap();
        let message = begin_message(&pool, &mut observer).await;
        assert!(!is_thorough(&message), "{statement}");
    }
    for statement in REACHING {
        run(&pool, statement).await.unwrap();
        assert_eq!(locks(&mut observer).await, 1, "{statement} takes the lock");
        let message = begin_message(&pool, &mut observer).await;
        assert!(is_thorough(&message), "{statement}");
        assert_eq!(locks(&mut observer).await, 0, "{statement}");
        let message = begin_message(&pool, &mut observer).await;
        assert!(!is_thorough(&message), "twice after {statement}");
    }
}

#[tokio::test]
async fn where_no_statement_has_to_name_it_every_reset_is_thorough() {
    for definition in [
        "CREATE VIEW v AS SELECT pg_try_advisory_lock(1)",
        "CREATE TABLE t (a bool DEFAULT pg_try_advisory_lock(1))",
        "CREATE POLICY p ON rows_of USING (pg_try_advisory_lock(1))",
        "CREATE TABLE t (a int CHECK (pg_try_advisory_lock(a)))",
        "CREATE DOMAIN d AS bool DEFAULT pg_try_advisory_lock(1)",
        "CREATE DOMAIN d AS int CHECK (lock_it(value) > 0)",
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = add_state)",
        "CREATE CAST (int AS xid8) WITH FUNCTION to_xid8(int)",
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION on_ddl()",
        "CREATE VIEW \"Odd Name\" AS SELECT lock_it()",
        "CREATE FUNCTION \"über\"() RETURNS int LANGUAGE sql AS 'SELECT lock_it()'",
    ] {
        let more = "CREATE FUNCTION to_xid8(int) RETURNS xid8 LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; RETURN NULL; END'; \
            CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM lock_it(); END'";
        let schema = format!("{};\n{more};\n{definition};", include_str!("reached.sql"));
        let options = database(&schema).await;
        let mut observer = observe(&options).await;
        let pool = pool(options, 1);
        for _ in 0..2 {
            let message = begin_message(&pool, &mut observer).await;
            assert!(is_thorough(&message), "{definition}");
        }
    }
}

const DEFINE: &str = "CREATE FUNCTION lock_new() RETURNS trigger LANGUAGE plpgsql AS $$ \
    BEGIN PERFORM pg_advisory_lock(7); RETURN NEW; END $$; \
    CREATE TRIGGER lock_new BEFORE INSERT ON listed FOR EACH ROW EXECUTE FUNCTION lock_new()";

/// A pool whose environment was read, and a table without a trigger.
async fn without_trigger() -> (Pool, PgConnection) {
    let schema = concat!(
        include_str!("quiet.sql"),
        "CREATE TABLE listed (id int); GRANT ALL ON listed TO xact_customer;"
    );
    let options = database(schema).await;
    let mut observer = observe(&options).await;
    let pool = pool(options, 2);
    begin_message(&pool, &mut observer).await;
    run(&pool, "INSERT INTO listed VALUES (1)").await.unwrap();
    assert!(!is_thorough(&begin_message(&pool, &mut observer).await));
    (pool, observer)
}

#[tokio::test]
async fn a_function_that_the_pool_itself_creates_is_known_at_once() {
    let (pool, mut observer) = without_trigger().await;
    for definition in DEFINE.split_inclusive("$$; ") {
        let definition = query(definition.trim_end_matches("; "));
        let defined = pool.xact(Admin, async |q| {
            q.orm().run.execute(definition.arguments()).await
        });
        defined.await.unwrap();
    }
    run(&pool, "INSERT INTO listed VALUES (2)").await.unwrap();
    assert_eq!(locks(&mut observer).await, 1);
    assert!(is_thorough(&begin_message(&pool, &mut observer).await));
    assert_eq!(locks(&mut observer).await, 0);
}

#[tokio::test]
async fn a_function_that_another_program_creates_is_known_seconds_later_and_its_traces_end() {
    let (pool, mut observer) = without_trigger().await;
    observer.execute(DEFINE).await.unwrap();
    run(&pool, "INSERT INTO listed VALUES (2)").await.unwrap();
    assert_eq!(locks(&mut observer).await, 1);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(15);
    while locks(&mut observer).await == 1 {
        assert!(
            tokio::time::Instant::now() < deadline,
            "it is held for ever"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
        pool.xact(tenant("b"), async |_| Ok::<_, Error>(()))
            .await
            .unwrap();
    }
}
