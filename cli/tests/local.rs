//! The local database: the promises of `xact dev`, on clusters of the tests' own.

use crate::command_line::xact;
use crate::server;
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TABLE: &str = "CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE ROLE local_reader;\n";

/// A repository with a main branch and one migration, and a place for its cluster.
pub(crate) struct Repository {
    folder: TempDir,
    name: String,
}

impl Repository {
    pub(crate) fn new() -> Self {
        Self::named("shop")
    }

    pub(crate) fn named(name: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("xact-test-")
            .tempdir_in("/tmp")
            .unwrap();
        // The server may run as another user, who has to pass.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let name = name.to_owned();
        let repository = Self { folder, name };
        std::fs::create_dir_all(repository.project().join("migrations")).unwrap();
        repository.write("1_notes.up.sql", TABLE);
        repository.git(&["init", "-q", "-b", "main"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "-qm", "one"]);
        repository
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.project().join("migrations").join(name), text).unwrap();
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(self.project())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success());
    }

    fn command(&self, project: &Path, arguments: &[&str]) -> Command {
        let mut command = xact(project, arguments);
        command.env("XACT_LOCAL_DIR", self.folder.path().join("local"));
        command
    }

    /// Runs a command in a checkout; gives its exit code and all it said.
    fn run_in(&self, project: &Path, arguments: &[&str]) -> (i32, String) {
        told(&self.command(project, arguments).output().unwrap())
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        self.run_in(&self.project(), arguments)
    }

    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{said}");
        said
    }

    pub(crate) fn url(&self) -> String {
        self.ok(&["dev", "url"]).trim().to_owned()
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    pub(crate) fn databases(&self) -> Vec<String> {
        let (_, json) = self.run(&["dev", "status", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let databases = json["databases"].as_array().unwrap().iter();
        databases
            .map(|database| database["name"].as_str().unwrap().to_owned())
            .collect()
    }

    fn postmaster(&self) -> Pid {
        let (_, json) = self.run(&["dev", "status", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        Pid::from_raw(i32::try_from(json["pid"].as_i64().unwrap()).unwrap()).unwrap()
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = self
            .command(&self.project(), &["dev", "down", "--purge"])
            .output();
    }
}

fn told(output: &Output) -> (i32, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[tokio::test]
async fn each_branch_has_a_database_of_its_own_and_wipe_drops_only_that() {
    let repository = Repository::new();
    let said = repository.ok(&["dev", "up"]);
    assert!(
        said.contains("database shop_main was created with all migrations"),
        "{said}"
    );
    repository
        .connect()
        .await
        .execute("INSERT INTO notes VALUES (1)")
        .await
        .unwrap();

    repository.git(&["switch", "-qc", "tags"]);
    repository.write("2_tags.up.sql", "CREATE TABLE tags (id bigint);\n");
    let said = repository.ok(&["dev", "up"]);
    assert!(said.contains("database shop_tags was created"), "{said}");
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM notes NATURAL LEFT JOIN tags")
        .fetch_one(&mut repository.connect().await)
        .await
        .unwrap();
    assert_eq!(rows, 0, "a branch begins with a migrated, empty database");
    assert_eq!(repository.databases(), ["shop_main", "shop_tags"]);

    let said = repository.ok(&["dev", "wipe"]);
    assert!(said.contains("database shop_tags was dropped"), "{said}");
    assert_eq!(repository.databases(), ["shop_main"]);
    assert_eq!(repository.run(&["dev", "status"]).0, 3);
}

#[tokio::test]
async fn worktrees_of_one_repository_share_the_server_and_not_the_database() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    let other = repository.folder.path().join("elsewhere");
    repository.git(&["worktree", "add", "-q", other.to_str().unwrap()]);
    let (code, said) = repository.run_in(&other, &["dev", "up"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("database shop_elsewhere was created"),
        "{said}"
    );
    assert_eq!(repository.databases(), ["shop_elsewhere", "shop_main"]);
}

#[tokio::test]
async fn up_migrates_and_migrate_finds_the_local_database_by_itself() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    repository.write("2_more.up.sql", "CREATE TABLE more (id bigint);\n");
    let (code, said) = repository.run(&["migrate", "status"]);
    assert_eq!(code, 3, "{said}");
    let said = repository.ok(&["dev", "up"]);
    assert!(said.contains("applied: migrations/2_more.up.sql"), "{said}");
    assert!(
        said.contains("database shop_main has 1 migration more"),
        "{said}"
    );
    repository.write("3_last.up.sql", "CREATE TABLE last (id bigint);\n");
    let said = repository.ok(&["migrate"]);
    assert!(said.contains("applied: migrations/3_last.up.sql"), "{said}");
    repository.write("1_notes.up.sql", "SELECT 1;\n");
    let (code, said) = repository.run(&["dev", "up"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("xact dev reset"), "{said}");
    repository.git(&["checkout", "-q", "."]);
    let said = repository.ok(&["dev", "reset"]);
    assert!(said.contains("database shop_main was created"), "{said}");
}

#[tokio::test]
async fn data_survives_down_and_nothing_survives_purge() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    repository
        .connect()
        .await
        .execute("INSERT INTO notes VALUES (1)")
        .await
        .unwrap();
    let url = repository.url();
    assert!(repository.ok(&["dev", "down"]).contains("its data stays"));
    let (code, said) = repository.run(&["dev", "status"]);
    assert!(code == 3 && said.contains("server    stopped"), "{said}");
    let (code, said) = repository.run(&["dev", "url"]);
    assert!(
        code == 2 && said.contains("help: `xact dev up` starts it"),
        "{said}"
    );
    repository.ok(&["dev", "up"]);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM notes")
        .fetch_one(&mut repository.connect().await)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    repository.ok(&["dev", "down", "--purge"]);
    assert!(PgConnection::connect(&url).await.is_err());
    let left = std::fs::read_dir(repository.folder.path().join("local")).unwrap();
    let left: Vec<_> = left
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(
        repository
            .ok(&["dev", "down", "--purge"])
            .contains("there is no local Postgres")
    );
}

#[tokio::test]
async fn nobody_gets_in_without_the_password_and_nobody_else_can_read_it() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    let url = repository.url();
    let (before, after) = url.split_once('@').unwrap();
    let (user, password) = before.rsplit_once(':').unwrap();
    assert_eq!(password.len(), 32);
    let wrong = format!("{user}:{}@{after}", "0".repeat(32));
    let error = PgConnection::connect(&wrong).await.unwrap_err();
    assert!(
        error.to_string().contains("password authentication failed"),
        "{error}"
    );
    let files = walkdir::WalkDir::new(repository.folder.path().join("local"));
    let file = files
        .into_iter()
        .map(Result::unwrap)
        .find(|file| file.file_name() == "password");
    let mode = file.unwrap().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let said = repository.ok(&["dev", "psql", "-XAtc", "SELECT current_database()"]);
    assert_eq!(said.trim(), "shop_main");
}

#[tokio::test]
async fn two_commands_at_once_make_one_server_and_one_database() {
    let repository = Repository::new();
    let spawn = || {
        let mut command = repository.command(&repository.project(), &["dev", "up"]);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children = [spawn(), spawn(), spawn()];
    for child in children {
        let (code, said) = told(&child.wait_with_output().unwrap());
        assert_eq!(code, 0, "{said}");
    }
    assert_eq!(repository.databases(), ["shop_main"]);
}

#[tokio::test]
async fn a_server_that_dies_in_a_migration_is_started_again_and_the_migration_continued() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    let steps = "-- no-transaction\nCREATE TABLE a (id int);\nSELECT pg_advisory_xact_lock(7);\nCREATE TABLE b (id int);\n";
    repository.write("2_steps.up.sql", steps);
    let mut blocker = repository.connect().await;
    blocker.execute("SELECT pg_advisory_lock(7)").await.unwrap();
    let mut command = repository.command(&repository.project(), &["migrate"]);
    let running = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    let stopped = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(stopped)
        .fetch_one(&mut blocker)
        .await
        .unwrap()
    {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    kill_process(repository.postmaster(), Signal::KILL).unwrap();
    // The server's other processes end by themselves, and the command with them.
    let (code, said) = told(&running.wait_with_output().unwrap());
    assert_eq!(code, 2, "{said}");
    let said = repository.ok(&["dev", "up"]);
    assert!(
        said.contains(
            "continuing: 2_steps was interrupted while it was being applied, after 1 step"
        ),
        "{said}"
    );
    repository
        .connect()
        .await
        .execute("SELECT FROM a, b")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_given_server_takes_the_place_of_the_private_one() {
    let repository = Repository::new();
    let project = repository.project();
    repository.write("1_notes.up.sql", "CREATE TABLE notes (id bigint);\n");
    let url = server::url().await;
    let run = |arguments: &[&str]| {
        let mut command = repository.command(&project, arguments);
        told(&command.env("XACT_SERVER_URL", url).output().unwrap())
    };
    let (code, said) = run(&["dev", "up"]);
    assert_eq!(code, 0, "{said}");
    let (_, branch) = run(&["dev", "url"]);
    assert!(branch.contains("/shop_main?host="), "{branch}");
    let mut connection = PgConnection::connect(branch.trim()).await.unwrap();
    connection.execute("SELECT FROM notes").await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(run(&["dev", "wipe"]).0, 0);
    let mut connection = PgConnection::connect(url).await.unwrap();
    let templates = "SELECT datname::text FROM pg_database WHERE datname LIKE 'shop\\_%'";
    let names: Vec<String> = sqlx::query_scalar(templates)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(names.len(), 1, "the template stays: {names:?}");
    connection
        .execute(AssertSqlSafe(format!("DROP DATABASE {}", names[0])))
        .await
        .unwrap();
}

#[tokio::test]
async fn slow_queries_are_called_by_the_name_of_their_function() {
    let repository = Repository::new();
    std::fs::create_dir(repository.project().join("queries")).unwrap();
    let query = "-- All of them.\n-- name: notes_list :many\nSELECT id\nFROM notes -- every note\nWHERE id > :least AND id < 100;\n";
    std::fs::write(repository.project().join("queries/notes.sql"), query).unwrap();
    repository.ok(&["dev", "up"]);
    let mut connection = repository.connect().await;
    if connection
        .execute("CREATE EXTENSION pg_stat_statements")
        .await
        .is_err()
    {
        eprintln!("SKIPPED: this Postgres has no pg_stat_statements");
        return;
    }
    let sql = "SELECT id\nFROM notes -- every note\nWHERE id > $1 AND id < 100";
    sqlx::query(sql)
        .bind(1_i64)
        .execute(&mut connection)
        .await
        .unwrap();
    let text = repository.ok(&["stats"]);
    assert!(text.contains("          1  notes_list\n"), "{text}");
    assert!(
        text.contains("CREATE EXTENSION pg_stat_statements"),
        "{text}"
    );
}

#[tokio::test]
async fn commands_on_the_database_of_a_branch_name_the_command_of_xact_dev_that_helps() {
    let repository = Repository::new();
    repository.ok(&["dev", "up"]);
    repository.write("1_notes.up.sql", "CREATE TABLE notes (id int);\n");
    let (code, said) = repository.run(&["migrate"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("help: or recreate this branch's local database: `xact dev reset`"),
        "{said}"
    );
    repository.git(&["checkout", "-q", "-b", "other"]);
    let (code, said) = repository.run(&["dev", "psql", "-c", "SELECT 1"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`xact dev up` creates `shop_other"), "{said}");
}
