//! Starts, stops and removes a persistent cluster, one process at a time.

use super::create::{SETTINGS_FILE, restrict_mode};
use super::{LocalCluster, LocalState, stale};
use crate::server::find::{self, Installation};
use crate::server::supervisor::clean_environment;
use crate::server::{ServerError, sweep};
use rustix::fs::FlockOperation;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `synchronous_commit` off: a crash loses at most the last moment and damages no data. `127.0.0.1` alone: the server is never
/// reachable from another machine. `track_io_timing` is for `xact stats`.
const SETTINGS: &[&str] = &[
    "synchronous_commit = off",
    "max_connections = 200",
    "timezone = 'UTC'",
    "listen_addresses = '127.0.0.1'",
    "unix_socket_permissions = 0700",
    "track_io_timing = on",
];

/// In seconds; a server that was killed replays its write-ahead log first.
const START_DEADLINE: &str = "120";

impl LocalCluster {
    /// Starts the server, if it does not run; makes the cluster, if there is none.
    ///
    /// # Errors
    /// If there are no binaries, or those that created the data were removed, or the server does not start.
    pub fn start(&self) -> Result<(), ServerError> {
        let _lock = self.lock_folder()?;
        let installation = match self.state() {
            LocalState::Running { .. } => return Ok(()),
            LocalState::Stopped => self.find_installation()?,
            LocalState::Absent => {
                let installation = find::find_newest()?;
                self.create_data(&installation)?;
                installation
            }
        };
        stale::clear_stale_files(&self.server())?;
        let port = self.free_port()?;
        // Before the start: a server that runs always has its port noted.
        self.write_note("port", &port.to_string())?;
        self.write_for_server(
            &self.data().join(SETTINGS_FILE),
            &self.render_settings(&installation, port),
        )?;
        self.run_pg_ctl(
            &installation,
            &["start", "--wait", "--timeout", START_DEADLINE],
        )
    }

    /// Stops the server; gives whether it ran.
    ///
    /// # Errors
    /// If it does not stop.
    pub fn stop(&self) -> Result<bool, ServerError> {
        if !self.folder.exists() {
            return Ok(false);
        }
        let _lock = self.lock_folder()?;
        self.stop_locked()
    }

    /// Stops the server and removes everything; gives whether there was anything.
    ///
    /// # Errors
    /// If the server does not stop or a file cannot be removed.
    pub fn remove(&self) -> Result<bool, ServerError> {
        if !self.folder.exists() {
            return Ok(false);
        }
        let _lock = self.lock_folder()?;
        self.stop_locked()?;
        std::fs::remove_dir_all(&self.folder).map_err(ServerError::io("remove", &self.folder))?;
        Ok(true)
    }

    /// A program of the installation that runs the cluster, `psql` for one, if it is there.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let program = self.find_installation().ok()?.program(name);
        program.exists().then_some(program)
    }

    fn stop_locked(&self) -> Result<bool, ServerError> {
        let LocalState::Running { .. } = self.state() else {
            return Ok(false);
        };
        match self.find_installation() {
            Ok(installation) => {
                self.run_pg_ctl(&installation, &["stop", "--wait", "--mode", "fast"])?;
            }
            // Its binaries were removed while it ran.
            Err(_) => sweep::stop_server(&self.server()),
        }
        Ok(true)
    }

    /// The installation that made the data: another major could not read it.
    fn find_installation(&self) -> Result<Installation, ServerError> {
        let path = self.folder.join("bin");
        let bin = std::fs::read_to_string(&path).map_err(ServerError::io("read", path))?;
        find::inspect_folder(Path::new(&bin)).map_err(|reason| ServerError::LocalBinaries {
            bin: bin.into(),
            reason,
        })
    }

    /// Runs `pg_ctl`, whose server outlives this process and its terminal.
    fn run_pg_ctl(
        &self,
        installation: &Installation,
        arguments: &[&str],
    ) -> Result<(), ServerError> {
        let program = installation.program("pg_ctl");
        let mut command = Command::new(&program);
        command.args(arguments).arg("--pgdata").arg(self.data());
        if arguments.first() == Some(&"start") {
            command.arg("--log").arg(self.log());
        }
        clean_environment(&mut command);
        command
            .current_dir("/")
            .stdin(Stdio::null())
            // The server inherits these: a pipe would stay open as long as it runs, and its reader
            // would wait.
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.account.apply_to(&mut command);
        let status = command.status().map_err(ServerError::io("run", &program))?;
        if status.success() {
            return Ok(());
        }
        Err(ServerError::Start {
            program,
            reason: status.to_string(),
            log: self.end_of_log(),
        })
    }

    fn end_of_log(&self) -> String {
        let log = std::fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn render_settings(&self, installation: &Installation, port: u16) -> String {
        let folder = self.socket_folder().unwrap_or_default();
        let folder = folder.to_string_lossy().replace('\'', "''");
        // The source of `xact stats`. The server would refuse to start if the library were missing.
        let libraries = if installation.has_library("pg_stat_statements") {
            "shared_preload_libraries = 'pg_stat_statements'\n"
        } else {
            ""
        };
        let settings = SETTINGS.join("\n");
        format!("{settings}\nport = {port}\nunix_socket_directories = '{folder}'\n{libraries}")
    }

    /// The port that it had, so that its URLs stay valid; another if that is taken.
    fn free_port(&self) -> Result<u16, ServerError> {
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port));
        // The port of last time if it is free, so that URLs in the developer's tools stay valid.
        if let Some(port) = self.port()
            && free(port).is_ok()
        {
            return Ok(port);
        }
        let address = free(0).and_then(|listener| listener.local_addr());
        address
            .map(|address| address.port())
            .map_err(ServerError::io("find a free port on", "127.0.0.1"))
    }

    /// Two commands at once would both create the cluster, or one would start it while the other removes it.
    fn lock_folder(&self) -> Result<File, ServerError> {
        let home = self.folder.parent().unwrap_or(&self.folder);
        create_home(home)?;
        let mut name = self.folder.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        // Beside the folder and not in it, because `remove` deletes the folder under the lock.
        let path = home.join(name);
        let file = File::create(&path).map_err(ServerError::io("create", &path))?;
        // `flock` ends with the process, however it ends.
        rustix::fs::flock(&file, FlockOperation::LockExclusive)
            .map_err(|error| ServerError::io("lock", path)(error.into()))?;
        self.create_folder()?;
        Ok(file)
    }

    /// Only under the lock: another command may create the folder, or remove it, until then.
    fn create_folder(&self) -> Result<(), ServerError> {
        if !self.folder.exists() {
            std::fs::create_dir(&self.folder).map_err(ServerError::io("create", &self.folder))?;
        }
        restrict_mode(&self.folder, 0o711)
    }
}

/// The account that runs the server has to pass through the folder. Two commands may create it at once.
fn create_home(home: &Path) -> Result<(), ServerError> {
    if home.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(home).map_err(ServerError::io("create", home))?;
    restrict_mode(home, 0o755)
}
