//! The first queries, on a migrated database of the test's own.

use CRATE::orm::Database;
use xact::testing::TestDatabase;

#[tokio::test]
async fn a_note_that_was_written_is_listed() -> Result<(), Box<dyn std::error::Error>> {
    let test = TestDatabase::isolated().await?;
    let db = Database::new(test.pool());

    let id = db.xact_admin(async |q| q.orm().note_create("buy milk").await).await?;
    let notes = db.xact_admin(async |q| q.orm().notes_list(10).await).await?;

    assert_eq!(notes.len(), 1);
    assert_eq!((&notes[0].id, notes[0].body.as_str()), (&id, "buy milk"));
    Ok(())
}
