//! `run`, `revert`, `status`: forward, back, and where one is.

use super::world::{World, migrate, said};

const NOTES: &str = "CREATE TABLE notes (id bigint PRIMARY KEY);\n";
const TAGS: &str = "CREATE TABLE tags (id bigint PRIMARY KEY);\n";

async fn world() -> World {
    World::new(&[
        ("1_notes.up.sql", NOTES),
        ("1_notes.down.sql", "DROP TABLE notes;\n"),
        ("2_tags.up.sql", TAGS),
        ("2_tags.down.sql", "DROP TABLE tags;\n"),
        ("3_more.up.sql", "ALTER TABLE tags ADD name text;\n"),
        ("3_more.down.sql", "ALTER TABLE tags DROP name;\n"),
    ])
    .await
}

#[tokio::test]
async fn run_stops_at_the_version_asked_for_and_revert_goes_back_to_one() {
    let world = world().await;
    let report = world.ok(&["run", "--to", "2"]).await;
    assert!(
        report.contains("applied: migrations/2_tags.up.sql\n1 more up to the head\n"),
        "{report}"
    );
    let report = world.ok(&["run"]).await;
    assert_eq!(
        report,
        "applied: migrations/3_more.up.sql\nthe database is up to date\n"
    );
    let report = world.ok(&["revert"]).await;
    assert_eq!(report, "reverted: migrations/3_more.down.sql\n");
    let report = world.ok(&["revert", "--to", "0"]).await;
    assert_eq!(
        report,
        "reverted: migrations/2_tags.down.sql\nreverted: migrations/1_notes.down.sql\n"
    );
    assert_eq!(world.ok(&["revert"]).await, "there is nothing to revert\n");
    world.ok(&["run"]).await;
    let report = world.ok(&["revert", "-n", "2"]).await;
    assert!(
        report.contains("2_tags.down.sql") && !report.contains("1_notes"),
        "{report}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_applied_and_changes_nothing() {
    let world = world().await;
    let report = world.ok(&["run", "--dry-run", "--to", "1"]).await;
    assert_eq!(report, "would be applied: migrations/1_notes.up.sql\n");
    assert_eq!(
        world.value("to_regclass('_sqlx_migrations') IS NULL").await,
        "true"
    );
    world.end().await;
}

#[tokio::test]
async fn status_exits_with_3_while_migrations_wait_and_0_when_there_are_none() {
    let world = world().await;
    world.ok(&["run", "--to", "1"]).await;
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 3, "{status:?}");
    assert!(status.out.contains("1  notes  applied 20"), "{status:?}");
    assert!(status.out.contains("2  tags   pending\n"), "{status:?}");
    assert!(
        status.out.ends_with("2 migrations are pending\n"),
        "{status:?}"
    );
    world.ok(&["run"]).await;
    assert!(
        world
            .ok(&["info"])
            .await
            .ends_with("the database is up to date\n")
    );
    let json = world.ok(&["status", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["up_to_date"], true);
    assert_eq!(json["heads"], serde_json::json!([3]));
    assert_eq!(json["migrations"][2]["state"], "applied");
    assert_eq!(json["migrations"][2]["depends"], serde_json::json!([2]));
    world.end().await;
}

#[tokio::test]
async fn a_refused_statement_is_shown_with_its_line_and_nothing_of_its_migration_stays() {
    let world = world().await;
    let bad = "CREATE TABLE half (id bigint);\n\nALTER TABLE half\n    ADD CHECK (wrong > 0);\n";
    world.write("4_bad.up.sql", bad);
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("applied: migrations/3_more.up.sql"),
        "{report}"
    );
    assert!(report.contains("migrations/4_bad.up.sql:"), "{report}");
    assert!(
        report.contains("column \"wrong\" does not exist"),
        "{report}"
    );
    assert!(
        report.contains("this migration was rolled back"),
        "{report}"
    );
    assert_eq!(world.value("to_regclass('half') IS NULL").await, "true");
    assert_eq!(
        world.value("SELECT count(*) FROM _sqlx_migrations").await,
        "3"
    );
    world.write("4_bad.up.sql", "CREATE TABLE half (id bigint);\n");
    assert!(
        world
            .ok(&["run"])
            .await
            .contains("applied: migrations/4_bad.up.sql")
    );
    world.end().await;
}

#[tokio::test]
async fn a_constraint_that_speaks_up_only_at_the_commit_undoes_its_migration() {
    let world = World::new(&[(
        "1_later.up.sql",
        "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n\
         INSERT INTO b VALUES (1);\n",
    )])
    .await;
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("violates foreign key constraint"),
        "{report}"
    );
    assert_eq!(world.value("to_regclass('a') IS NULL").await, "true");
    assert_eq!(
        world.value("SELECT count(*) FROM _sqlx_migrations").await,
        "0"
    );
    world.end().await;
}

#[tokio::test]
async fn what_a_migration_sets_ends_with_it_and_hides_no_record() {
    let world = World::new(&[
        ("1_paths.up.sql", "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (id int);\n"),
        ("2_role.up.sql", "CREATE ROLE nobody_in_particular;\nGRANT CREATE ON SCHEMA public TO nobody_in_particular;\n\
            SET ROLE nobody_in_particular;\nCREATE TABLE b (id int);\n"),
        ("3_after.up.sql", "CREATE TABLE c (id int);\n"),
    ])
    .await;
    world.ok(&["run"]).await;
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'c'";
    assert_eq!(world.value(owner).await, "postgres");
    world
        .execute("DROP OWNED BY nobody_in_particular; DROP ROLE nobody_in_particular")
        .await;
    world.end().await;
}

#[tokio::test]
async fn begin_and_commit_around_a_migration_do_not_part_it_from_its_record() {
    let text = "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE a (id int);\n";
    let world = World::new(&[("1_a.up.sql", text)]).await;
    let report = world.wrong(&["run"]).await;
    assert!(report.contains("migrations/1_a.up.sql:4"), "{report}");
    assert_eq!(world.value("to_regclass('a') IS NULL").await, "true");
    world.write("1_a.up.sql", "CREATE TABLE a (id int);\nROLLBACK;\n");
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("migrations/1_a.up.sql:2:1: error[transaction-control]"),
        "{report}"
    );
    world.end().await;
}

#[tokio::test]
async fn reverting_what_has_no_down_file_is_refused_before_anything_is_touched() {
    let world = world().await;
    world.remove("2_tags.down.sql");
    world.ok(&["run"]).await;
    let report = world.wrong(&["revert", "-n", "3"]).await;
    assert!(report.contains("error[irreversible]"), "{report}");
    assert!(
        report.contains("help: write `migrations/2_tags.down.sql`"),
        "{report}"
    );
    assert_eq!(
        world.value("SELECT count(*) FROM _sqlx_migrations").await,
        "3"
    );
    world.end().await;
}

#[tokio::test]
async fn a_version_that_there_is_not_is_named_with_those_there_are() {
    let world = world().await;
    let said = world.migrate(&["run", "--to", "7"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("no migration of version 7"), "{said:?}");
    assert!(
        said.err.contains("the last: 1_notes, 2_tags, 3_more"),
        "{said:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn the_database_is_read_from_a_file_of_variables_and_its_absence_is_explained() {
    let world = world().await;
    let run = || said(migrate(world.project.path(), &["run"]).output().unwrap());
    let without = run();
    assert_eq!(without.code, 2, "{without:?}");
    assert!(without.err.contains("no database is named"), "{without:?}");
    assert!(without.err.contains("xact dev up"), "{without:?}");
    let text = format!("# local\nOTHER=1\nDATABASE_URL=\"{}\"\n", world.url);
    std::fs::write(world.project.path().join(".env"), text).unwrap();
    let with = run();
    assert_eq!(with.code, 0, "{with:?}");
    world.end().await;
}

#[tokio::test]
async fn the_printed_script_does_what_a_run_does() {
    let world = world().await;
    world.write(
        "4_index.up.sql",
        "CREATE INDEX CONCURRENTLY tags_name ON tags (name);\n",
    );
    let script = world.ok(&["run", "--sql"]).await;
    assert_eq!(
        world.value("to_regclass('notes') IS NULL").await,
        "true",
        "it only prints"
    );
    let file = world.project.path().join("script.sql");
    std::fs::write(&file, &script).unwrap();
    let psql = std::process::Command::new("psql")
        .args(["-qX", &world.url, "-f"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(
        psql.status.success(),
        "{}\n{script}",
        String::from_utf8_lossy(&psql.stderr)
    );
    assert!(
        world
            .ok(&["status"])
            .await
            .ends_with("the database is up to date\n")
    );
    let said = said(
        migrate(world.project.path(), &["run", "--sql", "--to", "1"])
            .output()
            .unwrap(),
    );
    assert!(
        said.out.contains("CREATE TABLE notes") && !said.out.contains("tags"),
        "{said:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_revert_can_be_planned_and_printed_and_the_script_does_the_same() {
    let world = world().await;
    world.write(
        "4_index.up.sql",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY tags_name ON tags (name);\n",
    );
    world.write(
        "4_index.down.sql",
        "-- no-transaction\nDROP INDEX CONCURRENTLY tags_name;\n",
    );
    world.ok(&["run"]).await;
    let planned = world.ok(&["revert", "-n", "3", "--dry-run"]).await;
    assert_eq!(
        planned,
        "would be reverted: migrations/4_index.down.sql\n\
         would be reverted: migrations/3_more.down.sql\n\
         would be reverted: migrations/2_tags.down.sql\n"
    );
    let script = world.ok(&["revert", "-n", "3", "--sql"]).await;
    assert_eq!(
        world.value("SELECT count(*) FROM _sqlx_migrations").await,
        "4"
    );
    // The commands of `psql` in it only say how it works.
    let statements = script.replace("\\set ON_ERROR_STOP on\n", "");
    let mut connection = world.connect().await;
    for statement in statements.split(";\n") {
        let sql = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::Executor::execute(&mut connection, sql).await.unwrap();
    }
    assert_eq!(
        world
            .value("SELECT string_agg(version::text, ' ') FROM _sqlx_migrations")
            .await,
        "1"
    );
    assert_eq!(world.value("to_regclass('tags') IS NULL").await, "true");
    world.end().await;
}

#[tokio::test]
async fn a_project_is_found_from_the_folders_below_it() {
    let world = world().await;
    let below = world.project.path().join("src/deep");
    std::fs::create_dir_all(&below).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_xact"))
        .args(["migrate", "run"])
        .current_dir(&below)
        .env("DATABASE_URL", &world.url)
        .output()
        .unwrap();
    let said = said(output);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.err.contains("applied: migrations/3_more.up.sql"),
        "{said:?}"
    );
    world.end().await;
}
