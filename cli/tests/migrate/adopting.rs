//! `baseline`, `mark`, `unmark`, `verify`: records without running, and proofs of migration files.

use super::world::World;

const NOTES: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);\n";

#[tokio::test]
async fn a_database_that_is_what_the_migrations_build_is_adopted() {
    let world = World::new(&[
        ("1_notes.up.sql", NOTES),
        ("2_tags.up.sql", "CREATE TABLE tags (id int);\n"),
    ])
    .await;
    world.execute(NOTES).await;
    let report = world.ok(&["baseline", "1"]).await;
    assert!(report.contains("recorded: 1\n"), "{report}");
    assert_eq!(
        world.ok(&["run"]).await,
        "applied: migrations/2_tags.up.sql\nthe database is up to date\n"
    );
    world.end().await;
}

#[tokio::test]
async fn a_database_that_is_something_else_is_not_adopted_and_the_difference_shown() {
    let world = World::new(&[("1_notes.up.sql", NOTES)]).await;
    world.execute(&NOTES.replace(" NOT NULL", "")).await;
    let report = world.wrong(&["baseline"]).await;
    assert!(report.contains("-    body    text NOT NULL,"), "{report}");
    assert!(report.contains("+    body    text,"), "{report}");
    assert_eq!(world.migrate(&["status"]).await.code, 3);
    world.ok(&["mark", "1"]).await;
    assert_eq!(world.migrate(&["status"]).await.code, 0);
    assert_eq!(world.ok(&["mark", "1"]).await, "1: was applied already\n");
    world.ok(&["unmark", "1"]).await;
    assert_eq!(world.migrate(&["status"]).await.code, 3);
    world.end().await;
}

#[tokio::test]
async fn verify_finds_down_files_that_leave_traces_and_says_what_the_others_lose() {
    let world = World::new(&[
        ("1_notes.up.sql", NOTES),
        ("1_notes.down.sql", "DROP TABLE notes;\n"),
        ("2_tags.up.sql", "ALTER TABLE notes ADD tags text[];\n"),
        ("2_tags.down.sql", "ALTER TABLE notes DROP tags;\n"),
        ("3_one_way.up.sql", "CREATE TABLE one_way (id int);\n"),
    ])
    .await;
    let report = world.ok(&["verify"]).await;
    assert!(
        report.contains("1_notes: sound; its down file loses data: table notes\n"),
        "{report}"
    );
    assert!(
        report.contains("2_tags: sound; its down file loses data: column notes.tags\n"),
        "{report}"
    );
    assert!(report.contains("3_one_way: has no down file"), "{report}");

    world.write(
        "4_index.up.sql",
        "CREATE INDEX notes_body ON notes (body);\nCREATE INDEX more ON notes (tags);\n",
    );
    world.write("4_index.down.sql", "DROP INDEX notes_body;\n");
    let report = world.migrate(&["verify"]).await;
    assert_eq!(report.code, 1, "{report:?}");
    world.write(
        "4_index.up.sql",
        "CREATE TABLE IF NOT EXISTS more (id int);\n",
    );
    world.write("4_index.down.sql", "SELECT 1;\n");
    let report = world.wrong(&["verify"]).await;
    assert!(
        report.contains("4_index: its down file does not bring back what was before"),
        "{report}"
    );
    assert!(report.contains("+CREATE TABLE more ("), "{report}");
    world.end().await;
}
