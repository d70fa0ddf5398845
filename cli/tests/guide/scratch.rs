//! The folder in which a chapter is done.

use super::blocks::Block;
use crate::{server, shared_builds};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A folder, and the tool on the PATH.
pub(super) struct Scratch {
    outer: TempDir,
    server: &'static str,
}

impl Scratch {
    /// Chapters have different numbers.
    pub(super) async fn new(number: usize) -> Self {
        // Short, for the paths of sockets are; and open to the account that servers run under.
        let outer = tempfile::Builder::new()
            .prefix("guide-")
            .tempdir_in("/tmp")
            .unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(outer.path(), open).unwrap();
        let scratch = Self {
            outer,
            server: server::url().await,
        };
        std::fs::create_dir(scratch.folder()).unwrap();
        scratch.write(
            "../.cargo/config.toml",
            &shared_builds::cargo_config("shop", number),
        );
        scratch
    }

    fn folder(&self) -> PathBuf {
        self.outer.path().join("shop")
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn append(&self, path: &str, text: &str) {
        let before = std::fs::read_to_string(self.path(path)).unwrap();
        self.write(path, &format!("{before}\n{text}"));
    }

    /// The path of a file, or of the one that is there where a part of its name is left out.
    fn path(&self, path: &str) -> PathBuf {
        let Some((folder, name)) = path.rsplit_once('/').filter(|_| path.contains('…')) else {
            return self.folder().join(path);
        };
        let entries = std::fs::read_dir(self.folder().join(folder)).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        let fits = |path: &PathBuf| like(name, path.file_name().unwrap().to_str().unwrap());
        paths.find(fits).unwrap()
    }

    /// Runs the commands of a block, and compares their output with the block.
    pub(super) fn run(&self, block: &Block, chapter: &str) {
        for part in block.text.split("$ ").skip(1) {
            let (command, expected) = part.split_once('\n').unwrap();
            let printed = self.shell(command);
            let matches = matches(&lines(expected), &lines(&printed));
            assert!(matches, "{chapter}: `{command}` printed\n{printed}");
        }
    }

    fn shell(&self, command: &str) -> String {
        let lock = self.folder().join("Cargo.lock");
        if command.starts_with("cargo") && !lock.exists() {
            std::fs::copy(format!("{ROOT}/Cargo.lock"), lock).unwrap();
        }
        let tool = Path::new(env!("CARGO_BIN_EXE_xact"));
        let tools = tool.parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap();
        // Local databases are on a server of their own, and everything else is on that of the tests.
        let local = ["xact dev", "xact migrate"]
            .iter()
            .any(|begin| command.starts_with(begin) || command.contains("$(xact dev"));
        let server = if local { "" } else { self.server };
        let output = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(self.folder())
            .env("PATH", format!("{tools}:{path}"))
            .env("XACT_SERVER_URL", server)
            .env("XACT_LOCAL_DIR", self.outer.path().join("local"))
            .env("CARGO_TARGET_DIR", shared_builds::target_folder())
            .env_remove("DATABASE_URL")
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim_end).collect()
}

/// Whether lines are as shown; a line `…` is any number of them.
fn matches(expected: &[&str], printed: &[&str]) -> bool {
    match expected {
        [] => printed.is_empty(),
        ["…", rest @ ..] => (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..])),
        [line, rest @ ..] => printed
            .split_first()
            .is_some_and(|(first, printed)| like(line, first) && matches(rest, printed)),
    }
}

/// Whether a line is as shown; `…` is any text.
fn like(expected: &str, printed: &str) -> bool {
    match expected.split_once('…') {
        None => expected == printed,
        Some((before, after)) => printed.strip_prefix(before).is_some_and(|rest| {
            let mut ends = rest.char_indices().map(|(end, _)| end).chain([rest.len()]);
            ends.any(|end| like(after, &rest[end..]))
        }),
    }
}

#[test]
fn what_is_printed_is_compared_with_what_is_shown() {
    assert!(matches(&["a", "…", "c … e"], &["a", "b", "b", "c d e"]));
    assert!(matches(&["…"], &[]));
    assert!(!matches(&["a"], &["a", "b"]));
    assert!(!matches(&["a …"], &["b c"]));
    assert!(!matches(&[], &["a"]));
}
