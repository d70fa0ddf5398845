//! The throwaway server serves, and never outlives its owner.

use std::path::PathBuf;
use xact::sqlx::{self, Connection as _};
use xact_server::{Server, ServerError};

/// The folder of the cluster, as the server itself names it.
async fn folder_of(server: &Server) -> PathBuf {
    let mut connection = server.connect().await.unwrap();
    let data: String = sqlx::query_scalar("SHOW data_directory")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    PathBuf::from(data).parent().unwrap().to_owned()
}

#[tokio::test]
async fn a_stopped_server_leaves_no_folder() {
    let server = Server::start(None).await.unwrap();
    let folder = folder_of(&server).await;
    assert!(folder.exists());
    server.stop().await.unwrap();
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_dropped_server_leaves_no_folder() {
    let server = Server::start(None).await.unwrap();
    let folder = folder_of(&server).await;
    drop(server);
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_start_dropped_at_any_poll_leaves_no_folder() {
    let prefix = |path: &std::fs::DirEntry| path.file_name().to_string_lossy().into_owned();
    for milliseconds in [0, 1, 20, 60, 120] {
        let limit = std::time::Duration::from_millis(milliseconds);
        let _ = tokio::time::timeout(limit, Server::start(None)).await;
    }
    let own_locks = std::fs::read_dir(format!("/proc/{}/fd", std::process::id()))
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok())
        .filter(|path| path.to_string_lossy().contains("xact-throwaway-"))
        .count();
    assert_eq!(
        own_locks,
        0,
        "{:?}",
        std::fs::read_dir(std::env::temp_dir())
            .unwrap()
            .flatten()
            .map(|e| prefix(&e))
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_database_on_a_given_server_is_dropped_with_the_roles_of_its_migrations() {
    let host = Server::start(None).await.unwrap();
    let url = url_of(&host).await;
    let migrations = tempfile::tempdir().unwrap();
    std::fs::write(
        migrations.path().join("1_roles.up.sql"),
        "CREATE ROLE made_here; CREATE TABLE t (); GRANT SELECT ON t TO made_here;",
    )
    .unwrap();

    let mut given = Server::start(Some(&url)).await.unwrap();
    let mut connection = given.connect().await.unwrap();
    let migrated = given
        .migrate(&mut connection, migrations.path())
        .await
        .unwrap();
    assert_eq!(migrated.created_roles, ["made_here"]);
    assert_eq!(leftovers(&host).await, ["database", "role"]);
    given.stop().await.unwrap();
    assert!(leftovers(&host).await.is_empty());

    let mut given = Server::start(Some(&url)).await.unwrap();
    let mut connection = given.connect().await.unwrap();
    given
        .migrate(&mut connection, migrations.path())
        .await
        .unwrap();
    drop(given);
    assert!(leftovers(&host).await.is_empty());
    host.stop().await.unwrap();
}

#[tokio::test]
async fn a_database_in_use_is_not_swept_by_a_run_that_was_given_another_database() {
    let host = Server::start(None).await.unwrap();
    let url = url_of(&host).await;
    let mut connection = host.connect().await.unwrap();
    let sql = "CREATE DATABASE elsewhere";
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    let live = Server::start(Some(&url)).await.unwrap();
    let other = Server::start(Some(&url.replace("/postgres?", "/elsewhere?")))
        .await
        .unwrap();
    live.connect().await.unwrap();
    other.stop().await.unwrap();
    live.stop().await.unwrap();
    assert!(leftovers(&host).await.is_empty());
    host.stop().await.unwrap();
}

async fn url_of(server: &Server) -> String {
    let folder = folder_of(server).await;
    format!(
        "postgres://postgres@localhost/postgres?host={}",
        folder.display()
    )
}

async fn leftovers(host: &Server) -> Vec<String> {
    let mut connection = host.connect().await.unwrap();
    sqlx::query_scalar(
        "SELECT 'database' FROM pg_database WHERE datname LIKE 'xact%' \
         UNION ALL SELECT 'role' FROM pg_roles WHERE rolname = 'made_here'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_wrong_url_says_what_was_tried_and_hides_the_password() {
    let error = Server::start(Some("postgres://somebody:secret@127.0.0.1:1/postgres"))
        .await
        .unwrap_err();
    assert!(matches!(error, ServerError::Connect { .. }));
    let message = error.to_string();
    assert!(
        message.contains("127.0.0.1:1") && message.contains("help:"),
        "{message}"
    );
    assert!(!message.contains("secret"), "{message}");
}
