//! The hash in the names of folders and databases, by which processes find those of another process.

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest as _};

/// A hash of these bytes that every version of this crate computes alike.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(Blake2b::<U8>::digest(bytes).into())
}
