//! Makes the data of a persistent cluster: the cached result of `initdb`, and then a password.
//!
//! Invariant: `data` gets its name last, so a killed run leaves
//! nothing that would be taken for a cluster; and no server ever listens without asking for the password.

use super::LocalCluster;
use crate::server::find::Installation;
use crate::server::supervisor::clean_environment;
use crate::server::{ServerError, template};
use std::fs::{File, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Connections need the password, and come from this machine.
const HBA: &str = "\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
";

/// Included by `postgresql.conf`, and rewritten at each start.
pub(super) const SETTINGS_FILE: &str = "xact.conf";

impl LocalCluster {
    /// Makes folders, password and data.
    pub(super) fn create_data(&self, installation: &Installation) -> Result<(), ServerError> {
        let (server, fresh) = (self.server(), self.server().join("data-new"));
        // Left by a run that was killed; the final name is given last.
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(ServerError::io("remove", &fresh))?;
        }
        if !server.exists() {
            std::fs::create_dir(&server).map_err(ServerError::io("create", &server))?;
            restrict_mode(&server, 0o700)?;
            self.account.take_ownership(&server)?;
        }
        template::fill_data(installation, self.account, &fresh)?;
        let password = random_password()?;
        self.set_password(installation, &fresh, &password)?;
        self.write_for_server(&fresh.join("pg_hba.conf"), HBA)?;
        let configuration = format!("include_if_exists = '{SETTINGS_FILE}'\n");
        append_text(&fresh.join("postgresql.conf"), &configuration)?;
        write_private(&self.folder.join("password"), &password)?;
        self.write_note("family", &self.repository.to_string_lossy())?;
        self.write_note("bin", &installation.bin.to_string_lossy())?;
        std::fs::rename(&fresh, self.data()).map_err(ServerError::io("rename", fresh))
    }

    /// In single-user mode, which accepts no connections.
    fn set_password(
        &self,
        installation: &Installation,
        data: &Path,
        password: &str,
    ) -> Result<(), ServerError> {
        let program = installation.program("postgres");
        let mut command = Command::new(&program);
        // Single-user mode: the password is set before any client could connect without one.
        command.arg("--single").arg("-D").arg(data).arg("postgres");
        clean_environment(&mut command);
        command
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.account.apply_to(&mut command);
        let mut child = command.spawn().map_err(ServerError::io("run", &program))?;
        if let Some(mut input) = child.stdin.take() {
            // If the server has ended already, its output is a better error than the broken pipe.
            let _ = writeln!(input, "ALTER ROLE postgres PASSWORD '{password}'");
        }
        let output = child
            .wait_with_output()
            .map_err(ServerError::io("run", &program))?;
        if output.status.success() {
            return Ok(());
        }
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(ServerError::Initdb { program, output })
    }

    /// A file of the server's own.
    pub(super) fn write_for_server(&self, path: &Path, text: &str) -> Result<(), ServerError> {
        std::fs::write(path, text).map_err(ServerError::io("write", path))?;
        restrict_mode(path, 0o600)?;
        self.account.take_ownership(path)
    }

    /// A file that this tool reads.
    pub(super) fn write_note(&self, name: &str, text: &str) -> Result<(), ServerError> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).map_err(ServerError::io("write", path))
    }
}

fn append_text(path: &Path, text: &str) -> Result<(), ServerError> {
    let mut file = File::options()
        .append(true)
        .open(path)
        .map_err(ServerError::io("open", path))?;
    file.write_all(text.as_bytes())
        .map_err(ServerError::io("write", path))
}

/// The mode is set when the file is created, so that no other user can read it at any moment.
fn write_private(path: &Path, text: &str) -> Result<(), ServerError> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options
        .open(path)
        .map_err(ServerError::io("create", path))?;
    // `mode` above applies to a new file only.
    restrict_mode(path, 0o600)?;
    file.write_all(text.as_bytes())
        .map_err(ServerError::io("write", path))
}

pub(super) fn restrict_mode(path: &Path, mode: u32) -> Result<(), ServerError> {
    std::fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(ServerError::io("restrict", path))
}

/// 128 bits as hexadecimal digits, which need no escapes in a URL.
fn random_password() -> Result<String, ServerError> {
    let path = Path::new("/dev/urandom");
    let mut bytes = [0; 16];
    let mut file = File::open(path).map_err(ServerError::io("open", path))?;
    file.read_exact(&mut bytes)
        .map_err(ServerError::io("read", path))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
