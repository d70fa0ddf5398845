//! The state that every answer is made from.

use crate::documents::Documents;
use crate::knowledge::Knowledge;
use crate::lines::{Encoding, Lines};
use crate::paths::file_uri;
use gen_lsp_types::Location;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use xact_codegen::config::Paths;

/// The project, as far as it is known.
#[derive(Clone, Copy)]
pub(crate) struct Context<'s> {
    pub(crate) root: &'s Path,
    pub(crate) paths: &'s Paths,
    pub(crate) encoding: Encoding,
    pub(crate) documents: &'s Documents,
    /// None before the first check.
    pub(crate) knowledge: Option<&'s Knowledge>,
}

/// The files that there are answers about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Queries,
    Annotations,
    /// `schema.sql`, or a migration.
    Schema,
    Rust,
    Other,
}

impl FileKind {
    pub(crate) fn of(paths: &Paths, path: &str) -> Self {
        let is_below = |folder: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let has_extension = |extension: &str| {
            Path::new(path)
                .extension()
                .is_some_and(|found| found == extension)
        };
        if has_extension("rs") {
            Self::Rust
        } else if path == paths.annotations {
            Self::Annotations
        } else if !has_extension("sql") {
            Self::Other
        } else if is_below(&paths.queries) {
            Self::Queries
        } else if path == paths.schema || is_below(&paths.migrations) {
            Self::Schema
        } else {
            Self::Other
        }
    }
}

/// A piece of a file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) path: String,
    pub(crate) range: Range<usize>,
}

impl Context<'_> {
    pub(crate) fn kind(&self, path: &str) -> FileKind {
        FileKind::of(self.paths, path)
    }

    /// The text of a file as it is in the editor, or on disk; none if it cannot be read.
    pub(crate) fn text(&self, path: &str) -> Option<Arc<str>> {
        if let Some(document) = self.documents.get(path) {
            return Some(document.text.clone());
        }
        let text = std::fs::read_to_string(self.root.join(path)).ok()?;
        Some(text.into())
    }

    pub(crate) fn lines<'t>(&self, text: &'t str) -> Lines<'t> {
        Lines::new(text, self.encoding)
    }

    /// A piece of a file as the client names it.
    pub(crate) fn location(&self, target: &Target) -> Option<Location> {
        let text = self.text(&target.path)?;
        Some(Location {
            uri: file_uri(self.root, &target.path)?,
            range: self.lines(&text).range(&target.range),
        })
    }

    /// The query files as they are in the editor, or as the last check read them.
    pub(crate) fn query_files(&self) -> Vec<(String, Arc<str>)> {
        let files = self
            .knowledge
            .iter()
            .flat_map(|knowledge| &knowledge.checked.project.queries);
        let texts = files.filter_map(|file| Some((file.path.clone(), self.text(&file.path)?)));
        texts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, Paths};

    #[test]
    fn a_file_is_known_by_the_paths_of_the_configuration() {
        let paths = Paths {
            queries: "db/queries".to_owned(),
            ..Paths::default()
        };
        let kind = |path| FileKind::of(&paths, path);
        assert_eq!(kind("db/queries/a.sql"), FileKind::Queries);
        assert_eq!(kind("queries/a.sql"), FileKind::Other);
    }

    #[test]
    fn a_file_is_known_by_its_path() {
        for (path, kind) in [
            ("queries/a/b.sql", FileKind::Queries),
            ("queries.sql", FileKind::Other),
            ("queries/a.md", FileKind::Other),
            ("schema.sql", FileKind::Schema),
            ("migrations/1_a.up.sql", FileKind::Schema),
            ("schema_annotations.yaml", FileKind::Annotations),
            ("src/main.rs", FileKind::Rust),
            ("xact.toml", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(&Paths::default(), path), kind, "{path}");
        }
    }
}
