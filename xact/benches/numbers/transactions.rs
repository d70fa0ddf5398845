//! A scoped transaction with one read by primary key, against transactions written by hand.

use xact::sqlx::postgres::{PgPoolOptions, PgRow};
use xact::sqlx::{AssertSqlSafe, Error, PgConnection, PgPool, Row as _, query};
use xact::{Isolation, TransactionOptions};

use crate::measure::{print_table, shuffle_numbers, time_work};
use crate::orm::{NOTE, Note, make_customer};

const ROUNDS: usize = 600;

/// How many transactions are timed together: few, so that the candidates of a round meet the same load.
const BATCH: u32 = 8;

/// On one thread, and as a task of a runtime with several, where a timer or a lock can cost a switch of threads.
pub(crate) fn compare_transactions() {
    let mut alone = tokio::runtime::Builder::new_current_thread();
    let alone = alone.enable_all().build().unwrap();
    alone.block_on(compare_on("one thread"));
    let mut several = tokio::runtime::Builder::new_multi_thread();
    let several = several.worker_threads(2).enable_all().build().unwrap();
    let task = several.spawn(compare_on("two threads"));
    several.block_on(task).unwrap();
    // The thread of `main` is no worker: each answer is a switch from the worker that waits for the network.
    several.block_on(compare_on("two threads, in `main`"));
}

async fn compare_on(threads: &str) {
    let test = crate::rows::migrate_notes().await;
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
    let mut candidates = [
        "sqlx without ping, the scope in the message of BEGIN",
        "xact, with role and two settings",
        "the same, read-only",
        "sqlx without its ping on acquire, no scope",
        "sqlx: begin, query, commit, no scope",
        "sqlx without ping, scope in statements of its own",
    ]
    .map(|name| (name, vec![]));
    for round in 0..=ROUNDS {
        for number in shuffle_numbers::<6>() {
            let time = match number {
                0 => time_work(run_batch(|id| by_begin_with(&without_ping, id))).await,
                1 => time_work(run_batch(|id| by_xact(&xact, id))).await,
                2 => time_work(run_batch(|id| by_xact(&reading, id))).await,
                3 => time_work(run_batch(|id| by_sqlx(&without_ping, id, false))).await,
                4 => time_work(run_batch(|id| by_sqlx(&sqlx, id, false))).await,
                _ => time_work(run_batch(|id| by_sqlx(&without_ping, id, true))).await,
            };
            // The first round prepares the statements.
            if round > 0 {
                candidates[number].1.push(time / BATCH);
            }
        }
    }
    let title = format!(
        "a transaction with one read by primary key, on {threads}; the goals are 1.03x, and 1.25x of sqlx without any scope"
    );
    print_table(&title, candidates.into());
    drop(test);
}

async fn run_batch<F: Future<Output = Note>>(mut transaction: impl FnMut(i64) -> F) {
    for id in 1..=i64::from(BATCH) {
        assert_eq!(transaction(id).await.id, id);
    }
}

async fn by_xact(pool: &xact::Pool, id: i64) -> Note {
    let note = pool
        .xact(make_customer(), async |q| q.orm().notes_get(id).await)
        .await;
    note.map_err(|error: xact::Error| error).unwrap()
}

async fn by_sqlx(pool: &PgPool, id: i64, scoped: bool) -> Note {
    let mut transaction = pool.begin().await.unwrap();
    if scoped {
        let customer = make_customer();
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
    let note = read_note(&mut transaction, id).await;
    transaction.commit().await.unwrap();
    note
}

/// The fastest form that sqlx has: role and settings in the message that begins, as the runtime sends them.
async fn by_begin_with(pool: &PgPool, id: i64) -> Note {
    let customer = make_customer();
    let quote = |value: &str| value.replace('\'', "''");
    let begin = format!(
        "BEGIN; SET LOCAL ROLE xact_bench_customer; SET LOCAL app.user_id = '{}'; SET LOCAL app.organization_id = '{}'",
        quote(customer.user_id.as_ref()),
        quote(customer.organization_id.as_ref()),
    );
    let mut transaction = pool.begin_with(AssertSqlSafe(begin)).await.unwrap();
    let note = read_note(&mut transaction, id).await;
    transaction.commit().await.unwrap();
    note
}

async fn read_note(connection: &mut PgConnection, id: i64) -> Note {
    let note = query(NOTE).bind(id).try_map(|row: PgRow| decode_note(&row));
    note.fetch_one(connection).await.unwrap()
}

/// By name, as `#[derive(FromRow)]` reads.
pub(crate) fn decode_note(row: &PgRow) -> Result<Note, Error> {
    Ok(Note {
        id: row.try_get("id")?,
        created_at: row.try_get("created_at")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
    })
}
