//! An applied migration whose file changed since, with the difference if git has the old text.

use super::folder::{Migration, hash_text};
use super::ledger::MigrationRecord;
use crate::config::Paths;
use crate::git;
use crate::report::diagnostic::Diagnostic;
use similar::TextDiff;
use std::path::Path;

/// The applied migration was edited.
pub(super) fn report_edited(
    root: &Path,
    migration: &Migration,
    record: &MigrationRecord,
) -> Diagnostic {
    let path = &migration.up.path;
    let message = "this migration was edited after it was applied";
    let diagnostic = Diagnostic::in_file("edited-migration", path, None, message);
    // Asked before git: a diff would show every line as changed.
    if let Some(line_ends) = other_line_ends(migration, record) {
        return diagnostic
            .note(format!(
                "only its line ends changed: it was applied with {}, and has others now",
                line_ends.name
            ))
            .help(format!("`sed -i '{}' {path}` restores them", line_ends.sed))
            .help(format!(
                "`{}/*.sql text eol={}` in `.gitattributes` keeps git from changing them",
                folder_of(path),
                line_ends.eol
            ));
    }
    let applied = git::read_versions(root, path)
        .into_iter()
        // By checksum and not by date: the migration may have been applied from another branch.
        .find(|version| hash_text(&version.text) == record.checksum);
    match applied {
        Some(version) => diagnostic
            .note(format!(
                "applied as of commit {}; since then:",
                version.commit
            ))
            .note(diff_lines(&version.text, &migration.up.text))
            .help(format!(
                "`git checkout {} -- {path}` brings it back; write the change as a new migration",
                version.commit
            )),
        None => diagnostic
            .note("git knows no version of the file that has the checksum recorded")
            .help("restore it as it was applied, and write the change as a new migration"),
    }
}

/// The line ends that a file was applied with.
struct LineEnds {
    name: &'static str,
    eol: &'static str,
    sed: &'static str,
}

/// Git changes line ends at checkout where `core.autocrlf` is set, and with them the checksum.
fn other_line_ends(migration: &Migration, record: &MigrationRecord) -> Option<LineEnds> {
    let unix = migration.up.text.replace("\r\n", "\n");
    if hash_text(&unix) == record.checksum {
        let (name, eol, sed) = ("LF", "lf", r"s/\r$//");
        return Some(LineEnds { name, eol, sed });
    }
    let (name, eol, sed) = ("CRLF", "crlf", r"s/$/\r/");
    let is_windows = hash_text(&unix.replace('\n', "\r\n")) == record.checksum;
    is_windows.then_some(LineEnds { name, eol, sed })
}

/// The applied migration has no file any more.
pub(super) fn report_removed(
    root: &Path,
    version: i64,
    record: &MigrationRecord,
    renamed: Option<&Migration>,
) -> Diagnostic {
    let message = format!(
        "version {version} ({}) is applied, and its file is not there",
        record.description
    );
    let folder = Paths::read(root).migrations;
    let diagnostic = Diagnostic::in_file("missing-migration", &folder, None, message);
    if let Some(renamed) = renamed {
        let (path, now) = (&renamed.up.path, renamed.version);
        return diagnostic
            .note(format!("`{path}` has its text, under the version {now}"))
            .help(format!("name it {version} again"));
    }
    match git::find_removal(root, &format!("{folder}/{version}_*.sql")) {
        Some(commit) => diagnostic.help(format!(
            "commit {commit} had it last: `git checkout {commit} -- '{folder}/{version}_*'`"
        )),
        None => diagnostic.help(format!(
            "bring it back, perhaps from the branch that made it; or, to forget it in \
             this database, `xact migrate unmark {version}`"
        )),
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn diff_lines(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(1).to_string();
    text.trim_end().to_owned()
}
