//! What is different about a pooler: a connection of the server belongs to a client for one transaction only.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use xact::generated::Query;
use xact::{Error, Pool};

use super::{Setup, query, rows, snapshot, tenant};
use crate::orm::Admin;

/// A COPY that hangs is not waited for longer.
const LIMIT: Duration = Duration::from_secs(20);

static LOAD: Query = Query {
    name: "load",
    file: "queries/loaded.sql",
    sql: "COPY loaded (id, body) FROM STDIN (FORMAT binary)",
    parameters: &[23, 25],
    columns: &[],
    names: "",
};

/// A COPY whose row in the middle violates a check, so that the server's error overtakes what is still being sent.
async fn failing_copy(pool: &Pool, rows: i32) -> Result<(), Error> {
    let lines: Vec<i32> = (1..=rows).collect();
    pool.xact(Admin, async |q| {
        let lines = LOAD.copy(&lines, |line, row| {
            row.push(if *line == rows / 2 { 0 } else { *line })
                .push("a body of some length, so that there is something to send")
        });
        q.orm().run.copy(lines).await.map(drop)
    })
    .await
}

/// Short transactions of others, until they are told to stop; gives how many failed, and how.
async fn others(pool: &Pool, stop: &AtomicBool) -> (usize, Vec<String>) {
    let (mut done, mut wrong) = (0, Vec::new());
    while !stop.load(Ordering::Relaxed) {
        let seen = pool.xact(tenant("b"), async |q| {
            Ok::<_, Error>((rows(q).await?, snapshot(q).await?))
        });
        match timeout(LIMIT, seen).await {
            Ok(Ok((rows, _))) if rows == ["b:of b"] => done += 1,
            Ok(Ok((rows, _))) => wrong.push(format!("{rows:?}")),
            Ok(Err(error)) => wrong.push(error.to_string()),
            Err(_elapsed) => wrong.push("no answer".to_owned()),
        }
    }
    (done, wrong)
}

/// The table that is loaded.
async fn create_table(pool: &Pool) {
    let table = query("CREATE TABLE loaded (id int CHECK (id > 0), body text)");
    pool.xact(Admin, async |q| {
        q.orm().run.execute(table.arguments()).await
    })
    .await
    .unwrap();
}

/// Pgbouncer may keep the server's connection for a client that sent its end of the rows after the server's error.
#[tokio::test]
async fn a_copy_that_fails_ends_its_connection_on_both_sides_of_the_pooler() {
    let Some(setup) = Setup::through_pgbouncer(1).await else {
        return;
    };
    create_table(&setup.pool).await;
    let backend = async || {
        let backend = setup.pool.xact(Admin, async |q| q.orm().backend().await);
        backend.await.unwrap()
    };
    let before = backend().await;
    assert_eq!(backend().await, before);
    let error = failing_copy(&setup.pool, 20_000).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_ne!(backend().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_fails_harms_nobody_else_and_ends() {
    let Some(setup) = Setup::through_pgbouncer(3).await else {
        return;
    };
    create_table(&setup.pool).await;
    let stop = AtomicBool::new(false);
    let copies = async {
        let mut wrong = Vec::new();
        for turn in 0..40 {
            let rows = [2, 200, 20_000, 60_000][turn % 4];
            match timeout(LIMIT, failing_copy(&setup.pool, rows)).await {
                Ok(Err(error)) if error.is_check_violation() => {}
                Ok(outcome) => wrong.push(format!("{rows} rows: {outcome:?}")),
                Err(_elapsed) => wrong.push(format!("{rows} rows: no answer")),
            }
        }
        stop.store(true, Ordering::Relaxed);
        wrong
    };
    let (copies, (done, others)) = tokio::join!(copies, others(&setup.pool, &stop));
    assert!(copies.is_empty(), "{}", copies.join("\n"));
    assert!(
        others.is_empty(),
        "{} of {done}:\n{}",
        others.len(),
        others.join("\n")
    );
}
