//! Errors of migration files, and of files of applied migrations.

use super::world::{CheckOutput as _, World};
use std::process::Command;

#[tokio::test]
async fn duplicates_and_strange_names_are_all_named_at_once() {
    let world = World::new(&[
        ("1_a.up.sql", "SELECT 1;\n"),
        ("01_b.sql", "SELECT 1;\n"),
        ("seed.sql", "SELECT 1;\n"),
        ("x_y.up.sql", "SELECT 1;\n"),
    ])
    .await;
    for command in ["run", "status", "revert", "heads", "verify"] {
        let report = world.wrong(&[command]).await;
        report
            .has("migrations/1_a.up.sql: error[duplicate-version]: version 1 is also that of `migrations/01_b.sql`")
            .has("migrations/seed.sql: error[migration-name]")
            .has("migrations/x_y.up.sql: error[migration-name]");
    }
    world.end().await;
}

#[tokio::test]
async fn a_down_file_without_its_up_file_is_a_warning() {
    let world = World::new(&[
        ("1_a.up.sql", "CREATE TABLE a ();\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
        ("2_c.down.sql", "SELECT 1;\n"),
    ])
    .await;
    for command in ["run", "status", "revert", "heads", "verify"] {
        let report = world.ok(&[command]).await;
        report
            .has("migrations/2_c.down.sql: warning[down-without-up]")
            .has("help: write `migrations/2_c.up.sql`, or delete this file");
    }
    world.end().await;
}

#[tokio::test]
async fn a_file_that_is_not_utf_8_is_named_with_its_place() {
    let world = World::new(&[("1_a.up.sql", "SELECT 1;\n")]).await;
    std::fs::write(
        world.folder().join("2_b.up.sql"),
        b"SELECT 1;\nSELECT '\xff';\n",
    )
    .unwrap();
    world
        .wrong(&["run"])
        .await
        .has("migrations/2_b.up.sql:2:9: error[invalid-utf8]");
    assert_eq!(
        world.value("to_regclass('_sqlx_migrations') IS NULL").await,
        "true"
    );
    world.end().await;
}

#[tokio::test]
async fn an_empty_folder_is_up_to_date() {
    let world = World::new(&[]).await;
    assert_eq!(world.ok(&["run"]).await, "the database is up to date\n");
    assert_eq!(world.ok(&["history"]).await, "");
    world.end().await;
}

fn git(world: &World, arguments: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(world.project.path())
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn an_edited_applied_file_is_an_error_with_what_changed_since() {
    let text = "CREATE TABLE a (\n    id bigint,\n    name text\n);\n";
    let world = World::new(&[("1_a.up.sql", text)]).await;
    world.ok(&["run"]).await;
    world.write(
        "1_a.up.sql",
        &text.replace("name text", "name text NOT NULL"),
    );
    world
        .wrong(&["run"])
        .await
        .has("migrations/1_a.up.sql: error[edited-migration]")
        .has("git knows no version");

    git(&world, &["init", "-q"]);
    world.write("1_a.up.sql", text);
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "one"]);
    world.write(
        "1_a.up.sql",
        &text.replace("name text", "name text NOT NULL"),
    );
    git(&world, &["commit", "-qam", "two"]);
    world
        .wrong(&["run"])
        .await
        .has("-    name text\n")
        .has("+    name text NOT NULL\n")
        .has("help: `git checkout ");
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 1, "{status:?}");
    assert!(
        status.out.contains("1  a  edited after it was applied"),
        "{status:?}"
    );
    for command in ["run", "revert"] {
        assert_eq!(world.migrate(&[command]).await.code, 1);
    }
    world.end().await;
}

#[tokio::test]
async fn an_applied_migration_whose_file_is_gone_is_named_with_the_commit_that_had_it() {
    let world = World::new(&[("1_a.up.sql", "SELECT 1;\n"), ("2_b.up.sql", "SELECT 2;\n")]).await;
    git(&world, &["init", "-q"]);
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "one"]);
    world.ok(&["run"]).await;
    world.remove("2_b.up.sql");
    world.write("3_c.up.sql", "SELECT 3;\n");
    world
        .wrong(&["run"])
        .await
        .has("error[missing-migration]: version 2 (b) is applied")
        .has("-- 'migrations/2_*'`");
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 1, "{status:?}");
    assert!(status.out.contains("2  b  missing"), "{status:?}");
    world.ok(&["unmark", "2"]).await;
    world.ok(&["run"]).await;
    world.end().await;
}
