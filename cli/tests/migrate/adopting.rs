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
    let report = world.wrong(&["verify"]).await;
    assert!(
        report.contains(
            "4_index: `migrations/4_index.down.sql` does not bring back the schema from before"
        ),
        "{report}"
    );
    assert!(report.contains("+CREATE INDEX more"), "{report}");
    world.write(
        "4_index.up.sql",
        "CREATE TABLE IF NOT EXISTS more (id int);\n",
    );
    world.write("4_index.down.sql", "SELECT 1;\n");
    let report = world.wrong(&["verify"]).await;
    assert!(
        report.contains(
            "4_index: `migrations/4_index.down.sql` does not bring back the schema from before"
        ),
        "{report}"
    );
    assert!(report.contains("+CREATE TABLE more ("), "{report}");
    world.end().await;
}

#[tokio::test]
async fn verify_goes_on_after_a_down_file_that_leaves_a_trace_and_names_that_file() {
    let world = World::new(&[
        ("1_a.up.sql", "CREATE TABLE a (id int);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("2_b.up.sql", "ALTER TABLE a ADD b int, ADD c int;\n"),
        ("2_b.down.sql", "ALTER TABLE a DROP b;\n"),
        ("3_role.up.sql", "CREATE ROLE xact_verify_leftover;\n"),
        ("3_role.down.sql", "SELECT 1;\n"),
        ("4_d.up.sql", "ALTER TABLE a ADD d int;\n"),
        ("4_d.down.sql", "ALTER TABLE a DROP d;\n"),
    ])
    .await;
    let report = world.wrong(&["verify"]).await;
    for part in [
        "1_a: sound",
        "2_b: `migrations/2_b.down.sql` does not bring back the schema from before",
        "+    c   integer",
        "3_role: `migrations/3_role.down.sql` leaves something behind",
        "role \"xact_verify_leftover\" already exists",
        "4_d: sound",
        "error: 2 of 4 migrations leave traces",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    assert!(
        !report.contains("already exists\n  --> migrations/2_b.up.sql"),
        "{report}"
    );
    world.end().await;
}

#[tokio::test]
async fn the_first_migration_is_written_from_a_database_that_exists() {
    let world = World::new(&[]).await;
    let sql = "CREATE TYPE mood AS ENUM ('sad', 'ok'); \
        CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood); \
        CREATE TABLE pets (id serial PRIMARY KEY, owner_id bigint REFERENCES people); \
        CREATE VIEW sad AS SELECT id FROM people WHERE mood = 'sad'";
    world.execute(sql).await;
    let report = world.ok(&["baseline", "--create", "as it is"]).await;
    assert!(report.contains("_as_it_is.up.sql\n"), "{report}");
    assert_eq!(world.ok(&["run"]).await, "the database is up to date\n");
    world.ok(&["status", "--drift"]).await;
    let again = world.migrate(&["baseline", "--create", "again"]).await;
    assert_eq!(again.code, 2, "{again:?}");
    assert!(
        again.err.contains("there are migrations already"),
        "{again:?}"
    );
    assert_eq!(std::fs::read_dir(world.folder()).unwrap().count(), 1);
    world.end().await;
}
