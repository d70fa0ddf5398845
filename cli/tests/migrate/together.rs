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
