//! The extensions of a Postgres installation: which ones `CREATE EXTENSION` finds, and in which version.
//!
//! They come and change without the server, in packages of their own.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The two folders of an installation that have its extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ExtensionFolders {
    /// `SHAREDIR` of `pg_config`, which has the scripts and control files.
    pub(super) share: PathBuf,
    /// `PKGLIBDIR`, which has the libraries.
    pub(super) library: PathBuf,
}

/// A hash that changes with any file of an extension: names, sizes and times.
pub(super) fn describe_extensions(folders: &ExtensionFolders) -> u64 {
    let mut lines = Vec::new();
    for folder in [
        &folders.share.join("extension"),
        &folders.share.join("tsearch_data"),
        &folders.library,
    ] {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        lines.push(describe_file(folder));
        lines.extend(entries.map(|entry| describe_file(&entry.path())));
    }
    // A folder is listed in another order after it was changed and changed back.
    lines.sort();
    crate::hash::hash_bytes(lines.concat().as_bytes())
}

fn describe_file(path: &Path) -> String {
    let path_text = path.display();
    path.metadata().map_or_else(
        |_| format!("{path_text}\n"),
        |found| {
            let (length, seconds, rest) = (found.len(), found.mtime(), found.mtime_nsec());
            format!("{path_text} {length} {seconds} {rest}\n")
        },
    )
}
