//! Asks git: former versions of a file, branches, the checkouts of one repository.
//!
//! Given: a folder. Gives: answers, or nothing where there is no git or no repository. Never changes
//! anything.

use std::collections::BTreeSet;
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
pub fn read_versions(root: &Path, path: &str) -> Vec<Version> {
    // On every branch: the version may be on one that is not checked out.
    let Some(commits) = ask_git(root, &["log", "--all", DEPTH, "--format=%h", "--", path]) else {
        return Vec::new();
    };
    let version = |commit: &str| {
        let text = ask_git(root, &["show", &format!("{commit}:./{path}")])?;
        let commit = commit.to_owned();
        Some(Version { commit, text })
    };
    commits.lines().filter_map(version).collect()
}

/// The last commit that had a file of this pattern which was deleted since.
pub fn find_removal(root: &Path, pattern: &str) -> Option<String> {
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
    let commit = ask_git(root, &arguments)?;
    let commit = commit.trim();
    (!commit.is_empty()).then(|| commit.to_owned())
}

/// The branch that is checked out; nothing where there is none, as in a detached checkout.
pub fn current_branch(root: &Path) -> Option<String> {
    // Fails where HEAD is detached: there is no branch then.
    let branch = ask_git(root, &["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    Some(branch.trim().to_owned())
}

/// The local branches, and the names of checkouts without one, which take the place of a branch.
pub fn list_branches(root: &Path) -> Option<BTreeSet<String>> {
    let names = ask_git(
        root,
        &["for-each-ref", "--format=%(refname:short)", "refs/heads"],
    )?;
    let mut branches: BTreeSet<String> = names.lines().map(str::to_owned).collect();
    // The branch of a repository without commits is no ref yet.
    branches.extend(current_branch(root));
    let worktrees = ask_git(root, &["worktree", "list", "--porcelain"])?;
    let folders = worktrees
        .lines()
        .filter_map(|line| line.strip_prefix("worktree "));
    let folders = folders.filter_map(|folder| Path::new(folder).file_name());
    branches.extend(folders.map(|name| name.to_string_lossy().into_owned()));
    Some(branches)
}

/// Whether a folder is in a repository, and each of its files is in the last commit, unchanged.
pub fn is_committed(root: &Path, folder: &str) -> bool {
    // What is ignored is in no commit either.
    let status = ask_git(root, &["status", "--porcelain", "--ignored", "--", folder]);
    status.is_some_and(|changes| changes.is_empty())
}

/// The folder that all worktrees of one repository share.
pub fn common_folder(root: &Path) -> Option<PathBuf> {
    let folder = ask_git(
        root,
        &["rev-parse", "--path-format=absolute", "--git-common-dir"],
    )?;
    PathBuf::from(folder.trim()).canonicalize().ok()
}

/// The folder of this checkout.
pub fn checkout_folder(root: &Path) -> Option<PathBuf> {
    let folder = ask_git(root, &["rev-parse", "--show-toplevel"])?;
    PathBuf::from(folder.trim()).canonicalize().ok()
}

/// Whether git has the file as it is: then it can be had back.
pub fn holds(root: &Path, path: &str) -> bool {
    let is_known = ask_git(root, &["ls-files", "--error-unmatch", "--", path]).is_some();
    is_known && ask_git(root, &["diff", "--quiet", "--", path]).is_some()
}

fn ask_git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}
