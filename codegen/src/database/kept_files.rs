//! Files of the cache: written with a checksum, read if they are whole, removed if no project needs them any more.
//!
//! Each edit of a migration, and each build of the tool, begins another file.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use xact::generated::content_hash;
use xact_server::write_whole;

/// How long a file is kept that no process opens: longer than a branch is worked on.
const KEPT: Duration = Duration::from_hours(24 * 60);

/// How many bytes all files of a folder have. A thousand queries take one megabyte, and each branch with a migration of its own has a file.
const MOST_BYTES: u64 = 256 << 20;

/// How exact the time of the last use is. Setting it at each run would write for each read.
const EXACTNESS: Duration = Duration::from_hours(24);

/// The bytes of the checksum in front of a file.
const SUM: usize = 8;

/// Writes a file with its checksum. A reader sees all of it or nothing.
pub(crate) fn write_summed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_whole(path, |file| {
        file.write_all(&content_hash(bytes).to_le_bytes())?;
        file.write_all(bytes)
    })
}

/// The bytes that [`write_summed`] wrote; none if they are others, after a power cut for one.
pub(crate) fn read_summed(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(path).ok()?;
    let (sum, rest) = bytes.split_at_checked(SUM)?;
    if sum != content_hash(rest).to_le_bytes() {
        return None;
    }
    bytes.drain(..SUM);
    Some(bytes)
}

/// Notes that a file is in use.
pub(crate) fn mark_used(path: &Path) {
    let (now, modified) = (
        SystemTime::now(),
        path.metadata().and_then(|m| m.modified()),
    );
    let is_old = |modified: SystemTime| {
        now.duration_since(modified)
            .is_ok_and(|age| age > EXACTNESS)
    };
    // Only a file that exists, and its owner may always set its time.
    if modified.is_ok_and(is_old)
        && let Ok(file) = File::options().append(true).open(path)
    {
        let _ = file.set_modified(now);
    }
}

/// Removes files that were not used for long, and the oldest of too many, but never `own`.
pub(crate) fn remove_unused(own: &Path) {
    let folder = own.parent().unwrap_or(own);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut others: Vec<(SystemTime, u64, PathBuf)> = entries
        .filter_map(|entry| {
            let found = entry.metadata().ok()?;
            Some((found.modified().ok()?, found.len(), entry.path()))
        })
        .filter(|(.., path)| path != own)
        .collect();
    others.sort_unstable();
    let now = SystemTime::now();
    let mut bytes = 0;
    for (modified, length, path) in others.into_iter().rev() {
        bytes += length;
        let is_old = now.duration_since(modified).is_ok_and(|age| age > KEPT);
        if is_old || bytes > MOST_BYTES {
            let _ = std::fs::remove_file(path);
        }
    }
}
