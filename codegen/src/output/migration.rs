//! A new, empty migration: two files with the next version.

use crate::Failure;
use crate::project::MIGRATIONS;
use std::path::Path;
use time::OffsetDateTime;
use time::macros::format_description;

/// Creates `migrations/<version>_<name>.up.sql` and `.down.sql`; gives their paths.
///
/// The version is the time in UTC, as `sqlx migrate add --timestamp` writes it. Words are joined
/// by underscores, so a sentence will do as a name.
///
/// # Errors
/// If the name has no letters, or a file cannot be created. An existing file is never touched.
pub fn new_migration(root: &Path, name: &str) -> Result<[String; 2], Failure> {
    let slug = slug(name);
    if slug.is_empty() {
        let source = std::io::Error::other("the name needs letters or digits");
        return Err(Failure::io("name a migration", name)(source));
    }
    let folder = root.join(MIGRATIONS);
    std::fs::create_dir_all(&folder).map_err(Failure::io("create", &folder))?;
    let version = version();
    let paths = ["up", "down"].map(|way| format!("{MIGRATIONS}/{version}_{slug}.{way}.sql"));
    for path in &paths {
        let path = root.join(path);
        std::fs::File::create_new(&path).map_err(Failure::io("create", path))?;
    }
    Ok(paths)
}

fn slug(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

fn version() -> String {
    let format = format_description!("[year][month][day][hour][minute][second]");
    let now = OffsetDateTime::now_utc();
    now.format(&format)
        .expect("a time has all parts of the format")
}
