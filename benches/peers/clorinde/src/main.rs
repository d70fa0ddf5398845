//! The crate that clorinde generates, on tokio-postgres with the pool deadpool.
//!
//! In a transaction a generated query reuses its statement only after `prepare`; one that returns no rows never does.

mod rows;

use chrono::DateTime;
use clorinde::client::Params as _;
use clorinde::queries::bench::{LoadsInsertParams, LoadsUnnestParams};
use clorinde::queries::bench::{documents_get, loads_insert, loads_unnest, notes_get, notes_rename, set_scope};
use deadpool_postgres::{Config, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime, Transaction};
use harness::{Error, ORGANIZATION, POOL_SIZE, Peer, Times, USER, time_each};
use tokio_postgres::NoTls;

#[derive(Clone)]
struct Clorinde {
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
        Ok(Clorinde { pool })
    })
}

impl Peer for Clorinde {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        if case == "scope" {
            return Ok(Some(scope(&self.pool, count).await?));
        }
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        let times = run_in_transaction(&transaction, &case, count).await;
        transaction.rollback().await?;
        times
    }
}

async fn run_in_transaction(transaction: &Transaction<'_>, case: &str, count: i64) -> Result<Option<Times>, Error> {
    Ok(Some(match case {
        "read" => time_each!(count, |id| notes_get()
            .prepare(transaction)
            .await?
            .bind(transaction, &id)
            .one()
            .await?),
        "insert" => insert(transaction, count).await?,
        "update" => time_each!(count, |id| notes_rename()
            .bind(transaction, &"another title", &id)
            .await?),
        "rows_100x4" => rows::notes(transaction, count, 100).await?,
        "rows_10000x4" => rows::notes(transaction, count, 10_000).await?,
        "rows_100x20" => rows::wide(transaction, count, 100).await?,
        "rows_10000x20" => rows::wide(transaction, count, 10_000).await?,
        "stream" => rows::stream(transaction, count).await?,
        "related" => rows::related(transaction, count).await?,
        "bulk_10" => bulk(transaction, count, 10).await?,
        "bulk_1000" => bulk(transaction, count, 1_000).await?,
        "bulk_100000" => bulk(transaction, count, 100_000).await?,
        _ => return Ok(None),
    }))
}

async fn insert(transaction: &Transaction<'_>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let row = LoadsInsertParams {
            id,
            created_at: DateTime::UNIX_EPOCH.fixed_offset(),
            title: "a new title",
            body: Some("a new body"),
        };
        loads_insert().params(transaction, &row).await?
    }))
}

/// Role and settings in one statement with bound values.
async fn scope(pool: &Pool, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let mut client = pool.get().await?;
        let transaction = client.transaction().await?;
        set_scope()
            .prepare(&transaction)
            .await?
            .bind(&transaction, &USER, &ORGANIZATION)
            .one()
            .await?;
        let note = documents_get()
            .prepare(&transaction)
            .await?
            .bind(&transaction, &id)
            .one()
            .await?;
        transaction.commit().await?;
        note
    }))
}

/// Many new rows, by UNNEST: clorinde has no COPY.
async fn bulk(transaction: &Transaction<'_>, count: i64, rows: i64) -> Result<Times, Error> {
    let ids: Vec<i64> = (1..=rows).collect();
    let created = vec![DateTime::UNIX_EPOCH.fixed_offset(); ids.len()];
    let titles: Vec<String> = ids.iter().map(|id| format!("note {id}")).collect();
    let bodies: Vec<Option<String>> = ids
        .iter()
        .map(|id| (id % 2 == 0).then(|| "Words.".repeat(10)))
        .collect();
    let new = LoadsUnnestParams {
        ids,
        created,
        titles,
        bodies,
    };
    transaction.batch_execute("SAVEPOINT empty").await?;
    let mut all = Times::new();
    for _run in 0..count {
        all.extend(time_each!(1, |_one| loads_unnest().params(transaction, &new).await?));
        transaction.batch_execute("ROLLBACK TO SAVEPOINT empty").await?;
    }
    Ok(all)
}
