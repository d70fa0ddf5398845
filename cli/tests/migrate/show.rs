//! `xact migrate show`: a migration, its files and its neighbours.

use super::world::World;

async fn chain() -> World {
    World::new(&[
        ("1_notes.up.sql", "CREATE TABLE notes (id bigint);\n"),
        ("1_notes.down.sql", "DROP TABLE notes;\n"),
        ("20_tags.up.sql", "CREATE TABLE tags (id bigint);\n"),
    ])
    .await
}

#[tokio::test]
async fn a_migration_is_shown_with_its_files_and_neighbours() {
    let world = chain().await;
    world.ok(&["run", "--to", "1"]).await;
    let shown = world.ok(&["show", "1"]).await;
    assert_eq!(
        shown,
        "-- migration: 1_notes\n-- state: applied\n-- needed by: 20\n\
         -- up: migrations/1_notes.up.sql\nCREATE TABLE notes (id bigint);\n\
         -- down: migrations/1_notes.down.sql\nDROP TABLE notes;\n"
    );
    world.end().await;
}

#[tokio::test]
async fn without_a_version_the_heads_are_shown() {
    let world = chain().await;
    let shown = world.ok(&["show"]).await;
    assert!(
        shown.starts_with("-- migration: 20_tags\n-- state: pending\n-- depends: 1\n"),
        "{shown}"
    );
    assert!(shown.ends_with("-- down: there is no file\n"), "{shown}");
    world.end().await;
}

#[tokio::test]
async fn a_version_that_no_file_has_is_refused_with_the_others() {
    let world = chain().await;
    let shown = world.migrate(&["show", "2"]).await;
    assert_ne!(shown.code, 0, "{shown:?}");
    assert!(shown.err.contains("1_notes"), "{shown:?}");
    world.end().await;
}
