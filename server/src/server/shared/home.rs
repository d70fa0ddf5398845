//! The folder of a user's shared servers, one for each Postgres, and the lock on starting them.

use crate::server::ServerError;
use crate::server::account::Account;
use crate::server::find::Installation;
use rustix::fs::FlockOperation;
use rustix::process::geteuid;
use std::fs::{DirBuilder, File, Metadata};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How long a found installation is remembered: the search starts `postgres --version` for each candidate, which takes longer
/// than a test.
const REMEMBERED: Duration = Duration::from_hours(1);

/// `xact-tests-<user>` in the folder for temporary files.
pub(super) struct Home {
    path: PathBuf,
}

impl Home {
    pub(super) fn open(account: Account) -> Result<Self, ServerError> {
        let user = geteuid().as_raw();
        // A predictable name in a shared folder: so the owner and the mode are checked below.
        let path = account.temp_dir().join(format!("xact-tests-{user}"));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => account.take_ownership(&path)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                // Not through a symbolic link, which another user may have put there.
                let metadata = path.symlink_metadata();
                let metadata = metadata.map_err(ServerError::io("look at", &path))?;
                is_private(&metadata, account)
                    .map_err(|why| ServerError::io("trust", &path)(std::io::Error::other(why)))?;
            }
            Err(error) => return Err(ServerError::io("create", path)(error)),
        }
        Ok(Self { path })
    }

    /// The folder of this installation's server. The hash covers the settings and the script too, so that two versions of this crate
    /// with different ones never share a server.
    pub(super) fn folder_for(&self, installation: &Installation) -> PathBuf {
        let Installation { version, bin, .. } = installation;
        let settings = crate::server::cluster::SETTINGS.join("\n");
        let supervisor = super::start::SUPERVISOR;
        // Everything that makes two servers differ: another build, setting or supervisor is another
        // server.
        let key = format!("{version}\n{}\n{settings}\n{supervisor}", bin.display());
        let hash = crate::hash::hash_bytes(key.as_bytes());
        self.path.join(format!("{hash:016x}"))
    }

    /// Waits for the lock that a process holds while it starts or removes a server.
    pub(super) async fn lock_home(&self, limit: Duration) -> Result<File, ServerError> {
        let path = self.path.join("lock");
        let lock = File::create(&path).map_err(ServerError::io("create", &path))?;
        let deadline = Instant::now() + limit;
        loop {
            match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(lock),
                Err(error) if Instant::now() > deadline => {
                    return Err(ServerError::io("lock", path)(error.into()));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    /// The folder that a process with the same environment found within the last hour.
    pub(super) fn remembered(&self) -> Option<PathBuf> {
        let note = self.note();
        let age = SystemTime::now().duration_since(note.metadata().ok()?.modified().ok()?);
        if age.ok()? > REMEMBERED {
            return None;
        }
        Some(self.path.join(std::fs::read_to_string(note).ok()?))
    }

    /// Errors are ignored: without the note the next process searches again.
    pub(super) fn remember(&self, folder: &Path) {
        if let Some(name) = folder.file_name() {
            let _ = std::fs::write(self.note(), name.as_encoded_bytes());
        }
    }

    /// The file of the note. Its name has a hash of the variables that the search depends on.
    fn note(&self) -> PathBuf {
        let deciding = ["XACT_POSTGRES_BIN", "PATH"].map(std::env::var_os);
        let hash = crate::hash::hash_bytes(format!("{deciding:?}").as_bytes());
        self.path.join(format!("found-{hash:016x}"))
    }
}

/// The folder's name can be guessed, and in a folder that all users can write to, another user may have created it.
pub(in crate::server) fn is_private(
    metadata: &Metadata,
    account: Account,
) -> Result<(), &'static str> {
    let owners = [Some(geteuid().as_raw()), account.uid()];
    if !metadata.is_dir() || !owners.contains(&Some(metadata.uid())) {
        return Err("it is not a folder of this user's own");
    }
    if metadata.mode() & 0o077 != 0 {
        return Err("others may enter it");
    }
    Ok(())
}
