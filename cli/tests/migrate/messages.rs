//! Messages of `xact migrate`: each is true, and names the next step.

use super::world::{CheckOutput as _, World};

const ONE: (&str, &str) = ("1_t.up.sql", "CREATE TABLE t ();\n");

#[tokio::test]
async fn an_error_after_a_migration_that_was_applied_does_not_say_that_nothing_was_written() {
    let world = World::new(&[ONE, ("2_u.up.sql", "CREATE TABLE u (a nope);\n")]).await;
    let report = world.wrong(&["run"]).await;
    let report = report.has("applied: migrations/1_t.up.sql");
    assert!(report.ends_with("\n1 error\n"), "{report}");
    world.end().await;
}

#[tokio::test]
async fn a_refused_way_back_says_that_nothing_of_it_was_done() {
    let world = World::new(&[ONE, ("1_t.down.sql", "DROP TABLE t;\nDROP TABLE nope;\n")]).await;
    world.ok(&["run"]).await;
    world
        .wrong(&["revert"])
        .await
        .has("note: nothing of this file was done; the others are only reverted after it");
    assert_eq!(world.value("SELECT to_regclass('t')").await, "t");
    world.end().await;
}

#[tokio::test]
async fn a_migration_that_releases_the_lock_is_no_pooler() {
    let world = World::new(&[("1_unlock.up.sql", "SELECT pg_advisory_unlock_all();\n")]).await;
    let report = world.failed(&["run"]).await;
    let report = report.has("a migration released the lock under which it ran");
    assert!(!report.contains("nothing was changed"), "{report}");
    world.ok(&["run"]).await;
    world.end().await;
}

#[tokio::test]
async fn a_migration_may_deallocate_all_statements() {
    let world = World::new(&[("1_d.up.sql", "DEALLOCATE ALL;\nCREATE TABLE t ();\n")]).await;
    let applied = "applied: migrations/1_d.up.sql\nthe database is up to date\n";
    assert_eq!(world.ok(&["run"]).await, applied);
    world.ok(&["verify"]).await;
    world.end().await;
}

#[tokio::test]
async fn a_role_that_a_dump_lacks_has_help() {
    let world = World::new(&[(
        "1_dump.up.sql",
        "CREATE TABLE t ();\nGRANT SELECT ON t TO no_such_role;\n",
    )])
    .await;
    world
        .wrong(&["run"])
        .await
        .has("roles belong to the server, and no dump of a database has them");
    world.end().await;
}

#[tokio::test]
async fn a_migration_under_another_version_is_recognised_by_its_text() {
    let world = World::new(&[ONE]).await;
    world.ok(&["run"]).await;
    world.remove(ONE.0);
    world.write("2_t.up.sql", ONE.1);
    world
        .wrong(&["run"])
        .await
        .has("version 1 (t) is applied, and its file is not there")
        .has("note: `migrations/2_t.up.sql` has its text, under the version 2")
        .has("help: name it 1 again");
    world.end().await;
}

#[tokio::test]
async fn files_in_folders_below_are_named_once_as_no_migrations() {
    let world = World::new(&[ONE]).await;
    for name in ["2026_notes", "2027_tags"] {
        std::fs::create_dir(world.folder().join(name)).unwrap();
        world.write(&format!("{name}/up.sql"), "SELECT 1;\n");
    }
    let report = world.ok(&["run"]).await;
    assert_eq!(
        report.matches("warning[migration-name]").count(),
        1,
        "{report}"
    );
    report
        .has("files in folders below `migrations/` are no migrations, here and for stock sqlx")
        .has("as `migrations/2026_notes.up.sql`")
        .has("the database is up to date");
    world.end().await;
}

#[tokio::test]
async fn a_version_that_no_bigint_holds_is_named_as_too_large() {
    let world = World::new(&[("99999999999999999999_t.up.sql", "SELECT 1;\n")]).await;
    world
        .wrong(&["run"])
        .await
        .has("the version 99999999999999999999 is larger than 9223372036854775807");
    world.end().await;
}

#[tokio::test]
async fn a_short_lock_timeout_still_names_the_session_in_the_way() {
    let world = World::new(&[ONE, ("2_a.up.sql", "ALTER TABLE t ADD a int;\n")]).await;
    world.ok(&["run", "--to", "1"]).await;
    let mut blocker = world.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE")
        .execute(&mut blocker)
        .await
        .unwrap();
    let running = world.start(&["run", "--lock-timeout", "1.5"]);
    let is_waiting = "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = to_regclass('t') \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    world.until(is_waiting).await;
    // It is asked about after half of its timeout.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    sqlx::Connection::close(blocker).await.unwrap();
    let said = super::world::said(running.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("(for 0."), "{said:?}");
    assert!(
        said.err
            .contains("waits for a lock that is held by process "),
        "{said:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_login_without_rights_and_a_server_without_writes_have_help() {
    let world = World::new(&[ONE]).await;
    let name = world.value("SELECT current_database()").await;
    world
        .execute(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = on"
        ))
        .await;
    world
        .failed(&["run"])
        .await
        .has("help: this server takes no writes: name the primary");
    world
        .execute(&format!(
            "BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT"
        ))
        .await;
    world.ok(&["run"]).await;
    let role = format!("login_{name}");
    world
        .execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'"))
        .await;
    let url = world.url.replacen("postgres@", &format!("{role}:x@"), 1);
    let report = world.failed(&["status", "--database", &url]).await;
    world.execute(&format!("DROP ROLE {role}")).await;
    report.has("help: migrations run as the owner of the tables");
    world.end().await;
}
