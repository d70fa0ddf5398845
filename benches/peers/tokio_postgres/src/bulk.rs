//! Many new rows, by binary COPY.

use deadpool_postgres::Pool;
use futures_util::pin_mut;
use harness::{Error, Times, time_each};
use time::OffsetDateTime;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

struct NewNote {
    id: i64,
    created_at: OffsetDateTime,
    title: String,
    body: Option<String>,
}

pub(crate) async fn copy(pool: &Pool, count: i64, rows: i64) -> Result<Times, Error> {
    let new_note = |id: i64| NewNote {
        id,
        created_at: OffsetDateTime::UNIX_EPOCH,
        title: format!("note {id}"),
        body: (id % 2 == 0).then(|| "Words.".repeat(10)),
    };
    let notes: Vec<NewNote> = (1..=rows).map(new_note).collect();
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction.batch_execute("SAVEPOINT empty").await?;
    let mut all = Times::new();
    for _run in 0..count {
        all.extend(time_each!(1, |_one| {
            let copy =
                transaction.prepare_cached("COPY loads (id, created_at, title, body) FROM STDIN (FORMAT binary)");
            let sink = transaction.copy_in(&copy.await?).await?;
            let writer = BinaryCopyInWriter::new(sink, &[Type::INT8, Type::TIMESTAMPTZ, Type::TEXT, Type::TEXT]);
            pin_mut!(writer);
            for note in &notes {
                writer
                    .as_mut()
                    .write(&[&note.id, &note.created_at, &note.title, &note.body])
                    .await?;
            }
            writer.finish().await?
        }));
        transaction.batch_execute("ROLLBACK TO SAVEPOINT empty").await?;
    }
    transaction.rollback().await?;
    Ok(all)
}
