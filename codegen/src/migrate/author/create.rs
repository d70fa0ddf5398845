//! A new migration: two files with the next version.

use super::squash::Squashed;
use crate::config::Paths;
use crate::migrate::apply::Folder;
use crate::output::{create, create_both, remove, replace};
use crate::report::Failure;
use std::path::Path;
use time::OffsetDateTime;
use time::macros::format_description;

/// The text of a new migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The file that is applied, beneath its `-- depends:` line.
    pub up: String,
    /// The file that reverts it; none for a migration that cannot be reverted.
    pub down: Option<String>,
}

impl Default for Content {
    /// Two empty files.
    fn default() -> Self {
        let (up, down) = (String::new(), Some(String::new()));
        Self { up, down }
    }
}

/// Creates `migrations/<version>_<name>.up.sql` and `.down.sql`; gives their paths.
///
/// The version is the time in UTC, as `sqlx migrate add --timestamp` writes it, or the one after the
/// highest there is, should that be in the future. The first line names all heads of `folder`, on
/// which the migration builds. Words are joined by underscores, so a sentence will do as a name.
///
/// # Errors
/// If the name has no letters, or a file cannot be created. An existing file is never changed, and
/// both files are made or none.
pub fn new_migration(
    root: &Path,
    folder: &Folder,
    name: &str,
    content: &Content,
) -> Result<Vec<String>, Failure> {
    let slug = checked_slug(name)?;
    let version = next_version(folder);
    let [up, down] =
        ["up", "down"].map(|way| format!("{}/{version}_{slug}.{way}.sql", folder.path));
    let text = depends_line(folder) + &content.up;
    let Some(content) = &content.down else {
        create(root, &up, &text)?;
        return Ok(vec![up]);
    };
    create_both(root, &[(&up, &text), (&down, content)])?;
    Ok(vec![up, down])
}

/// Creates the first migration, which has no down file: its way back is an empty database. Gives its path.
///
/// # Errors
/// If the name has no letters, or the file cannot be created.
pub fn create_first_migration(root: &Path, name: &str, text: &str) -> Result<String, Failure> {
    let slug = checked_slug(name)?;
    let version = next_version(&Folder::default());
    let path = format!("{}/{version}_{slug}.up.sql", Paths::read(root).migrations);
    create(root, &path, text)?;
    Ok(path)
}

/// Writes the squashed migration and removes the files that it replaces; gives its path.
///
/// The new file is on disk before the first is removed. Git has the others, so a crash in between
/// leaves two files of one version, which every command names.
///
/// # Errors
/// If the name has no letters, or a file cannot be written or removed.
pub fn replace_migrations(root: &Path, name: &str, squashed: &Squashed) -> Result<String, Failure> {
    let slug = checked_slug(name)?;
    let folder = Paths::read(root).migrations;
    let path = format!("{folder}/{}_{slug}.up.sql", squashed.version);
    // Written before anything is removed, so that an error leaves too many files and not too few.
    replace(root, &path, &squashed.up)?;
    for replaced in squashed
        .replaced_files
        .iter()
        .filter(|other| **other != path)
    {
        remove(root, replaced)?;
    }
    Ok(path)
}

fn checked_slug(name: &str) -> Result<String, Failure> {
    let slug = slug_of(name);
    if slug.is_empty() {
        let source = std::io::Error::other("the name needs letters or digits");
        return Err(Failure::io("name a migration", name)(source));
    }
    Ok(slug)
}

/// The line that names the heads. The first migration of all builds on nothing.
fn depends_line(folder: &Folder) -> String {
    let heads = folder.heads();
    let heads: Vec<String> = heads.iter().map(|head| head.version.to_string()).collect();
    if heads.is_empty() {
        return String::new();
    }
    format!("-- depends: {}\n", heads.join(" "))
}

fn slug_of(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

fn next_version(folder: &Folder) -> i64 {
    let format = format_description!("[year][month][day][hour][minute][second]");
    let now = OffsetDateTime::now_utc().format(&format).ok();
    let now = now.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let highest = folder.migrations.last().map_or(0, |last| last.version);
    // Another clock may be ahead, and the new migration has to come last.
    now.max(highest + 1)
}
