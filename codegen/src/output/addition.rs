//! The output of `xact init`: new files, and files of the user with lines added.

use super::{OutputFile, Staged};
use crate::report::Failure;
use std::io::Write as _;
use std::path::Path;

/// Creates a file with the folders above it.
///
/// # Errors
/// If it exists, or cannot be written; then it is not there.
pub fn create(root: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let path = root.join(path);
    let folder = path.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).map_err(Failure::io("create", folder))?;
    let mut file = std::fs::File::create_new(&path).map_err(Failure::io("create", &path))?;
    let written = file.write_all(text.as_bytes());
    written.map_err(|error| {
        // Half a file would be taken for the user's own by the next run, and never be finished.
        let _ = std::fs::remove_file(&path);
        Failure::io("write", path)(error)
    })
}

/// Replaces a file of the user: only lines were added to it.
///
/// # Errors
/// If the file cannot be written.
pub fn write_additions(root: &Path, path: &str, text: &str) -> Result<(), Failure> {
    replace(root, path, text)
}

/// Gives a file its content, whether or not it exists.
///
/// # Errors
/// If the file cannot be written; then it is as it was.
pub fn replace(root: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let (path, text) = (path.to_owned(), text.to_owned());
    Staged::write_staged(root, &OutputFile { path, text })?.put_in_place()?;
    Ok(())
}

/// Creates two files that belong together, or neither.
///
/// # Errors
/// As [`create`]. The first file is removed again if the second cannot be created.
pub fn create_both(root: &Path, files: &[(&str, &str); 2]) -> Result<(), Failure> {
    let [(first, text), (second, other)] = files;
    create(root, first, text)?;
    create(root, second, other).inspect_err(|_| {
        let _ = std::fs::remove_file(root.join(first));
    })
}

/// Removes a file.
///
/// # Errors
/// If it cannot be removed.
pub fn remove(root: &Path, path: &str) -> Result<(), Failure> {
    let path = root.join(path);
    std::fs::remove_file(&path).map_err(Failure::io("remove", &path))
}
