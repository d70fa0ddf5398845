//! A scoped transaction with one read by primary key, against transactions written by hand.

use xact::sqlx::postgres::{PgPoolOptions, PgRow};
use xact::sqlx::{Error, PgPool, Row as _, query};
use xact::{Isolation, TransactionOptions};

use crate::measure::{print, timed};
use crate::orm::{NOTE, Note, customer};

const ROUNDS: i64 = 60;

/// How many transactions are timed together.
const BATCH: i64 = 50;

/// On one thread, and as a task of a runtime with several, where a timer or a lock can cost a switch of threads.
pub(crate) fn compare() {
    let mut alone = tokio::runtime::Builder::new_current_thread();
    let alone = alone.enable_all().build().unwrap();
    alone.block_on(compare_on("one thread"));
    let mut several = tokio::runtime::Builder::new_multi_thread();
    let several = several.worker_threads(2).enable_all().build().unwrap();
    let task = several.spawn(compare_on("two threads"));
    several.block_on(task).unwrap();
}

async fn compare_on(threads: &str) {
    let test = crate::rows::notes().await;
    let sqlx = PgPoolOptions::new()
        .connect_with(test.options())
        .await
        .unwrap();
    let without_ping = PgPoolOptions::new()
        .test_before_acquire(false)
        .connect_with(test.options())
        .await
        .unwrap();
    let xact = test.pool();
    let reads = TransactionOptions::new().isolation(Isolation::ReadCommitted);
    let reading = xact.with(reads.read_only());
    let (mut bare, mut no_ping, mut scoped, mut read_only, mut by_hand) =
        (vec![], vec![], vec![], vec![], vec![]);
    for round in 0..=ROUNDS {
        let times = [
            timed(batch(|id| by_sqlx(&sqlx, id, false))).await,
            timed(batch(|id| by_sqlx(&without_ping, id, false))).await,
            timed(batch(|id| by_xact(&xact, id))).await,
            timed(batch(|id| by_xact(&reading, id))).await,
            timed(batch(|id| by_sqlx(&without_ping, id, true))).await,
        ];
        // The first round prepares the statements.
        if round > 0 {
            let all = [
                &mut bare,
                &mut no_ping,
                &mut scoped,
                &mut read_only,
                &mut by_hand,
            ];
            for (durations, time) in all.into_iter().zip(times) {
                durations.push(time / u32::try_from(BATCH).unwrap());
            }
        }
    }
    print(
        &format!(
            "a transaction with one read by primary key, on {threads}; the goal is 1.25x of sqlx without any scope"
        ),
        vec![
            ("sqlx: begin, query, commit, no scope", bare),
            ("sqlx without its ping on acquire, no scope", no_ping),
            ("xact, with role and two settings", scoped),
            ("the same, read-only", read_only),
            ("sqlx without ping, scope in statements of its own", by_hand),
        ],
    );
    drop(test);
}

async fn batch<F: Future<Output = Note>>(mut transaction: impl FnMut(i64) -> F) {
    for id in 1..=BATCH {
        assert_eq!(transaction(id).await.id, id);
    }
}

async fn by_xact(pool: &xact::Pool, id: i64) -> Note {
    let note = pool
        .xact(customer(), async |q| q.orm().notes_get(id).await)
        .await;
    note.map_err(|error: xact::Error| error).unwrap()
}

async fn by_sqlx(pool: &PgPool, id: i64, scoped: bool) -> Note {
    let mut transaction = pool.begin().await.unwrap();
    if scoped {
        let customer = customer();
        query("SET LOCAL ROLE xact_bench_customer")
            .execute(&mut *transaction)
            .await
            .unwrap();
        for (name, value) in [
            ("app.user_id", customer.user_id),
            ("app.organization_id", customer.organization_id),
        ] {
            let set = query("SELECT set_config($1, $2, true)")
                .bind(name)
                .bind(value);
            set.execute(&mut *transaction).await.unwrap();
        }
    }
    let note = query(NOTE)
        .bind(id)
        .try_map(|row: PgRow| note(&row))
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    note
}

/// By name, as `#[derive(FromRow)]` reads.
pub(crate) fn note(row: &PgRow) -> Result<Note, Error> {
    Ok(Note {
        id: row.try_get("id")?,
        created_at: row.try_get("created_at")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
    })
}
