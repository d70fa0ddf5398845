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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{ExtensionFolders, describe_extensions};

    #[test]
    fn a_new_version_of_an_extension_is_another_installation() {
        let folder = tempfile::tempdir().unwrap();
        let folders = ExtensionFolders {
            share: folder.path().join("share"),
            library: folder.path().join("lib"),
        };
        let missing = describe_extensions(&folders);
        std::fs::create_dir_all(folders.share.join("extension")).unwrap();
        std::fs::create_dir_all(&folders.library).unwrap();
        let control = folders.share.join("extension/a.control");
        std::fs::write(&control, "default_version = '1'").unwrap();
        let first = describe_extensions(&folders);
        assert_ne!(first, missing);
        assert_eq!(first, describe_extensions(&folders));
        std::fs::write(&control, "default_version = '1.1'").unwrap();
        let second = describe_extensions(&folders);
        assert_ne!(second, first);
        std::fs::write(folders.library.join("a.so"), "library").unwrap();
        assert_ne!(describe_extensions(&folders), second);
    }
}
