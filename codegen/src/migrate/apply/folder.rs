//! The folder of migrations: files → pairs in order of version.
//!
//! Given: the files directly in `migrations/`. Gives: a [`Folder`], or everything wrong with it.
//! Never talks to a server.

use super::{header, tree};
use crate::config::{MIGRATIONS, Paths};
use crate::project::{Project, read_migrations};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use sqlx::migrate::MigrationType;
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A migration: the file that is applied, and the file that reverts it.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The number before the first `_` of the file's name.
    pub version: i64,
    /// The name between version and ending: `add_tags`.
    pub slug: String,
    /// The file that is applied.
    pub up: Arc<SourceFile>,
    /// The file that reverts it, if there is one.
    pub down: Option<Arc<SourceFile>>,
    /// The migrations it builds on: those it names, or the one before it if it names none.
    pub parents: Vec<i64>,
    /// The migrations that it replaces, each with the beginning of its checksum: see `-- squashes:`.
    pub squashes: Vec<(String, String)>,
}

/// The migrations of a project, in order of version.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder itself, relative to the project: `migrations`.
    pub path: String,
    /// Each version once; every parent of a migration comes before it.
    pub migrations: Vec<Migration>,
    /// Files that no command uses.
    pub warnings: Vec<Diagnostic>,
}

impl Migration {
    /// As stock sqlx records it: the slug with blanks.
    pub fn description(&self) -> String {
        self.slug.replace('_', " ")
    }

    /// As stock sqlx records it: SHA-384 of the file that is applied.
    pub fn checksum(&self) -> Vec<u8> {
        hash_text(&self.up.text)
    }

    /// `20250106090000_foundations`.
    pub fn name(&self) -> String {
        let file = self.up.path.rsplit('/').next().unwrap_or(&self.up.path);
        let name = file.strip_suffix(".sql").unwrap_or(file);
        name.strip_suffix(".up").unwrap_or(name).to_owned()
    }
}

impl Default for Folder {
    /// The usual folder without a migration.
    fn default() -> Self {
        Self::empty(MIGRATIONS)
    }
}

impl Folder {
    /// A folder without a migration.
    pub fn empty(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            migrations: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads the migrations of the project at `root`, and nothing else of it.
    ///
    /// # Errors
    /// Everything that is wrong with the files, or a failure if they cannot be listed.
    pub fn read(root: &Path) -> Result<Self, Stop> {
        let (files, mut diagnostics) = read_migrations(root)?;
        let path = Paths::read(root).migrations;
        let folder = Self::build(&path, &files).unwrap_or_else(|found| {
            diagnostics.extend(found);
            Self::default()
        });
        if diagnostics.is_empty() {
            Ok(folder)
        } else {
            Err(stop_with(diagnostics))
        }
    }

    /// The migrations of a project that was read.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn of(project: &Project) -> Result<Self, Stop> {
        Self::build(&project.paths().migrations, &project.migrations).map_err(stop_with)
    }

    fn build(path: &str, files: &[Arc<SourceFile>]) -> Result<Self, Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut ups: BTreeMap<i64, (String, &Arc<SourceFile>)> = BTreeMap::new();
        let mut downs: BTreeMap<i64, &Arc<SourceFile>> = BTreeMap::new();
        for file in files.iter().filter(|file| is_direct(path, file)) {
            let Some((version, slug, way)) = split_name(file) else {
                diagnostics.push(refuse_name(path, file));
                continue;
            };
            let before = match way {
                MigrationType::ReversibleDown => downs.insert(version, file),
                _ => ups.insert(version, (slug, file)).map(|(_, file)| file),
            };
            diagnostics.extend(before.map(|before| refuse_duplicate(version, before, file)));
        }
        // A warning is enough, because nothing is ever applied from such a file.
        let alone = downs
            .iter()
            .filter(|(version, _)| !ups.contains_key(version));
        let mut warnings: Vec<Diagnostic> = alone.map(|(_, file)| without_up(file)).collect();
        let mut nested = files.iter().filter(|file| !is_direct(path, file));
        warnings.extend(nested.next().map(|file| not_read(path, file)));
        crate::report::diagnostic::sort(&mut warnings);
        let found = ups.into_iter().map(|(version, (slug, up))| Migration {
            version,
            slug,
            up: up.clone(),
            down: downs.get(&version).map(|file| (*file).clone()),
            parents: Vec::new(),
            squashes: header::read_squashes(&up.text),
        });
        let (migrations, found) = tree::with_parents(found.collect());
        diagnostics.extend(found);
        if diagnostics.is_empty() {
            Ok(Self {
                path: path.to_owned(),
                migrations,
                warnings,
            })
        } else {
            Err(diagnostics)
        }
    }

    /// The migration of a version.
    pub fn get(&self, version: i64) -> Option<&Migration> {
        let place = self
            .migrations
            // The migrations come out of a BTreeMap, in order of version.
            .binary_search_by_key(&version, |migration| migration.version);
        place.ok().map(|place| &self.migrations[place])
    }

    /// The migrations that no other one builds on.
    pub fn heads(&self) -> Vec<&Migration> {
        tree::find_heads(&self.migrations)
    }

    /// The migration of a version that a person typed.
    ///
    /// # Errors
    /// A failure that names the versions nearby.
    pub fn named(&self, version: i64) -> Result<&Migration, Failure> {
        self.get(version).ok_or_else(|| Failure::NoVersion {
            version,
            known: self.migrations.iter().map(Migration::name).collect(),
        })
    }
}

/// SHA-384, as stock sqlx takes it of a migration.
pub(super) fn hash_text(text: &str) -> Vec<u8> {
    let sql = AssertSqlSafe(text.to_owned()).into_sql_str();
    // By sqlx's own constructor, so that a change of its hash is a change here too.
    let migration = sqlx::migrate::Migration::new(1, "".into(), MigrationType::Simple, sql, false);
    migration.checksum.into_owned()
}

/// Stock sqlx looks into no folder below.
fn is_direct(folder: &str, file: &SourceFile) -> bool {
    file.path.matches('/').count() == folder.matches('/').count() + 1
}

/// `migrations/1_add_tags.up.sql` → 1, `add_tags`, up.
fn split_name(file: &SourceFile) -> Option<(i64, String, MigrationType)> {
    let name = file.path.rsplit('/').next()?;
    // As stock sqlx splits it: the first underscore ends the version.
    let (version, rest) = name.split_once('_')?;
    let way = MigrationType::from_filename(rest);
    let slug = rest.trim_end_matches(way.suffix());
    Some((header::parse_version(version)?, slug.to_owned(), way))
}

/// A version that a column of type `bigint` cannot hold.
fn long_version(file: &SourceFile) -> Option<&str> {
    let (digits, _) = file.path.rsplit('/').next()?.split_once('_')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

fn file_error(code: &'static str, file: &SourceFile, message: String) -> Diagnostic {
    Diagnostic::in_file(code, &file.path, None, message)
}

/// Other tools have a folder for each migration.
fn not_read(folder: &str, file: &SourceFile) -> Diagnostic {
    let message =
        format!("files in folders below `{folder}/` are no migrations, here and for stock sqlx");
    let name = file.path.trim_start_matches(folder).trim_start_matches('/');
    let example = format!("{folder}/{}", name.replace('/', "."));
    file_error("migration-name", file, message)
        .warning()
        .help(format!(
            "move it up if it is one, as `{example}`, with a version and `_` at the beginning of its name"
        ))
}

fn refuse_name(folder: &str, file: &SourceFile) -> Diagnostic {
    if let Some(digits) = long_version(file) {
        let message = format!("the version {digits} is larger than {}", i64::MAX);
        return file_error("migration-name", file, message)
            .help("give it the time as version, as in `20250106090000_add_tags.up.sql`");
    }
    let message = "this file's name does not begin with a version and `_`".to_owned();
    file_error("migration-name", file, message)
        .note("stock sqlx would pass over it in silence, or refuse the whole folder")
        .help(format!(
            "name it as in `20250106090000_add_tags.up.sql`, or move it out of `{folder}/`"
        ))
}

fn refuse_duplicate(version: i64, before: &SourceFile, file: &SourceFile) -> Diagnostic {
    let message = format!("version {version} is also that of `{}`", before.path);
    file_error("duplicate-version", file, message)
        .help("give the younger of the two a version of its own, up and down")
}

fn without_up(file: &SourceFile) -> Diagnostic {
    let message = "this file reverts a migration that is not there, so it is never used".to_owned();
    let up = file.path.replace(".down.sql", ".up.sql");
    file_error("down-without-up", file, message)
        .warning()
        .help(format!("write `{up}`, or delete this file"))
}

fn stop_with(mut diagnostics: Vec<Diagnostic>) -> Stop {
    crate::report::diagnostic::sort(&mut diagnostics);
    Stop::Diagnostics(diagnostics)
}
