//! The line that names a query: `-- name: bookmarks_list :many`.

use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;
use serde::{Deserialize, Serialize};

/// How many rows the caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Exactly one row; anything else is an error at run time.
    One,
    /// One row or none.
    Optional,
    /// Any number of rows, all at once.
    Many,
    /// Any number of rows, one by one as they arrive.
    Stream,
    /// Any number of rows, page by page.
    Page,
    /// No rows.
    Exec,
    /// No rows; gives the number of rows affected.
    ExecRows,
    /// Once for each of a slice, as one statement; gives the rows of RETURNING, or the number of rows affected.
    Batch,
    /// Inserts a slice by binary COPY; gives the number of rows.
    Copy,
}

/// The words, and the commands that they are; of several words for one command the first is ours.
const COMMANDS: &[(&str, Command)] = &[
    ("one", Command::One),
    ("optional", Command::Optional),
    ("many", Command::Many),
    ("stream", Command::Stream),
    ("page", Command::Page),
    ("exec", Command::Exec),
    ("execrows", Command::ExecRows),
    ("batch", Command::Batch),
    ("copy", Command::Copy),
    // As sqlc spells them.
    ("batchexec", Command::Batch),
    ("batchmany", Command::Batch),
    ("batchone", Command::Batch),
    ("copyfrom", Command::Copy),
    ("iter", Command::Stream),
    // sqlc's result of an execution; Postgres gives the number of rows only.
    ("execresult", Command::ExecRows),
];

/// Words of other tools that are no commands, with the help for each.
const FOREIGN_COMMANDS: &[(&str, &str)] = &[
    (
        "execlastid",
        "Postgres has no last id: write `RETURNING id`, and `:one`",
    ),
    ("fetch_all", "write `:many`"),
    ("fetch_one", "write `:one`"),
    ("fetch_optional", "write `:optional`"),
    ("fetch", "write `:stream`"),
    (
        "execute",
        "write `:exec`, or `:execrows` for the number of rows",
    ),
    ("all", "write `:many`"),
    ("list", "write `:many`"),
    ("first", "write `:optional`, with `LIMIT 1` in the query"),
    ("maybe", "write `:optional`"),
];

impl Command {
    /// The word after the colon.
    pub fn word(self) -> &'static str {
        COMMANDS
            .iter()
            .find(|(_, command)| *command == self)
            .map_or("", |(word, _)| word)
    }

    /// The words of all commands: of several words for one command the first is ours.
    pub fn words() -> impl Iterator<Item = (&'static str, Self)> {
        COMMANDS.iter().copied()
    }

    /// Whether the statement must have rows.
    pub fn needs_rows(self) -> bool {
        matches!(
            self,
            Self::One | Self::Optional | Self::Many | Self::Stream | Self::Page
        )
    }

    /// Whether the caller gets the rows that the statement has.
    pub fn gives_rows(self) -> bool {
        self.needs_rows() || self == Self::Batch
    }

    /// Whether it takes a slice.
    pub fn is_bulk(self) -> bool {
        matches!(self, Self::Batch | Self::Copy)
    }
}

/// The name and command of one annotation line.
pub(super) struct Annotation {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) command: Command,
}

const FORM: &str = "write `-- name: bookmarks_list :many`";

/// Whether a comment is an annotation, well formed or not; `/* name: … */` is sqlc's other form.
pub fn is_annotation(comment: &str) -> bool {
    let text = comment.strip_prefix("/*").unwrap_or(comment);
    let text = text.trim_start_matches('-').trim_start();
    text.strip_prefix("name")
        .is_some_and(|rest| rest.trim_start().starts_with(':'))
}

/// Reads an annotation line; `span` is the whole comment.
pub(super) fn read_annotation(span: &Span) -> Result<Annotation, Diagnostic> {
    let text = span.text();
    let text = text.strip_suffix("*/").unwrap_or(text);
    let after_colon = text.find(':').map_or(text.len(), |colon| colon + 1);
    let mut words = word_ranges(text, after_colon);
    let name = words.next();
    let command = words.next();
    let part = |range: std::ops::Range<usize>| Span {
        file: span.file.clone(),
        range: span.range.start + range.start..span.range.start + range.end,
    };
    let (Some(name), Some(command)) = (name.clone(), command) else {
        let (message, help) = match name {
            None => ("a query needs a name and a command", FORM.to_owned()),
            Some(name) => {
                let name = &text[name];
                let help = format!(
                    "write `-- name: {name} :many`; the commands are {}",
                    command_list()
                );
                ("a query needs a command after its name", help)
            }
        };
        return Err(Diagnostic::error("invalid-annotation", span.clone(), message).help(help));
    };
    if let Some(extra) = words.next() {
        let message = "nothing may follow the command";
        return Err(Diagnostic::error("invalid-annotation", part(extra), message).help(FORM));
    }
    Ok(Annotation {
        name: valid_name(&text[name.clone()], &part(name.clone()))?,
        name_span: part(name),
        command: known_command(&text[command.clone()], &part(command))?,
    })
}

/// The name of an annotation line whose command may be wrong, or the whole line.
pub(super) fn find_name(line: &Span) -> Span {
    let text = line.text();
    let after_colon = text.find(':').map_or(text.len(), |colon| colon + 1);
    let name = word_ranges(text, after_colon).next();
    name.map_or_else(
        || line.clone(),
        |name| Span {
            file: line.file.clone(),
            range: line.range.start + name.start..line.range.start + name.end,
        },
    )
}

/// The ranges of the words from `from` on.
fn word_ranges(text: &str, from: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    text[from..].split_whitespace().map(move |word| {
        // `split_whitespace` gives slices of the text, so the difference of the addresses is the
        // place.
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}

fn valid_name(name: &str, span: &Span) -> Result<String, Diagnostic> {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters && starts_well {
        return Ok(name.to_owned());
    }
    let message = format!("`{name}` cannot be the name of a function");
    let help = "use letters, digits and `_`, beginning with a letter";
    Err(Diagnostic::error("invalid-name", span.clone(), message).help(help))
}

fn known_command(word: &str, span: &Span) -> Result<Command, Diagnostic> {
    // Without its colon a command is refused, but the help can name the right one.
    let bare = word.strip_prefix(':').unwrap_or(word);
    let known = COMMANDS.iter().find(|(name, _)| *name == bare);
    if let (Some((_, command)), true) = (known, word.starts_with(':')) {
        return Ok(*command);
    }
    let message = format!("unknown command `{word}`");
    let diagnostic = Diagnostic::error("unknown-command", span.clone(), message);
    if let Some((_, help)) = FOREIGN_COMMANDS.iter().find(|(name, _)| *name == bare) {
        return Err(diagnostic.help(*help));
    }
    Err(
        match nearest(bare, COMMANDS.iter().map(|(name, _)| *name)) {
            Some(meant) => diagnostic.suggest(&format!(":{meant}")),
            None => diagnostic.help(format!("the commands are {}", command_list())),
        },
    )
}

fn command_list() -> String {
    let words: Vec<String> = COMMANDS
        .iter()
        .filter(|(word, command)| command.word() == *word)
        .map(|(word, _)| format!("`:{word}`"))
        .collect();
    words.join(", ")
}
