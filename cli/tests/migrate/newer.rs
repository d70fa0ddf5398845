//! A database that is ahead of the files, and one that was changed by other means.

use super::world::World;

const A: (&str, &str) = ("1_a.up.sql", "CREATE TABLE a (id int);\n");

#[tokio::test]
async fn a_database_that_is_ahead_of_the_files_is_accepted_with_a_note() {
    let world = World::new(&[
        A,
        ("2_b.up.sql", "CREATE TABLE b (id int);\n"),
        ("3_c.up.sql", "CREATE TABLE c (id int);\n"),
    ])
    .await;
    world.ok(&["run"]).await;
    world.remove("2_b.up.sql");
    world.remove("3_c.up.sql");
    assert_eq!(
        world.ok(&["run"]).await,
        "note: the database is ahead of the files: it also has 2 (b), 3 (c)\n\
         the database is up to date\n"
    );
    world.ok(&["run", "--dry-run"]).await;
    let status = world.ok(&["status"]).await;
    assert!(status.contains("3  c  missing"), "{status}");
    assert!(
        status.ends_with("the database is up to date, and ahead of the files by 2\n"),
        "{status}"
    );
    let json = world.ok(&["status", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["ahead"], &json["up_to_date"]),
        (&2.into(), &true.into())
    );
    world.end().await;
}

#[tokio::test]
async fn a_missing_file_is_an_error_while_something_is_pending_and_when_reverting() {
    let world = World::new(&[A, ("2_b.up.sql", "CREATE TABLE b (id int);\n")]).await;
    world.ok(&["run"]).await;
    world.remove("2_b.up.sql");
    let report = world.wrong(&["revert"]).await;
    assert!(report.contains("error[missing-migration]"), "{report}");
    world.write("3_c.up.sql", "CREATE TABLE c (id int);\n");
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("error[missing-migration]: version 2 (b)"),
        "{report}"
    );
    assert_eq!(world.migrate(&["status"]).await.code, 1);
    world.end().await;
}

#[tokio::test]
async fn a_schema_that_was_changed_by_hand_shows_in_the_status() {
    let world = World::new(&[A]).await;
    world.ok(&["run"]).await;
    let schema = crate::command_line::xact(world.project.path(), &["schema"])
        .env("XACT_SERVER_URL", crate::server::url().await)
        .output()
        .unwrap();
    assert!(schema.status.success(), "{schema:?}");
    assert!(!world.ok(&["status"]).await.contains("drift"));
    world.ok(&["status", "--drift"]).await;
    world.execute("ALTER TABLE a ADD by_hand text").await;
    let status = world.ok(&["status"]).await;
    assert!(
        status.contains("drift: the schema is not that of schema.sql"),
        "{status}"
    );
    let json = world.ok(&["status", "--json"]).await;
    assert!(json.contains("\"drift\": true"), "{json}");
    let report = world.wrong(&["status", "--drift"]).await;
    assert!(report.contains("+    by_hand text"), "{report}");
    // A file that a person edited says what the next migration does.
    let file = world.project.path().join("schema.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    let edited = text.replacen("\n);", ",\n    c text\n);", 1);
    assert_ne!(edited, text);
    std::fs::write(&file, edited).unwrap();
    let status = world.ok(&["status"]).await;
    assert!(!status.contains("drift"), "{status}");
    world.end().await;
}
