//! The single calls as they are written with sqlx alone: the count that the runtime's own is compared with.

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use xact::sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, Row as _, query, query_as};

use crate::make_note;
use crate::orm::{Customer, NOTE, NOTE_INSERT, Note, make_customer};

/// By name, as `#[derive(FromRow)]` reads.
impl FromRow<'_, PgRow> for Note {
    fn from_row(row: &PgRow) -> Result<Self, xact::sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            created_at: row.try_get("created_at")?,
            title: row.try_get("title")?,
            body: row.try_get("body")?,
        })
    }
}

/// Runs the loop of this name, if it is one of these.
pub(crate) async fn run_loop(name: &str, options: PgConnectOptions, rounds: usize) -> bool {
    // Without the ping on acquire, because the runtime sends none either.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false);
    let pool = pool.connect_lazy_with(options);
    match name {
        "transactions_by_hand" => run_transactions(&pool, rounds).await,
        "reads_by_hand" => read_one_by_one(&pool, rounds).await,
        "inserts_by_hand" => insert_one_by_one(&pool, rounds).await,
        _ => return false,
    }
    true
}

async fn run_transactions(pool: &PgPool, rounds: usize) {
    for _ in 0..rounds {
        let begin = write_begin(&make_customer());
        let mut transaction = pool.begin_with(AssertSqlSafe(begin)).await.unwrap();
        read_note(&mut transaction).await;
        transaction.commit().await.unwrap();
    }
}

/// The fastest form that sqlx has: role and settings in the message that begins.
fn write_begin(customer: &Customer) -> String {
    let quote = |value: &str| value.replace('\'', "''");
    format!(
        "BEGIN; SET LOCAL ROLE xact_bench_customer; SET LOCAL app.user_id = '{}'; SET LOCAL app.organization_id = '{}'",
        quote(&customer.user_id),
        quote(&customer.organization_id),
    )
}

async fn read_one_by_one(pool: &PgPool, rounds: usize) {
    let mut transaction = pool.begin().await.unwrap();
    for _ in 0..rounds {
        read_note(&mut transaction).await;
    }
    transaction.commit().await.unwrap();
}

async fn read_note(connection: &mut PgConnection) {
    let note: Note = query_as(NOTE)
        .bind(1_i64)
        .fetch_one(connection)
        .await
        .unwrap();
    assert_eq!(note.id, 1);
}

async fn insert_one_by_one(pool: &PgPool, rounds: usize) {
    let note = make_note(1);
    let mut transaction = pool.begin().await.unwrap();
    for _ in 0..rounds {
        let insert = query(NOTE_INSERT).bind(note.id).bind(note.created_at);
        let insert = insert.bind(&note.title).bind(&note.body);
        let done = insert.execute(&mut *transaction).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
    }
    transaction.commit().await.unwrap();
}
