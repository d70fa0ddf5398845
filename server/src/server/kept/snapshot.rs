//! Keeps the data folder of a running private server.
//!
//! After a checkpoint the files have every change, and the write-ahead log the rest, as after a crash of the machine at this moment. Nothing
//! changes them while they are read, because the one session waits, and autovacuum and the background writer are off.

use super::find_path;
use super::installation::{ExtensionFolders, describe_extensions};
use super::pack::Contents;
use crate::cache::create_private_folder;
use crate::server::choice::{Origin, ServerChoice};
use crate::server::project::is_copied_whole;
use crate::server::{Server, ServerKind};
use sqlx::{Executor as _, PgConnection, Row as _};
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

const KEEPABLE: &str = include_str!("keepable.sql");

/// The most bytes that are kept: those of five thousand tables. Migrations that insert more take longer to copy than they are worth.
const MOST_BYTES: u64 = 448 << 20;

/// Files that belong to the server that runs, and those that the next one creates.
const PASSING: &[&str] = &["postmaster.pid", "postmaster.opts", "pg_internal.init"];

/// Folders that are empty in a new server.
const EMPTY: &[&str] = &[
    "pg_dynshmem",
    "pg_notify",
    "pg_stat_tmp",
    "pg_wal/archive_status",
];

/// The parts of a data folder that one database needs.
struct Parts {
    database: i64,
    first_segment: String,
    last_segment: String,
    folders: ExtensionFolders,
}

impl Server {
    /// Keeps the connected database, with everything in its cluster, under this key. `connection` is the only one, and the database is used
    /// by it alone. Gives the file; none if the server is not private, if a copy would not be the same, or if it cannot be written: that costs
    /// the next run time.
    ///
    /// # Cancellation
    /// Nothing is kept.
    pub async fn keep(
        &self,
        connection: &mut PgConnection,
        choice: &ServerChoice,
        key: &str,
        notes: Vec<u8>,
    ) -> Option<PathBuf> {
        let (ServerKind::Native(cluster), Origin::Native(installation)) =
            (&self.kind, &choice.origin)
        else {
            return None;
        };
        let (path, hash) = find_path(installation, key)?;
        let parts = find_parts(connection).await;
        let parts = parts.inspect_err(|error| tracing::debug!(%error, "the database is not kept"));
        let parts = parts.ok()??;
        let kept = create_private_folder(path.parent()?).then(|| {
            read_data(&cluster.data(), &parts, notes).and_then(|read| read.write(&path, hash))
        })?;
        let kept = kept.inspect_err(|error| tracing::debug!(%error, "the database is not kept"));
        kept.ok().map(|()| path)
    }
}

/// None if a copy would lack something.
async fn find_parts(
    connection: &mut PgConnection,
) -> std::result::Result<Option<Parts>, sqlx::Error> {
    if !is_copied_whole(connection).await? {
        return Ok(None);
    }
    connection.execute("CHECKPOINT").await?;
    let Some(row) = sqlx::query(KEEPABLE).fetch_optional(connection).await? else {
        return Ok(None);
    };
    let folder = |name: &str| row.try_get::<String, _>(name).map(PathBuf::from);
    Ok(Some(Parts {
        database: row.try_get("database")?,
        first_segment: row.try_get("first_segment")?,
        last_segment: row.try_get("last_segment")?,
        folders: ExtensionFolders {
            share: folder("share")?,
            library: folder("library")?,
        },
    }))
}

fn read_data(data: &Path, parts: &Parts, notes: Vec<u8>) -> Result<Contents> {
    let extensions = describe_extensions(&parts.folders);
    let folders = parts.folders.clone();
    let mut contents = Contents::new(data.to_owned(), notes, extensions, folders);
    for entry in walkdir::WalkDir::new(data).min_depth(1).sort_by_file_name() {
        let entry = entry?;
        let path = entry
            .path()
            .strip_prefix(data)
            .map_err(Error::other)?
            .to_owned();
        if entry.file_type().is_dir() {
            contents.directories.push(path);
        } else if !entry.file_type().is_file() {
            return Err(Error::other("a link leads out of the data folder"));
        } else if parts.has(&path) {
            contents.add_file(path)?;
        }
        if contents.size() > MOST_BYTES {
            return Err(Error::other("the data is too large"));
        }
    }
    Ok(contents)
}

impl Parts {
    fn has(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let folder = path.parent().unwrap_or(Path::new(""));
        if PASSING.contains(&&*name) || EMPTY.iter().any(|empty| path.starts_with(empty)) {
            return false;
        }
        if path.starts_with("base") {
            return folder == Path::new("base").join(self.database.to_string());
        }
        if folder == Path::new("pg_wal") {
            return (self.first_segment.as_str()..=self.last_segment.as_str()).contains(&&*name);
        }
        true
    }
}
