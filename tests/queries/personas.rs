//! Personas.

use database::types::{PersonaRelationType, PersonaStatus};

use crate::world::{ADA, ALAN, World, id};

#[tokio::test]
async fn a_persona_is_created_read_changed_and_deleted_by_its_user() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let created = q
        .orm()
        .personas_create(
            &id("org_acme"),
            &id("usr_ada"),
            "Aunt",
            Some("likes maps"),
            PersonaRelationType::Family,
        )
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("per_"));
    assert_eq!(created.status, PersonaStatus::Draft);
    assert_eq!(created.description.as_deref(), Some("likes maps"));
    q.commit().await.unwrap();

    let mut q = world.customer(ADA).await;
    let read = q.orm().personas_get(&created.id).await.unwrap().unwrap();
    assert_eq!(
        (read.name.as_str(), read.relation_type),
        ("Aunt", PersonaRelationType::Family)
    );
    let updated = q
        .orm()
        .personas_update("Auntie", None, PersonaRelationType::Friend, &created.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (updated.name.as_str(), updated.description),
        ("Auntie", None)
    );
    assert_eq!(
        q.orm()
            .personas_update_status(PersonaStatus::Active, &created.id)
            .await
            .unwrap(),
        1
    );
    let active = q
        .orm()
        .personas_list_by_status(&id("org_acme"), &id("usr_ada"), PersonaStatus::Active)
        .await
        .unwrap();
    assert_eq!(active.len(), 1);
    assert_eq!(active[0].id, created.id);
    let listed = q
        .orm()
        .personas_list(&id("org_acme"), &id("usr_ada"))
        .await
        .unwrap();
    let names: Vec<&str> = listed.iter().map(|persona| persona.name.as_str()).collect();
    assert_eq!(names, ["Auntie", "Persona 1", "Persona 2"]);
    assert_eq!(q.orm().personas_delete(&created.id).await.unwrap(), 1);
    assert_eq!(q.orm().personas_get(&created.id).await.unwrap(), None);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_persona_does_not_exist_for_a_coworker() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let persona = q
        .orm()
        .personas_list(&id("org_acme"), &id("usr_ada"))
        .await
        .unwrap()
        .remove(0);
    q.commit().await.unwrap();

    let mut q = world.customer(ALAN).await;
    assert_eq!(q.orm().personas_get(&persona.id).await.unwrap(), None);
    assert_eq!(
        q.orm()
            .personas_list(&id("org_acme"), &id("usr_ada"))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        q.orm()
            .personas_update("X", None, PersonaRelationType::Self_, &persona.id)
            .await
            .unwrap(),
        None
    );
    assert_eq!(q.orm().personas_delete(&persona.id).await.unwrap(), 0);
    q.commit().await.unwrap();

    let mut q = world.database.begin_admin().await.unwrap();
    assert!(q.orm().personas_get(&persona.id).await.unwrap().is_some());
    q.commit().await.unwrap();
}
