//! The first query, on a migrated database of the test's own.

use CRATE::orm::Database;
use xact::testing::TestDatabase;

#[tokio::test]
async fn the_database_says_its_name() -> Result<(), Box<dyn std::error::Error>> {
    let test = TestDatabase::isolated().await?;
    let db = Database::new(test.pool());

    let name = db.xact_admin(async |q| q.orm().database_name().await).await?;

    assert_eq!(Some(name.as_str()), test.options().get_database());
    Ok(())
}
