//! The hash in the names of folders and databases, by which processes find those of another process.

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest as _};

/// A hash of these bytes that every version of this crate computes alike.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(Blake2b::<U8>::digest(bytes).into())
}

/// A checksum against damage, not against an attacker: several times faster than the hash. Each step is a bijection of the word (the
/// constants of `SplitMix64`), so that a change within eight bytes is always found.
pub(crate) fn sum_bytes(bytes: &[u8]) -> u64 {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    let words = words.iter().chain(std::iter::once(&last));
    words.fold(bytes.len() as u64, |sum, word| {
        let mixed = (sum ^ u64::from_le_bytes(*word)).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 27)
    })
}
