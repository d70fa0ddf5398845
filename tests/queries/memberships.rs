//! Memberships.

use database::types::MembershipRole;

use crate::world::{ADA, World, id};

#[tokio::test]
async fn a_membership_is_created_read_changed_and_deleted_by_admin() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let created = q
        .orm()
        .memberships_create(&id("org_acme"), &id("usr_nora"), MembershipRole::Member)
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("mem_"));
    let read = q
        .orm()
        .memberships_get(&id("org_acme"), &id("usr_nora"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(created.role, MembershipRole::Member);
    assert_eq!(read, created);
    let updated = q
        .orm()
        .memberships_update(MembershipRole::Owner, &id("org_acme"), &id("usr_nora"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(updated.role, MembershipRole::Owner);
    assert_eq!(
        q.orm()
            .memberships_delete(&id("org_acme"), &id("usr_nora"))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .memberships_get(&id("org_acme"), &id("usr_nora"))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm()
            .memberships_update(MembershipRole::Owner, &id("org_acme"), &id("usr_nora"))
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
    let listed = q.orm().memberships_list(&id("org_acme")).await.unwrap();
    let people: Vec<(&str, MembershipRole, bool)> = listed
        .iter()
        .map(|row| (row.full_name.as_str(), row.role, row.is_active))
        .collect();
    let expected = [
        ("Ada", MembershipRole::Owner, true),
        ("Alan", MembershipRole::Member, true),
        ("Betty", MembershipRole::Member, true),
        ("Ivan", MembershipRole::Member, false),
    ];
    assert_eq!(people, expected);
    assert_eq!(
        q.orm().memberships_list(&id("org_globex")).await.unwrap(),
        []
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn the_count_by_role_names_the_roles_that_nobody_has() {
    let world = World::seeded().await;
    for (organization, expected) in [("org_acme", [0, 3, 1]), ("org_globex", [0, 0, 0])] {
        let mut q = world.customer(ADA).await;
        let counts = q
            .orm()
            .memberships_count_by_role(&id(organization))
            .await
            .unwrap();
        let counts: Vec<(MembershipRole, i64)> = counts
            .iter()
            .map(|row| (row.role, row.member_count))
            .collect();
        assert_eq!(
            counts,
            [
                (MembershipRole::Admin, expected[0]),
                (MembershipRole::Member, expected[1]),
                (MembershipRole::Owner, expected[2])
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
            .memberships_delete(&id("org_acme"), &id("usr_betty"))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .personas_list(&id("org_acme"), &id("usr_betty"))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        q.orm()
            .user_preferences_get(&id("org_acme"), &id("usr_betty"))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm()
            .personas_list(&id("org_globex"), &id("usr_betty"))
            .await
            .unwrap()
            .len(),
        2
    );
    q.commit().await.unwrap();
}
