//! Clusters.

use crate::world::{ADA, GRACE, World, id};

#[tokio::test]
async fn a_cluster_is_created_read_changed_and_deleted_by_a_customer() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let created = q
        .orm()
        .clusters_create(&id("org_acme"), "Maps", None)
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("cls_"));
    assert_eq!(created.description, None);
    q.commit().await.unwrap();

    let mut q = world.customer(ADA).await;
    assert_eq!(
        q.orm()
            .clusters_get(&created.id)
            .await
            .unwrap()
            .unwrap()
            .name,
        "Maps"
    );
    assert_eq!(
        q.orm()
            .clusters_get_by_name(&id("org_acme"), "Maps")
            .await
            .unwrap()
            .unwrap(),
        created
    );
    let updated = q
        .orm()
        .clusters_update("Atlases", Some("of the sky"), &created.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (updated.name.as_str(), updated.description.as_deref()),
        ("Atlases", Some("of the sky"))
    );
    assert_eq!(
        q.orm()
            .clusters_get_by_name(&id("org_acme"), "Maps")
            .await
            .unwrap(),
        None
    );
    assert_eq!(q.orm().clusters_delete(&created.id).await.unwrap(), 1);
    assert_eq!(q.orm().clusters_get(&created.id).await.unwrap(), None);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn clusters_are_listed_with_their_number_of_bookmarks_also_when_it_is_zero() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    q.orm()
        .clusters_create(&id("org_acme"), "Empty", None)
        .await
        .unwrap();
    q.orm()
        .bookmark_clusters_create(&id("org_acme"), &id("bkm_acme_1"), &id("cls_acme_2"))
        .await
        .unwrap();
    let listed = q.orm().clusters_list(&id("org_acme")).await.unwrap();
    let counts: Vec<(&str, i64)> = listed
        .iter()
        .map(|row| (row.name.as_str(), row.bookmark_count))
        .collect();
    assert_eq!(counts, [("Cluster 1", 1), ("Cluster 2", 2), ("Empty", 0)]);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_cluster_does_not_exist_for_another_organization() {
    let world = World::seeded().await;
    let mut q = world.customer(GRACE).await;
    assert_eq!(q.orm().clusters_get(&id("cls_acme_1")).await.unwrap(), None);
    assert_eq!(q.orm().clusters_list(&id("org_acme")).await.unwrap(), []);
    assert_eq!(
        q.orm()
            .clusters_update("X", None, &id("cls_acme_1"))
            .await
            .unwrap(),
        None
    );
    assert_eq!(q.orm().clusters_delete(&id("cls_acme_1")).await.unwrap(), 0);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_deleted_cluster_leaves_its_bookmarks() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    assert_eq!(q.orm().clusters_delete(&id("cls_acme_1")).await.unwrap(), 1);
    assert_eq!(
        q.orm()
            .clusters_list_by_bookmark(&id("org_acme"), &id("bkm_acme_1"))
            .await
            .unwrap(),
        []
    );
    assert!(
        q.orm()
            .bookmarks_get(&id("bkm_acme_1"))
            .await
            .unwrap()
            .is_some()
    );
    q.commit().await.unwrap();
}
