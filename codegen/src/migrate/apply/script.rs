//! A migration file as what is sent to Postgres: steps of one or more statements.
//!
//! Given: a file. Gives: its statements, without the `BEGIN` and `COMMIT` around some of them,
//! which would end the transaction that the record belongs to.

use super::folder::Migration;
use super::header;
use super::ledger::Direction;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{TokenKind, tokens};
use crate::sql::statements;
use std::ops::Range;
use std::sync::Arc;

/// One file, cut into what is done at once.
#[derive(Clone, Debug)]
pub(super) struct Script<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    /// Whether the file declares that it needs no transaction.
    pub(super) no_transaction: bool,
    /// Each step is one statement, or the statements that stood between `BEGIN` and `COMMIT`.
    pub(super) steps: Vec<Vec<Range<usize>>>,
}

impl<'a> Script<'a> {
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
    /// A diagnostic at a statement that begins or ends a transaction without its counterpart.
    pub(super) fn cut(file: &'a Arc<SourceFile>) -> Result<Self, Diagnostic> {
        let mut steps: Vec<Vec<Range<usize>>> = Vec::new();
        let mut open: Option<(Range<usize>, Vec<Range<usize>>)> = None;
        for range in statements(&file.text) {
            match (control(&file.text[range.clone()]), &mut open) {
                (Control::None, None) => steps.push(vec![range]),
                (Control::None, Some((_, block))) => block.push(range),
                (Control::Begin, None) => open = Some((range, Vec::new())),
                (Control::Commit, Some(_)) => {
                    steps.extend(open.take().map(|(_, block)| block));
                }
                _ => return Err(misplaced(file, range)),
            }
        }
        if let Some((begin, _)) = open {
            return Err(misplaced(file, begin));
        }
        steps.retain(|step| !step.is_empty());
        Ok(Self {
            file,
            no_transaction: header::no_transaction(&file.text),
            steps,
        })
    }

    /// The text of a statement.
    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        &self.file.text[range.clone()]
    }

    /// A statement as a place.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span {
            file: self.file.clone(),
            range: range.clone(),
        }
    }

    /// Everything up to the end of the first `done` steps: what may not be edited any more.
    pub(super) fn done_text(&self, done: usize) -> &'a str {
        let last = done.checked_sub(1).and_then(|last| self.steps.get(last));
        let end = last
            .and_then(|step| step.last())
            .map_or(0, |range| range.end);
        &self.file.text[..end]
    }
}

enum Control {
    None,
    Begin,
    Commit,
    Other,
}

/// What a statement does to the transaction around it. Savepoints stay inside it.
fn control(statement: &str) -> Control {
    let words = words(statement);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["BEGIN"] | ["BEGIN", "WORK" | "TRANSACTION"] | ["START", "TRANSACTION"] => Control::Begin,
        ["COMMIT" | "END"] | ["COMMIT" | "END", "WORK" | "TRANSACTION"] => Control::Commit,
        ["BEGIN" | "COMMIT" | "END" | "ABORT", ..]
        | ["START" | "PREPARE", "TRANSACTION", ..]
        | ["ROLLBACK"] => Control::Other,
        ["ROLLBACK", rest @ ..] if !rest.contains(&"TO") => Control::Other,
        _ => Control::None,
    }
}

/// The words of a statement in capitals, as far as they are words.
pub(super) fn words(statement: &str) -> Vec<String> {
    let tokens = tokens(statement).into_iter();
    let tokens = tokens.filter(|token| !token.kind.is_trivia());
    tokens
        .take_while(|token| token.kind == TokenKind::Word)
        .map(|token| statement[token.range].to_ascii_uppercase())
        .collect()
}

fn misplaced(file: &Arc<SourceFile>, range: Range<usize>) -> Diagnostic {
    let file = file.clone();
    let message = "a migration begins and ends its own transaction here";
    Diagnostic::error("transaction-control", Span { file, range }, message)
        .note("each migration runs in one transaction, with its record inside")
        .help("leave the statement out, or write `BEGIN` and `COMMIT` around what belongs together")
}
