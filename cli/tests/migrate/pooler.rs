//! Migrations through pgbouncer, which has no sessions to lock in transaction mode.

use super::world::{World, said};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Ends with the process that holds its input, also one that was killed.
const RUN: &str = r#""$0" "$1" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid"#;

/// A pgbouncer; it ends when this is dropped.
struct PgBouncer {
    process: Child,
    folder: TempDir,
}

impl PgBouncer {
    /// In front of the database of `world`; nothing, said loudly, where there is no pgbouncer.
    async fn start(world: &World, mode: &str, sessions: u32) -> Option<Self> {
        let program =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pgbouncer/bin/pgbouncer");
        if !program.exists() {
            eprintln!(
                "SKIPPED: there is no pgbouncer in target/pgbouncer; scripts/fetch-pgbouncer fetches it"
            );
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // It gives up being root and makes its socket here.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let file = folder.path().join("pgbouncer.ini");
        let text = configuration(world, folder.path(), mode, sessions);
        std::fs::write(&file, text).unwrap();
        let process = Command::new("sh")
            .args(["-c", RUN])
            .arg(program)
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Self { process, folder };
        for _ in 0..500 {
            if bouncer.socket().exists() {
                return Some(bouncer);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("pgbouncer does not start");
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.6432")
    }

    fn url(&self, world: &World) -> String {
        let (before, _) = world.url.split_once('?').unwrap();
        let database = before.rsplit('/').next().unwrap();
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost:6432/{database}?host={folder}")
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

/// The lines of the guide, and where things are.
fn configuration(world: &World, folder: &Path, mode: &str, sessions: u32) -> String {
    let (_, host) = world.url.split_once("?host=").unwrap();
    let folder = folder.display();
    let mut text = format!(
        "[databases]\n* = host={host} port=5432 user=postgres\n[pgbouncer]\nauth_type = any\nlisten_addr =\n\
         listen_port = 6432\nunix_socket_dir = {folder}\nlogfile = {folder}/log\ndefault_pool_size = {sessions}\n\
         pool_mode = {mode}\nmax_prepared_statements = 200\nignore_startup_parameters = extra_float_digits\n"
    );
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        let knows = |name: &&str| {
            Command::new("id")
                .arg(name)
                .output()
                .unwrap()
                .status
                .success()
        };
        let account = ["postgres", "nobody"].into_iter().find(knows).unwrap();
        text.push_str("user = ");
        text.push_str(account);
        text.push('\n');
    }
    text
}

const ONE: (&str, &str) = (
    "1_t.up.sql",
    "CREATE TABLE t (id int);\nSELECT pg_sleep(0.2);\n",
);

#[tokio::test]
async fn a_transaction_pooler_is_refused_before_anything_is_changed() {
    for sessions in [1, 2, 5] {
        let world = World::new(&[ONE]).await;
        let Some(bouncer) = PgBouncer::start(&world, "transaction", sessions).await else {
            return;
        };
        let url = bouncer.url(&world);
        let running: Vec<Child> = (0..5)
            .map(|_| world.start(&["run", "--database", &url]))
            .collect();
        for child in running {
            let said = said(child.wait_with_output().unwrap());
            assert_eq!(said.code, 2, "{said:?}");
            assert!(said.err.contains("behind a transaction pooler"), "{said:?}");
            assert!(said.err.contains("`--direct postgres://…`"), "{said:?}");
        }
        assert_eq!(
            world.value("to_regclass('_sqlx_migrations') IS NULL").await,
            "true"
        );
        let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = \
            (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(world.value(locks).await, "0");
        // Reading changes nothing, so a pooler is no obstacle.
        assert_eq!(world.migrate(&["status", "--database", &url]).await.code, 3);
        let direct = world.url.clone();
        let report = world
            .ok(&["run", "--database", &url, "--direct", &direct])
            .await;
        assert!(
            report.contains("applied: migrations/1_t.up.sql"),
            "{report}"
        );
        drop(bouncer);
        world.end().await;
    }
}

#[tokio::test]
async fn a_session_pooler_is_no_obstacle() {
    let world = World::new(&[ONE]).await;
    let Some(bouncer) = PgBouncer::start(&world, "session", 3).await else {
        return;
    };
    let url = bouncer.url(&world);
    let report = world.ok(&["run", "--database", &url]).await;
    assert!(
        report.contains("applied: migrations/1_t.up.sql"),
        "{report}"
    );
    drop(bouncer);
    world.end().await;
}

#[tokio::test]
async fn the_url_past_a_pooler_may_be_a_variable_and_an_option_wins() {
    let world = World::new(&[ONE]).await;
    let nowhere = "postgres://postgres@127.0.0.1:1/nowhere";
    let run = world
        .command(&["run"])
        .env("DATABASE_URL", nowhere)
        .env("DATABASE_DIRECT_URL", &world.url)
        .output()
        .unwrap();
    assert_eq!(said(run).code, 0);
    let run = world
        .command(&["run", "--database", nowhere])
        .env("DATABASE_DIRECT_URL", &world.url)
        .output()
        .unwrap();
    assert_eq!(said(run).code, 2, "the option names another database");
    std::fs::write(
        world.project.path().join(".env"),
        format!(
            "DATABASE_URL={nowhere}\nDATABASE_DIRECT_URL={}\n",
            world.url
        ),
    )
    .unwrap();
    let run = world.command(&["run"]).env_remove("DATABASE_URL").output();
    assert_eq!(said(run.unwrap()).code, 0);
    world.end().await;
}

#[tokio::test]
async fn each_migration_behind_a_session_pooler_begins_with_the_same_settings() {
    let seen = "CREATE TABLE seen_N AS SELECT current_setting('application_name') || ' ' \
        || current_setting('TimeZone') || ' ' || current_setting('client_encoding') AS settings;\n";
    let (one, two) = (seen.replace('N', "1"), seen.replace('N', "2"));
    let world = World::new(&[("1_one.up.sql", &one), ("2_two.up.sql", &two)]).await;
    let name = world.value("SELECT current_database()").await;
    world
        .execute(&format!(
            "ALTER DATABASE {name} SET TimeZone = 'Asia/Tokyo'"
        ))
        .await;
    let Some(bouncer) = PgBouncer::start(&world, "session", 3).await else {
        return;
    };
    world.ok(&["run", "--database", &bouncer.url(&world)]).await;
    for table in ["seen_1", "seen_2"] {
        let settings = world.value(&format!("SELECT settings FROM {table}")).await;
        assert_eq!(settings, "xact migrate UTC UTF8", "{table}");
    }
    drop(bouncer);
    world.end().await;
}

#[tokio::test]
async fn options_that_a_pooler_refuses_have_help() {
    let world = World::new(&[ONE]).await;
    let Some(bouncer) = PgBouncer::start(&world, "session", 3).await else {
        return;
    };
    let url = bouncer.url(&world) + "&options[search_path]=public";
    let said = world.migrate(&["run", "--database", &url]).await;
    assert_eq!(said.code, 2, "{said:?}");
    for part in [
        "unsupported startup parameter",
        "with `--direct postgres://…`",
    ] {
        assert!(said.err.contains(part), "{said:?}");
    }
    drop(bouncer);
    world.end().await;
}
