//! At start-up the data layer reports each difference between the database and the migrations that it was generated from.

use crate::world::World;

const UP_TO_DATE: &[&str] = &[];

/// The error of `verify_schema` after some SQL ran.
async fn differences_after(sql: &str) -> Vec<String> {
    let world = World::empty().await;
    world.run(sql).await;
    let Err(error) = world.database.verify_schema().await else {
        return Vec::new();
    };
    assert!(error.is_schema_mismatch(), "{error}");
    let text = error.to_string();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some(
            "verify schema: the database differs from the migrations this module was generated from:"
        )
    );
    lines.map(|line| line.trim_start().to_owned()).collect()
}

#[tokio::test]
async fn a_database_with_all_migrations_is_the_one_expected() {
    assert_eq!(differences_after("SELECT 1").await, UP_TO_DATE);
}

#[tokio::test]
async fn a_migration_that_is_not_applied_is_named() {
    assert_eq!(
        differences_after(
            "DELETE FROM _sqlx_migrations WHERE version IN (20250127090000, 20250113090000)"
        )
        .await,
        [
            "migration 20250113090000_personas is not applied",
            "migration 20250127090000_clusters is not applied"
        ]
    );
}

#[tokio::test]
async fn an_edited_a_failed_and_an_unknown_migration_are_named() {
    let sql = r"
        UPDATE _sqlx_migrations SET checksum = '\x0123' WHERE version = 20250113090000;
        UPDATE _sqlx_migrations SET success = false WHERE version = 20250127090000;
        INSERT INTO _sqlx_migrations VALUES (20990101000000, 'from the future', now(), true, '\x00', 0)";
    assert_eq!(
        differences_after(sql).await,
        [
            "migration 20250113090000_personas was applied with another text",
            "migration 20250127090000_clusters failed half-way when it was applied",
            "migration 20990101000000 (from the future) is applied, and unknown here",
        ]
    );
}

#[tokio::test]
async fn a_database_that_is_ahead_of_the_module_is_accepted() {
    let sql = r"
        INSERT INTO _sqlx_migrations VALUES (20990101000000, 'from the future', now(), true, '\x00', 0)";
    assert_eq!(differences_after(sql).await, UP_TO_DATE);
}

#[tokio::test]
async fn a_database_without_migrations_is_named_as_one() {
    assert_eq!(
        differences_after("DROP TABLE _sqlx_migrations").await,
        ["no migration is applied at all"]
    );
}

#[tokio::test]
async fn a_login_that_may_not_read_the_migrations_says_so() {
    let world = World::empty().await;
    let name = format!("verify_{}", std::process::id());
    world.run(&format!("CREATE ROLE {name} LOGIN")).await;
    let options = world.test.options().username(&name);
    let pool = xact::Pool::from_options(xact::sqlx::postgres::PgPoolOptions::new(), options);
    let error = database::Database::new(pool)
        .verify_schema()
        .await
        .unwrap_err();
    world.run(&format!("DROP ROLE {name}")).await;
    assert!(error.is_insufficient_privilege(), "{error}");
    assert_eq!(
        error.to_string(),
        "verify schema: permission denied for table _sqlx_migrations"
    );
}
