//! URIs ↔ paths of the project, which are relative and have `/` between folders.

use gen_lsp_types::Uri;
use std::path::{Path, PathBuf};
use xact_codegen::config::{self, Paths};

/// The path of a file below the project; none for another file, or for text that is in no file.
pub(crate) fn relative_path(root: &Path, uri: &Uri) -> Option<String> {
    let path = uri.to_file_path().ok()?;
    // An editor may name a file through a link, and the project by its real path.
    let below = path.strip_prefix(root).map(Path::to_owned);
    let below = below.or_else(|_| resolve_links(&path).strip_prefix(root).map(Path::to_owned));
    let below = below.ok()?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

/// The real path of a file that may not exist yet.
fn resolve_links(path: &Path) -> PathBuf {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return path.to_owned();
    };
    let folder = folder.canonicalize();
    folder.map_or_else(|_| path.to_owned(), |folder| folder.join(name))
}

/// The URI of a file of the project.
pub(crate) fn file_uri(root: &Path, path: &str) -> Option<Uri> {
    Uri::from_file_path(root.join(path)).ok()
}

/// How deep a project is looked for below the folder that is open in the editor.
const DEEPEST: usize = 3;

/// The project that a folder is in, or that is in the folder; else the folder itself.
pub(crate) fn find_project(folder: &Path) -> PathBuf {
    for above in folder.ancestors() {
        if is_project(above) {
            return above.to_owned();
        }
        if above.join(".git").exists() {
            break;
        }
    }
    let is_visible = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.file_type().is_dir()
            && !name.starts_with(b".")
            && name != b"target"
            && name != b"node_modules"
    };
    let below = walkdir::WalkDir::new(folder)
        .min_depth(1)
        .max_depth(DEEPEST)
        .sort_by_file_name();
    let mut below = below.into_iter().filter_entry(is_visible).flatten();
    let found = below.find(|entry| is_project(entry.path()));
    found.map_or_else(|| folder.to_owned(), |entry| entry.path().to_owned())
}

fn is_project(folder: &Path) -> bool {
    let paths = Paths::read(folder);
    let has_both = folder.join(paths.migrations).is_dir() && folder.join(paths.queries).is_dir();
    has_both || folder.join(config::FILE).is_file()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{file_uri, find_project, relative_path};
    use std::path::Path;

    #[test]
    fn a_path_with_blanks_and_letters_of_any_language_is_found_again() {
        let root = Path::new("/home/an na/\u{e9}");
        let uri = file_uri(root, "queries/a b/\u{4e2d}.sql").unwrap();
        assert!(!uri.as_str().contains(' '));
        assert_eq!(
            relative_path(root, &uri).as_deref(),
            Some("queries/a b/\u{4e2d}.sql")
        );
    }

    #[test]
    fn a_file_outside_of_the_project_and_a_text_without_a_file_have_no_path() {
        for uri in [
            "file:///elsewhere/a.sql",
            "untitled:Untitled-1",
            "file:///home/anna2/a.sql",
        ] {
            assert_eq!(
                relative_path(Path::new("/home/anna"), &uri.parse().unwrap()),
                None
            );
        }
    }

    #[test]
    fn the_project_is_found_from_inside_and_from_above() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("services/api");
        for name in ["migrations", "queries/deep"] {
            std::fs::create_dir_all(project.join(name)).unwrap();
        }
        for from in [folder.path(), &project, &project.join("queries/deep")] {
            assert_eq!(find_project(from), project);
        }
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(find_project(empty.path()), empty.path());
    }
}
