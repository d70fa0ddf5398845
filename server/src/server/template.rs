//! The result of `initdb`, kept between runs: a copy takes a fifth of the time.

use super::ServerError;
use super::account::Account;
use super::find::Installation;
use crate::cache::cache_folder;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Part of the cache key: other options make another template. `--locale=C` sorts alike on every machine; small WAL segments are
/// faster to create and copy.
const OPTIONS: &[&str] = &[
    "--no-sync",
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--wal-segsize=1",
];

/// Fills `data` with a fresh cluster owned by `account`.
///
/// `home` is a folder that `account` owns, on the same file system as `data`.
pub(super) fn fill_data(
    installation: &Installation,
    account: Account,
    data: &Path,
) -> Result<(), ServerError> {
    match cache_path(installation) {
        None => run_initdb(installation, account, data),
        Some(cached) if cached.exists() => copy_folder(&cached, data, Some(account)),
        Some(cached) => {
            run_initdb(installation, account, data)?;
            // A cache that cannot be written costs time, not correctness.
            if let Err(error) = cache_data(data, &cached) {
                tracing::debug!(%error, "the initdb result is not cached");
            }
            Ok(())
        }
    }
}

/// `~/.cache/xact/initdb-<hash>`, or nothing where there is no home folder.
fn cache_path(installation: &Installation) -> Option<PathBuf> {
    // Two builds of one version need not have the same files.
    let Installation { version, bin, .. } = installation;
    let key = format!("{version}\n{}\n{}", bin.display(), OPTIONS.join("\n"));
    let hash = crate::hash::hash_bytes(key.as_bytes());
    Some(cache_folder()?.join(format!("initdb-{hash:016x}")))
}

fn run_initdb(
    installation: &Installation,
    account: Account,
    data: &Path,
) -> Result<(), ServerError> {
    let program = installation.program("initdb");
    let mut command = Command::new(&program);
    command.args(OPTIONS).arg("--pgdata").arg(data);
    super::supervisor::clean_environment(&mut command);
    // `initdb` looks for its working directory, which another account may not enter.
    command.current_dir("/");
    account.apply_to(&mut command);
    let output = command
        .output()
        .map_err(ServerError::io("run", program.clone()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(ServerError::Initdb {
        program,
        output: String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
            .trim()
            .to_owned(),
    })
}

/// Copies a fresh cluster into the cache under a name of its own, then renames it:
/// another run sees a whole template or none.
fn cache_data(data: &Path, cached: &Path) -> Result<(), ServerError> {
    let folder = cached.parent().unwrap_or(cached);
    std::fs::create_dir_all(folder).map_err(ServerError::io("create", folder))?;
    let fresh = tempfile::Builder::new()
        .prefix("initdb-new-")
        .tempdir_in(folder)
        .map_err(ServerError::io("create a folder in", folder))?;
    let whole = fresh.path().join("data");
    copy_folder(data, &whole, None)?;
    // Losing the race to another run is fine: its template is as good.
    std::fs::rename(&whole, cached).map_err(ServerError::io("rename", whole))
}

fn copy_folder(from: &Path, to: &Path, owner: Option<Account>) -> Result<(), ServerError> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.map_err(|error| ServerError::Io {
            action: "read",
            path: from.to_owned(),
            source: error.into(),
        })?;
        let relative = entry.path().strip_prefix(from).unwrap_or(entry.path());
        let target = to.join(relative);
        if entry.file_type().is_dir() {
            std::fs::create_dir(&target).map_err(ServerError::io("create", &target))?;
            // Postgres refuses a data directory that others can enter.
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o700))
                .map_err(ServerError::io("restrict", &target))?;
        } else {
            std::fs::copy(entry.path(), &target).map_err(ServerError::io("write", &target))?;
        }
        if let Some(owner) = owner {
            owner.take_ownership(&target)?;
        }
    }
    Ok(())
}
