//! Roles, owners, grants and revocations survive, and the migrating user is never named.

use super::server::{dumped, execute, migrated, round_trip};
use xact_codegen::schema::{dump, read};

#[tokio::test]
async fn grants_and_revocations_survive() {
    let sql = round_trip(include_str!("privileges.sql")).await;
    assert!(!sql.contains("postgres"), "{sql}");
}

#[tokio::test]
async fn a_role_that_only_the_migrations_know_is_in_the_dump() {
    let mut database = migrated("CREATE ROLE pv_unmentioned CREATEDB CONNECTION LIMIT 3").await;
    let schema = read(&mut database.connection, &["pv_unmentioned".to_owned()])
        .await
        .unwrap();
    execute(&mut database.connection, "DROP ROLE pv_unmentioned").await;
    super::server::drop(database).await;
    assert!(
        dump(&schema).contains("CREATE ROLE pv_unmentioned CREATEDB NOLOGIN CONNECTION LIMIT 3;")
    );
}

#[tokio::test]
async fn a_role_of_another_database_is_not_in_the_dump() {
    let sql = dumped("CREATE ROLE pv_foreign").await;
    execute(
        &mut super::server::empty().await.connection,
        "DROP ROLE pv_foreign",
    )
    .await;
    assert!(!sql.contains("pv_foreign"));
}
