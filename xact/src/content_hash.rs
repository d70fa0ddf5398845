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
/// It takes eight bytes per step, because the compiler interprets it each time a generated module is checked.
///
/// The algorithm is frozen: a change would make every generated module stale. Two files of one length that differ within one
/// aligned word of eight bytes never collide, because each step is a bijection of both its inputs; any other two collide once in
/// 2⁶⁴ by chance. It is no defence against an attacker who *wants* a collision.
pub const fn content_hash(bytes: &[u8]) -> u64 {
    let (words, tail) = bytes.as_chunks::<8>();
    // The length first, or a file would collide with itself followed by zero bytes.
    let mut hash = mix_word(0, bytes.len() as u64);
    let mut index = 0;
    while index < words.len() {
        hash = mix_word(hash, u64::from_le_bytes(words[index]));
        index += 1;
    }
    let mut last = [0; 8];
    last.split_at_mut(tail.len()).0.copy_from_slice(tail);
    mix_word(hash, u64::from_le_bytes(last))
}

/// One step: the word is folded in, then spread over the whole state (the constants of `SplitMix64`).
const fn mix_word(hash: u64, word: u64) -> u64 {
    let hash = (hash ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
