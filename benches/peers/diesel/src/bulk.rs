//! Many new rows: one INSERT with all values. diesel-async has no COPY.

use crate::schema::loads;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _};
use harness::{Error, Times, time_each};
use time::OffsetDateTime;

/// The protocol has no more than 65,535 parameters in a statement; a row has four.
const MOST_ROWS: usize = 65_535 / 4;

#[derive(Insertable)]
#[diesel(table_name = loads)]
struct NewNote {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

pub(crate) async fn insert(connection: &mut AsyncPgConnection, count: i64, rows: i64) -> Result<Times, Error> {
    let new_note = |id: i64| NewNote {
        id,
        created_at: OffsetDateTime::UNIX_EPOCH,
        title: format!("note {id}"),
        body: (id % 2 == 0).then(|| "Words.".repeat(10)),
    };
    let notes: Vec<NewNote> = (1..=rows).map(new_note).collect();
    connection.batch_execute("SAVEPOINT empty").await?;
    let mut all = Times::new();
    for _run in 0..count {
        all.extend(time_each!(1, |_one| {
            for part in notes.chunks(MOST_ROWS) {
                diesel::insert_into(loads::table)
                    .values(part)
                    .execute(connection)
                    .await?;
            }
        }));
        connection.batch_execute("ROLLBACK TO SAVEPOINT empty").await?;
    }
    Ok(all)
}
