//! SeaORM: entities, its pool and its loader.

mod bulk;
mod entities;
mod rows;
mod scope;

use entities::{load, note};
use harness::{Error, POOL_SIZE, Peer, Times, time_each};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectOptions, Database, DatabaseConnection, DatabaseTransaction,
    EntityTrait as _, QueryFilter as _, Set, TransactionTrait as _, sea_query::Expr,
};
use time::OffsetDateTime;

#[derive(Clone)]
struct SeaOrm {
    pool: DatabaseConnection,
}

fn main() -> Result<(), Error> {
    harness::serve(async |url| {
        let mut options = ConnectOptions::new(url);
        options.max_connections(POOL_SIZE).sqlx_logging(false);
        Ok(SeaOrm {
            pool: Database::connect(options).await?,
        })
    })
}

impl Peer for SeaOrm {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        if case == "scope" {
            return Ok(Some(scope::by_statements(&self.pool, count).await?));
        }
        let transaction = self.pool.begin().await?;
        let times = run_in_transaction(&transaction, &case, count).await;
        transaction.rollback().await?;
        times
    }
}

async fn run_in_transaction(db: &DatabaseTransaction, case: &str, count: i64) -> Result<Option<Times>, Error> {
    Ok(Some(match case {
        "read" => read(db, count).await?,
        "insert" => insert(db, count).await?,
        "update" => update(db, count).await?,
        "rows_100x4" => rows::notes(db, count, 100).await?,
        "rows_10000x4" => rows::notes(db, count, 10_000).await?,
        "rows_100x20" => rows::wide(db, count, 100).await?,
        "rows_10000x20" => rows::wide(db, count, 10_000).await?,
        "stream" => rows::stream(db, count).await?,
        "related" => rows::related(db, count).await?,
        "bulk_10" => bulk::insert(db, count, 10).await?,
        "bulk_1000" => bulk::insert(db, count, 1_000).await?,
        "bulk_100000" => bulk::insert(db, count, 100_000).await?,
        _ => return Ok(None),
    }))
}

async fn read(db: &DatabaseTransaction, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| note::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or("no such note")?))
}

async fn insert(db: &DatabaseTransaction, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let row = load::ActiveModel {
            id: Set(id),
            created_at: Set(OffsetDateTime::UNIX_EPOCH),
            title: Set("a new title".to_owned()),
            body: Set(Some("a new body".to_owned())),
        };
        row.insert(db).await?
    }))
}

async fn update(db: &DatabaseTransaction, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let update = note::Entity::update_many().col_expr(note::Column::Title, Expr::value("another title"));
        update.filter(note::Column::Id.eq(id)).exec(db).await?
    }))
}
