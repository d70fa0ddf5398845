//! The folder of a private server: in memory where there is room, because creating a cluster and migrating it write many small files.
//!
//! Given: the account that the server runs as. Gives: `/dev/shm` of Linux, or the folder for temporary files.

use super::account::Account;
use std::path::{Path, PathBuf};

/// The file system in memory that every Linux has (`shm_overview(7)`).
const MEMORY: &str = "/dev/shm";

/// A new cluster takes 40 MB, and its write-ahead log up to 1 GB (`max_wal_size`); a container has 64 MB in this folder unless it
/// is given more.
const NEEDED: u64 = 4 << 30;

/// The folder in which a private server has its own.
pub(super) fn choose_folder(account: Account) -> PathBuf {
    let memory = Path::new(MEMORY);
    // A folder that the user named is used.
    if std::env::var_os("TMPDIR").is_none() && is_writable(memory) && has_room(memory) {
        return memory.to_owned();
    }
    account.temp_dir()
}

/// All folders that may have a leftover.
pub(super) fn list_folders(account: Account) -> Vec<PathBuf> {
    vec![account.temp_dir(), PathBuf::from(MEMORY)]
}

fn is_writable(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = folder.metadata();
    metadata
        .is_ok_and(|metadata| metadata.is_dir() && metadata.permissions().mode() & 0o003 == 0o003)
}

fn has_room(folder: &Path) -> bool {
    rustix::fs::statvfs(folder)
        .is_ok_and(|stats| stats.f_bavail.saturating_mul(stats.f_frsize) >= NEEDED)
}

#[cfg(test)]
mod tests {
    use super::{has_room, is_writable};
    use std::path::Path;

    #[test]
    fn a_folder_that_is_not_there_has_no_room() {
        let missing = Path::new("/dev/shm/no/such/folder");
        assert!(!is_writable(missing) && !has_room(missing));
    }
}
