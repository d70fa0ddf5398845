//! A private cluster: its folder, its server process, and how to connect.

use super::ServerError;
use super::account::Account;
use super::find::Installation;
use super::supervisor::Supervisor;
use super::{memory, sweep, template};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The data is thrown away, also after a crash, so nothing waits for the disk. `full_page_writes` only helps recovery. Autovacuum
/// and jit would make the speed of tests depend on the moment. 200 connections: tests with a pool each run on all cores.
pub(super) const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    // Files change at a checkpoint alone, so that they can be copied after one.
    "bgwriter_lru_maxpages=0",
    "jit=off",
    // A socket in a folder of its own alone: no port can be taken, and no other user can connect.
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "log_min_messages=fatal",
    "timezone=UTC",
];

/// Generous: a loaded machine is slow to start processes, and an early exit is noticed at once.
pub(super) const START_DEADLINE: Duration = Duration::from_secs(30);

/// Short next to the start, long next to a look at a file.
const PAUSE: Duration = Duration::from_millis(1);

/// A running private cluster. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub(super) struct Cluster {
    // Fields are dropped in this order: the server has to stop before its folder is removed and the lock released.
    supervisor: Supervisor,
    folder: Folder,
}

impl Cluster {
    pub(super) async fn start(installation: &Installation) -> Result<Self, ServerError> {
        let fill = |account, data: &Path| template::fill_data(installation, account, data);
        let mut cluster = Self::begin(installation, &[], fill)?;
        let program = installation.program("postgres");
        cluster.wait_until_ready(&program).await?;
        let connected = cluster.options().connect().await;
        let cleared = match connected {
            Ok(connection) => clear_comment(connection).await,
            Err(error) => Err(error),
        };
        cleared.map_err(|error| cluster.not_started(&program, error.to_string()))?;
        Ok(cluster)
    }

    /// Starts the server with these settings too, on the data that `fill` makes, and does not wait for it.
    pub(super) fn begin(
        installation: &Installation,
        settings: &[&str],
        fill: impl FnOnce(Account, &Path) -> Result<(), ServerError>,
    ) -> Result<Self, ServerError> {
        let account = Account::choose()?;
        sweep::remove_leftovers(account);
        let folder = Folder::create(account)?;
        fill(account, &folder.data())?;
        let mut line = command_line(&installation.program("postgres"), folder.path());
        for setting in settings {
            line.extend(["-c".into(), (*setting).into()]);
        }
        let supervisor = Supervisor::start(folder.path(), account, &line)?;
        Ok(Self { supervisor, folder })
    }

    /// Lets the server end, and does not wait for that.
    pub(super) fn begin_stop(&mut self) {
        self.supervisor.begin_end();
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.data()
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        cluster_options(self.folder.path())
    }

    pub(super) fn stop(self) -> Result<(), ServerError> {
        let path = self.folder.path().to_owned();
        drop(self);
        if path.exists() {
            // The supervisor removes the folder with its last command, so a folder that is there means that it was killed.
            let source = std::io::Error::other("it is still there");
            return Err(ServerError::io("remove", path)(source));
        }
        Ok(())
    }

    pub(super) async fn wait_until_ready(&mut self, program: &Path) -> Result<(), ServerError> {
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            if is_ready(&self.folder.data()) {
                return Ok(());
            }
            let ended = self.supervisor.exit_status();
            if ended.is_some() || Instant::now() > deadline {
                let reason = "it does not accept connections".to_owned();
                return Err(self.not_started(program, ended.map_or(reason, |s| s.to_string())));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn not_started(&mut self, program: &Path, reason: String) -> ServerError {
        let log = match self.supervisor.exit_status() {
            Some(_) => self.supervisor.read_log(),
            None => std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default(),
        };
        ServerError::Start {
            program: program.to_owned(),
            reason,
            log,
        }
    }
}

/// Whether a server accepts connections, by the eighth line of its lock file (`miscadmin.h`), which `pg_ctl` reads too: each attempt to
/// connect would start a process that takes time from the server.
fn is_ready(data: &Path) -> bool {
    let file = std::fs::read_to_string(data.join("postmaster.pid"));
    file.is_ok_and(|text| {
        text.lines()
            .nth(7)
            .is_some_and(|line| line.trim() == "ready")
    })
}

/// How to connect to the cluster in `folder`, as its superuser.
pub(super) fn cluster_options(folder: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(folder)
        .port(5432)
        .username("postgres")
        .database("postgres")
        .ssl_mode(sqlx::postgres::PgSslMode::Disable)
}

/// `initdb` leaves a comment on the database, which would look like one of the project's.
pub(super) async fn clear_comment(mut connection: PgConnection) -> Result<(), sqlx::Error> {
    connection
        .execute("COMMENT ON DATABASE postgres IS NULL")
        .await?;
    connection.close().await
}

pub(super) fn command_line(program: &Path, folder: &Path) -> Vec<OsString> {
    let mut line: Vec<OsString> = vec![program.into(), "-D".into(), folder.join("data").into()];
    line.extend(["-p".into(), "5432".into(), "-k".into(), folder.into()]);
    for setting in SETTINGS {
        line.extend(["-c".into(), (*setting).into()]);
    }
    line
}

/// The folder of one cluster: `lock`, held by this process; `data`; the socket; `log`.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Held until the folder is removed: `sweep` removes only folders whose lock is free.
    _lock: File,
}

impl Folder {
    fn create(account: Account) -> Result<Self, ServerError> {
        let root = memory::choose_folder(account);
        let temporary = tempfile::Builder::new()
            .prefix(sweep::PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(&root)
            .map_err(ServerError::io("create a folder in", root))?;
        let lock = sweep::create_lock(temporary.path())?;
        account.take_ownership(temporary.path())?;
        // From here on the supervisor removes the folder, also when this process is killed.
        let path = temporary.keep();
        Ok(Self { path, _lock: lock })
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn data(&self) -> PathBuf {
        self.path.join("data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The supervisor removed it; this is for a server that was never started.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
