//! The account that the server runs as. Postgres refuses to run as root, so for root it is an unprivileged account.

use super::ServerError;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The account that owns the cluster's files and runs its processes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Account {
    /// This process's own user.
    Own,
    /// An unprivileged user, because this process is root.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// This process's own user, or, for root, `postgres`, or else `nobody`.
    pub(super) fn choose() -> Result<Self, ServerError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| find_account(&passwd, name))
            .ok_or(ServerError::NoAccount)
    }

    /// The folder for temporary files that this account can use.
    ///
    /// Root's own may be closed to other users (`pam_tmpdir` makes such folders); `/tmp` never is.
    pub(super) fn temp_dir(self) -> PathBuf {
        let own = std::env::temp_dir();
        let open_to_all = |path: &Path| {
            let mode = path
                .metadata()
                .map(|metadata| metadata.permissions().mode());
            mode.is_ok_and(|mode| mode & 0o003 == 0o003)
        };
        match self {
            Self::Other { .. } if !open_to_all(&own) => PathBuf::from("/tmp"),
            _ => own,
        }
    }

    /// The number of the other user, if it is one.
    pub(super) fn uid(self) -> Option<u32> {
        match self {
            Self::Own => None,
            Self::Other { uid, .. } => Some(uid),
        }
    }

    /// Makes `command` run as this account.
    pub(super) fn apply_to(self, command: &mut Command) {
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Makes this account the owner of `path`.
    pub(super) fn take_ownership(self, path: &Path) -> Result<(), ServerError> {
        if let Self::Other { uid, gid } = self {
            std::os::unix::fs::lchown(path, Some(uid), Some(gid))
                .map_err(ServerError::io("change the owner of", path))?;
        }
        Ok(())
    }
}

/// A line of `passwd(5)` is `name:password:uid:gid:…`.
fn find_account(passwd: &str, name: &str) -> Option<Account> {
    let fields: Vec<&str> = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))?;
    Some(Account::Other {
        uid: fields.get(2)?.parse().ok()?,
        gid: fields.get(3)?.parse().ok()?,
    })
}
