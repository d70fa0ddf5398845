//! Results of queries in the user's cache folder, so that no process asks about a query that another one asked about.
//!
//! Given: a migrated database of this program, and queries. Gives: the results that were found before under the same key, by whichever
//! process; and keeps those that are found now. Records save time and decide nothing: a missing folder, a damaged file and a lock of another
//! process cost a question to Postgres each.
//!
//! ```text
//! key      everything that results depend on → the name of the file
//! encode   one result as bytes, and back          frame   the bytes around it
//! file     the file: read, appended, replaced
//! ```
//! Databases of external servers have no records, because other programs change them.

mod encode;
mod frame;
mod key;

mod file;

#[cfg(test)]
mod tests;

use super::kept::KeptQuery;
use crate::database::kept_files;
use crate::query::{Query, TypedSchema};
pub(super) use encode::encode_query;

use file::RecordFile;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use xact_server::{cache_folder, create_private_folder};

/// The folder of the files in the cache folder.
const FOLDER: &str = "queries";

/// The folder of the records of this user, which need not exist.
pub(super) fn find_folder() -> Option<PathBuf> {
    Some(cache_folder()?.join(FOLDER))
}

/// The records of one environment.
#[derive(Debug)]
pub(super) struct QueryRecords {
    file: RecordFile,
}

impl QueryRecords {
    /// Those of the database that was built from `origin`; none where there can be none.
    pub(super) fn open(
        folder: &Path,
        origin: u64,
        catalog: &TypedSchema,
        environment: &str,
    ) -> Option<Self> {
        if !create_private_folder(folder) {
            return None;
        }
        let key = key::hash_environment(origin, catalog, environment)?;
        let path = folder.join(format!("{key:016x}"));
        kept_files::mark_used(&path);
        Some(Self {
            file: RecordFile::new(path, key),
        })
    }

    /// Reads which records other processes have written meanwhile.
    pub(super) fn refresh(&mut self) {
        // A file that cannot be read has no records.
        let _ = self.file.refresh();
    }

    /// The result of a query, at its place.
    pub(super) fn find(&self, key: u64, query: &Query) -> Option<KeptQuery> {
        encode::decode_query(&self.file.find(key)?, query)
    }

    /// Adds records; false if they could not be written now. `in_use` has the keys of all queries of the project.
    pub(super) fn append(&mut self, records: Vec<(u64, Vec<u8>)>, in_use: &HashSet<u64>) -> bool {
        let is_first = !self.file.path().exists();
        // A full disk, for one.
        let is_written = self.file.append(records, in_use).unwrap_or(false);
        if is_first {
            kept_files::remove_unused(self.file.path());
        }
        is_written
    }
}
