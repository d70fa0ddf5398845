//! `examples/demo.rs`, as a newcomer runs it first.

use xact::testing::TestDatabase;

#[path = "../examples/demo.rs"]
#[expect(dead_code, reason = "its `main` is not run")]
mod program;

#[tokio::test]
async fn the_demo_shows_who_sees_which_rows() {
    let test = TestDatabase::isolated().await.unwrap();
    let shown = program::show(&database::Database::new(test.pool()))
        .await
        .unwrap();
    for line in [
        "admin sees 2 organizations\n",
        "Ada, of Acme, sees 1 organization\n",
        "Grace, of Globex, sees 1 organization\n",
        "https://postgresql.org/\n",
        "and 0 bookmarks of the other organization",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}
