"""Databases for tests: a process with one test, and one with many, for folders of 1, 50 and 400 migrations.

The crate `target/databases` is written here, because `#[sqlx::test]` reads its migrations when it is compiled.
"""

import shutil

from compare import project
from compare.install import call
from compare.paths import BENCHES, ROOT, TARGET
from compare.shell import Failed, timed

MIGRATIONS = [1, 50, 400]
TESTS = 12
AXIS = "test database"
CRATE = TARGET / "databases"

MANIFEST = """[workspace]

[package]
name = "databases"
edition = "2024"
version = "0.0.0"

[dependencies]
sqlx = {{ version = "0.9", default-features = false, features = ["macros", "migrate", "postgres", "runtime-tokio"] }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
xact = {{ path = "{root}/xact", features = ["testing"] }}
"""

SQLX_TEST = """
    #[sqlx::test(migrations = "./migrations_{count}")]
    async fn sqlx_test_{number}(pool: sqlx::PgPool) {{
        sqlx::query("SELECT FROM item_0000").execute(&pool).await.unwrap();
    }}
"""

XACT_TEST = """
    #[tokio::test]
    async fn xact_test_{number}() {{
        let test = xact::testing::TestDatabase::isolated_from("{folder}/migrations_{count}").await.unwrap();
        let mut connection = test.connect().await.unwrap();
        xact::sqlx::query("SELECT FROM item_0000").execute(&mut connection).await.unwrap();
    }}
"""

# One statement to copy, one to drop: without a pool of copies, without a record of what is left.
BY_HAND_TEST = """
    #[tokio::test]
    async fn by_hand_test_{number}() {{
        crate::with_copy("template_{count}", "copy_{count}_{number}").await;
    }}
"""

COMMON = """//! Written by `benches/run`.
#![cfg(test)]

use sqlx::{Connection as _, Executor as _};

async fn with_copy(template: &str, name: &str) {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut admin = sqlx::PgConnection::connect(&url).await.unwrap();
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    let mut connection = sqlx::PgConnection::connect(&format!("{server}/{name}")).await.unwrap();
    connection.execute("SELECT FROM item_0000").await.unwrap();
    connection.close().await.unwrap();
    admin.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name}"))).await.unwrap();
}
"""
KINDS = {"xact": "xact_test", "#[sqlx::test]": "sqlx_test", "template by hand": "by_hand_test"}


def write_crate():
    shutil.rmtree(CRATE / "src", ignore_errors=True)
    (CRATE / "src").mkdir(parents=True)
    (CRATE / "Cargo.toml").write_text(MANIFEST.format(root=ROOT))
    shutil.copy(BENCHES / "Cargo.lock", CRATE / "Cargo.lock")
    source = COMMON
    for count in MIGRATIONS:
        folder = CRATE / f"migrations_{count}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number in range(count):
            (folder / f"{number + 1}_item.up.sql").write_text(project.migration(number))
            (folder / f"{number + 1}_item.down.sql").write_text(f"DROP TABLE {project.table_name(number)};\n")
        source += f"\nmod with_{count} {{\n"
        for number in range(TESTS):
            values = dict(count=count, number=number, folder=CRATE)
            source += SQLX_TEST.format(**values) + XACT_TEST.format(**values) + BY_HAND_TEST.format(**values)
        source += "}\n"
    (CRATE / "src/lib.rs").write_text(source)


def build_tests():
    """The path of the test program."""
    call("cargo", "test", "--release", "--no-run", "--quiet", "--manifest-path", CRATE / "Cargo.toml", "--target-dir", TARGET)
    built = [path for path in (TARGET / "release/deps").glob("databases-*") if path.suffix == ""]
    return max(built, key=lambda path: path.stat().st_mtime)


def run_databases(server, results, options):
    write_crate()
    program = build_tests()
    url = server.tcp_url("postgres")
    environment = {"DATABASE_URL": url, "XACT_SERVER_URL": url, "XDG_CACHE_HOME": CRATE / "cache"}
    for count in MIGRATIONS:
        server.create(f"template_{count}")
        for number in range(count):
            server.psql(f"template_{count}", "-c", project.migration(number))
        for round_number in range(min(options.rounds, 5) + 1):
            for name, test in KINDS.items():
                # The uncounted round builds the templates and the copies that are kept ready.
                measure(results, program, name, test, count, environment, counted=round_number > 0)
        print(f"  test database: {count} migrations", flush=True)


def measure(results, program, name, test, count, environment, counted):
    prefix = f"with_{count}::{test}_"
    threads = "--test-threads=1"
    try:
        empty = timed(program, "no such test", threads, **environment)
        first = timed(program, f"{prefix}0", "--exact", threads, **environment)
        many = timed(program, prefix, threads, **environment)
    except Failed as error:
        results.miss(AXIS, f"{count} migrations, each test", name, error)
        return
    if counted:
        results.add(AXIS, f"{count} migrations, first test of a process", name, max(first - empty, 0))
        results.add(AXIS, f"{count} migrations, each test", name, max(many - empty, 0) / TESTS)
