//! The folder of persistent clusters, and the name of one cluster's folder in it.

use crate::server::ServerError;
use crate::server::account::Account;
use std::path::{Path, PathBuf};

/// The variable that names another folder.
const CHOSEN: &str = "XACT_LOCAL_DIR";

/// A folder that the account can enter.
pub(super) fn choose_home(account: Account) -> Result<PathBuf, ServerError> {
    if let Some(chosen) = read_variable(CHOSEN) {
        return Ok(chosen);
    }
    match account {
        // Root's own folders are closed to the account that runs the server.
        Account::Other { .. } => Ok(PathBuf::from("/var/lib/xact")),
        Account::Own => read_variable("XDG_DATA_HOME")
            .or_else(|| Some(read_variable("HOME")?.join(".local/share")))
            .map(|root| root.join("xact"))
            .ok_or(ServerError::NoHome),
    }
}

fn read_variable(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).map(PathBuf::from)?;
    value.is_absolute().then_some(value)
}

/// The last name of the path that is not `.git`, and a hash of the whole path: two clones never share a cluster.
pub(super) fn cluster_name(repository: &Path) -> String {
    let names = repository.iter().rev().map(|name| name.to_string_lossy());
    let descriptive = names.into_iter().find(|name| name != ".git");
    let plain: String = descriptive
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        // The path of the socket in this folder has at most 107 bytes.
        .take(24)
        .collect();
    let hash = crate::hash::hash_bytes(repository.as_os_str().as_encoded_bytes());
    format!("{plain}-{hash:016x}")
}
