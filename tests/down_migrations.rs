//! Every down migration undoes its up migration, and nothing else.

use xact::sqlx::PgConnection;
use xact::sqlx::migrate::Migrator;
use xact_server::Server;

use crate::world::texts;

/// Everything in the database that a migration can make, in words.
async fn catalog(connection: &mut PgConnection) -> Vec<String> {
    texts(
        connection,
        include_str!("down_migrations/catalog.sql").to_owned(),
    )
    .await
}

async fn empty_database() -> (Server, PgConnection, Migrator) {
    let server = Server::start(None).await.unwrap();
    let connection = server.connect().await.unwrap();
    let migrator = Migrator::new(std::path::Path::new("migrations"))
        .await
        .unwrap();
    (server, connection, migrator)
}

#[tokio::test]
async fn all_down_migrations_undo_all_up_migrations() {
    let (_server, mut connection, migrator) = empty_database().await;
    let before = catalog(&mut connection).await;
    migrator.run(&mut connection).await.unwrap();
    let migrated = catalog(&mut connection).await;
    assert!(migrated.len() > before.len() + 100, "{migrated:#?}");
    migrator.undo(&mut connection, 0).await.unwrap();
    assert_eq!(catalog(&mut connection).await, before);
    migrator.run(&mut connection).await.unwrap();
    assert_eq!(catalog(&mut connection).await, migrated);
}

#[tokio::test]
async fn each_down_migration_undoes_its_up_migration() {
    let (_server, mut connection, migrator) = empty_database().await;
    let mut last = 0;
    for migration in migrator
        .iter()
        .filter(|migration| migration.migration_type.is_up_migration())
    {
        let version = migration.version;
        let before = catalog(&mut connection).await;
        migrator.run_to(version, &mut connection).await.unwrap();
        let after = catalog(&mut connection).await;
        assert_ne!(after, before, "{version} does nothing");
        migrator.undo(&mut connection, last).await.unwrap();
        assert_eq!(catalog(&mut connection).await, before, "{version}.down.sql");
        migrator.run_to(version, &mut connection).await.unwrap();
        assert_eq!(
            catalog(&mut connection).await,
            after,
            "{version}.up.sql, again"
        );
        last = version;
    }
    assert_ne!(last, 0, "there are no migrations");
}

#[tokio::test]
async fn down_migrations_undo_a_database_with_rows_in_it() {
    let (_server, mut connection, migrator) = empty_database().await;
    let before = catalog(&mut connection).await;
    migrator.run(&mut connection).await.unwrap();
    xact::sqlx::raw_sql(include_str!("world/seed.sql"))
        .execute(&mut connection)
        .await
        .unwrap();
    migrator.undo(&mut connection, 0).await.unwrap();
    assert_eq!(catalog(&mut connection).await, before);
}
