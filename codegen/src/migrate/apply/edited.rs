//! An applied migration whose file is another now: what changed, when git knows it.

use super::folder::{Migration, checksum};
use super::ledger::Record;
use crate::git;
use crate::project::MIGRATIONS;
use crate::report::diagnostic::Diagnostic;
use similar::TextDiff;
use std::path::Path;

/// The applied migration was edited.
pub(super) fn edited(root: &Path, migration: &Migration, record: &Record) -> Diagnostic {
    let path = &migration.up.path;
    let message = "this migration was edited after it was applied";
    let diagnostic = Diagnostic::in_file("edited-migration", path, None, message);
    let applied = git::versions(root, path)
        .into_iter()
        .find(|version| checksum(&version.text) == record.checksum);
    match applied {
        Some(version) => diagnostic
            .note(format!(
                "applied as of commit {}; since then:",
                version.commit
            ))
            .note(difference(&version.text, &migration.up.text))
            .help(format!(
                "`git checkout {} -- {path}` brings it back; write the change as a new migration",
                version.commit
            )),
        None => diagnostic
            .note("git knows no version of the file that has the checksum recorded")
            .help("restore it as it was applied, and write the change as a new migration"),
    }
}

/// The applied migration has no file any more.
pub(super) fn removed(root: &Path, version: i64, record: &Record) -> Diagnostic {
    let message = format!(
        "version {version} ({}) is applied, and its file is not there",
        record.description
    );
    let diagnostic = Diagnostic::in_file("missing-migration", MIGRATIONS, None, message);
    match git::removed(root, &format!("{MIGRATIONS}/{version}_*.sql")) {
        Some(commit) => diagnostic.help(format!(
            "commit {commit} had it last: `git checkout {commit} -- '{MIGRATIONS}/{version}_*'`"
        )),
        None => diagnostic.help(format!(
            "bring it back, perhaps from the branch that made it; or, if the database shall forget \
             it, `xact migrate unmark {version}`"
        )),
    }
}

fn difference(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(1).to_string();
    text.trim_end().to_owned()
}
