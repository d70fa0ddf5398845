//! The texts of the files that the last run rendered, kept for the next one: after an edit of a query, one file of fifty is another.
//!
//! Given: a template and its view, as JSON. Gives: the text that this program made of an equal view. The file with the texts has a checksum,
//! and belongs to one project and one build of the tool; where it is missing or damaged, every text is made again.

use crate::database::{hash_tool, kept_files};
use serde::Serialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use xact::generated::content_hash;
use xact_server::{cache_folder, create_private_folder};

/// The folder of the files in the cache folder.
const FOLDER: &str = "rendered";

/// A text before and after it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptText {
    pub(super) rendered: String,
    pub(super) laid_out: String,
}

/// The texts, by the hash of template and view.
#[derive(Debug, Default)]
pub(crate) struct KeptTexts {
    /// None if nothing is kept.
    path: Option<PathBuf>,
    texts: HashMap<u64, KeptText>,
}

impl KeptTexts {
    /// Those of the project at `root`.
    pub(crate) fn read(root: &Path) -> Self {
        Self::in_file(find_path(root))
    }

    fn in_file(path: Option<PathBuf>) -> Self {
        let texts = path.as_deref().and_then(read_texts).unwrap_or_default();
        Self { path, texts }
    }

    /// The hash of a template and its view; none if nothing is kept.
    pub(super) fn hash_view(&self, template: &str, view: &impl Serialize) -> Option<u64> {
        self.path.as_ref()?;
        // With the names of the fields, or two views could have the same bytes.
        let mut bytes = serde_json::to_vec(view).ok()?;
        bytes.extend_from_slice(template.as_bytes());
        Some(content_hash(&bytes))
    }

    pub(super) fn find(&self, hash: u64) -> Option<&KeptText> {
        self.texts.get(&hash)
    }

    /// Keeps these texts in place of the others. A file that cannot be written costs the next run time.
    pub(super) fn replace(&mut self, texts: HashMap<u64, KeptText>) {
        if texts == self.texts {
            return;
        }
        self.texts = texts;
        if let Some(path) = &self.path {
            let _ = write_texts(path, &self.texts);
        }
    }
}

fn find_path(root: &Path) -> Option<PathBuf> {
    let (root, tool) = (root.canonicalize().ok()?, hash_tool()?);
    let name = content_hash(format!("{tool:x} {}", root.display()).as_bytes());
    let folder = cache_folder()?.join(FOLDER);
    let path = folder.join(format!("{name:016x}"));
    create_private_folder(&folder).then_some(path)
}

fn read_texts(path: &Path) -> Option<HashMap<u64, KeptText>> {
    let bytes = kept_files::read_summed(path)?;
    kept_files::mark_used(path);
    let texts: Vec<(u64, String, String)> = postcard::from_bytes(&bytes).ok()?;
    let texts = texts.into_iter().map(|(hash, rendered, laid_out)| {
        let text = KeptText { rendered, laid_out };
        (hash, text)
    });
    Some(texts.collect())
}

fn write_texts(path: &Path, texts: &HashMap<u64, KeptText>) -> std::io::Result<()> {
    let texts = texts
        .iter()
        .map(|(hash, text)| (hash, &text.rendered, &text.laid_out));
    let bytes = postcard::to_allocvec(&texts.collect::<Vec<_>>()).map_err(std::io::Error::other)?;
    let is_first = !path.exists();
    kept_files::write_summed(path, &bytes)?;
    if is_first {
        kept_files::remove_unused(path);
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{KeptText, KeptTexts};
    use std::collections::HashMap;

    #[test]
    fn texts_are_read_as_they_were_written_and_a_damaged_file_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts");
        let mut kept = KeptTexts::in_file(Some(path.clone()));
        let text = KeptText {
            rendered: "fn  a(){}".to_owned(),
            laid_out: "fn a() {}\n".to_owned(),
        };
        kept.replace(HashMap::from([(7, text.clone())]));
        let read = || KeptTexts::in_file(Some(path.clone()));
        assert_eq!(read().find(7), Some(&text));
        assert_eq!(read().find(8), None);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(read().find(7), None, "byte {at}");
            std::fs::write(&path, &bytes[..at]).unwrap();
            assert_eq!(read().find(7), None, "the first {at} bytes");
        }
    }

    #[test]
    fn another_view_or_another_template_has_another_text() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptTexts::in_file(Some(folder.path().join("texts")));
        let hash = |template, view: &[&str]| kept.hash_view(template, &view).unwrap();
        assert_eq!(hash("a", &["b"]), hash("a", &["b"]));
        assert_ne!(hash("a", &["b"]), hash("b", &["b"]));
        assert_ne!(hash("a", &["b", "c"]), hash("a", &["bc"]));
        assert_eq!(KeptTexts::default().hash_view("a", &"b"), None);
    }
}
