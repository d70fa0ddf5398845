//! Users.

use database::orm::users::{UsersCreateParams, UsersUpdateParams};
use database::types::UserRole;

use crate::world::{ADA, World, id};

const INGRID: UsersCreateParams<'static> = UsersCreateParams {
    email: "ingrid@initech.example",
    username: "ingrid",
    full_name: "Ingrid",
    hashed_password: Some("hash of Ingrid"),
    identity_extid: Some("ext-1"),
    role: UserRole::User,
};

#[tokio::test]
async fn a_user_is_created_read_and_deleted_by_admin() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let created = q.orm().users_create(INGRID).await.unwrap();
    let id = &created.id;
    assert!(id.as_str().starts_with("usr_"));
    assert!(created.is_active);
    assert_eq!(created.email, INGRID.email);
    assert_eq!(
        q.orm().users_get(id).await.unwrap().unwrap().username,
        "ingrid"
    );
    assert_eq!(
        q.orm()
            .users_get_by_email(INGRID.email)
            .await
            .unwrap()
            .unwrap()
            .id,
        *id
    );
    assert_eq!(
        q.orm()
            .users_get_by_username("ingrid")
            .await
            .unwrap()
            .unwrap()
            .id,
        *id
    );
    assert_eq!(
        q.orm()
            .users_get_by_identity("ext-1")
            .await
            .unwrap()
            .unwrap()
            .id,
        *id
    );
    assert_eq!(q.orm().users_get_by_identity("ext-2").await.unwrap(), None);

    assert_eq!(q.orm().users_delete(id).await.unwrap(), 1);
    assert_eq!(q.orm().users_get(id).await.unwrap(), None);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn every_part_of_a_user_is_changed_by_admin() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let created = q.orm().users_create(INGRID).await.unwrap();
    let id = &created.id;
    let updated = q
        .orm()
        .users_update(UsersUpdateParams {
            username: Some("inga"),
            full_name: Some("Inga"),
            id,
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (updated.username.as_str(), updated.full_name.as_str()),
        ("inga", "Inga")
    );
    assert_eq!(
        q.orm()
            .users_update_email("inga@initech.example", id)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .users_update_role(UserRole::Admin, id)
            .await
            .unwrap(),
        1
    );
    assert_eq!(q.orm().users_update_is_active(false, id).await.unwrap(), 1);
    let listed = q.orm().users_list(10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].email, "inga@initech.example");
    assert_eq!(listed[0].role, UserRole::Admin);
    assert!(!listed[0].is_active);

    assert_eq!(q.orm().users_delete(id).await.unwrap(), 1);
    assert_eq!(q.orm().users_list(10).await.unwrap(), []);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_password_can_be_replaced_and_taken_away() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let user = q.orm().users_create(INGRID).await.unwrap();
    for password in [Some("a new hash"), None] {
        assert_eq!(
            q.orm()
                .users_update_password(password, &user.id)
                .await
                .unwrap(),
            1
        );
        let credentials = q
            .orm()
            .users_get_credentials(INGRID.email)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(credentials.hashed_password.as_deref(), password);
        assert!(credentials.is_active);
    }
    assert_eq!(
        q.orm()
            .users_get_credentials("nobody@initech.example")
            .await
            .unwrap(),
        None
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn users_are_listed_newest_first_and_no_more_than_asked_for() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    for name in ["a", "b", "c"] {
        let email = format!("{name}@initech.example");
        let user = UsersCreateParams {
            email: &email,
            username: name,
            identity_extid: None,
            ..INGRID
        };
        q.orm().users_create(user).await.unwrap();
    }
    let listed = q.orm().users_list(2).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|user| user.username.as_str()).collect();
    assert_eq!(names, ["c", "b"]);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_customer_renames_only_themselves() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    assert_eq!(q.orm().users_list(10).await.unwrap().len(), 4);
    assert!(q.orm().users_get(&id("usr_alan")).await.unwrap().is_some());
    assert_eq!(q.orm().users_get(&id("usr_grace")).await.unwrap(), None);
    let [ada, alan, grace] = ["usr_ada", "usr_alan", "usr_grace"].map(id);
    let renaming = |user| UsersUpdateParams {
        full_name: Some("Countess"),
        ..UsersUpdateParams::new(user)
    };
    let renamed = q.orm().users_update(renaming(&ada)).await.unwrap().unwrap();
    assert_eq!(
        (renamed.username.as_str(), renamed.full_name.as_str()),
        ("ada", "Countess")
    );
    assert_eq!(q.orm().users_update(renaming(&alan)).await.unwrap(), None);
    assert_eq!(q.orm().users_update(renaming(&grace)).await.unwrap(), None);
    let nothing = UsersUpdateParams::new(&ada);
    assert!(nothing.sets_nothing());
    let error = q.orm().users_update(nothing).await.unwrap_err();
    assert!(error.is_nothing_to_set(), "{error}");
    q.commit().await.unwrap();
}
