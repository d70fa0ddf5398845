//! A Postgres that stays: one private cluster for all checkouts of a repository.
//!
//! Given: the folder that the checkouts share. Gives: a [`LocalCluster`], started and stopped on
//! request, on a free port of this machine alone and on a socket, with a password of its own.
//! Never removes data unless asked to.
//!
//! ```text
//! <home>/<name>-<hash>/   family (the repository), password, port, bin: files of this crate
//!                server/  data, log, the socket: files of the server
//! ```

mod control;
mod create;
mod home;
mod stale;

use super::account::Account;
use super::{ServerError, sweep};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::path::{Path, PathBuf};

/// The longest folder of a socket: a socket's path has at most 103 bytes on macOS (107 on Linux), with the socket's own name.
const LONGEST_SOCKET_FOLDER: usize = 85;

/// The persistent cluster of one repository, for all its checkouts.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use xact_server::LocalCluster;
///
/// let cluster = LocalCluster::of("/home/me/project/.git".as_ref())?;
/// cluster.start()?;
/// println!("{}", cluster.url("postgres")?);
/// cluster.stop()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LocalCluster {
    repository: PathBuf,
    folder: PathBuf,
    account: Account,
}

/// Whether the cluster is there, and whether it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalState {
    /// There is none.
    Absent,
    /// Its data is there, and no server.
    Stopped,
    /// It runs.
    Running {
        /// The server's first process.
        pid: i32,
        /// Where it listens on this machine.
        port: u16,
    },
}

impl LocalCluster {
    /// The cluster of the checkouts that share `repository`, a folder that exists. Nothing is started.
    ///
    /// It lives in `XACT_LOCAL_DIR`, or else in the user's folder for data; root's, which Postgres
    /// refuses to run as, in `/var/lib/xact`.
    ///
    /// # Errors
    /// If there is no folder for it, or no account that could run it.
    pub fn of(repository: &Path) -> Result<Self, ServerError> {
        let account = Account::choose()?;
        let repository = repository
            .canonicalize()
            .map_err(ServerError::io("find", repository))?;
        let folder = home::choose_home(account)?.join(home::cluster_name(&repository));
        Ok(Self {
            repository,
            folder,
            account,
        })
    }

    /// The folder of all its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the server's log.
    pub fn log(&self) -> PathBuf {
        self.server().join("log")
    }

    /// Whether it is there, and whether it runs.
    pub fn state(&self) -> LocalState {
        let data = self.data();
        if !data.exists() {
            return LocalState::Absent;
        }
        match (sweep::server_of(&data), self.port()) {
            (Some(pid), Some(port)) => LocalState::Running {
                pid: pid.as_raw_nonzero().get(),
                port,
            },
            _ => LocalState::Stopped,
        }
    }

    /// How to connect to a database of the cluster: by its socket where that can be, else by its port.
    ///
    /// # Errors
    /// If the cluster was never started.
    pub fn options(&self, database: &str) -> Result<PgConnectOptions, ServerError> {
        // A `.pgpass` of the user may have another password for this port.
        let options = PgConnectOptions::new_without_pgpass()
            .port(self.known_port()?)
            .username("postgres")
            .password(&self.password()?)
            .database(database)
            .ssl_mode(PgSslMode::Disable);
        Ok(match self.socket_folder() {
            Some(folder) => options.socket(folder),
            None => options.host("127.0.0.1"),
        })
    }

    /// The URL of a database of the cluster, password included, for any client on this machine.
    ///
    /// # Errors
    /// If the cluster was never started.
    pub fn url(&self, database: &str) -> Result<String, ServerError> {
        let (password, port) = (self.password()?, self.known_port()?);
        Ok(format!(
            "postgres://postgres:{password}@127.0.0.1:{port}/{database}"
        ))
    }

    /// The password of its superuser.
    ///
    /// # Errors
    /// If the cluster was never started.
    pub fn password(&self) -> Result<String, ServerError> {
        let path = self.folder.join("password");
        std::fs::read_to_string(&path).map_err(ServerError::io("read", path))
    }

    fn port(&self) -> Option<u16> {
        let text = std::fs::read_to_string(self.folder.join("port")).ok()?;
        text.trim().parse().ok()
    }

    fn known_port(&self) -> Result<u16, ServerError> {
        let missing = || std::io::Error::other("the local Postgres was never started");
        self.port()
            .ok_or_else(|| ServerError::io("read", self.folder.join("port"))(missing()))
    }

    /// Where the server's socket is; nothing if the path would be too long for one.
    fn socket_folder(&self) -> Option<PathBuf> {
        let folder = self.server();
        (folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER).then_some(folder)
    }

    fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    fn data(&self) -> PathBuf {
        self.server().join("data")
    }
}
