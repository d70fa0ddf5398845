//! The names of queries, where whoever looks after a server meets them.

use crate::local::Repository;
use xact::sqlx::{self, Connection as _, Executor as _, PgConnection};

#[path = "../../codegen/tests/cases/each_command_gives_its_own_call/src/orm/mod.rs"]
mod orm;

#[tokio::test]
async fn queries_show_their_names_in_pg_stat_statements() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    let mut connection = PgConnection::connect(&repository.url()).await.unwrap();
    let title = "ALTER TABLE notes ADD title text NOT NULL DEFAULT ''";
    connection.execute(title).await.unwrap();
    let extension = connection.execute("CREATE EXTENSION pg_stat_statements");
    if let Err(error) = extension.await {
        eprintln!("SKIPPED: this Postgres has no pg_stat_statements: {error}");
        return;
    }
    let db = orm::Database::connect(&repository.url()).await.unwrap();
    db.xact_admin(async |q| {
        q.orm().many().await?;
        let counted = q.sql("notes_count", "SELECT count(*) FROM notes");
        counted.value::<i64>().await
    })
    .await
    .unwrap();
    for name in ["many", "notes_count"] {
        let calls: Option<i64> = sqlx::query_scalar(
            "SELECT calls FROM pg_stat_statements WHERE query LIKE 'SELECT /* ' || $1 || ' */%'",
        )
        .bind(name)
        .fetch_optional(&mut connection)
        .await
        .unwrap();
        assert_eq!(calls, Some(1), "{name}");
    }
    db.pool().close().await;
}
