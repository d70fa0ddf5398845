//! Whether the user is a member of the organization is looked up once a statement, not once a row.

use xact::sqlx::{AssertSqlSafe, PgConnection, raw_sql};

use crate::world::{ADA, World, count, texts};

/// How often a statement of Ada's calls the check.
async fn calls(world: &World, sql: &str) -> i64 {
    let mut q = world.customer(ADA).await;
    // A scan of an index compares with a value that was looked up once, however the policy is written.
    run(
        q.connection(),
        "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off",
    )
    .await;
    let calls = "SELECT COALESCE(sum(calls), 0)::bigint FROM pg_stat_xact_user_functions \
        WHERE funcname = 'current_organization_id'";
    let before = count(q.connection(), calls.to_owned()).await;
    run(q.connection(), sql).await;
    let calls = count(q.connection(), calls.to_owned()).await - before;
    q.rollback().await.unwrap();
    calls
}

async fn run(connection: &mut PgConnection, sql: &str) {
    raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
}

async fn world_that_counts() -> World {
    let world = World::seeded().await;
    let options = world.test.options();
    let name = options.get_database().unwrap();
    world
        .run(&format!(
            "ALTER DATABASE {name} SET track_functions = 'all'"
        ))
        .await;
    world
}

#[tokio::test]
async fn reading_a_thousand_rows_checks_as_often_as_reading_a_few() {
    let world = world_that_counts().await;
    let tables = world.tables().await;
    let mut few = Vec::new();
    for table in &tables {
        let sql = format!("SELECT {} FROM {}", table.readable.join(", "), table.name);
        let calls = calls(&world, &sql).await;
        assert!((1..=2).contains(&calls), "{sql}: {calls} calls");
        few.push((sql, calls));
    }
    world
        .run(include_str!("membership_check/many_rows.sql"))
        .await;
    let mut owner = world.owner().await;
    for (table, (sql, few)) in tables.iter().zip(few) {
        let rows = count(&mut owner, format!("SELECT count(*) FROM {}", table.name)).await;
        assert!(
            rows > 1000,
            "many_rows.sql leaves {} at {rows} rows",
            table.name
        );
        assert_eq!(calls(&world, &sql).await, few, "{sql}");
    }
}

#[tokio::test]
async fn reading_bookmarks_checks_once() {
    let world = world_that_counts().await;
    world
        .run(include_str!("membership_check/many_rows.sql"))
        .await;
    assert_eq!(calls(&world, "SELECT title FROM bookmarks").await, 1);
    let mut q = world.customer(ADA).await;
    let rows = count(q.connection(), "SELECT count(*) FROM bookmarks".to_owned()).await;
    assert_eq!(rows, 1002);
}

#[tokio::test]
async fn writing_a_thousand_rows_checks_a_few_times() {
    let world = world_that_counts().await;
    world
        .run(include_str!("membership_check/many_rows.sql"))
        .await;
    for sql in [
        "UPDATE bookmarks SET title = 'X'",
        "DELETE FROM bookmarks",
        "INSERT INTO bookmarks (organization_id, url, title, domain) \
         SELECT 'org_acme', '', '', '' FROM generate_series(1, 1000)",
    ] {
        let calls = calls(&world, sql).await;
        assert!((1..=3).contains(&calls), "{sql}: {calls} calls");
    }
}

#[tokio::test]
async fn the_plan_runs_the_check_before_it_reads_the_table() {
    let world = World::seeded().await;
    for table in world.tables().await {
        let mut q = world.customer(ADA).await;
        let sql = format!(
            "EXPLAIN SELECT {} FROM {}",
            table.readable.join(", "),
            table.name
        );
        let plan = texts(q.connection(), sql).await.join("\n");
        assert!(plan.contains("InitPlan"), "{plan}");
        for filter in plan
            .lines()
            .filter(|line| line.contains("Filter:") || line.contains("Cond:"))
        {
            assert!(!filter.contains("current_organization_id()"), "{plan}");
        }
    }
}
