//! The file of one environment: a header, and records one after the other, to which processes append.
//!
//! Given: keys and bytes. Gives: the last bytes that were written under a key, by any process. A file that is damaged anywhere gives fewer
//! records, never another one: each has a checksum, which is compared when it is read.
//! Invariant: only a process with the lock of the file changes it; readers take no lock and see whole records or none.

use super::frame::{Frame, HEAD, read_frame, write_frame, write_head};
use std::collections::{HashMap, HashSet};
use std::fs::{File, Metadata};
use std::io::{Result, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use xact_server::write_whole;

/// The size up to which a file is left to grow: texts of single keystrokes that no later check uses.
const SMALL: u64 = 8 << 20;

/// How many times the bytes in use a larger file may have: rewriting it costs as much as many records, so it has to be seldom.
const MOST_FOR_USED: u64 = 5;

/// No project has as many results; reading such a file would take longer than asking.
const LARGEST: u64 = 1 << 30;

/// The records of one environment, as far as they were read.
#[derive(Debug)]
pub(super) struct RecordFile {
    path: PathBuf,
    key: u64,
    file: Option<File>,
    /// The end of the last whole record; 0 if there is no header.
    end: u64,
    /// Where the last record of each key is.
    frames: HashMap<u64, Frame>,
}

impl RecordFile {
    /// Nothing is read yet, and the file need not exist.
    pub(super) fn new(path: PathBuf, key: u64) -> Self {
        Self {
            path,
            key,
            file: None,
            end: 0,
            frames: HashMap::new(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the records that other processes have written since.
    pub(super) fn refresh(&mut self) -> Result<()> {
        // Another process may have put a smaller file in its place, or removed it.
        if !self.file.as_ref().is_some_and(|file| self.is_named(file)) {
            self.forget();
            self.file = File::open(&self.path).ok();
        }
        self.read_appended()
    }

    /// The bytes of a record, if they are as they were written.
    pub(super) fn find(&self, key: u64) -> Option<Vec<u8>> {
        let frame = self.frames.get(&key)?;
        let mut bytes = vec![0; usize::try_from(frame.length).ok()?];
        let file = self.file.as_ref()?;
        file.read_exact_at(&mut bytes, frame.offset).ok()?;
        frame.is_of(key, &bytes).then_some(bytes)
    }

    /// Adds records. False if another process is writing at this moment: waiting for it could mean waiting for a process that is stopped.
    ///
    /// If the file has become large, only the records of the keys in use are kept.
    pub(super) fn append(
        &mut self,
        mut records: Vec<(u64, Vec<u8>)>,
        in_use: &HashSet<u64>,
    ) -> Result<bool> {
        let mut options = File::options();
        let options = options.append(true).create(true).mode(0o600);
        // A handle of its own: the lock ends when it is closed, on every path.
        let mut locked = options.open(&self.path)?;
        // Between opening and locking, another process may have replaced the file.
        if locked.try_lock().is_err() || !self.is_named(&locked) {
            return Ok(false);
        }
        self.refresh()?;
        // A run that reads no records finds the same results again, and two processes may have asked at the same time.
        records.retain(|(key, record)| self.find(*key).as_ref() != Some(record));
        if records.is_empty() {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        if self.end == 0 {
            write_head(&mut bytes, self.key);
        }
        for (key, record) in &records {
            write_frame(&mut bytes, *key, record);
        }
        if self.is_too_large(bytes.len(), in_use) {
            self.replace(&records, in_use)?;
        } else {
            // A process that was killed while it wrote has left a part of a record.
            locked.set_len(self.end)?;
            locked.write_all(&bytes)?;
        }
        self.refresh()?;
        Ok(true)
    }

    /// Whether this is the file that has the name now.
    fn is_named(&self, file: &File) -> bool {
        let (named, opened) = (self.path.metadata(), file.metadata());
        let identity = |found: Metadata| (found.dev(), found.ino());
        opened.is_ok_and(|opened| named.is_ok_and(|named| identity(named) == identity(opened)))
    }

    fn forget(&mut self) {
        self.end = 0;
        self.frames.clear();
    }

    fn read_appended(&mut self) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let length = file.metadata()?.len();
        if length < self.end {
            // Another process found that it was damaged.
            (self.end, self.frames) = (0, HashMap::new());
        }
        if length == self.end || length > LARGEST {
            return Ok(());
        }
        let mut bytes = vec![0; usize::try_from(length - self.end).unwrap_or_default()];
        file.read_exact_at(&mut bytes, self.end)?;
        let mut rest = bytes.as_slice();
        if self.end == 0 {
            let Some(records) = rest.strip_prefix(HEAD) else {
                return Ok(());
            };
            let Some(records) = records.strip_prefix(&self.key.to_le_bytes()) else {
                return Ok(());
            };
            self.end = length - records.len() as u64;
            rest = records;
        }
        // Up to the first that is not whole: another process is writing it, or was killed while it did.
        while let Some((key, frame, after)) = read_frame(rest, self.end) {
            self.end = length - after.len() as u64;
            self.frames.insert(key, frame);
            rest = after;
        }
        Ok(())
    }

    fn is_too_large(&self, added: usize, in_use: &HashSet<u64>) -> bool {
        let size = self.end + added as u64;
        if size <= SMALL {
            return false;
        }
        let used = self.frames.iter().filter(|(key, _)| in_use.contains(key));
        let used: u64 = used.map(|(_, frame)| frame.length).sum();
        size > MOST_FOR_USED * (used + added as u64)
    }

    /// Writes a file with the records in use and these, and gives it the name. A process that still reads the old one goes on to do so.
    fn replace(&self, records: &[(u64, Vec<u8>)], in_use: &HashSet<u64>) -> Result<()> {
        let added: HashSet<u64> = records.iter().map(|(key, _)| *key).collect();
        let mut bytes = Vec::new();
        write_head(&mut bytes, self.key);
        for key in in_use.difference(&added) {
            if let Some(record) = self.find(*key) {
                write_frame(&mut bytes, *key, &record);
            }
        }
        for (key, record) in records {
            write_frame(&mut bytes, *key, record);
        }
        // Without a checksum of the whole, because each record has its own, and more are appended.
        write_whole(&self.path, |file| file.write_all(&bytes))
    }
}
