//! A project on disk: the files that the tool reads, and the errors of reading them.

mod annotations;
pub(crate) mod manifest;
mod overlay;

pub(crate) use overlay::Overlay;

use crate::config::{self, Config, Paths};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{self, ReadError, SourceFile, Span};
use crate::schema::annotations::Annotations;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything the tool was given, read.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// `xact.toml`, or the defaults.
    pub config: Config,
    /// `schema_annotations.yaml`, or nothing.
    pub annotations: Annotations,
    /// Migrations in order of name, down files among them.
    pub migrations: Vec<Arc<SourceFile>>,
    /// Query files in order of name.
    pub queries: Vec<Arc<SourceFile>>,
    /// The files above that decide about the generated code, besides the queries.
    pub settings: Vec<Arc<SourceFile>>,
}

impl Project {
    /// Reads a project. Files that cannot be read as text become diagnostics, and the rest is
    /// read anyway.
    ///
    /// # Errors
    /// If the folder is not a project or cannot be listed.
    pub fn read(root: &Path) -> Result<(Self, Vec<Diagnostic>), Failure> {
        Self::read_with(root, &Overlay::default())
    }

    /// The same, with the texts of an overlay in place of those on disk.
    pub(crate) fn read_with(
        root: &Path,
        overlay: &Overlay,
    ) -> Result<(Self, Vec<Diagnostic>), Failure> {
        let mut reader = ProjectReader {
            root,
            overlay,
            diagnostics: Vec::new(),
        };
        let config = reader.read_optional(config::FILE);
        let parsed: Config = reader.read_parsed(config.as_ref(), Config::parse);
        let paths = parsed.paths.clone();
        if !root.join(&paths.migrations).is_dir() {
            return Err(no_project(root, &paths));
        }
        let annotations = reader.read_optional(&paths.annotations);
        let project = Self {
            root: root.to_owned(),
            config: parsed,
            annotations: reader.read_parsed(annotations.as_ref(), parse_annotations),
            migrations: reader.read_folder(&paths.migrations)?,
            queries: reader.read_folder(&paths.queries)?,
            settings: config.into_iter().chain(annotations).collect(),
        };
        Ok((project, reader.diagnostics))
    }

    /// The text of the annotations; empty without the file.
    pub fn annotations_text(&self) -> &str {
        let file = self.annotations_file();
        file.map_or("", |file| file.text.as_str())
    }

    /// The file of the annotations, if there is one.
    pub fn annotations_file(&self) -> Option<&Arc<SourceFile>> {
        let mut files = self.settings.iter();
        files.find(|file| file.path == self.paths().annotations)
    }

    /// Where its files are.
    pub fn paths(&self) -> &Paths {
        &self.config.paths
    }

    /// Every file that was read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let files = [&self.settings, &self.migrations, &self.queries];
        files.into_iter().flatten()
    }

    /// A hash of every file that was read, and of their names.
    pub fn fingerprint(&self) -> u64 {
        fingerprint(self.files())
    }

    /// A hash of the migrations, and of their names.
    pub fn migrations_fingerprint(&self) -> u64 {
        fingerprint(&self.migrations)
    }

    /// The migrations that build the database: without those that take it down.
    pub fn up_migrations(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let up = |file: &&Arc<SourceFile>| !file.path.ends_with(".down.sql");
        self.migrations.iter().filter(up)
    }
}

fn fingerprint<'a>(files: impl IntoIterator<Item = &'a Arc<SourceFile>>) -> u64 {
    let line = |file: &Arc<SourceFile>| {
        let hash = xact::generated::content_hash(file.text.as_bytes());
        // With the path: a renamed file is another input.
        format!("{hash:016x} {}\n", file.path)
    };
    let lines: String = files.into_iter().map(line).collect();
    xact::generated::content_hash(lines.as_bytes())
}

/// Reads the migrations of the project at `root`, and nothing else of it: its files in order of name,
/// and the diagnostics of files that are not text.
///
/// # Errors
/// If the folder is not a project or cannot be listed.
pub fn read_migrations(root: &Path) -> Result<(Vec<Arc<SourceFile>>, Vec<Diagnostic>), Failure> {
    let paths = Paths::read(root);
    if !root.join(&paths.migrations).is_dir() {
        return Err(no_project(root, &paths));
    }
    let mut reader = ProjectReader {
        root,
        overlay: &Overlay::default(),
        diagnostics: Vec::new(),
    };
    let files = reader.read_folder(&paths.migrations)?;
    Ok((files, reader.diagnostics))
}

fn no_project(root: &Path, paths: &Paths) -> Failure {
    Failure::NoProject {
        root: root.to_owned(),
        migrations: paths.migrations.clone(),
    }
}

struct ProjectReader<'a> {
    root: &'a Path,
    overlay: &'a Overlay,
    diagnostics: Vec<Diagnostic>,
}

impl ProjectReader<'_> {
    fn read_folder(&mut self, folder: &str) -> Result<Vec<Arc<SourceFile>>, Failure> {
        let mut paths = if self.root.join(folder).exists() {
            source::list(self.root, folder, "sql").map_err(|error| {
                let path = error.path().unwrap_or(self.root).to_owned();
                Failure::io("list", path)(error.into())
            })?
        } else {
            Vec::new()
        };
        // A file that an editor has not saved yet is part of the project too.
        paths.extend(self.overlay.list_paths(folder, "sql"));
        paths.sort();
        paths.dedup();
        Ok(paths
            .iter()
            .filter_map(|path| self.read_file(path))
            .collect())
    }

    fn read_optional(&mut self, path: &str) -> Option<Arc<SourceFile>> {
        let exists = self.overlay.get(path).is_some() || self.root.join(path).exists();
        exists.then(|| self.read_file(path))?
    }

    fn read_file(&mut self, path: &str) -> Option<Arc<SourceFile>> {
        if let Some(file) = self.overlay.get(path) {
            return Some(Arc::clone(file));
        }
        let error = match source::read(self.root, path) {
            Ok(file) => return Some(file),
            Err(error) => error,
        };
        self.diagnostics.push(match error {
            ReadError::Io(error) => {
                let message = format!("this file cannot be read: {error}");
                Diagnostic::in_file("unreadable-file", path, None, message)
            }
            ReadError::NotUtf8(position) => {
                let message = "this file is not UTF-8 from here on";
                Diagnostic::in_file("invalid-utf8", path, Some(position), message)
                    .help("save the file as UTF-8")
            }
        });
        None
    }

    fn read_parsed<T: Default>(
        &mut self,
        file: Option<&Arc<SourceFile>>,
        parse: fn(&Arc<SourceFile>) -> Result<T, Diagnostic>,
    ) -> T {
        file.map_or_else(|| Ok(T::default()), parse)
            .unwrap_or_else(|diagnostic| {
                self.diagnostics.push(diagnostic);
                T::default()
            })
    }
}

fn parse_annotations(file: &Arc<SourceFile>) -> Result<Annotations, Diagnostic> {
    Annotations::parse(&file.text).map_err(|error| {
        let position = source::Position {
            line: error.line.max(1),
            column: error.column.max(1),
        };
        let start = file.offset(position);
        let range = start..start;
        let span = Span {
            file: file.clone(),
            range,
        };
        Diagnostic::error("invalid-annotation", span, error.message)
    })
}
