//! Files of records: several processes, and bounds.

use crate::database::kept_files;
use crate::pipeline::records::file::RecordFile;
use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

fn open_records(folder: &Path) -> RecordFile {
    RecordFile::new(folder.join("records"), 7)
}

fn add_record(file: &mut RecordFile, key: u64, text: &str) -> bool {
    let records = vec![(key, text.as_bytes().to_vec())];
    file.append(records, &HashSet::from([key])).unwrap()
}

fn text_of(file: &RecordFile, key: u64) -> Option<String> {
    file.find(key)
        .map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_record_of_one_process_is_found_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (open_records(folder.path()), open_records(folder.path()));
    other.refresh().unwrap();
    assert!(add_record(&mut one, 1, "first"));
    assert!(add_record(&mut one, 2, "second"));
    assert_eq!(text_of(&other, 1), None, "it has not looked");
    assert!(add_record(&mut other, 3, "third"));
    assert!(add_record(&mut other, 1, "later"));
    for file in [&mut one, &mut other] {
        file.refresh().unwrap();
        let found = [1, 2, 3, 4].map(|key| text_of(file, key));
        let wanted = [Some("later"), Some("second"), Some("third"), None];
        assert_eq!(found, wanted.map(|text| text.map(str::to_owned)));
    }
    let mode = folder.path().join("records").metadata().unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn processes_that_write_at_once_lose_no_record_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let written = std::thread::scope(|scope| {
        let writers = [0, 1, 2, 3].map(|writer: u64| {
            let mut file = open_records(folder.path());
            let write = move || {
                let keys = (0..50).map(|index| writer * 100 + index);
                let written =
                    keys.filter(|key| add_record(&mut file, *key, &key.to_string().repeat(99)));
                written.collect::<Vec<u64>>()
            };
            scope.spawn(write)
        });
        writers.map(|writer| writer.join().unwrap()).concat()
    });
    assert!(written.len() >= 50, "one of them has the lock at any time");
    let mut file = open_records(folder.path());
    file.refresh().unwrap();
    for key in written {
        assert_eq!(text_of(&file, key), Some(key.to_string().repeat(99)));
    }
}

#[test]
fn a_process_that_has_the_lock_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = open_records(folder.path());
    assert!(add_record(&mut file, 1, "first"));
    let other = File::open(folder.path().join("records")).unwrap();
    other.lock().unwrap();
    assert!(!add_record(&mut file, 2, "second"));
    other.unlock().unwrap();
    assert!(add_record(&mut file, 2, "second"));
    assert_eq!(text_of(&file, 2).as_deref(), Some("second"));
}

#[test]
fn a_large_file_is_replaced_by_one_with_the_records_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let (mut file, mut reader) = (open_records(folder.path()), open_records(folder.path()));
    let text = "x".repeat(100_000);
    assert!(add_record(&mut file, 0, "in use"));
    reader.refresh().unwrap();
    let mut largest = 0;
    for key in 1..200 {
        let records = vec![(key, text.clone().into_bytes())];
        assert!(file.append(records, &HashSet::from([0, key])).unwrap());
        largest = largest.max(folder.path().join("records").metadata().unwrap().len());
    }
    assert!((8_000_000..9_000_000).contains(&largest), "{largest}");
    assert_eq!(text_of(&file, 1), None, "it was not in use");
    for file in [&mut file, &mut reader] {
        file.refresh().unwrap();
        assert_eq!(text_of(file, 0).as_deref(), Some("in use"));
        assert_eq!(text_of(file, 199).as_deref(), Some(text.as_str()));
    }
    // One whose records are all in use may grow.
    let mut large = RecordFile::new(folder.path().join("large"), 7);
    let in_use: HashSet<u64> = (0..200).collect();
    for key in 0..200 {
        let records = vec![(key, text.clone().into_bytes())];
        assert!(large.append(records, &in_use).unwrap());
    }
    assert!((0..200).all(|key| large.find(key).is_some()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn old_files_and_too_many_bytes_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, days: u64, length: u64| {
        let path = folder.path().join(name);
        let file = File::create(&path).unwrap();
        file.set_len(length).unwrap();
        let age = Duration::from_hours(24 * days);
        file.set_modified(SystemTime::now() - age).unwrap();
        path
    };
    let own = write("own", 100, 1 << 30);
    let (recent, older) = (write("recent", 1, 200 << 20), write("older", 2, 100 << 20));
    let old = write("old", 61, 10);
    kept_files::remove_unused(&own);
    assert!(own.exists() && recent.exists());
    assert!(!older.exists() && !old.exists());
    kept_files::mark_used(&own);
    let age = own.metadata().unwrap().modified().unwrap().elapsed();
    assert!(age.unwrap() < Duration::from_hours(1), "it is in use");
}
