//! A diagnostic as a workflow command, which GitHub shows beside the line of a pull request.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{Diagnostic, Severity};
use std::path::{Component, Path};

/// One line. `project` is the folder of the project, as seen from the folder of the repository.
///
/// ```
/// # use xact_codegen::report::diagnostic::{Diagnostic, github};
/// let diagnostic = Diagnostic::in_file("unreadable-file", "queries/a.sql", None, "100% gone");
/// assert_eq!(
///     github(&diagnostic, "db".as_ref()),
///     "::error file=db/queries/a.sql,title=unreadable-file::100%25 gone"
/// );
/// ```
pub fn github(diagnostic: &Diagnostic, project: &Path) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (path, position) = diagnostic.path_and_position();
    let mut place = format!("file={}", escape_property(&relative_to(project, path)));
    if let Some(position) = position {
        let (line, column) = (position.line, position.column);
        place = format!("{place},line={line},col={column}");
    }
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    let (title, text) = (
        escape_property(diagnostic.code),
        escape_data(&lines.join("\n")),
    );
    format!("::{command} {place},title={title}::{text}")
}

/// A failure of the machine, as a workflow command.
pub fn failure_github(message: &str) -> String {
    format!("::error ::{}", escape_data(message))
}

/// `./db` and `queries/a.sql` → `db/queries/a.sql`.
fn relative_to(project: &Path, path: &str) -> String {
    let whole = project.join(path);
    let parts = whole
        .components()
        // GitHub does not find a file whose path has a `.` in it.
        .filter(|part| !matches!(part, Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy());
    let path = parts.collect::<Vec<_>>().join("/");
    path.strip_prefix("//")
        .map_or(path.clone(), |rest| format!("/{rest}"))
}

fn escape_data(text: &str) -> String {
    // The percent sign first, or those of the other escapes would be escaped too.
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
