//! Who is not an active member of an organization sees nothing of any.

use database::types::{OrganizationId, UserId};
use xact::Id as _;
use xact::sqlx::raw_sql;

use crate::world::{ADA, World};

/// A user and an organization that do not go together, also such as no parser of ids lets through.
const OUTSIDERS: [(&str, &str); 12] = [
    ("usr_nora", "org_acme"),
    ("usr_ivan", "org_acme"),
    ("usr_ada", "org_globex"),
    ("usr_nobody", "org_acme"),
    ("usr_ada", "org_nowhere"),
    ("usr_ada", ""),
    ("", "org_acme"),
    ("", ""),
    ("%", "%"),
    ("USR_ADA", "ORG_ACME"),
    ("usr_ada ", "org_acme"),
    ("usr_ada' OR 'a' = 'a", "org_acme' OR 'a' = 'a"),
];

#[tokio::test]
async fn an_outsider_sees_no_row_of_any_table() {
    let world = World::seeded().await;
    for table in world.tables().await {
        for (user, organization) in OUTSIDERS {
            let user = UserId::from_value(user.to_owned());
            let organization = OrganizationId::from_value(organization.to_owned());
            let mut q = world
                .database
                .begin_customer(&user, &organization)
                .await
                .unwrap();
            let seen = table.rows(q.connection(), "true").await;
            assert_eq!(
                seen, [""; 0],
                "{user:?} of {organization:?} in {}",
                table.name
            );
        }
    }
}

#[tokio::test]
async fn a_transaction_without_settings_sees_no_row_of_any_table() {
    let world = World::seeded().await;
    for table in world.tables().await {
        let mut owner = world.owner().await;
        raw_sql("SET ROLE customer")
            .execute(&mut owner)
            .await
            .unwrap();
        assert_eq!(
            table.rows(&mut owner, "true").await,
            [""; 0],
            "{}",
            table.name
        );
        for setting in [
            "SET app.user_id = 'usr_ada'",
            "RESET app.user_id; SET app.organization_id = 'org_acme'",
        ] {
            raw_sql(setting).execute(&mut owner).await.unwrap();
            assert_eq!(
                table.rows(&mut owner, "true").await,
                [""; 0],
                "{setting}: {}",
                table.name
            );
        }
    }
}

#[tokio::test]
async fn a_user_who_is_locked_out_sees_nothing_from_the_next_statement_on() {
    for lock_out in [
        "UPDATE users SET is_active = false WHERE id = 'usr_ada'",
        "DELETE FROM memberships WHERE user_id = 'usr_ada'",
        "DELETE FROM users WHERE id = 'usr_ada'",
    ] {
        let world = World::seeded().await;
        let tables = world.tables().await;
        let mut q = world.customer(ADA).await;
        for table in &tables {
            assert_ne!(
                table.rows(q.connection(), "true").await,
                [""; 0],
                "{}",
                table.name
            );
        }
        world.run(lock_out).await;
        for table in &tables {
            assert_eq!(
                table.rows(q.connection(), "true").await,
                [""; 0],
                "{lock_out}: {}",
                table.name
            );
        }
    }
}
