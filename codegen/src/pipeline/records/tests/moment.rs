//! Errors of the moment: no result is made of them, so none is recorded.

use crate::database::{Sharing, ThrowawayDatabase};
use crate::pipeline::kept::KeptQueries;
use crate::pipeline::{Parsed, RecordUse, ask_database};
use crate::query::{Finished, TypedSchema};
use crate::report::{Failure, Stop};
use std::path::Path;
use std::sync::Arc;
use xact_server::Server;

const TABLE: &str = "CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL);\n";

/// The body of a function that fails with this SQLSTATE while the session runs a statement like this one.
fn write_failing(statement: &str, state: &str, result: &str) -> String {
    format!(
        "LANGUAGE plpgsql AS $$ BEGIN
            IF current_query() LIKE '{statement}' AND current_setting('fails.now', true) IS NULL THEN
                RAISE 'it fails now' USING ERRCODE = '{state}';
            END IF;
            {result}
        END $$;\n"
    )
}

/// `fail()`, which the planner evaluates.
fn fail_when_planned(state: &str) -> String {
    let body = write_failing("EXPLAIN EXECUTE%", state, "RETURN '';");
    format!("CREATE FUNCTION fail() RETURNS text IMMUTABLE {body}")
}

/// A trigger of the statements that create functions of such names.
fn fail_when_created(name: &str, state: &str) -> String {
    let body = write_failing(&format!("%{name}%"), state, "");
    format!(
        "CREATE FUNCTION fail() RETURNS event_trigger {body}
        CREATE EVENT TRIGGER fail ON ddl_command_start EXECUTE FUNCTION fail();\n"
    )
}

/// What was said while something failed, and afterwards.
struct Answers {
    failed: Result<(), Failure>,
    is_recorded: bool,
    queries: Vec<Arc<Finished>>,
}

async fn ask_twice(migration: &str, query: &str) -> Answers {
    let project = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = project.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("migrations/1_notes.up.sql", &format!("{TABLE}{migration}"));
    write("queries/notes.sql", query);
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let folder = folder.display();
    let url = format!("postgres://postgres@localhost/postgres?host={folder}");
    let answers = Box::pin(ask_on(project.path(), &url)).await;
    server.stop().await.unwrap();
    answers
}

async fn ask_on(project: &Path, url: &str) -> Answers {
    let parse = || Parsed::read(project).unwrap();
    let opened = ThrowawayDatabase::open(&parse().project, Some(url), Sharing::Private).await;
    let mut database = match opened {
        Ok(database) => database,
        Err(Stop::Diagnostics(found)) => panic!("{found:#?}"),
        Err(Stop::Failure(failure)) => panic!("{failure}"),
    };
    // As if it were no external one: this test is its only user.
    database.origin = Some(1);
    let catalog = TypedSchema::read(&mut database).await.unwrap();
    let records = tempfile::tempdir().unwrap();
    let kept = || KeptQueries::in_folder(Some(records.path().join("queries")), RecordUse::Read);
    let mut first = kept();
    let failed = ask_database(&mut database, catalog.clone(), parse(), &mut first).await;
    let (mut second, parsed) = (kept(), parse());
    second.begin(database.origin, &parsed.project, &catalog);
    second.restore(&parsed.queries);
    let is_recorded = second.knows(&parsed.queries[0]);
    let connection = &mut database.session.connection;
    let stop = sqlx::raw_sql("SET fails.now = 'no'");
    stop.execute(connection).await.unwrap();
    let asked = ask_database(&mut database, catalog, parsed, &mut second).await;
    let asked = asked.unwrap();
    let queries = asked.queries;
    assert!(!queries.is_empty(), "{:#?}", asked.findings);
    database.stop().await.unwrap();
    Answers {
        failed: failed.map(drop),
        is_recorded,
        queries,
    }
}

#[tokio::test]
async fn a_batch_whose_planning_failed_in_the_moment_is_asked_about_again() {
    let batch = "-- name: add :batch\nINSERT INTO notes VALUES (:id, :body || fail());\n";
    let answers = ask_twice(&fail_when_planned("53100"), batch).await;
    assert!(!answers.is_recorded);
    let message = answers.failed.unwrap_err().to_string();
    let wanted = "Postgres failed at the query `add`: it fails now\nhelp: ";
    assert!(message.starts_with(wanted), "{message}");
    // It may be one of the statement too, if Postgres has a bug: nothing stops, and nothing is kept.
    let answers = ask_twice(&fail_when_planned("XX000"), batch).await;
    answers.failed.unwrap();
    assert!(!answers.is_recorded);
}

#[tokio::test]
async fn a_query_whose_tree_could_not_be_stored_in_the_moment_is_asked_about_again() {
    let query = "-- name: bodies :many\nSELECT id, body FROM notes;\n";
    let answers = ask_twice(&fail_when_created("xact_query_", "53200"), query).await;
    assert!(!answers.is_recorded);
    let message = answers.failed.unwrap_err().to_string();
    assert!(message.contains("it fails now"), "{message}");
    assert!(
        !answers.queries[0].columns[1].nullable,
        "its tree proves it"
    );
}

#[tokio::test]
async fn a_function_that_could_not_be_declared_in_the_moment_is_asked_about_again() {
    let function = "CREATE FUNCTION twice(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';\n";
    let migration = function.to_owned() + &fail_when_created("xact_body_", "57014");
    let query = "-- name: bodies :many\nSELECT id, twice(body) AS body FROM notes;\n";
    let answers = ask_twice(&migration, query).await;
    assert!(!answers.is_recorded);
    let message = answers.failed.unwrap_err().to_string();
    assert!(message.contains("it fails now"), "{message}");
    assert!(
        !answers.queries[0].columns[1].nullable,
        "its text proves it"
    );
}
