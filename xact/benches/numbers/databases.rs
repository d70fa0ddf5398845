//! A test database: leased, against one migrated again, as `#[sqlx::test]` does, on one server.

use std::future::{Ready, ready};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use xact::sqlx::PgPool;
use xact::sqlx::migrate::Migrator;
use xact::sqlx::testing::{TestArgs, TestFn as _};
use xact::testing::TestDatabase;

use crate::measure::print_table;

/// The first argument of a process that leases one database, and the folder of migrations its second.
pub(crate) const LEASE: &str = "lease-once";

/// The first argument of a process that has `DATABASE_URL`, which `#[sqlx::test]` wants.
pub(crate) const PAIR: &str = "pair";

const MIGRATIONS: usize = 50;
const ROUNDS: usize = 25;

/// The time of a short test; meanwhile the next database is created.
const TEST: Duration = Duration::from_millis(60);

pub(crate) fn compare_databases() {
    let folder = tempfile::tempdir().unwrap();
    for n in 1..=MIGRATIONS {
        let sql = format!(
            "CREATE TABLE t{n} (id bigint PRIMARY KEY, parent bigint REFERENCES t{n}, name text NOT NULL UNIQUE);\n\
             CREATE INDEX ON t{n} (parent);\n"
        );
        std::fs::write(folder.path().join(format!("{n}_table.up.sql")), sql).unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let test = runtime
        .block_on(TestDatabase::isolated_from(&folder))
        .unwrap();
    let options = test.options();
    let socket = options
        .get_socket()
        .expect("without XACT_SERVER_URL and DATABASE_URL it is a private server");
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        socket.display()
    );
    run_command(
        Command::new(std::env::current_exe().unwrap())
            .arg(PAIR)
            .arg(folder.path())
            .env("DATABASE_URL", url),
    );
    compare_leases(folder.path());
}

fn run_command(command: &mut Command) -> String {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    if !text.starts_with(LEASE) {
        print!("{text}");
    }
    text
}

/// Leases and migrates in turns.
pub(crate) fn run_pair(folder: &str) {
    let migrator = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(Migrator::new(Path::new(folder)))
        .unwrap();
    let migrator: &'static Migrator = Box::leak(Box::new(migrator));
    let (mut leased, mut migrated) = (Vec::new(), Vec::new());
    // The first of each creates the template that the later ones find.
    for round in 0..=ROUNDS {
        let (lease, migration) = (lease_database(folder), time_migration(migrator));
        if round > 0 {
            leased.push(lease);
            migrated.push(migration);
        }
    }
    print_table(
        &format!("a database with {MIGRATIONS} migrations, until the test begins; the goal is 10x"),
        vec![("isolated()", leased), ("#[sqlx::test]", migrated)],
    );
}

/// From the start of a test's runtime to a pool that the test can use, as below.
fn lease_database(folder: &str) -> Duration {
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let test = TestDatabase::isolated_from(folder).await.unwrap();
        let _pool = test.pool();
        let elapsed = start.elapsed();
        tokio::time::sleep(TEST).await;
        elapsed
    })
}

fn time_migration(migrator: &'static Migrator) -> Duration {
    static BEGUN: Mutex<Option<Instant>> = Mutex::new(None);
    fn test(_pool: PgPool) -> Ready<()> {
        *BEGUN.lock().unwrap() = Some(Instant::now());
        ready(())
    }
    let start = Instant::now();
    let args = TestArgs {
        test_path: "numbers::migration",
        migrator: Some(migrator),
        fixtures: &[],
    };
    (test as fn(PgPool) -> Ready<()>).run_test(args);
    BEGUN.lock().unwrap().take().unwrap() - start
}

/// One after the other in this process, and each in a process of its own.
fn compare_leases(folder: &Path) {
    let folder = folder.to_str().unwrap();
    lease_database(folder);
    let here = (0..ROUNDS * 2).map(|_| lease_database(folder)).collect();
    let alone = (0..ROUNDS).map(|_| {
        let text = run_command(
            Command::new(std::env::current_exe().unwrap())
                .arg(LEASE)
                .arg(folder),
        );
        let microseconds = text.trim_start_matches(LEASE).trim().parse().unwrap();
        Duration::from_micros(microseconds)
    });
    print_table(
        "a lease on the private server; the goal is 5 ms",
        vec![
            ("in a process that leased before", here),
            ("the first of a process", alone.collect()),
        ],
    );
}

pub(crate) fn lease_once(folder: &str) {
    println!("{LEASE} {}", lease_database(folder).as_micros());
}
