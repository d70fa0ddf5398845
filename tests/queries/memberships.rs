//! Memberships.

use crate::world::{ADA, World};

#[tokio::test]
async fn a_membership_is_created_read_changed_and_deleted_by_admin() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let created = q
        .orm()
        .memberships_create("org_acme", "usr_nora", "member")
        .await
        .unwrap();
    assert!(created.id.starts_with("mem_"));
    let read = q
        .orm()
        .memberships_get("org_acme", "usr_nora")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((read.id, read.role.as_str()), (created.id, "member"));
    let updated = q
        .orm()
        .memberships_update("owner", "org_acme", "usr_nora")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(updated.role, "owner");
    assert_eq!(
        q.orm()
            .memberships_delete("org_acme", "usr_nora")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .memberships_get("org_acme", "usr_nora")
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm()
            .memberships_update("owner", "org_acme", "usr_nora")
            .await
            .unwrap(),
        None
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn the_people_of_an_organization_are_listed_by_name_with_their_roles() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let listed = q.orm().memberships_list("org_acme").await.unwrap();
    let people: Vec<(&str, &str, bool)> = listed
        .iter()
        .map(|row| (row.full_name.as_str(), row.role.as_str(), row.is_active))
        .collect();
    let expected = [
        ("Ada", "owner", true),
        ("Alan", "member", true),
        ("Betty", "member", true),
        ("Ivan", "member", false),
    ];
    assert_eq!(people, expected);
    assert_eq!(q.orm().memberships_list("org_globex").await.unwrap(), []);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn the_count_by_role_names_the_roles_that_nobody_has() {
    let world = World::seeded().await;
    for organization in ["org_acme", "org_globex"] {
        let mut q = world.customer(ADA).await;
        let counts = q
            .orm()
            .memberships_count_by_role(organization)
            .await
            .unwrap();
        let counts: Vec<(&str, i64)> = counts
            .iter()
            .map(|row| (row.role.as_str(), row.member_count))
            .collect();
        let expected = if organization == "org_acme" {
            [0, 3, 1]
        } else {
            [0, 0, 0]
        };
        assert_eq!(
            counts,
            [
                ("admin", expected[0]),
                ("member", expected[1]),
                ("owner", expected[2])
            ]
        );
        q.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_membership_that_ends_takes_personas_and_preferences_along() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    assert_eq!(
        q.orm()
            .memberships_delete("org_acme", "usr_betty")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .personas_list("org_acme", "usr_betty")
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        q.orm()
            .user_preferences_get("org_acme", "usr_betty")
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm()
            .personas_list("org_globex", "usr_betty")
            .await
            .unwrap()
            .len(),
        2
    );
    q.commit().await.unwrap();
}
