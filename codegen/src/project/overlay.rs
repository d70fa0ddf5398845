//! Files as an editor has them, in place of those on disk.

use crate::report::source::SourceFile;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts that are not saved yet, by their paths relative to the project. A path may name a file that is not on disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    files: BTreeMap<String, Arc<SourceFile>>,
}

impl Overlay {
    /// Sets the text of a file.
    pub(crate) fn set_text(&mut self, path: &str, text: String) {
        let path = path.to_owned();
        let file = Arc::new(SourceFile::new(path.clone(), text));
        self.files.insert(path, file);
    }

    /// Forgets the text of a file: the one on disk counts.
    pub(crate) fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    pub(super) fn get(&self, path: &str) -> Option<&Arc<SourceFile>> {
        self.files.get(path)
    }

    /// The paths below `folder` with this extension, as [`list`](crate::report::source::list) gives those on disk.
    pub(super) fn list_paths(&self, folder: &str, extension: &str) -> Vec<String> {
        let paths = self.files.keys().filter(|path| {
            let below = path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'));
            let name = below.map(|below| below.rsplit('/').next().unwrap_or(below));
            name.is_some_and(|name| {
                let ending = name.rsplit_once('.').map(|(_, ending)| ending);
                !name.starts_with('.') && ending == Some(extension)
            })
        });
        paths.cloned().collect()
    }
}
