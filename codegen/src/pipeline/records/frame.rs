//! The bytes around a record: its key, its checksum and its length, eight bytes each.

use xact::generated::content_hash;

/// The first bytes of a file. Another form of it needs other ones; the key of the environment follows.
pub(super) const HEAD: &[u8; 16] = b"xact queries 1\n\0";

/// The bytes before a record.
const FRAME: usize = 24;

/// Where a record is, and how its bytes are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) offset: u64,
    pub(super) length: u64,
    checksum: u64,
}

impl Frame {
    /// Whether these are the bytes that were written under this key.
    pub(super) fn is_of(&self, key: u64, bytes: &[u8]) -> bool {
        sum_record(key, bytes) == self.checksum
    }
}

/// With the key, or a damaged key would be that of another record.
fn sum_record(key: u64, record: &[u8]) -> u64 {
    content_hash(record) ^ key
}

/// Begins a file.
pub(super) fn write_head(file: &mut Vec<u8>, key: u64) {
    file.extend_from_slice(HEAD);
    file.extend_from_slice(&key.to_le_bytes());
}

/// Adds a record.
pub(super) fn write_frame(file: &mut Vec<u8>, key: u64, record: &[u8]) {
    for number in [key, sum_record(key, record), record.len() as u64] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(record);
}

/// The first record of `bytes`, which begin at `start` of the file, and the bytes after it; none if it is not whole.
///
/// The checksum is left to the reader of the record: most records of a large file are not read.
pub(super) fn read_frame(bytes: &[u8], start: u64) -> Option<(u64, Frame, &[u8])> {
    let (head, rest) = bytes.split_at_checked(FRAME)?;
    let mut numbers = head
        .as_chunks::<8>()
        .0
        .iter()
        .map(|bytes| u64::from_le_bytes(*bytes));
    let (key, checksum, length) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let (record, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    // After a power cut, a file can end in zeros that were never written; no record is empty.
    let frame = Frame {
        offset: start + FRAME as u64,
        length,
        checksum,
    };
    (!record.is_empty()).then_some((key, frame, rest))
}
