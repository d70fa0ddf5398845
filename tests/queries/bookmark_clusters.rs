//! Which bookmark is in which cluster.

use crate::world::{ADA, World, id};

#[tokio::test]
async fn a_bookmark_is_put_into_a_cluster_found_there_and_taken_out_by_a_customer() {
    let world = World::seeded().await;
    let (acme, bookmark, cluster) = (ADA.organization(), id("bkm_acme_1"), id("cls_acme_2"));
    let mut q = world.customer(ADA).await;
    assert_eq!(
        q.orm()
            .bookmark_clusters_get(&acme, &bookmark, &cluster)
            .await
            .unwrap(),
        None
    );
    let created = q
        .orm()
        .bookmark_clusters_create(&acme, &bookmark, &cluster)
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("bcl_"));
    let read = q
        .orm()
        .bookmark_clusters_get(&acme, &bookmark, &cluster)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read, created);
    assert_eq!(
        q.orm().bookmark_clusters_list(&acme).await.unwrap().len(),
        3
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete(&acme, &bookmark, &cluster)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete(&acme, &bookmark, &cluster)
            .await
            .unwrap(),
        0
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_and_its_clusters_are_found_from_either_side() {
    let world = World::seeded().await;
    let (acme, bookmark, cluster) = (ADA.organization(), id("bkm_acme_1"), id("cls_acme_2"));
    let mut q = world.customer(ADA).await;
    q.orm()
        .bookmark_clusters_create(&acme, &bookmark, &cluster)
        .await
        .unwrap();
    let clusters = q
        .orm()
        .clusters_list_by_bookmark(&acme, &bookmark)
        .await
        .unwrap();
    let names: Vec<&str> = clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    assert_eq!(names, ["Cluster 1", "Cluster 2"]);
    let bookmarks = q
        .orm()
        .bookmarks_list_by_cluster(&acme, &cluster)
        .await
        .unwrap();
    let ids: Vec<&str> = bookmarks
        .iter()
        .map(|bookmark| bookmark.id.as_str())
        .collect();
    assert_eq!(ids, ["bkm_acme_2", "bkm_acme_1"]);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn ensuring_says_whether_the_bookmark_was_put_or_found() {
    let world = World::seeded().await;
    let (acme, bookmark, cluster) = (ADA.organization(), id("bkm_acme_1"), id("cls_acme_2"));
    let mut q = world.customer(ADA).await;
    assert_eq!(
        q.orm()
            .bookmark_clusters_ensure(&acme, &bookmark, &cluster)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_ensure(&acme, &bookmark, &cluster)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete_by_cluster(&acme, &cluster)
            .await
            .unwrap(),
        2
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_of_another_organization_is_refused_as_if_it_did_not_exist() {
    let world = World::seeded().await;
    for bookmark in ["bkm_globex_1", "bkm_nothing"] {
        let mut q = world.customer(ADA).await;
        let error = q
            .orm()
            .bookmark_clusters_create(&ADA.organization(), &id(bookmark), &id("cls_acme_1"))
            .await
            .unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
        q.rollback().await.unwrap();
    }
}
