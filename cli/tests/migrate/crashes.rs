//! The process or its connection dies in the middle of a step: nothing is lost, `status` tells the
//! truth, the next run continues.

use super::world::{IS_STOPPED, World, said};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection as _, Executor as _, PgConnection};

/// How a step ends before its end.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// The process is killed.
    Process,
    /// The server ends the session.
    Session,
}

const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'xact migrate'";
const NOBODY: &str = "NOT EXISTS (SELECT FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'xact migrate')";

/// Runs until the migration waits for `blocker`, and ends it there.
async fn die(world: &World, command: &str, death: Death, blocker: PgConnection) {
    let mut running = world.start(&[command]);
    world.until(IS_STOPPED).await;
    match death {
        Death::Process => running.kill().unwrap(),
        Death::Session => world.execute(TERMINATE).await,
    }
    assert!(!running.wait().unwrap().success());
    // The server notices by itself, though the statement still waits.
    world.until(NOBODY).await;
    blocker.close().await.unwrap();
}

async fn advisory(world: &World) -> PgConnection {
    let mut blocker = world.connect().await;
    blocker.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    blocker
}

#[tokio::test]
async fn an_interrupted_run_prints_what_stays_and_rolls_the_rest_back() {
    let world = World::new(&[
        ("1_a.up.sql", "CREATE TABLE a (id int);\n"),
        (
            "2_b.up.sql",
            "CREATE TABLE b (id int);\nSELECT pg_sleep(60);\n",
        ),
    ])
    .await;
    let running = world.start(&["run"]);
    let sleeps = "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
        AND wait_event = 'PgSleep')";
    world.until(sleeps).await;
    let pid = Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let said = said(running.wait_with_output().unwrap());
    assert_eq!(said.code, 130, "{said:?}");
    let lines = "applied: migrations/1_a.up.sql\ninterrupted: the steps that were reported are done, and a migration in \
        its transaction is rolled back; `xact migrate status` shows the others\n";
    assert_eq!(said.err, lines);
    world.until(NOBODY).await;
    let left = world.value("SELECT concat(to_regclass('a'), to_regclass('b'))");
    assert_eq!(left.await, "a");
    world.end().await;
}

#[tokio::test]
async fn a_death_in_a_transaction_leaves_nothing_of_the_migration() {
    for death in [Death::Process, Death::Session] {
        let world = World::new(&[
            ("1_a.up.sql", "CREATE TABLE a (id int);\n"),
            ("2_b.up.sql", "CREATE TABLE b (id int);\nSELECT pg_advisory_xact_lock(7);\nCREATE TABLE c (id int);\n"),
        ])
        .await;
        let blocker = advisory(&world).await;
        die(&world, "run", death, blocker).await;
        let status = world.migrate(&["status"]).await;
        assert!(
            status.out.contains("1  a  applied") && status.out.contains("2  b  pending\n"),
            "{status:?}"
        );
        assert_eq!(
            world.value("to_regclass('b') IS NULL").await,
            "true",
            "{death:?}"
        );
        world.ok(&["run"]).await;
        assert_eq!(world.value("to_regclass('c') IS NOT NULL").await, "true");
        world.end().await;
    }
}

#[tokio::test]
async fn a_death_at_any_step_outside_a_transaction_is_continued_at_that_step() {
    let steps = [
        "CREATE TABLE a (id int)",
        "CREATE TABLE b (id int)",
        "CREATE TABLE c (id int)",
    ];
    for death in [Death::Process, Death::Session] {
        for place in 0..=steps.len() {
            let mut lines = vec!["-- no-transaction"];
            lines.extend(&steps[..place]);
            lines.push("SELECT pg_advisory_xact_lock(7)");
            lines.extend(&steps[place..]);
            let text = lines.join(";\n").replacen(';', "", 1) + ";\n";
            let world = World::new(&[("1_s.up.sql", &text)]).await;
            let blocker = advisory(&world).await;
            die(&world, "run", death, blocker).await;
            let status = world.migrate(&["status"]).await;
            assert_eq!(status.code, 3, "{status:?}");
            let told = format!(
                "interrupted while it was being applied at migrations/1_s.up.sql:{}",
                place + 2
            );
            let unbegun = place == 0 && status.out.contains("1  s  pending");
            assert!(status.out.contains(&told) || unbegun, "{told}: {status:?}");
            world.ok(&["run"]).await;
            assert_eq!(
                world
                    .value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
                    .await,
                "4"
            );
            world.end().await;
        }
    }
}

#[tokio::test]
async fn half_an_index_is_built_anew_by_the_next_run() {
    for death in [Death::Process, Death::Session] {
        let text = "-- no-transaction\nSET lock_timeout = '1h';\nCREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);\n";
        let world = World::new(&[
            ("1_t.up.sql", "CREATE TABLE t (a int);\n"),
            ("2_i.up.sql", text),
        ])
        .await;
        world.ok(&["run", "--to", "1"]).await;
        let mut blocker = world.connect().await;
        blocker
            .execute("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE")
            .await
            .unwrap();
        die(&world, "run", death, blocker).await;
        let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('t_a')";
        assert_eq!(
            world.value(valid).await,
            "false",
            "there has to be half an index"
        );
        let status = world.migrate(&["status"]).await;
        assert!(
            status
                .out
                .contains("interrupted while it was being applied at migrations/2_i.up.sql:3"),
            "{status:?}"
        );
        world.ok(&["run"]).await;
        assert_eq!(world.value(valid).await, "true");
        world.end().await;
    }
}

#[tokio::test]
async fn an_index_that_was_built_and_not_counted_is_not_built_twice() {
    let text = "-- no-transaction\nCREATE INDEX CONCURRENTLY t_a ON t (a);\nCREATE INDEX CONCURRENTLY t_b ON t (b);\n";
    let world = World::new(&[
        ("1_t.up.sql", "CREATE TABLE t (a int, b int);\n"),
        ("2_i.up.sql", text),
    ])
    .await;
    world.ok(&["run", "--to", "1"]).await;
    let mut blocker = world.connect().await;
    blocker
        .execute("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE")
        .await
        .unwrap();
    die(&world, "run", Death::Process, blocker).await;
    // As if the process had died between the end of the statement and its count.
    world.execute("DROP INDEX t_a").await;
    world.execute("CREATE INDEX t_a ON t (a)").await;
    world.ok(&["run"]).await;
    let indexes = "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY 1) FROM (SELECT * FROM pg_index WHERE indrelid = 't'::regclass) i";
    assert_eq!(
        world
            .value(&indexes.replace("ORDER BY 1", "ORDER BY indexrelid::regclass::text"))
            .await,
        "t_a t_b"
    );
    world.end().await;
}

#[tokio::test]
async fn a_procedure_that_may_be_done_or_not_is_left_to_a_person() {
    let text = "-- no-transaction\nDO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; PERFORM pg_advisory_xact_lock(7); END $$;\n";
    let world = World::new(&[
        ("1_t.up.sql", "CREATE TABLE t (a int);\n"),
        ("2_do.up.sql", text),
    ])
    .await;
    world.ok(&["run", "--to", "1"]).await;
    let blocker = advisory(&world).await;
    die(&world, "run", Death::Process, blocker).await;
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("migrations/2_do.up.sql:2:1: error[interrupted]"),
        "{report}"
    );
    assert!(report.contains("xact migrate mark VERSION"), "{report}");
    assert_eq!(
        world.value("SELECT count(*) FROM t").await,
        "1",
        "it is not run twice"
    );
    world.ok(&["mark", "2"]).await;
    assert_eq!(world.migrate(&["status"]).await.code, 0);
    world.end().await;
}
