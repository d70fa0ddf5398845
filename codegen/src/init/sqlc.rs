//! `sqlc.yaml` and `sqlc.json`, of version 1 and 2: which files hold the queries and the schema.

use super::inspect::{count_files, read_file, stop_with};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{self, Position, SourceFile};
use crate::report::{Failure, Stop};
use serde::Deserialize;
use std::path::Path;

/// The files that sqlc looks for, in its order.
const FILES: &[&str] = &["sqlc.yaml", "sqlc.yml", "sqlc.json"];

/// The engine that is this tool's; version 1 means it where it says nothing.
const ENGINE: &str = "postgresql";

/// A sqlc project.
pub(super) struct Sqlc {
    /// Its configuration.
    path: String,
    /// The query files, in order.
    pub(super) queries: Vec<String>,
    /// The files of the schema, in the order in which sqlc reads them.
    pub(super) schema: Vec<String>,
    /// Engines of blocks that are left out.
    others: Vec<String>,
}

#[derive(Deserialize)]
struct Configuration {
    /// Version 1.
    #[serde(default)]
    packages: Vec<SqlcBlock>,
    /// Version 2.
    #[serde(default)]
    sql: Vec<SqlcBlock>,
}

#[derive(Deserialize)]
struct SqlcBlock {
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    queries: SqlcPaths,
    #[serde(default)]
    schema: SqlcPaths,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SqlcPaths {
    One(String),
    Many(Vec<String>),
}

impl Default for SqlcPaths {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// Reads the configuration, if there is one, and lists the files that it means.
pub(super) fn read_configuration(root: &Path) -> Result<Option<Sqlc>, Stop> {
    for path in FILES {
        if let Some(file) = read_file(root, path)? {
            return Ok(Some(of_file(root, &file)?));
        }
    }
    Ok(None)
}

fn of_file(root: &Path, file: &SourceFile) -> Result<Sqlc, Stop> {
    // One reader for both, because JSON is valid YAML.
    let read: Result<Configuration, _> = serde_saphyr::from_str(&file.text);
    let configuration = read.map_err(|error| {
        let position = error.location().map(|location| Position {
            line: usize::try_from(location.line()).unwrap_or(1),
            column: usize::try_from(location.column()).unwrap_or(1),
        });
        let message = error.without_snippet().to_string();
        let message = message.lines().next().unwrap_or_default().to_owned();
        stop_with(Diagnostic::in_file(
            "invalid-sqlc-configuration",
            &file.path,
            position,
            message,
        ))
    })?;
    let mut sqlc = Sqlc {
        path: file.path.clone(),
        queries: Vec::new(),
        schema: Vec::new(),
        others: Vec::new(),
    };
    for block in configuration.packages.into_iter().chain(configuration.sql) {
        match block.engine {
            Some(engine) if engine != ENGINE => sqlc.others.push(engine),
            _ => {
                add_files(&mut sqlc.queries, root, block.queries)?;
                add_files(&mut sqlc.schema, root, block.schema)?;
            }
        }
    }
    Ok(sqlc)
}

/// Adds the files of these paths, each once.
fn add_files(files: &mut Vec<String>, root: &Path, paths: SqlcPaths) -> Result<(), Failure> {
    let paths = match paths {
        SqlcPaths::One(path) => vec![path],
        SqlcPaths::Many(paths) => paths,
    };
    for path in paths {
        for file in files_of(root, &path)? {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(())
}

/// A file, or the files directly in a folder; `folder/*.sql` means the same.
fn files_of(root: &Path, path: &str) -> Result<Vec<String>, Failure> {
    let path = path.strip_suffix("*.sql").unwrap_or(path);
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if !root.join(path).is_dir() {
        let exists = root.join(path).is_file();
        return Ok(exists.then(|| path.to_owned()).into_iter().collect());
    }
    let files = source::list(&root.join(path), "", "sql").map_err(|error| {
        let path = error.path().unwrap_or(root).to_owned();
        Failure::io("list", path)(error.into())
    })?;
    let direct = files.into_iter().filter(|file| !file.contains('/'));
    Ok(direct.map(|file| format!("{path}/{file}")).collect())
}

impl Sqlc {
    pub(super) fn describe_findings(&self) -> Vec<String> {
        let Self {
            path,
            queries,
            schema,
            others,
        } = self;
        let (queries, schema) = (count_files(queries.len()), count_files(schema.len()));
        let mut words = vec![format!(
            "{path}: {queries} of queries, {schema} of the schema"
        )];
        words.extend(
            others
                .iter()
                .map(|engine| format!("{path}: a block of {engine}, which is left out")),
        );
        words
    }
}
