//! A pgbouncer in front of the server of the tests, in transaction mode.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::UnixStream;
use xact::sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Ends with the process that holds its input, also one that was killed. SIGTERM would wait for its clients.
const RUN: &str = r#""$0" "$1" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid"#;

/// A pgbouncer; it ends when this is dropped.
pub(crate) struct PgBouncer {
    process: Child,
    folder: TempDir,
    options: PgConnectOptions,
}

impl PgBouncer {
    /// In front of the server of these options, with so many connections to it; `None`, said loudly, where there is no pgbouncer
    /// that knows prepared statements.
    pub(crate) async fn start(options: &PgConnectOptions, connections: u32) -> Option<Self> {
        let Some(program) = find() else {
            eprintln!(
                "SKIPPED: there is no pgbouncer 1.21 or later in target/pgbouncer or on PATH; scripts/fetch-pgbouncer fetches it"
            );
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        // It gives up being root and makes its socket here.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, configuration(options, folder.path(), connections)).unwrap();
        let process = Command::new("sh")
            .args(["-c", RUN])
            .arg(program)
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Self {
            process,
            folder,
            options: options.clone(),
        };
        bouncer.wait_until_ready().await;
        Some(bouncer)
    }

    async fn wait_until_ready(&self) {
        let socket = self.folder.path().join(".s.PGSQL.6432");
        for _ in 0..500 {
            if UnixStream::connect(&socket).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("pgbouncer does not start");
    }

    /// How to connect through it to the same database.
    pub(crate) fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.folder.path())
            .host("localhost")
            .port(6432)
            .username(self.options.get_username())
            .database(self.options.get_database().unwrap())
            .ssl_mode(PgSslMode::Disable)
            .application_name("pool")
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

/// The lines of the guide, and where things are.
fn configuration(options: &PgConnectOptions, folder: &Path, connections: u32) -> String {
    let socket = options.get_socket().unwrap().display().to_string();
    let mut text = format!(
        "[databases]\n* = host={socket} port={port} user={user}\n[pgbouncer]\nauth_type = any\nlisten_addr =\nlisten_port = 6432\n\
         unix_socket_dir = {folder}\nlogfile = {folder}/log\ndefault_pool_size = {connections}\n\
         pool_mode = transaction\nmax_prepared_statements = 200\nignore_startup_parameters = extra_float_digits\n",
        port = options.get_port(),
        user = options.get_username(),
        folder = folder.display(),
    );
    if rustix::process::geteuid().is_root() {
        // The account that the tests' server runs as.
        let account = ["postgres", "nobody"]
            .into_iter()
            .find(|name| {
                let id = Command::new("id").arg(name).output();
                id.is_ok_and(|id| id.status.success())
            })
            .unwrap();
        let _infallible = writeln!(text, "user = {account}");
    }
    text
}

fn find() -> Option<PathBuf> {
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pgbouncer/bin/pgbouncer");
    [fetched, PathBuf::from("pgbouncer")]
        .into_iter()
        .find(|program| is_new_enough(program))
}

fn is_new_enough(program: &Path) -> bool {
    let Ok(output) = Command::new(program).arg("--version").output() else {
        return false;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers = text.strip_prefix("PgBouncer ").and_then(|text| {
        let (major, rest) = text.split_once('.')?;
        let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    numbers.is_some_and(|version| version >= (1, 21))
}
