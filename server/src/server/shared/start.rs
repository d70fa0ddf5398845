//! Starts a shared server, and removes the leftovers of one. Only for the holder of the lock on starting it.

use super::visit::{ARRIVALS, SUPERVISED, USERS, Visit, is_supervised};
use crate::server::ServerError;
use crate::server::account::Account;
use crate::server::find::Installation;
use crate::server::supervisor::clean_environment;
use crate::server::{cluster, sweep, template};
use rustix::fs::FlockOperation;
use sqlx::ConnectOptions as _;
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(in crate::server) const SUPERVISOR: &str = include_str!("supervisor.sh");

/// Tests of several checkouts, each with a pool or two, at the same time.
const CONNECTIONS: &str = "max_connections=400";

/// A server that was started, and the visit of the process that started it: without one, its supervisor would end it.
#[derive(Debug)]
pub(in crate::server) struct Started {
    pub(in crate::server) visit: Visit,
    pub(in crate::server) supervisor: Child,
}

/// Starts a server in `folder`, which must not exist, and returns when it accepts connections. It ends `linger` seconds after its last
/// visit.
pub(in crate::server) async fn start_server(
    installation: &Installation,
    account: Account,
    folder: &Path,
    linger: &str,
) -> Result<Started, ServerError> {
    let lock = prepare_folder(installation, account, folder)?;
    // The supervisor counts users from the start: without one it would end the server before the first one connects.
    let visit = Visit::hold(folder).map_err(ServerError::io("open", folder.join(USERS)))?;
    let program = installation.program("postgres");
    let mut supervisor = start_supervisor(&program, account, folder, lock, linger)?;
    let deadline = Instant::now() + cluster::START_DEADLINE;
    loop {
        let reason = match cluster::cluster_options(folder).connect().await {
            Ok(connection) => match cluster::clear_comment(connection).await {
                Ok(()) => return Ok(Started { visit, supervisor }),
                Err(error) => error.to_string(),
            },
            Err(error) => error.to_string(),
        };
        let log = read_log(folder);
        let ended = supervisor.try_wait().ok().flatten();
        if ended.is_some() || Instant::now() > deadline {
            return Err(ServerError::Start {
                program,
                reason,
                log,
            });
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Makes the folder, and gives the lock that the supervisor is going to hold.
fn prepare_folder(
    installation: &Installation,
    account: Account,
    folder: &Path,
) -> Result<File, ServerError> {
    let created = DirBuilder::new().mode(0o700).create(folder);
    created.map_err(ServerError::io("create", folder))?;
    account.take_ownership(folder)?;
    let path = folder.join(SUPERVISED);
    let lock = File::create(&path).map_err(ServerError::io("create", &path))?;
    rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)
        .map_err(|error| ServerError::io("lock", &path)(error.into()))?;
    template::fill_data(installation, account, &folder.join("data"))?;
    let mut mkfifo = Command::new("mkfifo");
    mkfifo.args(["-m", "600"]).arg(folder.join(USERS));
    account.apply_to(&mut mkfifo);
    let made = mkfifo
        .status()
        .map_err(ServerError::io("run", "mkfifo"))?
        .success();
    if !made {
        let why = std::io::Error::other("`mkfifo` failed");
        return Err(ServerError::io("create", folder.join(USERS))(why));
    }
    let door = folder.join(ARRIVALS);
    File::create(&door).map_err(ServerError::io("create", &door))?;
    account.take_ownership(&door)?;
    Ok(lock)
}

fn start_supervisor(
    program: &Path,
    account: Account,
    folder: &Path,
    lock: File,
    linger: &str,
) -> Result<Child, ServerError> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", SUPERVISOR, "xact-shared"])
        .arg(folder)
        .arg(linger);
    command.args(cluster::command_line(program, folder));
    command.args(["-c", CONNECTIONS]);
    clean_environment(&mut command);
    command.current_dir("/");
    account.apply_to(&mut command);
    // A process group of its own, because Ctrl-C in the terminal should end the tests of this run, not a server that other runs use.
    command.process_group(0);
    command
        .stdin(Stdio::from(lock))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().map_err(ServerError::io("run", "/bin/sh"))
}

/// Stops and removes a server whose supervisor has ended, or that never got one.
pub(in crate::server) fn remove_orphan(folder: &Path) {
    if is_supervised(folder) {
        return;
    }
    sweep::stop_server(folder);
    let _ = std::fs::remove_dir_all(folder);
    // A supervisor moves the folder to this name before it removes it.
    let _ = std::fs::remove_dir_all(ended_folder(folder));
}

/// The name of a folder while its supervisor removes it.
pub(in crate::server) fn ended_folder(folder: &Path) -> PathBuf {
    folder.with_added_extension("ended")
}

/// The server's log, for a message.
pub(super) fn read_log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}
