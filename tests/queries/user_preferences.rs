//! Preferences of users.

use database::types::Theme;

use crate::world::{ADA, ALAN, World, id};

#[tokio::test]
async fn preferences_are_set_for_the_first_time_set_anew_and_deleted() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let seeded = q
        .orm()
        .user_preferences_get(&id("org_acme"), &id("usr_ada"))
        .await
        .unwrap()
        .unwrap();
    let anew = q
        .orm()
        .user_preferences_set(&id("org_acme"), &id("usr_ada"), Theme::Light)
        .await
        .unwrap();
    assert_eq!((&anew.id, anew.theme), (&seeded.id, Theme::Light));
    assert_eq!(
        q.orm()
            .user_preferences_delete(&id("org_acme"), &id("usr_ada"))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .user_preferences_get(&id("org_acme"), &id("usr_ada"))
            .await
            .unwrap(),
        None
    );
    let first = q
        .orm()
        .user_preferences_set(&id("org_acme"), &id("usr_ada"), Theme::System)
        .await
        .unwrap();
    assert_ne!(first.id, seeded.id);
    assert!(first.id.as_str().starts_with("upr_"));
    let read = q
        .orm()
        .user_preferences_get(&id("org_acme"), &id("usr_ada"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read, first);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn preferences_of_a_coworker_do_not_exist_and_cannot_be_set() {
    let world = World::seeded().await;
    let mut q = world.customer(ALAN).await;
    assert_eq!(
        q.orm()
            .user_preferences_get(&id("org_acme"), &id("usr_ada"))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm().user_preferences_list(&id("usr_ada")).await.unwrap(),
        []
    );
    assert_eq!(
        q.orm()
            .user_preferences_delete(&id("org_acme"), &id("usr_ada"))
            .await
            .unwrap(),
        0
    );
    let error = q
        .orm()
        .user_preferences_set(&id("org_acme"), &id("usr_ada"), Theme::Light)
        .await
        .unwrap_err();
    assert!(error.is_insufficient_privilege(), "{error}");
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn an_admin_lists_the_preferences_of_a_user_in_every_organization() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let listed = q
        .orm()
        .user_preferences_list(&id("usr_betty"))
        .await
        .unwrap();
    let organizations: Vec<&str> = listed
        .iter()
        .map(|row| row.organization_id.as_str())
        .collect();
    assert_eq!(organizations.len(), 2);
    assert!(organizations.contains(&"org_acme") && organizations.contains(&"org_globex"));
    q.commit().await.unwrap();
}
