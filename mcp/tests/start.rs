//! A server that cannot start says why.

use crate::world::{PROJECT, World, ada, write_project};
use std::path::Path;
use xact_mcp::{QueryOptions, StartError, open_queries};

async fn refuse(world: &World, project: &Path, options: QueryOptions) -> String {
    match open_queries(project, None, &world.test.pool(), options).await {
        Ok(_) => panic!("the server started"),
        Err(StartError::Stop(stop)) => format!("{stop:?}"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn options_that_do_not_fit_the_project_are_named() {
    let world = World::seeded().await;
    let project = Path::new(PROJECT);
    let cases = [
        (
            QueryOptions::new("customers"),
            "there is no scope `customers`; the scopes are: admin, customer",
        ),
        (
            QueryOptions::new("customer").with_setting("user_id", "usr_ada"),
            "add --setting organization_id=VALUE",
        ),
        (ada().with_setting("tenant", "x"), "has no setting `tenant`"),
        (
            ada().allow_write("bookmarks_creat"),
            "perhaps you meant `bookmarks_create`",
        ),
        (
            ada().allow_write("organizations_create"),
            "scope `customer` may not run `organizations_create`: role `customer` lacks",
        ),
    ];
    for (options, expected) in cases {
        let refused = refuse(&world, project, options).await;
        assert!(refused.contains(expected), "{refused}");
    }
}

#[tokio::test]
async fn a_database_without_the_migrations_of_the_project_is_refused() {
    let project = write_project("CREATE TABLE a (id int8);", "");
    let world = World::of_project(project.path()).await;
    let refused = refuse(&world, Path::new(PROJECT), ada()).await;
    assert!(refused.contains("is not applied"), "{refused}");
}

#[tokio::test]
async fn a_project_with_an_error_is_refused() {
    let migration = "CREATE TABLE notes (id int8 PRIMARY KEY);";
    let project = write_project(migration, "-- name: notes :many\nSELECT ids FROM notes;");
    let world = World::of_project(project.path()).await;
    let refused = refuse(&world, project.path(), QueryOptions::new("admin")).await;
    assert!(refused.contains("unknown-column"), "{refused}");
}
