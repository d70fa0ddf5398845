//! `xact wait` and `xact stats`.

use crate::command_line::xact;
use crate::server;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use tempfile::TempDir;
use xact_server::Server;

fn project() -> TempDir {
    crate::command_line::project()
}

fn run(arguments: &[&str]) -> (i32, String) {
    let output = xact(project().path(), arguments).output().unwrap();
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[tokio::test]
async fn wait_returns_when_the_database_answers() {
    let (code, said) = run(&["wait", "--database", server::url().await]);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("the database is ready after "), "{said}");
}

#[tokio::test]
async fn wait_says_why_it_waits_and_sees_the_database_come() {
    let mut connection = PgConnection::connect(server::url().await).await.unwrap();
    let name = format!("late_{}", std::process::id());
    let url = server::url_of(&name).await;
    let project = project();
    let mut command = xact(
        project.path(),
        &["wait", "--timeout", "120", "--database", &url],
    );
    let mut waiting = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines();
    let reason = lines.next().unwrap().unwrap();
    assert_eq!(
        reason,
        format!("waiting: database \"{name}\" does not exist")
    );
    let sql = |what: &str| sqlx::AssertSqlSafe(format!("{what} DATABASE {name}"));
    connection.execute(sql("CREATE")).await.unwrap();
    assert!(waiting.wait().unwrap().success());
    connection
        .execute(sqlx::AssertSqlSafe(format!(
            "DROP DATABASE {name} WITH (FORCE)"
        )))
        .await
        .unwrap();
}

#[tokio::test]
async fn wait_ends_with_the_last_answer_of_the_server() {
    let url = server::url_of("no_such_database").await;
    let (code, said) = run(&["wait", "--timeout", "1", "--database", &url]);
    assert_eq!(code, 2, "{said}");
    let last = "is not ready after 1 s: database \"no_such_database\" does not exist\n";
    assert!(said.contains(last), "{said}");
    assert!(!said.contains("no answer"), "{said}");
}

#[tokio::test]
async fn wait_takes_a_server_without_writes_only_if_told() {
    let database = Server::start(Some(server::url().await)).await.unwrap();
    let name = database.options().get_database().unwrap().to_owned();
    let url = server::url_of(&name).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let alter = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    connection
        .execute(sqlx::AssertSqlSafe(alter))
        .await
        .unwrap();
    let (code, said) = run(&["wait", "--timeout", "1", "--database", &url]);
    assert_eq!(code, 2, "{said}");
    let reason = "waiting: the server takes no writes: it is a standby, or default_transaction_read_only is on";
    assert!(said.contains(reason), "{said}");
    let (code, said) = run(&["wait", "--read-only", "--database", &url]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn wait_ends_with_2_when_its_time_is_over() {
    let (code, said) = run(&[
        "wait",
        "--timeout",
        "0",
        "--database",
        "postgres://a:secret@127.0.0.1:1/b",
    ]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("is not ready after 0 s"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test]
async fn stats_tell_sizes_unused_and_invalid_indexes_and_how_to_see_slow_queries() {
    let database = Server::start(Some(server::url().await)).await.unwrap();
    let name = database.options().get_database().unwrap().to_owned();
    let url = server::url_of(&name).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let sql = "CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n\
        CREATE INDEX notes_body ON notes (body);\n\
        CREATE INDEX notes_half ON notes (id, body);\n\
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'notes_half'::regclass;\n\
        INSERT INTO notes SELECT n, 'x' FROM generate_series(1, 5000) n;\n";
    connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    let (code, text) = run(&["stats", "--database", &url]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("notes_body on notes, unused since"), "{text}");
    assert!(text.contains("notes_half on notes, invalid"), "{text}");
    assert!(!text.contains("notes_pkey on"), "{text}");
    assert!(
        text.contains("not known: load `pg_stat_statements`"),
        "{text}"
    );
    let (_, json) = run(&["stats", "--json", "--database", &url]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["tables"][0]["name"], "notes");
    assert!(json["tables"][0]["bytes"].as_i64().unwrap() > 100_000);
    assert!(json["connections"]["allowed"].as_i64().unwrap() > 0);
    assert!(json["slow_queries"].is_null());
    connection.close().await.unwrap();
    database.stop().await.unwrap();
}
