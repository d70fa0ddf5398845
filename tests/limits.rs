//! The sentences of SECURITY.md about logins: which SQL leaves a scope, and under which login none does.

use xact::sqlx::{AssertSqlSafe, query_scalar, raw_sql};
use xact::testing::TestDatabase;

use database::Database;

use crate::world::{ADA, World};

/// Injected SQL, in a transaction of a customer; gives how many users it sees.
async fn users_after(database: &Database, sql: &'static str) -> Result<i64, xact::sqlx::Error> {
    let mut q = database
        .begin_customer(&ADA.user(), &ADA.organization())
        .await
        .unwrap();
    raw_sql(sql).execute(&mut *q.connection()).await?;
    query_scalar("SELECT count(*) FROM users")
        .fetch_one(&mut *q.connection())
        .await
}

/// The data layer under a login that is a member of some roles, and the login's name.
async fn as_member_of(world: &World, roles: &str) -> (Database, String) {
    let login = format!("limits_{}_{}", std::process::id(), roles.replace(", ", "_"));
    let sql =
        format!("CREATE ROLE {login} LOGIN NOSUPERUSER NOBYPASSRLS; GRANT {roles} TO {login}");
    world.run(&sql).await;
    let options = world.test.options().username(&login);
    let pool = xact::sqlx::postgres::PgPoolOptions::new().max_connections(1);
    (
        Database::new(xact::Pool::from_options(pool, options)),
        login,
    )
}

async fn drop_login(test: &TestDatabase, login: String) {
    let sql = AssertSqlSafe(format!("DROP ROLE {login}"));
    raw_sql(sql)
        .execute(&mut test.connect().await.unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn sql_under_a_superuser_login_can_leave_its_scope() {
    let world = World::seeded().await;
    let within = users_after(&world.database, "SELECT").await.unwrap();
    let beyond = users_after(&world.database, "RESET ROLE").await.unwrap();
    assert!(within < beyond, "{within} of {beyond} users");
}

#[tokio::test]
async fn sql_under_a_login_of_both_roles_can_take_the_other() {
    let world = World::seeded().await;
    let (database, login) = as_member_of(&world, "customer, admin").await;
    let within = users_after(&database, "SELECT").await.unwrap();
    let beyond = users_after(&database, "SET LOCAL ROLE admin")
        .await
        .unwrap();
    assert!(within < beyond, "{within} of {beyond} users");
    database.pool().close().await;
    drop_login(&world.test, login).await;
}

#[tokio::test]
async fn sql_under_a_login_of_one_role_cannot_take_another_nor_see_more() {
    let world = World::seeded().await;
    let (database, login) = as_member_of(&world, "customer").await;
    let within = users_after(&database, "SELECT").await.unwrap();
    let refused = users_after(&database, "SET LOCAL ROLE admin")
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("permission denied"),
        "{refused}"
    );
    // The login inherits the privileges of `customer`, and the policies of `customer` hold for it.
    let login_itself = users_after(&database, "RESET ROLE").await.unwrap();
    assert_eq!(login_itself, within);
    database.pool().close().await;
    drop_login(&world.test, login).await;
}

#[tokio::test]
async fn sql_of_somebody_else_can_claim_to_be_another_user() {
    let world = World::seeded().await;
    let (database, login) = as_member_of(&world, "customer").await;
    let claim = "SELECT set_config('app.user_id', 'usr_grace', true), \
                 set_config('app.organization_id', 'org_globex', true)";
    let mut q = database
        .begin_customer(&ADA.user(), &ADA.organization())
        .await
        .unwrap();
    raw_sql(claim).execute(&mut *q.connection()).await.unwrap();
    let id: String = query_scalar("SELECT id FROM organizations")
        .fetch_one(&mut *q.connection())
        .await
        .unwrap();
    assert_eq!(id, "org_globex");
    drop(q);
    database.pool().close().await;
    drop_login(&world.test, login).await;
}
