//! A new migration: two files with the next version.

use crate::migrate::apply::Folder;
use crate::output::create;
use crate::project::MIGRATIONS;
use crate::report::Failure;
use std::path::Path;
use time::OffsetDateTime;
use time::macros::format_description;

/// What a new migration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The file that is applied, beneath its `-- depends:` line.
    pub up: String,
    /// The file that reverts it.
    pub down: String,
}

/// Creates `migrations/<version>_<name>.up.sql` and `.down.sql`; gives their paths.
///
/// The version is the time in UTC, as `sqlx migrate add --timestamp` writes it, or the one after the
/// highest there is, should that be in the future. The first line names all heads of `folder`, on
/// which the migration builds. Words are joined by underscores, so a sentence will do as a name.
///
/// # Errors
/// If the name has no letters, or a file cannot be created. An existing file is never touched, and
/// both files are made or none.
pub fn new_migration(
    root: &Path,
    folder: &Folder,
    name: &str,
    content: &Content,
) -> Result<[String; 2], Failure> {
    let slug = slug(name);
    if slug.is_empty() {
        let source = std::io::Error::other("the name needs letters or digits");
        return Err(Failure::io("name a migration", name)(source));
    }
    let version = next_version(folder);
    let paths = ["up", "down"].map(|way| format!("{MIGRATIONS}/{version}_{slug}.{way}.sql"));
    let up = depends(folder) + &content.up;
    create(root, &paths[0], &up)?;
    if let Err(failure) = create(root, &paths[1], &content.down) {
        let _ = std::fs::remove_file(root.join(&paths[0]));
        return Err(failure);
    }
    Ok(paths)
}

/// The line that names the heads. The first migration of all builds on nothing.
fn depends(folder: &Folder) -> String {
    let heads = folder.heads();
    let heads: Vec<String> = heads.iter().map(|head| head.version.to_string()).collect();
    if heads.is_empty() {
        return String::new();
    }
    format!("-- depends: {}\n", heads.join(" "))
}

fn slug(name: &str) -> String {
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
    now.max(highest + 1)
}
