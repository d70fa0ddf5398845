//! Where nothing can leave more than utility statements undo, BEGIN has no query; and it has one again when something could.

use xact::sqlx::{ConnectOptions as _, PgConnection, query_scalar};
use xact::{Error, Pool};

use super::{database, pool, query, rows, tenant};

/// The message that began a transaction, as its server process shows it to another.
async fn begin_message(pool: &Pool, observer: &mut PgConnection) -> String {
    let mut q = pool.begin(tenant("b")).await.unwrap();
    let message = "SELECT query FROM pg_stat_activity WHERE application_name = 'pool' \
        AND datname = current_database() AND state = 'idle in transaction'";
    let message = query_scalar(message).fetch_one(observer).await.unwrap();
    let rows = rows(&mut q).await.unwrap();
    assert!(rows.contains(&"b:of b".to_owned()), "{rows:?}");
    q.rollback().await.unwrap();
    message
}

async fn run(pool: &Pool, sql: &str) -> Result<(), Error> {
    pool.xact(tenant("a"), async |q| {
        q.orm().run.execute(query(sql).arguments()).await
    })
    .await
    .map(drop)
}

fn is_thorough(message: &str) -> bool {
    message.contains("pg_advisory_unlock_all")
}

#[tokio::test]
async fn the_thorough_reset_runs_only_where_something_could_need_it() {
    let options = database(include_str!("quiet.sql")).await;
    let mut observer = options
        .clone()
        .application_name("observer")
        .connect()
        .await
        .unwrap();
    let pool = pool(options, 1);
    assert!(
        is_thorough(&begin_message(&pool, &mut observer).await),
        "nothing is known yet"
    );
    assert!(!is_thorough(&begin_message(&pool, &mut observer).await));
    for harmless in [
        "SELECT leave_all()",
        "SELECT pg_advisory_xact_lock(1)",
        "CREATE TEMP TABLE rows_of (tenant text, body text)",
    ] {
        run(&pool, harmless).await.unwrap();
        assert!(
            !is_thorough(&begin_message(&pool, &mut observer).await),
            "{harmless}"
        );
    }
    for other in [
        "SELECT pg_advisory_lock(1)",
        "SELECT query_to_xml('SELECT pg_advisory_' || 'lock(1)', true, false, '')",
        "DO $$ BEGIN EXECUTE 'LISTEN orders'; END $$",
        "SELECT setseed(0.5)",
    ] {
        run(&pool, other).await.unwrap();
        assert!(
            is_thorough(&begin_message(&pool, &mut observer).await),
            "{other}"
        );
        assert!(
            !is_thorough(&begin_message(&pool, &mut observer).await),
            "{other}"
        );
    }
}

#[tokio::test]
async fn a_database_with_a_function_that_could_need_it_is_reset_thoroughly() {
    for function in [
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(1); END $$",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'a'; END $$",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT pg_advisory_lock(1)::text; END",
        "CREATE VIEW v AS SELECT pg_try_advisory_lock(1)",
        "CREATE TABLE t (a bool DEFAULT pg_try_advisory_lock(1))",
        "CREATE POLICY p ON rows_of USING (pg_try_advisory_lock(1))",
        "CREATE TABLE t (a int CHECK (pg_try_advisory_lock(a)))",
        "CREATE DOMAIN d AS bool DEFAULT pg_try_advisory_lock(1)",
    ] {
        let schema = format!(
            "{}; {function};",
            include_str!("quiet.sql")
                .trim_end_matches('\n')
                .trim_end_matches(';')
        );
        let options = database(&schema).await;
        let mut observer = options
            .clone()
            .application_name("observer")
            .connect()
            .await
            .unwrap();
        let pool = pool(options, 1);
        for _ in 0..2 {
            assert!(
                is_thorough(&begin_message(&pool, &mut observer).await),
                "{function}"
            );
        }
    }
}
