//! tokio-postgres with the pool deadpool, written by hand: statements by `prepare_cached`, rows into structs by position.

mod bulk;
mod rows;
mod scope;

use deadpool_postgres::{Config, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime};
use harness::{Error, POOL_SIZE, Peer, Times, time_each};
use time::OffsetDateTime;
use tokio_postgres::NoTls;

#[derive(Clone)]
struct TokioPostgres {
    pool: Pool,
}

fn main() -> Result<(), Error> {
    harness::serve(async |url| {
        let mut config = Config::new();
        config.url = Some(url);
        config.pool = Some(PoolConfig::new(POOL_SIZE as usize));
        config.manager = Some(ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        });
        let pool = config.create_pool(Some(Runtime::Tokio1), NoTls)?;
        Ok(TokioPostgres { pool })
    })
}

impl Peer for TokioPostgres {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        let pool = &self.pool;
        Ok(Some(match case.as_str() {
            "read" => read(pool, count).await?,
            "insert" => insert(pool, count).await?,
            "update" => update(pool, count).await?,
            "scope" => scope::by_batch(pool, count).await?,
            "scope/pipelined" => scope::pipelined(pool, count).await?,
            "rows_100x4" => rows::notes(pool, count, 100).await?,
            "rows_10000x4" => rows::notes(pool, count, 10_000).await?,
            "rows_100x20" => rows::wide(pool, count, 100).await?,
            "rows_10000x20" => rows::wide(pool, count, 10_000).await?,
            "stream" => rows::stream(pool, count).await?,
            "related" => rows::related(pool, count).await?,
            "bulk_10" => bulk::copy(pool, count, 10).await?,
            "bulk_1000" => bulk::copy(pool, count, 1_000).await?,
            "bulk_100000" => bulk::copy(pool, count, 100_000).await?,
            _ => return Ok(None),
        }))
    }
}

async fn read(pool: &Pool, count: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |id| {
        let read = transaction
            .prepare_cached("SELECT id, created_at, title, body FROM notes WHERE id = $1")
            .await?;
        rows::note(&transaction.query_one(&read, &[&id]).await?)?
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn insert(pool: &Pool, count: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |id| {
        let insert = "INSERT INTO loads (id, created_at, title, body) VALUES ($1, $2, $3, $4)";
        let insert = transaction.prepare_cached(insert).await?;
        let (title, body) = ("a new title", Some("a new body"));
        transaction
            .execute(&insert, &[&id, &OffsetDateTime::UNIX_EPOCH, &title, &body])
            .await?
    });
    transaction.rollback().await?;
    Ok(times)
}

async fn update(pool: &Pool, count: i64) -> Result<Times, Error> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    let times = time_each!(count, |id| {
        let update = transaction
            .prepare_cached("UPDATE notes SET title = $1 WHERE id = $2")
            .await?;
        transaction.execute(&update, &[&"another title", &id]).await?
    });
    transaction.rollback().await?;
    Ok(times)
}
