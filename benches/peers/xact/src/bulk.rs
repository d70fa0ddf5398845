//! Many new rows: `:copy`, and `:batch`, which is one INSERT over arrays.

use crate::orm::bench::{LoadsBatchParams, LoadsCopyParams};
use crate::orm::{Database, types::LoadId};
use harness::{Error, Times, time_each};
use xact::Id as _;
use xact::types::OffsetDateTime;

/// The id and the texts of a row; the parameters of the queries borrow them.
type NewNote = (i64, String, Option<String>);

fn new_notes(rows: i64) -> Vec<NewNote> {
    let new_note = |id: i64| (id, format!("note {id}"), (id % 2 == 0).then(|| "Words.".repeat(10)));
    (1..=rows).map(new_note).collect()
}

fn copied((id, title, body): &NewNote) -> LoadsCopyParams<'_> {
    let (id, created_at) = (LoadId::from_value(*id), OffsetDateTime::UNIX_EPOCH);
    LoadsCopyParams {
        id,
        created_at,
        title,
        body: body.as_deref(),
    }
}

fn batched((id, title, body): &NewNote) -> LoadsBatchParams<'_> {
    let (id, created_at) = (LoadId::from_value(*id), OffsetDateTime::UNIX_EPOCH);
    LoadsBatchParams {
        id,
        created_at,
        title,
        body: body.as_deref(),
    }
}

pub(crate) async fn copy(db: &Database, count: i64, rows: i64) -> Result<Times, Error> {
    let notes = new_notes(rows);
    let notes: Vec<LoadsCopyParams<'_>> = notes.iter().map(copied).collect();
    let mut all = Times::new();
    for _run in 0..count {
        let mut q = db.begin_plain().await?;
        all.extend(time_each!(1, |_one| q.orm().loads_copy(&notes).await?));
        q.rollback().await?;
    }
    Ok(all)
}

pub(crate) async fn batch(db: &Database, count: i64, rows: i64) -> Result<Times, Error> {
    let notes = new_notes(rows);
    let notes: Vec<LoadsBatchParams<'_>> = notes.iter().map(batched).collect();
    let mut all = Times::new();
    for _run in 0..count {
        let mut q = db.begin_plain().await?;
        all.extend(time_each!(1, |_one| q.orm().loads_batch(&notes).await?));
        q.rollback().await?;
    }
    Ok(all)
}
