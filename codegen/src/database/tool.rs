//! The identity of this program, for everything that is kept outside of it.

use std::time::SystemTime;
use xact::generated::content_hash;

/// A number that every build of this program has for itself; none if its file cannot be read.
pub(crate) fn hash_tool() -> Option<u64> {
    let path = std::env::current_exe().ok()?;
    let metadata = path.metadata().ok()?;
    // Size and time instead of a hash: hashing a debug build of 100 MB would take longer than everything else here.
    let changed = metadata.modified().ok()?;
    let changed = changed.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let (version, length) = (env!("CARGO_PKG_VERSION"), metadata.len());
    let text = format!("{version} {} {length} {changed:?}", path.display());
    Some(content_hash(text.as_bytes()))
}
