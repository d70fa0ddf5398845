//! Ids that are computed from their content.

use std::fmt::Write as _;

use blake2::{Blake2b512, Digest as _};

/// The id of this content: the prefix, `_`, and its `BLAKE2b` hash as 128 lower-case hex digits.
///
/// The same bytes have the same id, always and everywhere; two contents with one id cannot be found. Python writes
/// `f"con_{hashlib.blake2b(content).hexdigest()}"`. Hash content of several parts as JSON, not concatenated,
/// because `"ab" + "c"` equals `"a" + "bc"`.
///
/// ```
/// let id = xact::id::from_content("con", "hello");
/// assert_eq!(id, xact::id::from_content("con", b"hello"));
/// assert_eq!(id.len(), "con_".len() + 128);
/// ```
pub fn from_content(prefix: &str, content: impl AsRef<[u8]>) -> String {
    beginning_with(&format!("{prefix}_"), content.as_ref())
}

pub(super) fn beginning_with(prefix: &str, content: &[u8]) -> String {
    let mut id = String::with_capacity(prefix.len() + 128);
    id.push_str(prefix);
    for byte in Blake2b512::digest(content) {
        let _infallible = write!(id, "{byte:02x}");
    }
    id
}
