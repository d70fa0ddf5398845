//! Preferences of users.

use crate::world::{ADA, ALAN, World};

#[tokio::test]
async fn preferences_are_set_for_the_first_time_set_anew_and_deleted() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let seeded = q
        .orm()
        .user_preferences_get("org_acme", "usr_ada")
        .await
        .unwrap()
        .unwrap();
    let anew = q
        .orm()
        .user_preferences_set("org_acme", "usr_ada", "light")
        .await
        .unwrap();
    assert_eq!(
        (anew.id.as_str(), anew.theme.as_str()),
        (seeded.id.as_str(), "light")
    );
    assert_eq!(
        q.orm()
            .user_preferences_delete("org_acme", "usr_ada")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .user_preferences_get("org_acme", "usr_ada")
            .await
            .unwrap(),
        None
    );
    let first = q
        .orm()
        .user_preferences_set("org_acme", "usr_ada", "system")
        .await
        .unwrap();
    assert_ne!(first.id, seeded.id);
    assert!(first.id.starts_with("upr_"));
    let read = q
        .orm()
        .user_preferences_get("org_acme", "usr_ada")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((read.id, read.theme), (first.id, first.theme));
    q.commit().await.unwrap();
}

#[tokio::test]
async fn preferences_of_a_coworker_do_not_exist_and_cannot_be_set() {
    let world = World::seeded().await;
    let mut q = world.customer(ALAN).await;
    assert_eq!(
        q.orm()
            .user_preferences_get("org_acme", "usr_ada")
            .await
            .unwrap(),
        None
    );
    assert_eq!(q.orm().user_preferences_list("usr_ada").await.unwrap(), []);
    assert_eq!(
        q.orm()
            .user_preferences_delete("org_acme", "usr_ada")
            .await
            .unwrap(),
        0
    );
    let error = q
        .orm()
        .user_preferences_set("org_acme", "usr_ada", "light")
        .await
        .unwrap_err();
    assert!(error.is_insufficient_privilege(), "{error}");
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn an_admin_lists_the_preferences_of_a_user_in_every_organization() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let listed = q.orm().user_preferences_list("usr_betty").await.unwrap();
    let organizations: Vec<&str> = listed
        .iter()
        .map(|row| row.organization_id.as_str())
        .collect();
    assert_eq!(organizations.len(), 2);
    assert!(organizations.contains(&"org_acme") && organizations.contains(&"org_globex"));
    q.commit().await.unwrap();
}
