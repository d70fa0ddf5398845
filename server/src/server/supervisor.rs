//! Runs a command for exactly as long as this process holds on to it.
//!
//! A small shell process runs between this one and the server: it waits for its
//! standard input to end and then stops the server and removes its folder. So the
//! server ends with this process on every path, without a handler for any of them.

use super::ServerError;
use super::account::Account;
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

const SCRIPT: &str = include_str!("supervisor.sh");

/// A running supervisor. Dropping it stops the server and waits for its end.
#[derive(Debug)]
pub(super) struct Supervisor {
    child: Child,
}

impl Supervisor {
    /// Runs `server` as `account`; `folder` is removed when it ends.
    pub(super) fn start(
        folder: &Path,
        account: Account,
        server: &[std::ffi::OsString],
    ) -> Result<Self, ServerError> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "xact-throwaway"]);
        command.arg(folder).args(server);
        clean_environment(&mut command);
        command.current_dir("/");
        account.apply_to(&mut command);
        // A process group of its own: Ctrl-C in the terminal should end this process, which then
        // stops the server in order.
        command.process_group(0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let child = command.spawn().map_err(ServerError::io("run", "/bin/sh"))?;
        Ok(Self { child })
    }

    /// Ends the server without waiting for it.
    pub(super) fn begin_end(&mut self) {
        // The supervisor waits for the end of its input: also where this process is killed, the
        // pipe closes.
        drop(self.child.stdin.take());
    }

    /// How the server ended, if it ended by itself.
    pub(super) fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The end of the server's log, once it has ended.
    pub(super) fn read_log(&mut self) -> String {
        let mut log = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            // A log that is not UTF-8 is not worth a second error.
            let _ = stderr.read_to_string(&mut log);
        }
        log.trim().to_owned()
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.begin_end();
        let _ = self.child.wait();
    }
}

/// Removes variables that would make Postgres's programs read another cluster or print another language.
pub(super) fn clean_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        // `PGDATA`, `PGPORT` and others would be read by the server's programs in place of the
        // arguments.
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    // Messages in English, which `pg_ctl` and the log are read for.
    command.env("LC_ALL", "C");
}
