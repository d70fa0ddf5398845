//! diesel-async with the pool deadpool: the query builder, `Selectable` structs and associations.

mod bulk;
mod rows;
mod schema;
mod scope;

use diesel::prelude::*;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _};
use harness::{Error, POOL_SIZE, Peer, Times, time_each};
use rows::Note;
use schema::{loads, notes};
use time::OffsetDateTime;

#[derive(Clone)]
struct Diesel {
    pool: Pool<AsyncPgConnection>,
}

fn main() -> Result<(), Error> {
    harness::serve(async |url| {
        let mut config = ManagerConfig::default();
        // As the other pools: none asks the server before a connection is handed out.
        config.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        Ok(Diesel {
            pool: Pool::builder(manager).max_size(POOL_SIZE as usize).build()?,
        })
    })
}

impl Peer for Diesel {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        let mut connection = self.pool.get().await?;
        if case == "scope" {
            drop(connection);
            return Ok(Some(scope::by_statements(&self.pool, count).await?));
        }
        connection.batch_execute("BEGIN").await?;
        let times = run_in_transaction(&mut connection, &case, count).await;
        connection.batch_execute("ROLLBACK").await?;
        times
    }
}

async fn run_in_transaction(
    connection: &mut Object<AsyncPgConnection>,
    case: &str,
    count: i64,
) -> Result<Option<Times>, Error> {
    Ok(Some(match case {
        "read" => read(connection, count).await?,
        "insert" => insert(connection, count).await?,
        "update" => update(connection, count).await?,
        "rows_100x4" => rows::notes(connection, count, 100).await?,
        "rows_10000x4" => rows::notes(connection, count, 10_000).await?,
        "rows_100x20" => rows::wide(connection, count, 100).await?,
        "rows_10000x20" => rows::wide(connection, count, 10_000).await?,
        "stream" => rows::stream(connection, count).await?,
        "related" => rows::related(connection, count).await?,
        "bulk_10" => bulk::insert(connection, count, 10).await?,
        "bulk_1000" => bulk::insert(connection, count, 1_000).await?,
        "bulk_100000" => bulk::insert(connection, count, 100_000).await?,
        _ => return Ok(None),
    }))
}

async fn read(connection: &mut AsyncPgConnection, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| notes::table
        .find(id)
        .select(Note::as_select())
        .first(connection)
        .await?))
}

async fn insert(connection: &mut AsyncPgConnection, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let row = (
            loads::id.eq(id),
            loads::created_at.eq(OffsetDateTime::UNIX_EPOCH),
            loads::title.eq("a new title"),
            loads::body.eq(Some("a new body")),
        );
        diesel::insert_into(loads::table)
            .values(row)
            .execute(connection)
            .await?
    }))
}

async fn update(connection: &mut AsyncPgConnection, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let row = notes::table.find(id);
        diesel::update(row)
            .set(notes::title.eq("another title"))
            .execute(connection)
            .await?
    }))
}
