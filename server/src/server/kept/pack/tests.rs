//! Packs: copies of all files, and none of damage.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::{Account, Contents, ExtensionFolders, Pack};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

fn pack(path: &Path) {
    let data = folder();
    let folders = ExtensionFolders::default();
    let mut contents = Contents::new(data.path().into(), b"notes".to_vec(), 7, folders);
    contents.directories = vec!["base".into(), "base/5".into(), "pg_wal".into()];
    for directory in &contents.directories {
        std::fs::create_dir(data.path().join(directory)).unwrap();
    }
    let mut add = |name: &str, bytes: &[u8]| {
        std::fs::write(data.path().join(name), bytes).unwrap();
        contents.add_file(name.into()).unwrap();
    };
    add("PG_VERSION", b"15\n");
    add("base/5/16384", &[]);
    add("base/5/16385", &[[1; 100], [0; 100]].concat());
    add("pg_wal/1", &[0; 5000]);
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
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("PG_VERSION"), vec![byte; 1 << 20]).unwrap();
        let folders = ExtensionFolders::default();
        let mut contents = Contents::new(data.path().into(), Vec::new(), 7, folders);
        contents.add_file("PG_VERSION".into()).unwrap();
        contents.write(&path, 42).unwrap();
    };
    write(1);
    std::thread::scope(|scope| {
        for byte in [2, 3] {
            let write = &write;
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
