//! Inspects a folder before anything is written. Reads, and decides nothing.

use super::manifest::Manifest;
use super::sqlc::{self, Sqlc};
use super::sqlx::describe_sqlx;
use crate::config::{self, Config, Paths};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{self, ReadError, SourceFile};
use crate::report::{Failure, Stop};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder, as it was found.
pub(super) struct Found {
    pub(super) root: PathBuf,
    pub(super) manifest: Option<Manifest>,
    /// The library's root, if there is one.
    pub(super) library: Option<Arc<SourceFile>>,
    /// The names of the scopes of `xact.toml`, if there is one.
    pub(super) scopes: Option<Vec<String>>,
    /// Where its files are, or will be.
    pub(super) paths: Paths,
    /// The files of the folders of migrations and queries.
    pub(super) migrations: Vec<String>,
    pub(super) queries: Vec<String>,
    pub(super) sqlc: Option<Sqlc>,
    /// The traces of sqlx, in words.
    sqlx: Vec<String>,
}

/// The library's root where Cargo.toml does not say otherwise.
const LIBRARY: &str = "src/lib.rs";

/// Reads the folder.
pub(super) fn inspect_folder(root: &Path) -> Result<Found, Stop> {
    let manifest = read_file(root, "Cargo.toml")?;
    let manifest = manifest.map(|file| Manifest::parse(&file)).transpose();
    let manifest = manifest.map_err(stop_with)?;
    let config = read_file(root, config::FILE)?;
    let config = config.map(|file| Config::parse(&file)).transpose();
    let config = config.map_err(stop_with)?;
    let library = manifest.as_ref().and_then(Manifest::library);
    let library = library.unwrap_or_else(|| LIBRARY.to_owned());
    let paths = match &config {
        Some(config) => config.paths.clone(),
        None => find_paths(root)?,
    };
    Ok(Found {
        library: read_file(root, &library)?,
        scopes: config.map(|config| config.scopes.into_keys().collect()),
        migrations: list_files(root, &paths.migrations)?,
        queries: list_files(root, &paths.queries)?,
        paths,
        sqlc: sqlc::read_configuration(root)?,
        sqlx: describe_sqlx(root, manifest.as_ref())?,
        root: root.to_owned(),
        manifest,
    })
}

impl Found {
    /// Where the library's root is, or would be.
    pub(super) fn library_path(&self) -> &str {
        self.library
            .as_ref()
            .map_or(LIBRARY, |file| file.path.as_str())
    }

    /// Whether the project has a file or folder.
    pub(super) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Whether the project is on GitHub: it has workflows, or a remote there.
    pub(super) fn is_on_github(&self) -> Result<bool, Stop> {
        // In a worktree `.git` is a file, which names a folder elsewhere.
        let remotes = if self.root.join(".git").is_dir() {
            read_file(&self.root, ".git/config")?
        } else {
            None
        };
        Ok(self.has(".github") || remotes.is_some_and(|file| file.text.contains("github.com")))
    }

    /// The findings, in words.
    pub(super) fn describe_findings(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.migrations.is_empty() {
            words.push(format!(
                "{}/ with {}",
                self.paths.migrations,
                count_files(self.migrations.len())
            ));
        }
        if !self.queries.is_empty() {
            words.push(format!(
                "{}/ with {}",
                self.paths.queries,
                count_files(self.queries.len())
            ));
        }
        words.extend(self.sqlc.iter().flat_map(Sqlc::describe_findings));
        words.extend(self.sqlx.iter().cloned());
        words
    }
}

/// A file of the project, if it is there.
pub(super) fn read_file(root: &Path, path: &str) -> Result<Option<Arc<SourceFile>>, Stop> {
    match source::read(root, path) {
        Ok(file) => Ok(Some(file)),
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(ReadError::Io(error)) => Err(Failure::io("read", root.join(path))(error).into()),
        Err(ReadError::NotUtf8(position)) => {
            let message = "this file is not UTF-8 from here on";
            let found = Diagnostic::in_file("invalid-utf8", path, Some(position), message);
            Err(stop_with(found.help("save the file as UTF-8")))
        }
    }
}

/// One thing that is wrong with the project.
pub(super) fn stop_with(diagnostic: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![diagnostic])
}

/// `1 file`, `2 files`.
pub(super) fn count_files(number: usize) -> String {
    let noun = if number == 1 { "file" } else { "files" };
    format!("{number} {noun}")
}

/// Folders in which projects keep their migrations besides the usual one.
const PARENTS: &[&str] = &["db", "database", "sql", "postgres"];

/// The paths of a project without a configuration: the usual ones, unless only another folder has migrations.
fn find_paths(root: &Path) -> Result<Paths, Failure> {
    let usual = Paths::default();
    if root.join(&usual.migrations).is_dir() {
        return Ok(usual);
    }
    for parent in PARENTS {
        let migrations = format!("{parent}/{}", usual.migrations);
        if !list_files(root, &migrations)?.is_empty() {
            let queries = format!("{parent}/{}", usual.queries);
            let schema = format!("{parent}/{}", usual.schema);
            let annotations = format!("{parent}/{}", usual.annotations);
            return Ok(Paths {
                migrations,
                queries,
                schema,
                annotations,
                output: usual.output,
            });
        }
    }
    Ok(usual)
}

fn list_files(root: &Path, folder: &str) -> Result<Vec<String>, Failure> {
    if !root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    source::list(root, folder, "sql").map_err(|error| {
        let path = error.path().unwrap_or(root).to_owned();
        Failure::io("list", path)(error.into())
    })
}
