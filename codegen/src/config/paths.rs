//! The table `paths` of `xact.toml`: where the files of a project are, for a project that has them elsewhere.
//!
//! ```toml
//! [paths]
//! migrations = "db/migrations"
//! queries = "db/queries"
//! schema = "db/schema.sql"
//! annotations = "db/schema_annotations.yaml"
//! output = "src/db/orm"
//! ```

use crate::report::diagnostic::Diagnostic;
use crate::report::source::{self, SourceFile, Span};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;

/// The folder of the migrations, unless `xact.toml` names another.
pub const MIGRATIONS: &str = "migrations";
/// The folder of the query files, unless `xact.toml` names another.
pub const QUERIES: &str = "queries";
/// The file with the schema, unless `xact.toml` names another.
pub const SCHEMA: &str = "schema.sql";
/// The file of the annotations, unless `xact.toml` names another.
pub const ANNOTATIONS: &str = "schema_annotations.yaml";
/// The folder of the generated module, unless `xact.toml` names another.
pub const OUTPUT: &str = "src/orm";

/// Where the files of a project are, each relative to its folder, with `/` between names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The folder of the migrations.
    pub migrations: String,
    /// The folder of the query files.
    pub queries: String,
    /// The file with the schema that the migrations build.
    pub schema: String,
    /// The file of the annotations.
    pub annotations: String,
    /// The folder of the generated module, which has no other files.
    pub output: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            migrations: MIGRATIONS.to_owned(),
            queries: QUERIES.to_owned(),
            schema: SCHEMA.to_owned(),
            annotations: ANNOTATIONS.to_owned(),
            output: OUTPUT.to_owned(),
        }
    }
}

impl Paths {
    /// The paths of the project at `root`. Those of a configuration that cannot be read are the usual ones: the commands that
    /// read the whole project report it.
    ///
    /// ```
    /// use xact_codegen::config::Paths;
    ///
    /// let folder = std::env::temp_dir();
    /// assert_eq!(Paths::read(&folder.join("no project")), Paths::default());
    /// ```
    pub fn read(root: &Path) -> Self {
        let file = source::read(root, super::FILE);
        let config = file.ok().and_then(|file| super::Config::parse(&file).ok());
        config.map(|config| config.paths).unwrap_or_default()
    }
}

/// The table as it is written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPaths {
    migrations: Option<Spanned<String>>,
    queries: Option<Spanned<String>>,
    schema: Option<Spanned<String>>,
    annotations: Option<Spanned<String>>,
    output: Option<Spanned<String>>,
}

impl WrittenPaths {
    /// The paths, or a diagnostic at the one that cannot be used.
    pub(super) fn check(&self, file: &Arc<SourceFile>) -> Result<Paths, Diagnostic> {
        let usual = Paths::default();
        let mut taken: Vec<(String, &str)> = Vec::new();
        let mut choose = |written: &Option<Spanned<String>>, usual: String, name| {
            let path = match written {
                Some(path) => clean_path(path.get_ref())
                    .map_err(|message| refuse_path(file, path, &message))?,
                None => usual,
            };
            let other = taken.iter().find(|(other, _)| overlaps(other, &path));
            if let Some((_, other)) = other {
                let message = format!("`{name}` and `{other}` would have the same files");
                // One of the two was written, because the usual ones do not overlap.
                let written = written.as_ref().or(self.get(other));
                return match written {
                    Some(written) => Err(refuse_path(file, written, &message)),
                    None => Ok(path),
                };
            }
            taken.push((path.clone(), name));
            Ok(path)
        };
        Ok(Paths {
            migrations: choose(&self.migrations, usual.migrations, "migrations")?,
            queries: choose(&self.queries, usual.queries, "queries")?,
            schema: choose(&self.schema, usual.schema, "schema")?,
            annotations: choose(&self.annotations, usual.annotations, "annotations")?,
            output: choose(&self.output, usual.output, "output")?,
        })
    }

    fn get(&self, name: &str) -> Option<&Spanned<String>> {
        match name {
            "migrations" => self.migrations.as_ref(),
            "queries" => self.queries.as_ref(),
            "schema" => self.schema.as_ref(),
            _ => self.annotations.as_ref(),
        }
    }
}

/// Whether one is the other, or in it: a migration must be no query, and generated files are removed when nothing generates them.
fn overlaps(one: &str, other: &str) -> bool {
    let contains = |folder: &str, path: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    contains(one, other) || contains(other, one)
}

/// The path without `./` and a last `/`; an error if it could leave the project.
fn clean_path(path: &str) -> Result<String, String> {
    let names: Vec<&str> = path
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".")
        .collect();
    let leaves = path.starts_with('/') || path.contains(['\\', ':', '\0']) || names.contains(&"..");
    if leaves || names.is_empty() {
        return Err(format!(
            "`{path}` is no path inside the project: write it relative to this file, with `/` between folders"
        ));
    }
    Ok(names.join("/"))
}

fn refuse_path(file: &Arc<SourceFile>, path: &Spanned<String>, message: &str) -> Diagnostic {
    let span = Span {
        file: file.clone(),
        range: path.span(),
    };
    Diagnostic::error("invalid-configuration", span, message)
}
