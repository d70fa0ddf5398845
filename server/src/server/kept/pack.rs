//! A data folder in one file: a head, and then the bytes of its files, one after the other.
//!
//! ```text
//! form, key, checksum and length of the head      head: the length of the notes, the notes, a line for each folder and file
//! the bytes of the first file without the zeros at its end, of the second, …
//! ```
//! Every byte is below a checksum, which is compared before a server runs on it: damage makes the whole file none. It is written under
//! another name and renamed, so a reader sees all of it or nothing.

use super::installation::ExtensionFolders;
use crate::cache::{create_private_folder, write_whole};
use crate::hash::sum_bytes;
use crate::server::ServerError;
use crate::server::account::Account;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

/// The first bytes. Another form needs other ones.
const FORM: &[u8; 16] = b"xact database 1\n";

/// The bytes before the head: form, key, checksum, length.
const BEGINNING: usize = 40;

/// No head is larger: a thousand tables have ten thousand files.
const LARGEST_HEAD: u64 = 64 << 20;

/// A packed data folder, of which the head was read.
#[derive(Debug)]
pub(super) struct Pack {
    file: File,
    pub(super) notes: Vec<u8>,
    /// The hash of the extensions of the Postgres that it is of.
    pub(super) extensions: u64,
    pub(super) folders: ExtensionFolders,
    directories: Vec<PathBuf>,
    files: Vec<PackedFile>,
}

/// A file of a data folder.
#[derive(Debug)]
struct PackedFile {
    /// Below the data folder.
    path: PathBuf,
    length: u64,
    /// The bytes in the pack; the others are zeros.
    stored: u64,
    checksum: u64,
    /// Where they begin in the pack.
    offset: u64,
}

/// What is written in front of a data folder's bytes. These are read twice, because all of them would take much memory: once for what is
/// said of them, and once to be written.
#[derive(Debug)]
pub(super) struct Contents {
    data: PathBuf,
    notes: Vec<u8>,
    extensions: u64,
    folders: ExtensionFolders,
    pub(super) directories: Vec<PathBuf>,
    files: Vec<PackedFile>,
    size: u64,
}

impl Contents {
    /// Without a file of the data folder `data`.
    pub(super) fn new(
        data: PathBuf,
        notes: Vec<u8>,
        extensions: u64,
        folders: ExtensionFolders,
    ) -> Self {
        Self {
            data,
            notes,
            extensions,
            folders,
            directories: Vec::new(),
            files: Vec::new(),
            size: 0,
        }
    }

    /// Adds the file at this path below the data folder.
    pub(super) fn add_file(&mut self, path: PathBuf) -> Result<()> {
        let bytes = std::fs::read(self.data.join(&path))?;
        let last = bytes.iter().rposition(|byte| *byte != 0);
        let stored = &bytes[..last.map_or(0, |last| last + 1)];
        self.size += stored.len() as u64;
        self.files.push(PackedFile {
            path,
            length: bytes.len() as u64,
            stored: stored.len() as u64,
            checksum: sum_bytes(stored),
            offset: 0,
        });
        Ok(())
    }

    /// How many bytes of files it has so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    fn write_head(&self) -> Vec<u8> {
        let ExtensionFolders { share, library } = &self.folders;
        let mut lines = format!(
            "extensions {:x}\nshare {}\nlibrary {}\n",
            self.extensions,
            share.display(),
            library.display()
        );
        for path in &self.directories {
            // Writing to a `String` cannot fail.
            let _ = writeln!(lines, "directory {}", path.display());
        }
        for file in &self.files {
            let (length, stored, path) = (file.length, file.stored, file.path.display());
            let _ = writeln!(
                lines,
                "file {:x} {length:x} {stored:x} {path}",
                file.checksum
            );
        }
        let mut head = (self.notes.len() as u64).to_le_bytes().to_vec();
        head.extend_from_slice(&self.notes);
        head.extend_from_slice(lines.as_bytes());
        head
    }

    /// Writes the pack and gives it the name.
    pub(super) fn write(&self, path: &Path, key: u64) -> Result<()> {
        let head = self.write_head();
        let mut beginning = FORM.to_vec();
        for number in [key, sum_head(key, &head), head.len() as u64] {
            beginning.extend_from_slice(&number.to_le_bytes());
        }
        write_whole(path, |file| {
            file.write_all(&beginning)?;
            file.write_all(&head)?;
            for packed in &self.files {
                let found = File::open(self.data.join(&packed.path))?;
                let copied = std::io::copy(&mut found.take(packed.stored), file)?;
                if copied != packed.stored {
                    return Err(Error::other("a file became shorter"));
                }
            }
            Ok(())
        })
    }
}

/// With the key, so that a file under the name of another one is none.
fn sum_head(key: u64, head: &[u8]) -> u64 {
    sum_bytes(head) ^ key.rotate_left(1)
}

impl Pack {
    /// Reads the head; none if there is no whole pack of this key.
    pub(super) fn open(path: &Path, key: u64) -> Option<Self> {
        // A server runs on what is in the file.
        if !create_private_folder(path.parent()?) {
            return None;
        }
        let file = File::open(path).ok()?;
        let mut beginning = [0; BEGINNING];
        file.read_exact_at(&mut beginning, 0).ok()?;
        let (form, numbers) = beginning.split_at(FORM.len());
        let mut numbers = numbers
            .as_chunks::<8>()
            .0
            .iter()
            .map(|bytes| u64::from_le_bytes(*bytes));
        let (own, checksum, length) = (numbers.next()?, numbers.next()?, numbers.next()?);
        if form != FORM || own != key || length > LARGEST_HEAD {
            return None;
        }
        let mut head = vec![0; usize::try_from(length).ok()?];
        file.read_exact_at(&mut head, BEGINNING as u64).ok()?;
        if sum_head(key, &head) != checksum {
            return None;
        }
        let pack = read_head(file, &head, BEGINNING as u64 + length)?;
        // Shorter, after a power cut for one: the copy would find that out too, but later.
        let end = pack
            .files
            .last()
            .map_or(0, |last| last.offset + last.stored);
        let is_whole = pack.file.metadata().is_ok_and(|found| found.len() == end);
        is_whole.then_some(pack)
    }

    /// Fills `data` with a copy that `account` owns.
    pub(super) fn unpack(
        &self,
        account: Account,
        data: &Path,
    ) -> std::result::Result<(), ServerError> {
        let failed = || ServerError::io("fill", data);
        create_directory(account, data)?;
        for path in &self.directories {
            create_directory(account, &data.join(path))?;
        }
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = self.files.len().div_ceil(threads.min(4)).max(1);
        std::thread::scope(|scope| {
            let copy = |files: &[PackedFile]| {
                files
                    .iter()
                    .try_for_each(|file| self.copy_file(file, account, data))
            };
            let others: Vec<_> = self
                .files
                .chunks(share)
                .map(|files| scope.spawn(move || copy(files)))
                .collect();
            let panicked = |_| Err(Error::other("a thread panicked"));
            // All of them, before the first error is returned.
            let done: Vec<Result<()>> = others
                .into_iter()
                .map(|other| other.join().unwrap_or_else(panicked))
                .collect();
            done.into_iter().collect::<Result<()>>().map_err(failed())
        })
    }

    fn copy_file(&self, packed: &PackedFile, account: Account, data: &Path) -> Result<()> {
        let mut bytes = vec![0; usize::try_from(packed.stored).map_err(Error::other)?];
        self.file.read_exact_at(&mut bytes, packed.offset)?;
        if sum_bytes(&bytes) != packed.checksum {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "the kept database is damaged",
            ));
        }
        let path = data.join(&packed.path);
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(&bytes)?;
        if packed.length > packed.stored {
            file.set_len(packed.length)?;
        }
        account.take_ownership(&path).map_err(Error::other)
    }
}

fn create_directory(account: Account, path: &Path) -> std::result::Result<(), ServerError> {
    let mut builder = std::fs::DirBuilder::new();
    // Postgres refuses a data directory that others can enter.
    builder
        .mode(0o700)
        .create(path)
        .map_err(ServerError::io("create", path))?;
    account.take_ownership(path)
}

fn read_head(file: File, head: &[u8], contents: u64) -> Option<Pack> {
    let (length, rest) = head.split_at_checked(8)?;
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let (notes, lines) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let mut lines = std::str::from_utf8(lines).ok()?.lines();
    let extensions = lines.next()?.strip_prefix("extensions ")?;
    let mut pack = Pack {
        file,
        notes: notes.to_vec(),
        extensions: u64::from_str_radix(extensions, 16).ok()?,
        folders: ExtensionFolders {
            share: lines.next()?.strip_prefix("share ")?.into(),
            library: lines.next()?.strip_prefix("library ")?.into(),
        },
        directories: Vec::new(),
        files: Vec::new(),
    };
    let mut offset = contents;
    for line in lines {
        if let Some(path) = line.strip_prefix("directory ") {
            pack.directories.push(read_path(path)?);
            continue;
        }
        let mut parts = line.strip_prefix("file ")?.splitn(4, ' ');
        let mut number = || u64::from_str_radix(parts.next()?, 16).ok();
        let (checksum, length, stored) = (number()?, number()?, number()?);
        let path = read_path(parts.next()?)?;
        pack.files.push(PackedFile {
            path,
            length,
            stored,
            checksum,
            offset,
        });
        offset = offset.checked_add(stored)?;
    }
    Some(pack)
}

/// A path below the data folder, and nowhere else.
fn read_path(text: &str) -> Option<PathBuf> {
    let path = PathBuf::from(text);
    let is_below = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    is_below.then_some(path)
}

#[cfg(test)]
mod tests;
