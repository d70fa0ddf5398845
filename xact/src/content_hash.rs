//! The hash by which a generated module notices that a query file was edited.

/// A hash of a file's bytes, for `const` assertions in generated modules.
///
/// ```
/// const _: () = assert!(
///     xact::generated::content_hash(b"SELECT 1") == 0x7f60_077f_f2d6_0167,
///     "queries/one.sql was edited after this module was generated: run `cargo xact codegen`"
/// );
/// ```
///
/// The compiler interprets it for each file whenever a generated module is checked, and each call and each conversion takes it as long
/// as a step: so the bytes are read sixteen at a time, and the words are the low halves of `u128`, whose arithmetic needs no calls.
///
/// The algorithm is frozen: a change would make every generated module stale. Two files of one length that differ within one
/// aligned word of eight bytes never collide, because each step is a bijection of both its inputs; any other two collide once in
/// 2⁶⁴ by chance. It is no defence against an attacker who *wants* a collision.
pub const fn content_hash(bytes: &[u8]) -> u64 {
    let (pairs, tail) = bytes.as_chunks::<16>();
    // The length first, or a file would collide with itself followed by zero bytes.
    let mut hash = mix_word(0, bytes.len() as u128);
    let (mut index, count) = (0, pairs.len());
    while index < count {
        let pair = if cfg!(target_endian = "little") {
            // `from_le_bytes` calls this one.
            u128::from_ne_bytes(pairs[index])
        } else {
            u128::from_le_bytes(pairs[index])
        };
        // As in `mix_word`, twice.
        hash = ((hash ^ (pair & LOW)) + ADDEND) & LOW;
        hash = ((hash ^ (hash >> 30_u32)) * FIRST) & LOW;
        hash = ((hash ^ (hash >> 27_u32)) * SECOND) & LOW;
        hash ^= hash >> 31_u32;
        hash = ((hash ^ (pair >> 64_u32)) + ADDEND) & LOW;
        hash = ((hash ^ (hash >> 30_u32)) * FIRST) & LOW;
        hash = ((hash ^ (hash >> 27_u32)) * SECOND) & LOW;
        hash ^= hash >> 31_u32;
        index += 1;
    }
    let (words, tail) = tail.as_chunks::<8>();
    if let [word] = words {
        hash = mix_word(hash, u64::from_le_bytes(*word) as u128);
    }
    let mut last = [0; 8];
    last.split_at_mut(tail.len()).0.copy_from_slice(tail);
    (mix_word(hash, u64::from_le_bytes(last) as u128) & LOW) as u64
}

/// The low half of two words.
const LOW: u128 = u64::MAX as u128;

// The constants of `SplitMix64`.
const ADDEND: u128 = 0x9e37_79b9_7f4a_7c15;
const FIRST: u128 = 0xbf58_476d_1ce4_e5b9;
const SECOND: u128 = 0x94d0_49bb_1331_11eb;

/// One step: the word is folded in, then spread over the whole state.
const fn mix_word(hash: u128, word: u128) -> u128 {
    let hash = ((hash ^ word) + ADDEND) & LOW;
    let hash = ((hash ^ (hash >> 30_u32)) * FIRST) & LOW;
    let hash = ((hash ^ (hash >> 27_u32)) * SECOND) & LOW;
    hash ^ (hash >> 31_u32)
}
