//! Where nothing can leave more than utility statements undo, BEGIN has no query; and it has one again when something could.

use xact::sqlx::postgres::PgConnectOptions;
use xact::sqlx::{ConnectOptions as _, PgConnection, query_scalar};
use xact::{Error, Pool};

use super::{database, pool, query, rows, tenant};

/// A connection that the pool does not know.
pub(super) async fn observe(options: &PgConnectOptions) -> PgConnection {
    let options = options.clone().application_name("observer");
    options.connect().await.unwrap()
}

/// The message that began a transaction, as its server process shows it to another.
pub(super) async fn begin_message(pool: &Pool, observer: &mut PgConnection) -> String {
    let mut q = pool.begin(tenant("b")).await.unwrap();
    let message = "SELECT query FROM pg_stat_activity WHERE application_name = 'pool' \
        AND datname = current_database() AND state = 'idle in transaction'";
    let message = query_scalar(message).fetch_one(observer).await.unwrap();
    let rows = rows(&mut q).await.unwrap();
    assert!(rows.contains(&"b:of b".to_owned()), "{rows:?}");
    q.rollback().await.unwrap();
    message
}

pub(super) async fn run(pool: &Pool, sql: &str) -> Result<(), Error> {
    pool.xact(tenant("a"), async |q| {
        q.orm().run.execute(query(sql).arguments()).await
    })
    .await
    .map(drop)
}

pub(super) fn is_thorough(message: &str) -> bool {
    message.contains("pg_advisory_unlock_all")
}

#[tokio::test]
async fn the_thorough_reset_runs_only_where_something_could_need_it() {
    let options = database(include_str!("quiet.sql")).await;
    let mut observer = observe(&options).await;
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
