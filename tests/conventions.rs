//! Conventions of every table, checked in the catalog, beyond those of `xact lint`.
//!
//! Each promise is a query that lists the violations. On the migrated schema it finds nothing, and on a schema with one table that
//! breaks every promise it finds that table.

use crate::world::{World, texts};

macro_rules! conventions {
    ($($promise:ident: $file:literal,)+) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let world = World::empty().await;
                let found = texts(&mut world.owner().await, include_str!($file).to_owned()).await;
                assert_eq!(found, [""; 0]);
            }
        )+

        #[tokio::test]
        async fn a_table_that_breaks_every_convention_is_found_by_each() {
            let world = World::empty().await;
            world.run(include_str!("conventions/broken.sql")).await;
            let mut owner = world.owner().await;
            $(
                let found = texts(&mut owner, include_str!($file).to_owned()).await;
                let promise = stringify!($promise);
                assert!(found.iter().any(|line| line.contains("broken")), "{promise}: {found:?}");
                assert!(found.iter().all(|line| line.contains("broken")), "{promise}: {found:?}");
            )+
        }
    };
}

conventions! {
    every_column_is_of_one_of_five_types: "conventions/types.sql",
    every_table_of_labels_is_one_column_and_readable_by_all: "conventions/labels.sql",
    every_status_role_type_and_theme_is_a_label: "conventions/label_columns.sql",
}

#[tokio::test]
async fn updated_at_moves_whenever_a_row_changes() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    for table in world.tables().await {
        let name = &table.name;
        // One message is one transaction, in which now() stands still; the value given here does not count.
        let sql = format!("UPDATE {name} SET updated_at = '2000-01-01'");
        world.run(&sql).await;
        let moved = format!(
            "SELECT id FROM {name} WHERE updated_at <= created_at OR updated_at < now() - interval '1 minute'"
        );
        assert_eq!(texts(&mut owner, moved).await, [""; 0], "{name}");
    }
}
