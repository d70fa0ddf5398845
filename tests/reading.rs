//! The rows of every table that each scope sees.

use crate::world::{ADA, BETTY_AT_ACME, BETTY_AT_GLOBEX, MEMBERS, Table, World, texts};

#[tokio::test]
async fn every_table_has_rows_of_both_organizations_to_test_with() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    for table in world.tables().await {
        for who in MEMBERS {
            let name = &table.name;
            let own = table.rows(&mut owner, &table.visible_to(who)).await;
            assert!(!own.is_empty(), "seed.sql has no row of {who:?} in {name}");
            let others = texts(&mut owner, table.others_than(who)).await;
            assert!(
                !others.is_empty(),
                "seed.sql has only rows of {who:?} in {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_customer_sees_exactly_the_rows_of_the_organization() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    for table in world.tables().await {
        for who in MEMBERS {
            let mut q = world.customer(who).await;
            let seen = table.rows(q.connection(), "true").await;
            let own = table.rows(&mut owner, &table.visible_to(who)).await;
            assert_eq!(seen, own, "{who:?} in {}", table.name);
        }
    }
}

#[tokio::test]
async fn a_customer_finds_no_row_of_another_organization_by_asking_for_it() {
    let world = World::seeded().await;
    for table in world.tables().await {
        let mut q = world.customer(ADA).await;
        let other = "organization_id = 'org_globex'";
        if table
            .columns
            .iter()
            .any(|column| column == "organization_id")
        {
            let found = table.rows(q.connection(), other).await;
            assert!(found.is_empty(), "{}: {found:?}", table.name);
        }
        let found = table
            .rows(q.connection(), "id LIKE '%globex%' OR id LIKE '%grace%'")
            .await;
        assert!(found.is_empty(), "{}: {found:?}", table.name);
    }
}

#[tokio::test]
async fn a_coworker_sees_no_row_that_belongs_to_one_user() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    let personal: Vec<Table> = world
        .tables()
        .await
        .into_iter()
        .filter(Table::is_personal)
        .collect();
    assert!(!personal.is_empty(), "no table belongs to one user");
    for table in personal {
        let alans = "organization_id = 'org_acme' AND user_id = 'usr_alan'";
        assert_ne!(
            table.rows(&mut owner, alans).await,
            [""; 0],
            "{}",
            table.name
        );
        let mut q = world.customer(ADA).await;
        assert_eq!(
            table.rows(q.connection(), alans).await,
            [""; 0],
            "{}",
            table.name
        );
    }
}

#[tokio::test]
async fn a_member_of_two_organizations_sees_one_at_a_time() {
    let world = World::seeded().await;
    let organizations =
        "SELECT DISTINCT organization_id FROM personas UNION SELECT id FROM organizations";
    for who in [BETTY_AT_ACME, BETTY_AT_GLOBEX] {
        let mut q = world.customer(who).await;
        let seen = texts(q.connection(), organizations.to_owned()).await;
        assert_eq!(seen, [who.organization().as_str()]);
    }
}

#[tokio::test]
async fn an_admin_sees_every_row() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    for table in world.tables().await {
        let all = table.rows(&mut owner, "true").await;
        let mut q = world.database.begin_admin().await.unwrap();
        assert_eq!(
            table.rows(q.connection(), "true").await,
            all,
            "{}",
            table.name
        );
    }
}

#[tokio::test]
async fn a_customer_reads_no_secret_of_a_user() {
    let world = World::seeded().await;
    for secret in ["hashed_password", "identity_extid", "storytime"] {
        let mut q = world.customer(ADA).await;
        let sql = format!("SELECT {secret} FROM users WHERE id = 'usr_ada'");
        let error = xact::sqlx::raw_sql(xact::sqlx::AssertSqlSafe(sql))
            .execute(q.connection())
            .await
            .unwrap_err();
        assert_eq!(
            error.as_database_error().unwrap().message(),
            "permission denied for table users",
            "{secret}"
        );
    }
}
