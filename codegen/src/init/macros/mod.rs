//! `xact init --from-macros`: sqlx's macros in a crate, as query files.
//!
//! ```text
//! find     Rust files → each `query!`, `query_as!` and `query_scalar!`, with the function around it and its fetch
//! convert  a macro → a query with a name, a command and named parameters
//! ```
//! Given: the folder of a crate. Gives: files in `queries/`, and the list of everything that could not be taken. Changes no Rust:
//! the macros go on working until each is replaced by a call of its function.

mod convert;
mod find;

use super::Lines;
use super::import::query_path;
use super::inspect::read_file;
use crate::config::Paths;
use crate::output;
use crate::report::{Failure, Stop, source};
use convert::{Converted, convert_macro};
use find::{MacroCall, find_macros};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The queries that were taken from macros.
#[derive(Debug, Default)]
pub struct MacroImport {
    /// The files that are new.
    pub written: Vec<String>,
    /// How many queries are in them.
    pub taken: usize,
    /// The macros that could not be taken, by file.
    pub left: Vec<Lines>,
}

/// The folder of the crate's sources.
const SOURCES: &str = "src";

/// Writes the queries of sqlx's macros into `queries/`, a file for each Rust file. Files that are there stay as they are.
///
/// # Errors
/// If a Rust file cannot be read, or a query file cannot be written. Files written before that stay.
///
/// ```no_run
/// # fn example() -> Result<(), xact_codegen::Stop> {
/// let import = xact_codegen::init::import_macros("shop".as_ref())?;
/// println!("{} queries", import.taken);
/// # Ok(()) }
/// ```
pub fn import_macros(root: &Path) -> Result<MacroImport, Stop> {
    let mut import = MacroImport::default();
    let mut names = BTreeSet::new();
    let folder = Paths::read(root).queries;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for path in list_sources(root)? {
        let Some(file) = read_file(root, &path)? else {
            continue;
        };
        // The functions of a generated module run no macros, and their names are taken by the queries themselves.
        if file.text.contains(output::MARKER) {
            continue;
        }
        let mut left = Vec::new();
        let Some(calls) = find_macros(&file.text) else {
            let problem = "it cannot be read as Rust".to_owned();
            import.left.push(list_left(&path, vec![problem]));
            continue;
        };
        for call in calls {
            match convert_macro(root, &call, &mut names) {
                Ok(query) => {
                    import.taken += 1;
                    let text = files
                        .entry(query_path(&folder, &query_file(&path)))
                        .or_default();
                    append_query(text, &path, &call, &query);
                }
                Err(reason) => left.push(describe_left(&call, &reason)),
            }
        }
        if !left.is_empty() {
            import.left.push(list_left(&path, left));
        }
    }
    for (path, text) in files {
        write_file(root, path, &text, &mut import)?;
    }
    Ok(import)
}

fn list_sources(root: &Path) -> Result<Vec<String>, Failure> {
    if !root.join(SOURCES).is_dir() {
        return Ok(Vec::new());
    }
    source::list(root, SOURCES, "rs").map_err(|error| {
        let path = error.path().unwrap_or(root).to_owned();
        Failure::io("list", path)(error.into())
    })
}

/// `src/users/db.rs` → `db.sql`, `src/users/mod.rs` → `users.sql`: the file of a module is called as the module.
fn query_file(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let module = stem.strip_suffix("/mod").unwrap_or(stem);
    format!("{module}.sql")
}

fn append_query(text: &mut String, path: &str, call: &MacroCall, query: &Converted) {
    let gap = if text.is_empty() { "" } else { "\n" };
    let place = match &call.function {
        Some(function) => format!("`{function}` in {path}"),
        None => path.to_owned(),
    };
    let Converted { name, command, sql } = query;
    let _ = write!(
        text,
        "{gap}-- Of {place}.\n-- name: {name} :{command}\n{sql};\n"
    );
}

fn describe_left(call: &MacroCall, reason: &str) -> String {
    let function = call.function.as_deref().unwrap_or("outside of a function");
    format!("line {}, {function}: {reason}", call.line)
}

fn list_left(path: &str, lines: Vec<String>) -> Lines {
    Lines {
        path: path.to_owned(),
        note: "not taken".to_owned(),
        lines,
    }
}

fn write_file(root: &Path, path: String, text: &str, import: &mut MacroImport) -> Result<(), Stop> {
    if root.join(&path).exists() {
        let lines = text.lines().map(str::to_owned).collect();
        let note = "it is there already, and could have".to_owned();
        import.left.push(Lines { path, note, lines });
    } else {
        output::create(root, &path, text)?;
        import.written.push(path);
    }
    Ok(())
}
