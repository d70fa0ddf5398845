//! A project folder and a database of its own, and the command run on both.

use crate::server;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// One project and one database.
pub(super) struct World {
    pub(super) project: TempDir,
    pub(super) url: String,
    database: xact_server::Server,
}

/// The output of a command.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

/// Assertions about the output of a command.
pub(super) trait CheckOutput {
    /// It has this part.
    fn has(self, part: &str) -> Self;
}

impl CheckOutput for String {
    fn has(self, part: &str) -> Self {
        assert!(self.contains(part), "{part}\n{self}");
        self
    }
}

impl World {
    /// A project with these files below `migrations/`, and an empty database.
    pub(super) async fn new(migrations: &[(&str, &str)]) -> Self {
        let project = tempfile::tempdir().unwrap();
        std::fs::create_dir(project.path().join("migrations")).unwrap();
        let database = xact_server::Server::start(Some(server::url().await))
            .await
            .unwrap();
        let name = database.options().get_database().unwrap().to_owned();
        let url = server::url_of(&name).await;
        let world = Self {
            project,
            url,
            database,
        };
        for (name, text) in migrations {
            world.write(name, text);
        }
        world
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        std::fs::remove_file(self.folder().join(name)).unwrap();
    }

    pub(super) fn folder(&self) -> std::path::PathBuf {
        self.project.path().join("migrations")
    }

    /// `xact migrate …` as a command that has not started yet.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = migrate(self.project.path(), arguments);
        command.env("DATABASE_URL", &self.url);
        command
    }

    pub(super) async fn migrate(&self, arguments: &[&str]) -> Said {
        let server = server::url().await;
        said(
            self.command(arguments)
                .env("XACT_SERVER_URL", server)
                .output()
                .unwrap(),
        )
    }

    /// Runs a command that has to succeed; gives its output.
    pub(super) async fn ok(&self, arguments: &[&str]) -> String {
        let said = self.migrate(arguments).await;
        assert_eq!(said.code, 0, "{said:?}");
        said.out + &said.err
    }

    /// Runs a command that has to report errors of the project; gives its output.
    pub(super) async fn wrong(&self, arguments: &[&str]) -> String {
        let said = self.migrate(arguments).await;
        assert_eq!(said.code, 1, "{said:?}");
        said.out + &said.err
    }

    /// Runs a command that the machine, the database or the command line has to stop; gives its output.
    pub(super) async fn failed(&self, arguments: &[&str]) -> String {
        let said = self.migrate(arguments).await;
        assert_eq!(said.code, 2, "{said:?}");
        said.out + &said.err
    }

    pub(super) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(super) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    pub(super) async fn execute(&self, sql: &str) {
        let mut connection = self.connect().await;
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    /// One value as text.
    pub(super) async fn value(&self, sql: &str) -> String {
        let sql = format!("SELECT ({sql})::text");
        let mut connection = self.connect().await;
        let value: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        value.unwrap_or_default()
    }

    /// Waits until the query gives `true`.
    pub(super) async fn until(&self, sql: &str) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while self.value(sql).await != "true" {
            assert!(Instant::now() < deadline, "waited for {sql}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) async fn end(self) {
        self.database.stop().await.unwrap();
    }
}

/// `xact migrate …` in a project, without a database.
pub(super) fn migrate(project: &Path, arguments: &[&str]) -> Command {
    let mut all = vec!["migrate"];
    all.extend(arguments);
    let mut command = crate::command_line::xact(project, &all);
    command.env("XDG_DATA_HOME", project.join("data"));
    command
}

pub(super) fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Whether a session of the tool waits for an advisory lock, as a test makes it wait.
pub(super) const IS_STOPPED: &str = "EXISTS (SELECT FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'xact migrate' \
    AND wait_event_type = 'Lock')";
