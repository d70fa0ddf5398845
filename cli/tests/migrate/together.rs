//! Two processes at once, and the output of one that takes long.

use super::world::{IS_STOPPED, World, said};
use sqlx::{Connection as _, Executor as _};

#[tokio::test]
async fn two_processes_that_migrate_at_once_apply_each_migration_once() {
    let names: Vec<String> = (1..=10).map(|n| format!("{n}_t.up.sql")).collect();
    let texts: Vec<String> = (1..=10)
        .map(|n| format!("CREATE TABLE t{n} (id int);\n"))
        .collect();
    let files: Vec<(&str, &str)> = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let world = World::new(&files).await;
    let children: Vec<_> = (0..4).map(|_| world.start(&["run"])).collect();
    let mut applied = 0;
    for child in children {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{said:?}");
        applied += said.err.matches("applied: ").count();
    }
    assert_eq!(applied, 10);
    world.end().await;
}

#[tokio::test]
async fn who_holds_the_lock_is_named_and_waiting_can_be_limited() {
    let world = World::new(&[("1_wait.up.sql", "SELECT pg_advisory_xact_lock(7);\n")]).await;
    let mut blocker = world.connect().await;
    blocker.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    let running = world.start(&["run"]);
    world.until(IS_STOPPED).await;
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 3, "{status:?}");
    assert!(
        status.out.contains("being migrated by process "),
        "{status:?}"
    );
    assert!(
        status.out.contains("(xact migrate, role postgres"),
        "{status:?}"
    );
    let second = world.migrate(&["run", "--wait", "0"]).await;
    assert_eq!(second.code, 2, "{second:?}");
    assert!(
        second.err.contains("being migrated by process "),
        "{second:?}"
    );
    blocker.close().await.unwrap();
    assert_eq!(said(running.wait_with_output().unwrap()).code, 0);
    world.end().await;
}

#[tokio::test]
async fn a_long_statement_is_shown_with_what_it_waits_for() {
    let world = World::new(&[
        ("1_t.up.sql", "CREATE TABLE t (id int);\n"),
        (
            "2_add.up.sql",
            "-- A comment.\nALTER TABLE t\n    ADD a int;\n",
        ),
    ])
    .await;
    world.ok(&["run", "--to", "1"]).await;
    let mut blocker = world.connect().await;
    blocker
        .execute("SET application_name = 'the report'; BEGIN; SELECT * FROM t")
        .await
        .unwrap();
    let mut running = world.start(&["run"]);
    let mut lines =
        std::io::BufRead::lines(std::io::BufReader::new(running.stderr.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.starts_with("running: migrations/2_add.up.sql:2: ALTER TABLE t (for "),
        "{first}"
    );
    assert!(
        first.contains("waits for a lock that is held by process "),
        "{first}"
    );
    assert!(
        first.contains("(the report, idle in transaction"),
        "{first}"
    );
    blocker.close().await.unwrap();
    assert!(running.wait().unwrap().success());
    world.end().await;
}

#[tokio::test]
async fn waiting_for_another_process_is_said_once() {
    let world = World::new(&[("1_wait.up.sql", "SELECT pg_advisory_xact_lock(7);\n")]).await;
    let mut blocker = world.connect().await;
    blocker.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    let first = world.start(&["run"]);
    world.until(IS_STOPPED).await;
    let second = world.start(&["run"]);
    // Long enough for the seconds in the description of the holder to change.
    tokio::time::sleep(std::time::Duration::from_millis(4500)).await;
    blocker.close().await.unwrap();
    assert_eq!(said(first.wait_with_output().unwrap()).code, 0);
    let second = said(second.wait_with_output().unwrap());
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(second.err.matches("waiting: ").count(), 1, "{second:?}");
    world.end().await;
}

/// Holds a lock on table `t` until it is closed.
async fn hold_lock(world: &World) -> sqlx::PgConnection {
    let mut blocker = world.connect().await;
    let sql = "BEGIN; SELECT * FROM t";
    blocker.execute(sql).await.unwrap();
    blocker
}

#[tokio::test]
async fn a_change_that_waits_behind_traffic_lets_the_traffic_pass_and_is_tried_again() {
    for (first, more) in [
        ("", ""),
        ("-- no-transaction\n", "CREATE TABLE before (id int);\n"),
    ] {
        let text = format!("{first}{more}ALTER TABLE t ADD a int;\n");
        let world = World::new(&[
            ("1_t.up.sql", "CREATE TABLE t (id int);\n"),
            ("2_add.up.sql", &text),
        ])
        .await;
        world.ok(&["run", "--to", "1"]).await;
        let blocker = hold_lock(&world).await;
        let mut running = world.start(&["run", "--lock-timeout", "0.2"]);
        let stderr = std::io::BufReader::new(running.stderr.take().unwrap());
        let mut lines = std::io::BufRead::lines(stderr);
        // The line before it names the session in the way, if that was asked for in time.
        let first = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.starts_with("blocked: "));
        let line = first.unwrap();
        assert!(
            line.contains("ALTER TABLE t ADD a int did not get its lock in time (attempt 1 of 10)"),
            "{line}"
        );
        // While the attempt pauses, other queries on the table go on.
        let read = world.value("SELECT count(*) FROM t");
        let read = tokio::time::timeout(std::time::Duration::from_secs(5), read);
        assert_eq!(read.await.unwrap(), "0");
        blocker.close().await.unwrap();
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert!(running.wait().unwrap().success(), "{rest:?}");
        assert_eq!(world.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'").await, "1");
        world.end().await;
    }
}

#[tokio::test]
async fn a_lock_timeout_that_the_migration_sets_is_kept() {
    let text = "SET LOCAL lock_timeout = '2min';\nCREATE TABLE seen AS SELECT current_setting('lock_timeout') AS t;\n";
    let world = World::new(&[("1_a.up.sql", text)]).await;
    world.ok(&["run"]).await;
    assert_eq!(world.value("SELECT t FROM seen").await, "2min");
    // The text of the migration must not name the setting.
    let setting = "SELECT setting FROM pg_settings WHERE name = 'lock_' || 'timeout'";
    world.write(
        "2_b.up.sql",
        &format!("CREATE TABLE ddl AS {setting};\nINSERT INTO ddl {setting};\n"),
    );
    world.ok(&["run"]).await;
    let seen = "SELECT string_agg(setting, ' ') FROM ddl";
    assert_eq!(world.value(seen).await, "5000 0");
    world.end().await;
}
