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
use std::io::{Error, ErrorKind, Result, Write as _};
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

/// A data folder that was read, with everything that is written in front of it.
#[derive(Debug)]
pub(super) struct Contents {
    notes: Vec<u8>,
    extensions: u64,
    folders: ExtensionFolders,
    pub(super) directories: Vec<PathBuf>,
    files: Vec<PackedFile>,
    bytes: Vec<u8>,
}

impl Contents {
    /// Without a file.
    pub(super) fn new(notes: Vec<u8>, extensions: u64, folders: ExtensionFolders) -> Self {
        Self {
            notes,
            extensions,
            folders,
            directories: Vec::new(),
            files: Vec::new(),
            bytes: Vec::new(),
        }
    }

    pub(super) fn add_file(&mut self, path: PathBuf, bytes: &[u8]) {
        let stored = bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1);
        self.files.push(PackedFile {
            path,
            length: bytes.len() as u64,
            stored: stored as u64,
            checksum: sum_bytes(&bytes[..stored]),
            offset: 0,
        });
        self.bytes.extend_from_slice(&bytes[..stored]);
    }

    /// How many bytes it has so far.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
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
        write_whole(path, &[&beginning, &head, &self.bytes])
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
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Account, Contents, ExtensionFolders, Pack};
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    fn pack(path: &Path) {
        let mut contents = Contents::new(b"notes".to_vec(), 7, ExtensionFolders::default());
        contents.directories = vec!["base".into(), "base/5".into(), "pg_wal".into()];
        contents.add_file("PG_VERSION".into(), b"15\n");
        contents.add_file("base/5/16384".into(), &[]);
        contents.add_file("base/5/16385".into(), &[[1; 100], [0; 100]].concat());
        contents.add_file("pg_wal/1".into(), &[0; 5000]);
        contents.write(path, 42).unwrap();
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
        folder
    }

    #[test]
    fn a_copy_has_every_file_of_the_folder_and_the_notes() {
        let folder = folder();
        let (path, data) = (folder.path().join("pack"), folder.path().join("data"));
        pack(&path);
        let pack = Pack::open(&path, 42).unwrap();
        assert_eq!(
            (pack.notes.as_slice(), pack.extensions),
            (b"notes".as_slice(), 7)
        );
        pack.unpack(Account::Own, &data).unwrap();
        let read = |name: &str| std::fs::read(data.join(name)).unwrap();
        assert_eq!(read("PG_VERSION"), b"15\n");
        assert_eq!(read("base/5/16384"), b"");
        assert_eq!(read("base/5/16385"), [[1; 100], [0; 100]].concat());
        assert_eq!(read("pg_wal/1"), [0; 5000]);
        assert!(Pack::open(&path, 43).is_none(), "another key");
    }

    #[test]
    fn a_file_with_any_byte_changed_or_lost_is_none() {
        let folder = folder();
        let path = folder.path().join("pack");
        pack(&path);
        let bytes = std::fs::read(&path).unwrap();
        let is_used = |number: usize, bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let data = folder.path().join(format!("data{number}"));
            Pack::open(&path, 42).is_some_and(|pack| pack.unpack(Account::Own, &data).is_ok())
        };
        assert!(is_used(bytes.len(), &bytes));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert!(!is_used(at, &changed), "byte {at}");
            assert!(!is_used(at + 10_000, &bytes[..at]), "the first {at} bytes");
        }
    }

    #[test]
    fn while_others_write_a_reader_finds_a_whole_pack_at_any_moment() {
        let folder = folder();
        let path = folder.path().join("pack");
        let write = |byte: u8| {
            let mut contents = Contents::new(Vec::new(), 7, ExtensionFolders::default());
            contents.add_file("PG_VERSION".into(), &vec![byte; 1 << 20]);
            contents.write(&path, 42).unwrap();
        };
        write(1);
        std::thread::scope(|scope| {
            for byte in [2, 3] {
                scope.spawn(move || (0..30).for_each(|_| write(byte)));
            }
            for read in 0..30 {
                let data = folder.path().join(format!("data{read}"));
                Pack::open(&path, 42)
                    .unwrap()
                    .unpack(Account::Own, &data)
                    .unwrap();
            }
        });
    }

    #[test]
    fn a_path_never_leads_out_of_the_data_folder() {
        assert_eq!(
            super::read_path("base/5/1"),
            Some(PathBuf::from("base/5/1"))
        );
        assert_eq!(super::read_path("base/../../1"), None);
        assert_eq!(super::read_path("/etc/passwd"), None);
    }
}
