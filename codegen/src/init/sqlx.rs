//! The traces of sqlx in a project, and what each means beside xact.

use super::inspect::read_file;
use super::manifest::Manifest;
use crate::report::Stop;
use std::path::Path;
use toml_edit::DocumentMut;

/// The version of sqlx whose types are those of the runtime.
const SAME: &str = "0.9";

/// The findings, in words.
pub(super) fn describe_sqlx(root: &Path, manifest: Option<&Manifest>) -> Result<Vec<String>, Stop> {
    let mut words = Vec::new();
    if manifest.is_some_and(|manifest| manifest.depends_on("sqlx")) {
        let version = match find_locked_version(root)? {
            Some(version) => Some(version),
            None => manifest.and_then(|manifest| manifest.version_of("sqlx")),
        };
        words.push(describe_version(version.as_deref()));
    }
    if root.join(".sqlx").is_dir() {
        words.push(".sqlx: the queries that move to `queries/` need nothing in it".to_owned());
    }
    if root.join("sqlx.toml").is_file() {
        let text = "sqlx.toml: migrations are read from `migrations/` and recorded in `_sqlx_migrations` alone";
        words.push(text.to_owned());
    }
    Ok(words)
}

fn describe_version(version: Option<&str>) -> String {
    let Some(version) = version else {
        return format!(
            "sqlx: its macros and `sqlx migrate` go on working beside xact; with sqlx {SAME}, `Database::from_pool` shares its pool"
        );
    };
    let plain = version.trim_start_matches(['^', '=', '~', ' ']);
    if plain == SAME || plain.starts_with(&format!("{SAME}.")) {
        format!(
            "sqlx {version}: that of xact, so `Database::from_pool` shares its pool and `Xact::adopt` its transactions; \
             its macros and `sqlx migrate` go on working"
        )
    } else {
        format!(
            "sqlx {version}: xact has sqlx {SAME}, so both are built, each with a pool of its own, and a `PgPool` of one is no \
             `PgPool` of the other; after an upgrade to {SAME}, `Database::from_pool` shares one"
        )
    }
}

/// The version of the project's lock file. With several, the one that the project itself names is not known.
fn find_locked_version(root: &Path) -> Result<Option<String>, Stop> {
    let Some(lock) = read_file(root, "Cargo.lock")? else {
        return Ok(None);
    };
    let document: DocumentMut = lock.text.parse().unwrap_or_default();
    let packages = document
        .get("package")
        .and_then(|item| item.as_array_of_tables());
    let mut versions = packages.into_iter().flatten().filter_map(|package| {
        let text = |key: &str| package.get(key).and_then(|item| item.as_str());
        (text("name") == Some("sqlx")).then(|| text("version").map(str::to_owned))?
    });
    let first = versions.next();
    Ok(first.filter(|_| versions.next().is_none()))
}
