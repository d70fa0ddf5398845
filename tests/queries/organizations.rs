//! Organizations.

use database::types::MembershipRole;

use crate::world::{ADA, BETTY_AT_ACME, World, id};

#[tokio::test]
async fn an_organization_is_created_read_changed_and_deleted_by_admin() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let created = q
        .orm()
        .organizations_create("Initech", "initech")
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("org_"));
    assert_eq!(
        (created.name.as_str(), created.slug.as_str()),
        ("Initech", "initech")
    );
    assert_eq!(created.created_at, created.updated_at);
    assert_eq!(created.storytime, None);
    let read = q
        .orm()
        .organizations_get(&created.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read, created);
    q.commit().await.unwrap();

    let mut q = world.database.begin_admin().await.unwrap();
    let updated = q
        .orm()
        .organizations_update("Initrode", "initrode", &created.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(updated.name, "Initrode");
    assert!(updated.updated_at > created.updated_at);
    let by_slug = q
        .orm()
        .organizations_get_by_slug("initrode")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_slug, updated);
    assert_eq!(q.orm().organizations_list().await.unwrap().len(), 1);
    assert_eq!(q.orm().organizations_delete(&created.id).await.unwrap(), 1);
    assert_eq!(q.orm().organizations_delete(&created.id).await.unwrap(), 0);
    assert_eq!(q.orm().organizations_get(&created.id).await.unwrap(), None);
    assert_eq!(q.orm().organizations_list().await.unwrap(), []);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_customer_finds_only_the_own_organization() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let listed = q.orm().organizations_list().await.unwrap();
    let names: Vec<&str> = listed
        .iter()
        .map(|organization| organization.name.as_str())
        .collect();
    assert_eq!(names, ["Acme"]);
    assert!(
        q.orm()
            .organizations_get(&id("org_acme"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        q.orm().organizations_get(&id("org_globex")).await.unwrap(),
        None
    );
    assert_eq!(
        q.orm().organizations_get_by_slug("globex").await.unwrap(),
        None
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn the_organizations_of_a_user_come_with_the_role_in_each() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let listed = q
        .orm()
        .organizations_list_by_user(&id("usr_betty"))
        .await
        .unwrap();
    let roles: Vec<(&str, MembershipRole)> = listed
        .iter()
        .map(|row| (row.slug.as_str(), row.role))
        .collect();
    assert_eq!(
        roles,
        [
            ("acme", MembershipRole::Member),
            ("globex", MembershipRole::Admin)
        ]
    );
    assert_eq!(
        q.orm()
            .organizations_list_by_user(&id("usr_nora"))
            .await
            .unwrap(),
        []
    );
    q.commit().await.unwrap();

    let mut q = world.customer(BETTY_AT_ACME).await;
    let listed = q
        .orm()
        .organizations_list_by_user(&id("usr_betty"))
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].slug, "acme");
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_deleted_organization_takes_everything_of_its_own_along() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    assert_eq!(
        q.orm().organizations_delete(&id("org_acme")).await.unwrap(),
        1
    );
    q.commit().await.unwrap();
    let mut owner = world.owner().await;
    for table in world.tables().await {
        let left = table
            .rows(&mut owner, &table.of_organization(&id("org_acme")))
            .await;
        assert_eq!(left, [""; 0], "{}", table.name);
        let others = table
            .rows(&mut owner, &table.of_organization(&id("org_globex")))
            .await;
        assert_ne!(others, [""; 0], "{}", table.name);
    }
}
