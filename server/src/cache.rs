//! The folder for files that are kept between runs, and can be deleted at any time.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The permissions of all users but the owner.
const OTHERS: u32 = 0o077;

/// `xact` in `$XDG_CACHE_HOME` or `~/.cache`; nothing where there is no home folder. It need not exist.
///
/// ```
/// if let Some(folder) = xact_server::cache_folder() {
///     assert!(folder.ends_with("xact"));
/// }
/// ```
pub fn cache_folder() -> Option<PathBuf> {
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        // The XDG specification says to ignore relative paths.
        .filter(|root| root.is_absolute())
        .map(|root| root.join("xact"))
}

/// Creates a folder that only this user may enter. False if it cannot be created, or if there is one that another user owns or may
/// enter: then its files may be those of another user, and must not be used.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// assert!(xact_server::create_private_folder(&folder.path().join("kept")));
/// # std::io::Result::Ok(())
/// ```
pub fn create_private_folder(folder: &Path) -> bool {
    let created = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let own = rustix::process::geteuid().as_raw();
    created.is_ok()
        && folder
            .metadata()
            .is_ok_and(|found| found.mode() & OTHERS == 0 && found.uid() == own)
}

/// Lets `write` fill a file beside `path` that only this user may read, and gives it the name: a reader sees all of the old file, or all of
/// the new one. After a power cut it can be empty or damaged, so a file that is believed has a checksum.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("kept");
/// xact_server::write_whole(&path, |file| std::io::Write::write_all(file, b"all"))?;
/// assert_eq!(std::fs::read(&path)?, b"all");
/// # std::io::Result::Ok(())
/// ```
///
/// # Errors
/// That of `write`, or of the file. What was written is removed, and the old file stays.
pub fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path))?;
    write(file.as_file_mut())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::create_private_folder;
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    #[test]
    fn a_folder_that_another_user_owns_or_may_enter_is_not_private() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("xact/kept");
        assert!(create_private_folder(&folder));
        assert_eq!(folder.metadata().unwrap().mode() & 0o777, 0o700);
        for mode in [0o710, 0o701, 0o777] {
            std::fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
            assert!(!create_private_folder(&folder), "{mode:o}");
        }
        std::fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        assert!(create_private_folder(&folder));
        if std::os::unix::fs::chown(&folder, Some(65_534), None).is_err() {
            eprintln!("NOT TESTED: a folder of another user. Only root may give one away");
            return;
        }
        assert!(!create_private_folder(&folder));
        let file = root.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(!create_private_folder(&file), "it is no folder");
    }
}
