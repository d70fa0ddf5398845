//! The folder for files that are kept between runs, and can be deleted at any time.

use std::path::PathBuf;

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
