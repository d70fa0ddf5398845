//! Many new rows, by `insert_many`.

use crate::entities::load;
use harness::{Error, Times, time_each};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, Set};
use time::OffsetDateTime;

/// The protocol has no more than 65,535 parameters in a statement; a row has four.
const MOST_ROWS: usize = 65_535 / 4;

pub(crate) async fn insert(db: &DatabaseTransaction, count: i64, rows: i64) -> Result<Times, Error> {
    let new_note = |id: i64| load::ActiveModel {
        id: Set(id),
        created_at: Set(OffsetDateTime::UNIX_EPOCH),
        title: Set(format!("note {id}")),
        body: Set((id % 2 == 0).then(|| "Words.".repeat(10))),
    };
    let notes: Vec<load::ActiveModel> = (1..=rows).map(new_note).collect();
    db.execute_unprepared("SAVEPOINT empty").await?;
    let mut all = Times::new();
    for _run in 0..count {
        // The values are moved into the statement, and the copy is no part of its work.
        let parts: Vec<Vec<load::ActiveModel>> = notes.chunks(MOST_ROWS).map(<[_]>::to_vec).collect();
        let mut parts = Some(parts);
        all.extend(time_each!(1, |_one| {
            for part in parts.take().unwrap_or_default() {
                load::Entity::insert_many(part).exec_without_returning(db).await?;
            }
        }));
        db.execute_unprepared("ROLLBACK TO SAVEPOINT empty").await?;
    }
    Ok(all)
}
