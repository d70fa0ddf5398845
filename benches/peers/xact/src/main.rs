//! xact: the module that `xact codegen` generates from `queries/`.

mod bulk;
#[rustfmt::skip]
mod orm;
mod rows;

use harness::{Error, ORGANIZATION, POOL_SIZE, Peer, Times, USER, time_each};
use orm::{Database, Plain};
use xact::types::OffsetDateTime;
use xact::{Id as _, Isolation, Pool, PoolSettings, TransactionOptions, Xact};

#[derive(Clone)]
struct Generated {
    db: Database,
}

fn main() -> Result<(), Error> {
    harness::serve(async |url| {
        let settings = PoolSettings::from_url(&url)?.size(POOL_SIZE);
        Ok(Generated {
            db: Database::new(Pool::from_settings(&settings)),
        })
    })
}

impl Peer for Generated {
    async fn run(self, case: String, count: i64) -> Result<Option<Times>, Error> {
        let db = &self.db;
        let outside = match case.as_str() {
            "scope" => Some(scope(db, count).await?),
            "scope/read-only" => Some(scope(&db.with(read_only()), count).await?),
            "bulk_10" => Some(bulk::copy(db, count, 10).await?),
            "bulk_1000" => Some(bulk::copy(db, count, 1_000).await?),
            "bulk_100000" => Some(bulk::copy(db, count, 100_000).await?),
            "bulk_10/:batch" => Some(bulk::batch(db, count, 10).await?),
            "bulk_1000/:batch" => Some(bulk::batch(db, count, 1_000).await?),
            "bulk_100000/:batch" => Some(bulk::batch(db, count, 100_000).await?),
            _ => None,
        };
        if outside.is_some() {
            return Ok(outside);
        }
        let mut q = db.begin_plain().await?;
        let times = run_in_transaction(&mut q, &case, count).await;
        q.rollback().await?;
        times
    }
}

async fn run_in_transaction(q: &mut Xact<Plain>, case: &str, count: i64) -> Result<Option<Times>, Error> {
    Ok(Some(match case {
        "read" => time_each!(count, |id| q
            .orm()
            .notes_get(orm::types::NoteId::from_value(id))
            .await?),
        "insert" => insert(q, count).await?,
        "update" => {
            time_each!(count, |id| q
                .orm()
                .notes_rename("another title", orm::types::NoteId::from_value(id))
                .await?)
        }
        "rows_100x4" => rows::notes(q, count, 100).await?,
        "rows_10000x4" => rows::notes(q, count, 10_000).await?,
        "rows_100x20" => rows::wide(q, count, 100).await?,
        "rows_10000x20" => rows::wide(q, count, 10_000).await?,
        "stream" => rows::stream(q, count).await?,
        "related" => rows::related(q, count).await?,
        _ => return Ok(None),
    }))
}

async fn insert(q: &mut Xact<Plain>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let id = orm::types::LoadId::from_value(id);
        q.orm()
            .loads_insert(id, OffsetDateTime::UNIX_EPOCH, "a new title", Some("a new body"))
            .await?
    }))
}

async fn scope(db: &Database, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let id = orm::types::DocumentId::from_value(id);
        db.xact_customer(USER, ORGANIZATION, async |q| q.orm().documents_get(id).await)
            .await?
    }))
}

/// With these the rows do not wait for the answer to COMMIT.
fn read_only() -> TransactionOptions {
    TransactionOptions::new()
        .isolation(Isolation::ReadCommitted)
        .read_only()
}
