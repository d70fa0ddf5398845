//! Which bookmark is in which cluster.

use crate::world::{ADA, World};

#[tokio::test]
async fn a_bookmark_is_put_into_a_cluster_found_there_and_taken_out_by_a_customer() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    assert_eq!(
        q.orm()
            .bookmark_clusters_get("org_acme", "bkm_acme_1", "cls_acme_2")
            .await
            .unwrap(),
        None
    );
    let created = q
        .orm()
        .bookmark_clusters_create("org_acme", "bkm_acme_1", "cls_acme_2")
        .await
        .unwrap();
    assert!(created.id.starts_with("bcl_"));
    let read = q
        .orm()
        .bookmark_clusters_get("org_acme", "bkm_acme_1", "cls_acme_2")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.id, created.id);
    assert_eq!(
        q.orm()
            .bookmark_clusters_list("org_acme")
            .await
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete("org_acme", "bkm_acme_1", "cls_acme_2")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete("org_acme", "bkm_acme_1", "cls_acme_2")
            .await
            .unwrap(),
        0
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_and_its_clusters_are_found_from_either_side() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    q.orm()
        .bookmark_clusters_create("org_acme", "bkm_acme_1", "cls_acme_2")
        .await
        .unwrap();
    let clusters = q
        .orm()
        .clusters_list_by_bookmark("org_acme", "bkm_acme_1")
        .await
        .unwrap();
    let names: Vec<&str> = clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    assert_eq!(names, ["Cluster 1", "Cluster 2"]);
    let bookmarks = q
        .orm()
        .bookmarks_list_by_cluster("org_acme", "cls_acme_2")
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
    let mut q = world.customer(ADA).await;
    assert_eq!(
        q.orm()
            .bookmark_clusters_ensure("org_acme", "bkm_acme_1", "cls_acme_2")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_ensure("org_acme", "bkm_acme_1", "cls_acme_2")
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        q.orm()
            .bookmark_clusters_delete_by_cluster("org_acme", "cls_acme_2")
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
            .bookmark_clusters_create("org_acme", bookmark, "cls_acme_1")
            .await
            .unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
        q.rollback().await.unwrap();
    }
}
