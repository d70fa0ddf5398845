//! Questions to git: former versions of a file, the branch, the checkouts of one repository.
//!
//! Given: a folder. Gives: answers, or nothing where there is no git or no repository. Never changes
//! anything.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How far back in a file's history to look.
const DEPTH: &str = "--max-count=200";

/// A file as one commit had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The commit's short name.
    pub commit: String,
    /// The whole text.
    pub text: String,
}

/// The versions of a file that commits of any branch had, the newest first.
pub fn versions(root: &Path, path: &str) -> Vec<Version> {
    let Some(commits) = ask(root, &["log", "--all", DEPTH, "--format=%h", "--", path]) else {
        return Vec::new();
    };
    let version = |commit: &str| {
        let text = ask(root, &["show", &format!("{commit}:./{path}")])?;
        let commit = commit.to_owned();
        Some(Version { commit, text })
    };
    commits.lines().filter_map(version).collect()
}

/// The last commit that had a file of this pattern which is gone since.
pub fn removed(root: &Path, pattern: &str) -> Option<String> {
    let pathspec = format!(":(glob){pattern}");
    let arguments = [
        "log",
        "--all",
        "-1",
        "--diff-filter=AM",
        "--format=%h",
        "--",
        &pathspec,
    ];
    let commit = ask(root, &arguments)?;
    let commit = commit.trim();
    (!commit.is_empty()).then(|| commit.to_owned())
}

/// The branch that is checked out; nothing where there is none, as in a detached checkout.
pub fn branch(root: &Path) -> Option<String> {
    let branch = ask(root, &["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    Some(branch.trim().to_owned())
}

/// The folder that all worktrees of one repository share.
pub fn common_folder(root: &Path) -> Option<PathBuf> {
    let folder = ask(
        root,
        &["rev-parse", "--path-format=absolute", "--git-common-dir"],
    )?;
    PathBuf::from(folder.trim()).canonicalize().ok()
}

/// The folder of this checkout.
pub fn checkout(root: &Path) -> Option<PathBuf> {
    let folder = ask(root, &["rev-parse", "--show-toplevel"])?;
    PathBuf::from(folder.trim()).canonicalize().ok()
}

fn ask(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}
