//! A migration file as it is sent to Postgres: steps of one or more statements.
//!
//! Given: a file. Gives: its statements with the rows of COPY, without the `BEGIN` and `COMMIT`
//! around some of them, which would end the transaction that the record belongs to.

use super::folder::Migration;
use super::header;
use super::ledger::Direction;
use super::pieces::{MetaCommand, cut_pieces, writes_rows};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{TokenKind, tokens};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// One file, cut into steps.
#[derive(Clone, Debug)]
pub(super) struct MigrationScript<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    /// Whether the file declares that it needs no transaction.
    pub(super) no_transaction: bool,
    /// Whether the file itself ends a transaction somewhere, so that it expects its effects after it.
    pub(super) commits: bool,
    /// Whether the file has a lock timeout of its own. By the text, comments included: a false match only leaves the
    /// timeout to the user.
    pub(super) names_lock_timeout: bool,
    /// Each step is one statement, or the statements between `BEGIN` and `COMMIT`.
    pub(super) steps: Vec<Vec<Range<usize>>>,
    /// Each `BEGIN` and `COMMIT` without its counterpart. Postgres warns of them and goes on, so stock
    /// sqlx has applied such files, and an applied file cannot be edited.
    pub(super) strays: Vec<Range<usize>>,
    /// The rows of each `COPY … FROM stdin`, by the end of its statement.
    rows: BTreeMap<usize, Range<usize>>,
}

impl<'a> MigrationScript<'a> {
    /// The file of a migration for one direction; nothing if it has none.
    pub(super) fn of(
        migration: &'a Migration,
        direction: Direction,
    ) -> Option<&'a Arc<SourceFile>> {
        match direction {
            Direction::Up => Some(&migration.up),
            Direction::Down => migration.down.as_ref(),
        }
    }

    /// Cuts a file.
    ///
    /// # Errors
    /// A diagnostic at a statement that a migration cannot run: a command of `psql`, `COPY … TO
    /// stdout`, or one that undoes the transaction of the migration.
    pub(super) fn cut(file: &'a Arc<SourceFile>) -> Result<Self, Diagnostic> {
        let pieces = cut_pieces(&file.text).map_err(|command| needs_psql(file, &command))?;
        let mut script = Self {
            file,
            no_transaction: header::no_transaction(&file.text),
            commits: false,
            // Once for the file, not for each of its statements: there may be 100,000.
            names_lock_timeout: file.text.to_ascii_lowercase().contains("lock_timeout"),
            steps: Vec::new(),
            strays: Vec::new(),
            rows: BTreeMap::new(),
        };
        let mut block = TransactionBlock::default();
        for piece in pieces {
            script.add(piece.sql.clone(), &mut block)?;
            script
                .rows
                .extend(piece.rows.map(|rows| (piece.sql.end, rows)));
        }
        // Invariant: the statements after a BEGIN that is never closed are one step. The statement after the
        // last one is the record, which stock sqlx commits with it.
        script.strays.extend(block.begin.take());
        script.steps.extend(block.open.take());
        script.steps.retain(|step| !step.is_empty());
        Ok(script)
    }

    fn add(&mut self, sql: Range<usize>, block: &mut TransactionBlock) -> Result<(), Diagnostic> {
        let statement = &self.file.text[sql.clone()];
        if writes_rows(statement) {
            return Err(refuse_copy_out(self.file, sql));
        }
        match (classify_control(statement), &mut block.open) {
            (Control::None, None) => self.steps.push(vec![sql]),
            (Control::None, Some(open)) => open.push(sql),
            (Control::Begin, None) => *block = TransactionBlock::begun(Some(sql)),
            (Control::Begin, Some(_)) | (Control::Commit, None) => self.strays.push(sql),
            (Control::Commit, Some(_)) => {
                self.steps.extend(block.open.take());
                block.begin = None;
            }
            (Control::CommitAndChain, _) => {
                self.steps.extend(block.open.take());
                *block = TransactionBlock::begun(None);
            }
            (Control::Other, _) => return Err(refuse_control(self.file, sql)),
        }
        self.commits |= matches!(
            classify_control(statement),
            Control::Commit | Control::CommitAndChain
        );
        Ok(())
    }

    /// The text of a statement.
    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        &self.file.text[range.clone()]
    }

    /// The rows that a statement reads, if it is `COPY … FROM stdin`.
    pub(super) fn rows(&self, range: &Range<usize>) -> Option<&Range<usize>> {
        self.rows.get(&range.end)
    }

    /// A statement as a place.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span {
            file: self.file.clone(),
            range: range.clone(),
        }
    }

    /// Everything up to the end of the first `done` steps: the part that may not be edited any more.
    pub(super) fn done_text(&self, done: usize) -> &'a str {
        let last = done.checked_sub(1).and_then(|last| self.steps.get(last));
        // The rows of COPY are part of the text that was applied.
        let end = last.and_then(|step| step.last()).map_or(0, |range| {
            self.rows(range).map_or(range.end, |rows| rows.end)
        });
        &self.file.text[..end]
    }
}

/// The statements since a `BEGIN`.
#[derive(Default)]
struct TransactionBlock {
    open: Option<Vec<Range<usize>>>,
    /// The `BEGIN`; nothing if `COMMIT AND CHAIN` began the block.
    begin: Option<Range<usize>>,
}

impl TransactionBlock {
    fn begun(begin: Option<Range<usize>>) -> Self {
        Self {
            open: Some(Vec::new()),
            begin,
        }
    }
}

enum Control {
    None,
    Begin,
    Commit,
    CommitAndChain,
    Other,
}

/// The effect of a statement on the transaction around it. Savepoints stay inside it.
fn classify_control(statement: &str) -> Control {
    let words = leading_words(statement);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rest = match words.as_slice() {
        ["BEGIN"] | ["BEGIN", "WORK" | "TRANSACTION"] | ["START", "TRANSACTION"] => {
            return Control::Begin;
        }
        ["COMMIT" | "END", "WORK" | "TRANSACTION", rest @ ..] | ["COMMIT" | "END", rest @ ..] => {
            rest
        }
        ["BEGIN" | "ABORT", ..] | ["START" | "PREPARE", "TRANSACTION", ..] | ["ROLLBACK"] => {
            return Control::Other;
        }
        // ROLLBACK TO a savepoint stays inside the transaction.
        ["ROLLBACK", rest @ ..] if !rest.contains(&"TO") => return Control::Other,
        _ => return Control::None,
    };
    match rest {
        [] | ["AND", "NO", "CHAIN"] => Control::Commit,
        ["AND", "CHAIN"] => Control::CommitAndChain,
        _ => Control::Other,
    }
}

/// The words of a statement in capitals, as far as they are words.
pub(super) fn leading_words(statement: &str) -> Vec<String> {
    let tokens = tokens(statement).into_iter();
    let tokens = tokens.filter(|token| !token.kind.is_trivia());
    tokens
        // Quoted names and brackets end them: no keyword that decides comes behind one.
        .take_while(|token| token.kind == TokenKind::Word)
        .map(|token| statement[token.range].to_ascii_uppercase())
        .collect()
}

fn refuse_control(file: &Arc<SourceFile>, range: Range<usize>) -> Diagnostic {
    let file = file.clone();
    let message = "a migration cannot undo or prepare its own transaction here";
    Diagnostic::error("transaction-control", Span { file, range }, message)
        .note("each migration runs in one transaction, with its record inside")
        .help("leave the statement out, or write `BEGIN` and `COMMIT` around statements that belong together")
}

fn refuse_copy_out(file: &Arc<SourceFile>, range: Range<usize>) -> Diagnostic {
    let file = file.clone();
    let message = "the rows of this COPY would go to the client, and a migration has none";
    Diagnostic::error("copy-to-client", Span { file, range }, message)
        .help("leave the statement out, or run it with `xact dev psql`")
}

/// Which SQL does the work of a command of `psql`.
const INSTEAD: &[(&str, &str)] = &[
    (r"\i", "paste the text of the other file here"),
    (r"\ir", "paste the text of the other file here"),
    (
        r"\copy",
        r"write `COPY table FROM stdin;`, the rows below it, and `\.` on a line of its own",
    ),
    (
        r"\connect",
        "leave the line out: a migration runs in one database, the one that is migrated",
    ),
    (
        r"\c",
        "leave the line out: a migration runs in one database, the one that is migrated",
    ),
    (
        r"\gexec",
        "write `DO $$ … EXECUTE format(…) … $$;` in place of the generated statements",
    ),
    (r"\set", "write the value itself where the variable is used"),
    (r"\.", "leave the line out: no COPY is open here"),
];

fn needs_psql(file: &Arc<SourceFile>, command: &MetaCommand) -> Diagnostic {
    let span = Span {
        file: file.clone(),
        range: command.range.clone(),
    };
    let instead = INSTEAD.iter().find(|(name, _)| *name == command.name);
    let help = instead.map_or("leave the line out, or write it as SQL", |(_, help)| help);
    let message = format!("`{}` is a command of `psql`, not SQL", command.name);
    Diagnostic::error("psql-command", span, message).help(help)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::MigrationScript;
    use crate::report::source::SourceFile;
    use std::sync::Arc;

    /// The steps, their statements joined by `+`; and how many statements were left out.
    fn cut(text: &str) -> (Vec<String>, usize) {
        let file = Arc::new(SourceFile::new("1_a.sql", text));
        let script = MigrationScript::cut(&file).unwrap();
        let step = |step: &Vec<_>| {
            let texts: Vec<&str> = step.iter().map(|range| script.text(range)).collect();
            texts.join("+")
        };
        (script.steps.iter().map(step).collect(), script.strays.len())
    }

    #[test]
    fn statements_between_begin_and_commit_are_one_step() {
        let (steps, strays) = cut("a; BEGIN; b; c; COMMIT; d;");
        assert_eq!(
            (steps.as_slice(), strays),
            (["a", "b+c", "d"].map(str::to_owned).as_slice(), 0)
        );
    }

    #[test]
    fn a_begin_or_commit_without_its_counterpart_is_left_out_as_postgres_does() {
        let cases: [(&str, &[&str], usize); 5] = [
            ("a; BEGIN; b;", &["a", "b"], 1),
            ("a; COMMIT; b;", &["a", "b"], 1),
            ("a; COMMIT AND CHAIN; b; c;", &["a", "b+c"], 0),
            ("BEGIN; a; BEGIN; b; COMMIT; c;", &["a+b", "c"], 1),
            ("BEGIN; a; COMMIT AND NO CHAIN; b;", &["a", "b"], 0),
        ];
        for (text, steps, strays) in cases {
            let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
            assert_eq!(cut(text), (steps, strays), "{text}");
        }
    }
}
