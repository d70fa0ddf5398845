//! Row-level security is on wherever a customer could look, from the catalog.

use xact::sqlx::AssertSqlSafe;

use crate::world::{World, texts};

/// A query that lists the violations of a promise.
async fn assert_none(world: &World, sql: &str) {
    let found = texts(&mut world.owner().await, sql.to_owned()).await;
    assert_eq!(found, [""; 0]);
}

const TABLES: &str = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

#[tokio::test]
async fn every_table_of_an_organization_enables_and_forces_row_level_security() {
    let world = World::empty().await;
    let mut owner = world.owner().await;
    let secured = format!(
        "SELECT c.relname::text FROM {TABLES} WHERE c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1"
    );
    let secured = texts(&mut owner, secured).await;
    for table in world.tables().await {
        assert!(
            secured.contains(&table.name),
            "{} does not force row-level security",
            table.name
        );
    }
}

#[tokio::test]
async fn every_table_of_an_organization_has_a_policy_for_each_scope() {
    let world = World::empty().await;
    let mut owner = world.owner().await;
    for table in world.tables().await {
        for role in ["admin", "customer"] {
            let policies = format!(
                "SELECT polname::text FROM pg_policy \
                 WHERE polrelid = '{}'::regclass AND '{role}'::regrole = ANY (polroles)",
                table.name
            );
            assert_ne!(
                texts(&mut owner, policies).await,
                [""; 0],
                "{} for {role}",
                table.name
            );
        }
    }
}

#[tokio::test]
async fn every_policy_is_for_named_roles_and_only_admin_is_let_through() {
    let world = World::empty().await;
    assert_none(
        &world,
        "SELECT polname::text FROM pg_policy WHERE 0 = ANY (polroles) \
         OR (polroles <> ARRAY['admin'::regrole::oid] AND 'true' IN \
             (pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)))",
    )
    .await;
}

#[tokio::test]
async fn customers_read_only_tables_with_row_level_security_and_labels() {
    let world = World::empty().await;
    let readable = format!(
        "SELECT c.relname::text FROM {TABLES} \
         WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
         AND has_any_column_privilege('customer', c.oid, 'SELECT') \
         AND (c.relname NOT LIKE '%\\_enum' OR c.relnatts <> 1)"
    );
    assert_none(&world, &readable).await;
}

#[tokio::test]
async fn customers_truncate_nothing_and_define_nothing() {
    let world = World::empty().await;
    let privileges = format!(
        "SELECT c.relname::text FROM {TABLES} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') \
         AND (has_table_privilege('customer', c.oid, 'TRUNCATE, TRIGGER') \
              OR has_any_column_privilege('customer', c.oid, 'REFERENCES'))"
    );
    assert_none(&world, &privileges).await;
    assert_none(&world, "SELECT 'CREATE on schema public' WHERE has_schema_privilege('customer', 'public', 'CREATE')").await;
}

#[tokio::test]
async fn scopes_are_roles_that_policies_hold_for() {
    let world = World::empty().await;
    assert_none(
        &world,
        "SELECT rolname::text FROM pg_roles WHERE rolname IN ('admin', 'customer') \
         AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)",
    )
    .await;
    assert_none(&world, "SELECT 'customer is a member of ' || roleid::regrole FROM pg_auth_members WHERE member = 'customer'::regrole").await;
}

#[tokio::test]
async fn functions_with_the_rights_of_their_owner_pin_their_search_path_and_are_not_public() {
    let world = World::empty().await;
    assert_none(
        &world,
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prosecdef \
         AND p.pronamespace <> 'pg_catalog'::regnamespace \
         AND (has_function_privilege('public', p.oid, 'EXECUTE') \
              OR NOT EXISTS (SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=%'))",
    )
    .await;
}

#[tokio::test]
async fn even_the_owner_of_a_table_is_bound_by_its_policies() {
    let world = World::seeded().await;
    // Roles belong to the whole server, which other runs share.
    let deployer = format!("deployer_{}", std::process::id());
    world.run(&format!("CREATE ROLE {deployer}")).await;
    let tables = world.tables().await;
    for table in &tables {
        world
            .run(&format!("ALTER TABLE {} OWNER TO {deployer}", table.name))
            .await;
    }
    let mut connection = world.owner().await;
    xact::sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {deployer}")))
        .execute(&mut connection)
        .await
        .unwrap();
    for table in &tables {
        let seen = table.rows(&mut connection, "true").await;
        assert_eq!(seen, [""; 0], "{}", table.name);
    }
    let sql = format!("REASSIGN OWNED BY {deployer} TO CURRENT_USER; DROP ROLE {deployer}");
    world.run(&sql).await;
}
