//! Finds the Postgres binaries of this machine, and the newest supported major among them.

use super::ServerError;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The majors whose catalogs and query trees the tool can read.
const SUPPORTED: std::ops::RangeInclusive<u32> = 15..=18;

/// One installation: a folder with `postgres` and `initdb`.
#[derive(Clone, Debug)]
pub(super) struct Installation {
    /// The folder of the binaries.
    pub(super) bin: PathBuf,
    /// The output of `postgres --version`, e.g. `postgres (PostgreSQL) 15.18`.
    pub(super) version: String,
    major: u32,
}

impl Installation {
    /// Whether the server could load this library.
    pub(super) fn has_library(&self, name: &str) -> bool {
        let file = format!("{name}.{}", std::env::consts::DLL_EXTENSION);
        let places = ["../lib", "../lib/postgresql"].map(|place| self.bin.join(place).join(&file));
        places.iter().any(|path| path.exists())
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// The variable that names the folder of the binaries to use, in place of all others.
const CHOSEN: &str = "XACT_POSTGRES_BIN";

/// How long the result of a search is used again: one command asks several times, and each search runs programs.
const USED_AGAIN: Duration = Duration::from_secs(5);

/// The last search: when, with which variables, and what it found.
type LastSearch = Option<(Instant, [Option<OsString>; 2], Installation)>;

static LAST_SEARCH: Mutex<LastSearch> = Mutex::new(None);

/// The newest supported installation; among equals, the first in the order of the search.
pub(super) fn find_newest() -> Result<Installation, ServerError> {
    let variables = [CHOSEN, "PATH"].map(std::env::var_os);
    let mut last = LAST_SEARCH.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((searched, used, found)) = &*last
        && searched.elapsed() < USED_AGAIN
        && *used == variables
    {
        return Ok(found.clone());
    }
    let found = search_newest()?;
    *last = Some((Instant::now(), variables, found.clone()));
    Ok(found)
}

fn search_newest() -> Result<Installation, ServerError> {
    if let Some(bin) = std::env::var_os(CHOSEN).filter(|bin| !bin.is_empty()) {
        return newest_among(vec![(CHOSEN.to_owned(), PathBuf::from(bin))]);
    }
    // Each runs a program, which takes longer than everything else here.
    let (on_path, configured) = std::thread::scope(|scope| {
        let configured = scope.spawn(by_pg_config);
        let on_path = on_path().map(|bin| (inspect_installation(&bin), bin));
        (on_path, configured.join().unwrap_or_default())
    });
    let (known, bin) = on_path.map_or((None, None), |(known, bin)| {
        (Some((bin.clone(), known)), Some(bin))
    });
    newest_among_known(list_candidates(bin, configured), known)
}

/// The installation in one folder; or the reason why it cannot be used.
pub(super) fn inspect_folder(bin: &Path) -> Result<Installation, String> {
    inspect_installation(bin)
}

fn newest_among(candidates: Vec<(String, PathBuf)>) -> Result<Installation, ServerError> {
    newest_among_known(candidates, None)
}

/// The same; one of them was inspected already.
fn newest_among_known(
    candidates: Vec<(String, PathBuf)>,
    mut known: Option<(PathBuf, Result<Installation, String>)>,
) -> Result<Installation, ServerError> {
    let mut tried = Vec::new();
    let mut newest: Option<Installation> = None;
    for (place, bin) in candidates {
        let inspected = match known.take_if(|(known, _)| *known == bin) {
            Some((_, inspected)) => inspected,
            None => inspect_installation(&bin),
        };
        match inspected {
            Ok(found) => {
                // Strictly greater: of equal majors the first place in the list wins, which is the
                // user's PATH.
                if newest.as_ref().is_none_or(|best| found.major > best.major) {
                    newest = Some(found);
                }
            }
            Err(why) => tried.push(format!("  {place}: {why}")),
        }
    }
    newest.ok_or_else(|| ServerError::NotFound {
        tried: tried.join("\n"),
    })
}

/// Every folder to search, with its description for an error. `PATH` comes first, because the user chose it; the other folders are
/// those of distributions that leave the server's binaries out of `PATH` (Debian, PGDG's RPMs, Homebrew).
fn list_candidates(
    on_path: Option<PathBuf>,
    configured: Option<PathBuf>,
) -> Vec<(String, PathBuf)> {
    let mut places = vec![
        ("PATH".to_owned(), on_path),
        ("`pg_config --bindir`".to_owned(), configured),
    ];
    for (pattern, root) in [
        ("/usr/lib/postgresql/*/bin", "/usr/lib/postgresql"),
        ("/usr/pgsql-*/bin", "/usr"),
        ("/opt/homebrew/opt/postgresql@*/bin", "/opt/homebrew/opt"),
        ("/usr/local/opt/postgresql@*/bin", "/usr/local/opt"),
    ] {
        let found = find_matching(root, pattern);
        if found.is_empty() {
            places.push((pattern.to_owned(), None));
        }
        places.extend(
            found
                .into_iter()
                .map(|bin| (bin.display().to_string(), Some(bin))),
        );
    }
    let mut seen = BTreeSet::new();
    places
        .into_iter()
        .map(|(place, bin)| (place, bin.unwrap_or_default()))
        .filter(|(_, bin)| bin.as_os_str().is_empty() || seen.insert(bin.clone()))
        .collect()
}

/// The real folder of the `postgres` on `PATH`: a link elsewhere still finds its `initdb`.
fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        // Distributions put symbolic links into PATH; the other programs are beside the target.
        .filter_map(|folder| folder.join("postgres").canonicalize().ok())
        .find_map(|program| program.parent().map(Path::to_owned))
}

fn by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    bin.canonicalize().ok()
}

/// The `bin` folders below `root` whose path fits `pattern`, which has one `*`.
fn find_matching(root: &str, pattern: &str) -> Vec<PathBuf> {
    let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().starts_with(before))
        .filter_map(|path| path.join(after.trim_start_matches('/')).canonicalize().ok())
        .collect();
    // Among installations of one major the first wins, so the order must not depend on the file system.
    found.sort();
    found
}

fn inspect_installation(bin: &Path) -> Result<Installation, String> {
    if bin.as_os_str().is_empty() {
        return Err("nothing there".to_owned());
    }
    if !bin.join("initdb").exists() {
        return Err(format!("no `initdb` in `{}`", bin.display()));
    }
    let program = bin.join("postgres");
    let output = Command::new(&program)
        .arg("--version")
        .output()
        .map_err(|error| format!("`{}`: {error}", program.display()))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = major_of(&version).ok_or_else(|| format!("cannot read the version {version:?}"))?;
    if !SUPPORTED.contains(&major) {
        return Err(format!("version {major} is not supported (15 to 18 are)"));
    }
    Ok(Installation {
        bin: bin.to_owned(),
        version,
        major,
    })
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` is 15; so are `16beta1` and `17devel` their majors.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{major_of, newest_among};
    use std::path::PathBuf;

    #[test]
    fn without_a_server_the_error_says_where_it_was_looked_for_and_what_to_do() {
        let places = ["PATH", "`pg_config --bindir`"];
        let nowhere = places.map(|place| (place.to_owned(), PathBuf::new()));
        let message = newest_among(nowhere.to_vec()).unwrap_err().to_string();
        for part in [
            "PATH",
            "`pg_config --bindir`",
            "help: install",
            "--server",
            "XACT_SERVER_URL",
        ] {
            assert!(message.contains(part), "{part}: {message}");
        }
    }

    #[test]
    fn a_folder_without_the_programs_is_said_to_be_one() {
        let empty = vec![("here".to_owned(), std::env::temp_dir())];
        let message = newest_among(empty).unwrap_err().to_string();
        assert!(message.contains("here: no `initdb` in"), "{message}");
    }

    #[test]
    fn the_major_is_read_from_released_and_development_versions() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0)"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major_of("something else"), None);
    }
}
