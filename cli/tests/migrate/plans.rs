//! `--dry-run` and `--sql`: the whole of what `run` would do, and nothing is changed.

use super::world::{CheckOutput as _, World};
use std::process::Command;

const STEPS: (&str, &str) = (
    "1_steps.up.sql",
    "-- no-transaction\nCREATE TABLE t (id int);\nALTER TABLE nope ADD a int;\n",
);

#[tokio::test]
async fn a_plan_names_the_migration_that_would_be_continued_and_a_script_is_refused() {
    let world = World::new(&[STEPS, ("2_more.up.sql", "CREATE TABLE more ();\n")]).await;
    world.wrong(&["run"]).await;
    let plan = "would be continued: 1_steps, which was interrupted while it was being applied\n\
                would be applied: migrations/2_more.up.sql\n";
    assert_eq!(world.ok(&["run", "--dry-run"]).await, plan);
    for command in ["run", "revert"] {
        let report = world.failed(&[command, "--sql"]).await;
        report
            .has("version 1 was interrupted on its way")
            .has("help: `xact migrate run` continues it; or undo its finished part by hand, and then `xact migrate unmark 1`");
    }
    world.write(STEPS.0, "-- no-transaction\nCREATE TABLE u (id int);\n");
    world
        .wrong(&["run", "--dry-run"])
        .await
        .has("help: restore its first step, or,");
    world.end().await;
}

#[tokio::test]
async fn a_plan_says_that_the_database_is_ahead() {
    let world = World::new(&[("1_t.up.sql", "SELECT 1;\n"), ("2_t.up.sql", "SELECT 2;\n")]).await;
    world.ok(&["run"]).await;
    world.remove("2_t.up.sql");
    assert_eq!(
        world.ok(&["run", "--dry-run"]).await,
        "note: the database is ahead of the files: it also has 2 (t)\nthe database is up to date\n"
    );
    world.end().await;
}

#[tokio::test]
async fn migrate_alone_takes_the_arguments_of_run_and_no_other_command_does() {
    let world = World::new(&[
        ("1_t.up.sql", "CREATE TABLE t ();\n"),
        ("1_t.down.sql", "DROP TABLE t;\n"),
    ])
    .await;
    assert_eq!(
        world.ok(&["--dry-run"]).await,
        "would be applied: migrations/1_t.up.sql\n"
    );
    assert!(world.ok(&["--sql"]).await.contains("CREATE TABLE t ();"));
    world.ok(&["--to", "1"]).await;
    let report = world.failed(&["--dry-run", "revert"]).await;
    report.has("`xact migrate revert --dry-run`");
    assert_eq!(world.value("SELECT to_regclass('t')").await, "t");
    world.end().await;
}

#[tokio::test]
async fn a_script_replaces_the_records_of_squashed_migrations_as_run_does() {
    let texts = [
        "CREATE TABLE a ();\n",
        "CREATE TABLE b ();\n",
        "CREATE TABLE c ();\n",
    ];
    let names = ["1_a.up.sql", "2_b.up.sql", "3_c.up.sql"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(texts).collect();
    let world = World::new(&files).await;
    world.ok(&["run"]).await;
    let squashed = format!(
        "-- squashes: 1_a {}\n-- squashes: 2_b {}\nCREATE TABLE a ();\nCREATE TABLE b ();\n",
        short_checksum(texts[0]),
        short_checksum(texts[1])
    );
    world.remove("1_a.up.sql");
    world.remove("2_b.up.sql");
    world.write("2_both.up.sql", &squashed);
    assert_eq!(
        world.ok(&["run", "--dry-run"]).await,
        "would be recorded: migrations/2_both.up.sql, in place of 2 migrations that it replaces\n"
    );
    let script = world.ok(&["run", "--sql"]).await;
    let file = world.project.path().join("script.sql");
    std::fs::write(&file, &script).unwrap();
    let ran = Command::new("psql")
        .args(["-qX", &world.url, "-f"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}\n{script}");
    let versions = "SELECT string_agg(version || ' ' || description, ', ' ORDER BY version) FROM _sqlx_migrations";
    assert_eq!(world.value(versions).await, "2 both, 3 c");
    let status = world.ok(&["status"]).await;
    assert!(!status.contains("out of order"), "{status}");
    assert_eq!(world.ok(&["run"]).await, "the database is up to date\n");
    world.end().await;
}

/// The first bytes of the SHA-384 that stock sqlx records, in hexadecimal.
fn short_checksum(text: &str) -> String {
    use sqlx::{AssertSqlSafe, SqlSafeStr as _};
    let sql = AssertSqlSafe(text.to_owned()).into_sql_str();
    let kind = sqlx::migrate::MigrationType::Simple;
    let migration = sqlx::migrate::Migration::new(1, "".into(), kind, sql, false);
    let first = migration.checksum.first_chunk().unwrap();
    format!("{:016x}", u64::from_be_bytes(*first))
}
