//! A thousand rows inserted: one by one, by `:batch`, by `:copy`.

use xact::Xact;
use xact::types::OffsetDateTime;

use crate::measure::{print_table, time_work};
use crate::orm::{Customer, Note, make_customer};
use crate::rows::migrate_notes;

const ROUNDS: usize = 20;
const ROWS: i64 = 1_000;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn compare_slices() {
    let test = migrate_notes().await;
    let rows: Vec<Note> = (1..=ROWS).map(new_note).collect();
    let (mut one_by_one, mut by_batch, mut by_copy) = (vec![], vec![], vec![]);
    for round in 0..=ROUNDS {
        let mut q = test.pool().begin(make_customer()).await.unwrap();
        let each = time_work(insert_each(&mut q, &rows)).await;
        q.rollback().await.unwrap();
        let mut q = test.pool().begin(make_customer()).await.unwrap();
        let batch = time_work(async { q.orm().notes_batch(&rows).await.unwrap() }).await;
        q.rollback().await.unwrap();
        let mut q = test.pool().begin(make_customer()).await.unwrap();
        let copy = time_work(async { q.orm().notes_copy(&rows).await.unwrap() }).await;
        q.rollback().await.unwrap();
        if round > 0 {
            one_by_one.push(each);
            by_batch.push(batch);
            by_copy.push(copy);
        }
    }
    print_table(
        "1,000 rows of four columns inserted",
        vec![
            (":copy", by_copy),
            (":batch", by_batch),
            ("one by one", one_by_one),
        ],
    );
    drop(test);
}

async fn insert_each(q: &mut Xact<Customer>, rows: &[Note]) {
    for row in rows {
        q.orm().notes_insert(row).await.unwrap();
    }
}

/// Beside those that are there.
fn new_note(number: i64) -> Note {
    Note {
        id: -number,
        created_at: OffsetDateTime::UNIX_EPOCH,
        title: format!("note {number}"),
        body: (number % 2 == 0).then(|| "Words.".repeat(10)),
    }
}
