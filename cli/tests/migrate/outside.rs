//! Migrations that cannot run in a transaction.

use super::world::{CheckOutput as _, World};

const TABLE: (&str, &str) = ("1_t.up.sql", "CREATE TABLE t (id int, a int);\n");
const VALID: &str = "SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') FROM pg_index WHERE indrelid = 't'::regclass";

#[tokio::test]
async fn what_postgres_refuses_in_a_transaction_runs_outside_of_one_and_is_told() {
    let text = "ALTER TABLE t ADD b int;\nCREATE INDEX CONCURRENTLY t_a ON t (a);\nVACUUM t;\n";
    let world = World::new(&[TABLE, ("2_index.up.sql", text)]).await;
    let report = world.ok(&["run"]).await;
    assert!(
        report.contains(
            "note: migrations/2_index.up.sql:2: Postgres takes this statement in no transaction"
        ),
        "{report}"
    );
    assert!(
        report.contains("help: make `-- no-transaction` the first line"),
        "{report}"
    );
    assert_eq!(world.value(VALID).await, "t_a true");
    world.write(
        "3_more.up.sql",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY t_b ON t (b);\n",
    );
    let report = world.ok(&["run"]).await;
    assert_eq!(
        report,
        "applied: migrations/3_more.up.sql\nthe database is up to date\n"
    );
    world.end().await;
}

#[tokio::test]
async fn a_refused_first_statement_leaves_neither_a_record_nor_half_an_index() {
    let world = World::new(&[
        TABLE,
        (
            "2_unique.up.sql",
            "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);\n",
        ),
    ])
    .await;
    world.ok(&["run", "--to", "1"]).await;
    world.execute("INSERT INTO t VALUES (1, 1), (2, 1)").await;
    let report = world.wrong(&["run"]).await;
    assert!(report.contains("migrations/2_unique.up.sql:2"), "{report}");
    assert!(report.contains("could not create unique index"), "{report}");
    assert_eq!(world.value(VALID).await, "");
    assert_eq!(
        world.value("SELECT count(*) FROM _sqlx_migrations").await,
        "1"
    );
    world.execute("DELETE FROM t WHERE id = 2").await;
    world.ok(&["run"]).await;
    assert_eq!(world.value(VALID).await, "t_a true");
    world.end().await;
}

#[tokio::test]
async fn a_refused_later_statement_is_named_by_status_and_continued_once_mended() {
    let head = "-- no-transaction\nCREATE TABLE u (id int);\n";
    let world = World::new(&[
        TABLE,
        ("2_steps.up.sql", &format!("{head}CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (nope);\nCREATE TABLE v (id int);\n")),
    ])
    .await;
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("the statements above it are done and stay"),
        "{report}"
    );
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 3, "{status:?}");
    let told = "2  steps  interrupted while it was being applied at migrations/2_steps.up.sql:3";
    assert!(status.out.contains(told), "{status:?}");

    // Statements that ran may not change; those that did not, may.
    world.write(
        "2_steps.up.sql",
        "-- no-transaction\nCREATE TABLE other (id int);\nSELECT 1;\n",
    );
    let report = world.wrong(&["run"]).await;
    assert!(
        report.contains("the part of this migration that is done already was edited"),
        "{report}"
    );
    let mended =
        format!("{head}CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);\nCREATE TABLE v (id int);\n");
    world.write("2_steps.up.sql", &mended);
    let report = world.ok(&["run"]).await;
    assert!(
        report.contains(
            "continuing: 2_steps was interrupted while it was being applied, after 1 step"
        ),
        "{report}"
    );
    assert_eq!(world.value("to_regclass('v') IS NOT NULL").await, "true");
    assert_eq!(world.migrate(&["status"]).await.code, 0);
    world.end().await;
}

#[tokio::test]
async fn a_down_file_outside_a_transaction_is_continued_too() {
    let world = World::new(&[
        TABLE,
        (
            "2_i.up.sql",
            "-- no-transaction\nCREATE INDEX CONCURRENTLY t_a ON t (a);\n",
        ),
        (
            "2_i.down.sql",
            "-- no-transaction\nDROP INDEX CONCURRENTLY t_a;\nDROP TABLE nothing;\n",
        ),
    ])
    .await;
    world.ok(&["run"]).await;
    let report = world.wrong(&["revert"]).await;
    assert!(
        report.contains("table \"nothing\" does not exist"),
        "{report}"
    );
    let status = world.migrate(&["status"]).await;
    assert!(
        status
            .out
            .contains("interrupted while it was being reverted at migrations/2_i.down.sql:3"),
        "{status:?}"
    );
    world.write(
        "2_i.down.sql",
        "-- no-transaction\nDROP INDEX CONCURRENTLY t_a;\n",
    );
    let report = world.ok(&["revert"]).await;
    assert!(
        report.contains("reverted: migrations/2_i.down.sql"),
        "{report}"
    );
    assert_eq!(
        world
            .value("SELECT string_agg(version::text, ' ') FROM _sqlx_migrations")
            .await,
        "1"
    );
    world.end().await;
}

#[tokio::test]
async fn an_interrupted_migration_has_to_be_finished_before_anything_is_reverted() {
    let world = World::new(&[
        TABLE,
        (
            "2_s.up.sql",
            "-- no-transaction\nCREATE TABLE u (id int);\nVACUUM nope;\n",
        ),
    ])
    .await;
    world.wrong(&["run"]).await;
    let said = world.migrate(&["revert"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("version 2 was interrupted on its way"),
        "{said:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_migration_that_listens_is_not_stopped_by_a_notification() {
    let world = World::new(&[
        (
            "1_in.up.sql",
            "LISTEN news;\nNOTIFY news;\nCREATE TABLE a ();\n",
        ),
        (
            "2_out.up.sql",
            "-- no-transaction\nLISTEN news;\nNOTIFY news;\nSELECT pg_notify('news', 'x');\nCREATE TABLE b ();\n",
        ),
        ("3_after.up.sql", "NOTIFY news;\nCREATE TABLE c ();\n"),
    ])
    .await;
    world.ok(&["run"]).await.has("the database is up to date\n");
    world.ok(&["verify"]).await;
    let procedure = "CREATE PROCEDURE hear() LANGUAGE plpgsql AS $$ BEGIN \
        EXECUTE 'LISTEN news'; COMMIT; NOTIFY news; COMMIT; END $$;\n";
    world.write(
        "4_hear.up.sql",
        &format!("-- no-transaction\n{procedure}CALL hear();\n"),
    );
    world
        .failed(&["run"])
        .await
        .has("a notification arrived while `migrations/4_hear.up.sql` ran")
        .has("help: leave LISTEN out of migrations");
    world.end().await;
}
