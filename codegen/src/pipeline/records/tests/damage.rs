//! Files that are not as they were written: fewer records, and never another one.

use crate::pipeline::records::file::RecordFile;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

const TEXTS: [&str; 3] = [
    "the first record",
    "another one, which is longer",
    "the last",
];

/// Writes a file with three records.
fn write_records(folder: &Path) -> (PathBuf, Vec<u8>) {
    let path = folder.join("records");
    let texts = TEXTS.iter().zip(0..);
    let records: Vec<(u64, Vec<u8>)> = texts
        .map(|(text, key)| (key, text.as_bytes().to_vec()))
        .collect();
    let mut file = RecordFile::new(path.clone(), 7);
    assert!(file.append(records, &HashSet::new()).unwrap());
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}

/// How many records are found. All that are found are as they were written.
fn count_records(path: &Path, context: &str) -> usize {
    let mut file = RecordFile::new(path.to_owned(), 7);
    let _ = file.refresh();
    let found = TEXTS.iter().zip(0..).filter(|(text, key)| {
        let found = file.find(*key);
        assert!(
            found.is_none() || found.as_deref() == Some(text.as_bytes()),
            "{context}"
        );
        found.is_some()
    });
    found.count()
}

/// A damaged file takes records again.
fn assert_repaired(path: &Path, context: &str) {
    let mut file = RecordFile::new(path.to_owned(), 7);
    let records = vec![(9, b"added later".to_vec())];
    assert!(file.append(records, &HashSet::new()).unwrap(), "{context}");
    let mut file = RecordFile::new(path.to_owned(), 7);
    file.refresh().unwrap();
    assert_eq!(
        file.find(9).as_deref(),
        Some(&b"added later"[..]),
        "{context}"
    );
}

#[test]
fn a_file_that_ends_anywhere_has_the_records_before() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = write_records(folder.path());
    let mut counts = Vec::new();
    for length in 0..=bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let context = format!("{length} bytes");
        counts.push(count_records(&path, &context));
        assert_repaired(&path, &context);
        let after = count_records(&path, &context);
        assert_eq!(Some(&after), counts.last(), "those before are kept");
    }
    assert!(counts.is_sorted());
    assert_eq!(counts.last(), Some(&3));
}

#[test]
fn a_flipped_bit_loses_records_and_changes_none() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = write_records(folder.path());
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, damaged).unwrap();
        let context = format!("bit {bit}");
        assert!(count_records(&path, &context) < 3, "{context}");
        assert_repaired(&path, &context);
    }
}

#[test]
fn a_file_of_another_form_or_key_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = write_records(folder.path());
    let mut other = RecordFile::new(path.clone(), 8);
    other.refresh().unwrap();
    assert!(other.find(0).is_none(), "another environment");
    let newer = [b"xact queries 2\n\0", &bytes[16..]].concat();
    for text in [newer, b"no file of this tool".to_vec(), vec![0; 4096]] {
        std::fs::write(&path, &text).unwrap();
        assert_eq!(count_records(&path, "another form"), 0);
        assert_repaired(&path, "another form");
    }
}

#[test]
fn zeros_that_a_power_cut_left_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut bytes) = write_records(folder.path());
    bytes.resize(bytes.len() + 4096, 0);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(count_records(&path, "zeros"), 3);
    assert_repaired(&path, "zeros");
}

#[test]
fn a_file_that_is_cut_while_it_is_open_gives_no_other_record() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = write_records(folder.path());
    let mut file = RecordFile::new(path.clone(), 7);
    file.refresh().unwrap();
    std::fs::write(&path, &bytes[..30]).unwrap();
    assert!((0..3).all(|key| file.find(key).is_none()));
    file.refresh().unwrap();
    assert_repaired(&path, "cut");
    file.refresh().unwrap();
    assert_eq!(file.find(9).as_deref(), Some(&b"added later"[..]));
}
