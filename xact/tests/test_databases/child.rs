//! A process of its own that uses test databases: this test binary, started once more.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use xact::sqlx::{Connection as _, query, query_scalar};
use xact::testing::TestDatabase;

/// The variable with the child's task; the next one has the folder of its migrations.
pub(super) const DOES: &str = "XACT_TEST_CHILD";
const MIGRATIONS: &str = "XACT_TEST_CHILD_MIGRATIONS";

/// A child's report about its database, in a line of standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) name: String,
    /// The value that the migrations wrote, which differs each time they run.
    pub(super) mark: String,
    /// How many rows there are, with the one that the child added.
    pub(super) notes: i64,
}

/// A running child. It ends when it is told to, or with this value.
pub(super) struct Process {
    pub(super) child: Child,
    lines: BufReader<ChildStdout>,
}

/// The command for a child that leases a database and waits. It inherits no server by URL.
pub(super) fn command(does: &str, migrations: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "test_databases::child::process",
        "--ignored",
        "--nocapture",
    ]);
    command.env(DOES, does).env(MIGRATIONS, migrations);
    command
        .env_remove("XACT_SERVER_URL")
        .env_remove("DATABASE_URL");
    command.env("NEXTEST_RUN_ID", "the run of this test");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

impl Process {
    pub(super) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits until the child has its database.
    pub(super) fn said(&mut self) -> Said {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            if let Some(said) = line.strip_prefix("said ") {
                let words: Vec<&str> = said.split_whitespace().collect();
                return Said {
                    name: words[0].to_owned(),
                    mark: words[1].to_owned(),
                    notes: words[2].parse().unwrap(),
                };
            }
            line.clear();
        }
        panic!("the child said nothing: {:?}", self.child.wait());
    }

    /// Lets the child end, and waits until it has.
    pub(super) fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }

    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Runs a child from its first to its last moment.
pub(super) fn run(command: &mut Command) -> Said {
    let mut process = Process::start(command);
    let said = process.said();
    process.end();
    said
}

#[tokio::test]
#[ignore = "other tests start it, as a process of its own"]
async fn process() {
    let does = std::env::var(DOES).unwrap();
    let migrations = std::env::var(MIGRATIONS).unwrap();
    let test = match does.as_str() {
        "shared" => TestDatabase::shared_from(migrations).await.unwrap(),
        _ => TestDatabase::isolated_from(migrations).await.unwrap(),
    };
    let mut connection = test.connect().await.unwrap();
    query("INSERT INTO notes (body) VALUES ('kept')")
        .execute(&mut connection)
        .await
        .unwrap();
    let mark: String = query_scalar("SELECT mark FROM marks")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let notes: i64 = query_scalar("SELECT count(*) FROM notes")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    println!(
        "\nsaid {} {mark} {notes}",
        test.options().get_database().unwrap()
    );
    assert_ne!(does, "panic", "the child was told to fail");
    if does == "error" {
        let failed = test.run(async |_| Err::<(), _>("the child was told to fail"));
        assert!(failed.await.is_err());
        std::process::exit(1);
    }
    if does == "at once" {
        drop(test);
        std::process::exit(0);
    }
    // Standard input ends when the test that started this process wants it to.
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    // The server has been there all the time.
    connection.ping().await.unwrap();
}
