//! sqlx, written by hand: `query_as` into structs with `#[derive(FromRow)]`.

mod bulk;
mod rows;
mod scope;

use harness::{Error, POOL_SIZE, Peer, Times, time_each};
use rows::Note;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use time::OffsetDateTime;

#[derive(Clone)]
struct Sqlx {
    pool: PgPool,
    /// Without the ping that sqlx sends by default when a connection is acquired.
    without_ping: PgPool,
}

fn main() -> Result<(), Error> {
    harness::serve(async |url| {
        let options = || PgPoolOptions::new().max_connections(POOL_SIZE);
        Ok(Sqlx {
            pool: options().connect(&url).await?,
            without_ping: options().test_before_acquire(false).connect(&url).await?,
        })
    })
}

impl Peer for Sqlx {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        let pool = &self.pool;
        Ok(Some(match case.as_str() {
            "read" => read(pool, count).await?,
            "insert" => insert(pool, count).await?,
            "update" => update(pool, count).await?,
            "scope" => scope::by_statements(pool, count).await?,
            "scope/begin_with" => scope::by_begin_with(pool, count).await?,
            "scope/begin_with, no ping" => scope::by_begin_with(&self.without_ping, count).await?,
            "rows_100x4" => rows::notes(pool, count, 100).await?,
            "rows_10000x4" => rows::notes(pool, count, 10_000).await?,
            "rows_100x20" => rows::wide(pool, count, 100).await?,
            "rows_10000x20" => rows::wide(pool, count, 10_000).await?,
            "stream" => rows::stream(pool, count).await?,
            "related" => rows::related(pool, count).await?,
            "bulk_10" => bulk::insert(pool, count, 10).await?,
            "bulk_1000" => bulk::insert(pool, count, 1_000).await?,
            "bulk_100000" => bulk::insert(pool, count, 100_000).await?,
            _ => return Ok(None),
        }))
    }
}

async fn read(pool: &PgPool, count: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |id| {
        let read = sqlx::query_as::<_, Note>("SELECT id, created_at, title, body FROM notes WHERE id = $1");
        read.bind(id).fetch_one(&mut *transaction).await?
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn insert(pool: &PgPool, count: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |id| {
        let insert = sqlx::query("INSERT INTO loads (id, created_at, title, body) VALUES ($1, $2, $3, $4)");
        let insert = insert.bind(id).bind(OffsetDateTime::UNIX_EPOCH);
        insert
            .bind("a new title")
            .bind(Some("a new body"))
            .execute(&mut *transaction)
            .await?
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn update(pool: &PgPool, count: i64) -> Result<Times, Error> {
    let mut transaction = pool.begin().await?;
    let times = time_each!(count, |id| {
        let update = sqlx::query("UPDATE notes SET title = $1 WHERE id = $2");
        update.bind("another title").bind(id).execute(&mut *transaction).await?
    });
    transaction.rollback().await?;
    Ok(times)
}
