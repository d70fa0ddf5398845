//! Whether a person edited schema.sql, as `xact migrate diff` invites to: then it is not overwritten.
//!
//! Surprise: a checksum of the whole file in its head would be simpler, but two branches that change different tables would
//! then conflict in that line, always. So the file has a checksum for each table alone (its revision), and the rest is known
//! from outside: what this tool wrote here last, and what git holds. A file that git holds is not lost by overwriting it.

use super::is_generated;
use crate::config::Paths;
use crate::git;
use crate::schema::has_edited_table;
use std::path::{Path, PathBuf};
use xact::generated::content_hash;
use xact_server::cache_folder;

/// Whether the schema.sql of the project has a text that overwriting it would lose.
pub fn has_edited_schema(root: &Path, generated: &str) -> bool {
    let path = Paths::read(root).schema;
    let Ok(text) = std::fs::read_to_string(root.join(&path)) else {
        return false;
    };
    // A file that this tool did not write is refused where files are written.
    if !is_generated(text.as_bytes()) {
        return false;
    }
    if text == generated || has_conflict(&text) || git::holds(root, &path) {
        return false;
    }
    match read_note(root) {
        Some(hash) if hash == content_hash(text.as_bytes()) => false,
        Some(_) => true,
        None => has_edited_table(&text),
    }
}

/// Notes that the migrations say all that the file says: this tool wrote it, or a migration was written from it.
pub fn note_schema(root: &Path) {
    // Without a note the checksums of the tables decide.
    let _ = write_note(root);
}

/// A merge that left markers is resolved by generating again.
fn has_conflict(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<< "))
}

fn note_of(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let name = content_hash(root.as_os_str().as_encoded_bytes());
    Some(cache_folder()?.join(format!("schema-{name:016x}")))
}

/// The note is the folder of the project and a hash, so that a note of another folder with the same name is none.
fn read_note(root: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(note_of(root)?).ok()?;
    u64::from_str_radix(text.trim(), 16).ok()
}

fn write_note(root: &Path) -> std::io::Result<()> {
    let Some(path) = note_of(root) else {
        return Ok(());
    };
    let hash = content_hash(&std::fs::read(root.join(Paths::read(root).schema))?);
    std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
    std::fs::write(path, format!("{hash:016x}\n"))
}
