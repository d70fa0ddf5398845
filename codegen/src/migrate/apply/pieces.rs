//! A migration file as `psql` would read it: statements, the rows after `COPY … FROM stdin`, and
//! lines that are commands of `psql` itself.
//!
//! Given: a text. Gives: its statements in order, each with its rows. Commands of `psql` that change
//! nothing in a database, as `pg_dump` writes them, are left out; the others are errors at their line.

use crate::sql::lexer::{Token, TokenKind, Word, tokens, words};
use crate::sql::statements;
use std::ops::Range;

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StatementPiece {
    /// The statement, without its semicolon.
    pub(super) sql: Range<usize>,
    /// The rows that follow `COPY … FROM stdin`, without the line `\.` that ends them.
    pub(super) rows: Option<Range<usize>>,
}

/// A line that only `psql` understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MetaCommand {
    /// The whole line, or the rest of it from the backslash on.
    pub(super) range: Range<usize>,
    /// `\connect`.
    pub(super) name: String,
}

/// Commands that change no database: `pg_dump` writes the first two, people the others.
const WITHOUT_EFFECT: &[&str] = &[
    r"\restrict",
    r"\unrestrict",
    r"\echo",
    r"\qecho",
    r"\warn",
    r"\timing",
    r"\pset",
    r"\x",
];

/// Variables of `psql` that decide how it works, not which SQL it sends.
const SETTINGS: &[&str] = &[
    "ON_ERROR_STOP",
    "ON_ERROR_ROLLBACK",
    "ECHO",
    "ECHO_HIDDEN",
    "QUIET",
    "VERBOSITY",
    "SHOW_CONTEXT",
];

/// Cuts a text into statements.
///
/// # Errors
/// The first command of `psql` that a migration cannot do without `psql`.
pub(super) fn cut_pieces(text: &str) -> Result<Vec<StatementPiece>, MetaCommand> {
    let mut pieces = Vec::new();
    let mut start = 0;
    // Where to look for the next line that begins with a backslash.
    let mut from = 0;
    loop {
        let line = backslash_line(text, from);
        let end = line.as_ref().map_or(text.len(), |line| line.start);
        let part = &text[start..end];
        let found = statements(part);
        if let Some(copy) = found
            .iter()
            .position(|range| reads_rows(&part[range.clone()]))
        {
            let after = push_copy(text, (start, end), &found, copy, &mut pieces)?;
            (start, from) = (after, after);
            continue;
        }
        let Some(line) = line else {
            push_all(text, start, &found, &mut pieces)?;
            return Ok(pieces);
        };
        if is_open(part) {
            // The line is inside a string, a function's body or a comment.
            from = line.end;
            continue;
        }
        push_all(text, start, &found, &mut pieces)?;
        let command = meta_command(text, line.clone());
        // `psql` would keep the statement in its buffer across the command; here it would be cut.
        if !is_without_effect(&command, &text[line.clone()]) || is_unfinished(part, &found) {
            return Err(command);
        }
        (start, from) = (line.end, line.end);
    }
}

/// Adds the statements up to a COPY and its rows; gives the byte after them. Statements that follow
/// on the line of the COPY run after it, as in `psql`.
fn push_copy(
    text: &str,
    (start, end): (usize, usize),
    found: &[Range<usize>],
    copy: usize,
    pieces: &mut Vec<StatementPiece>,
) -> Result<usize, MetaCommand> {
    push_all(text, start, &found[..copy], pieces)?;
    let sql = start + found[copy].start..start + found[copy].end;
    let line_end = next_line(text, sql.end);
    let rows = rows_from(text, line_end);
    // The line `\.` itself belongs to neither rows nor SQL.
    let after = next_line(text, rows.end);
    check_backslash(text, &sql)?;
    pieces.push(StatementPiece {
        sql,
        rows: Some(rows),
    });
    let rest = found[copy + 1..].iter();
    let same_line: Vec<Range<usize>> = rest
        .filter(|range| start + range.end <= line_end.min(end))
        .cloned()
        .collect();
    push_all(text, start, &same_line, pieces)?;
    Ok(after)
}

fn push_all(
    text: &str,
    start: usize,
    found: &[Range<usize>],
    pieces: &mut Vec<StatementPiece>,
) -> Result<(), MetaCommand> {
    for range in found {
        let sql = start + range.start..start + range.end;
        check_backslash(text, &sql)?;
        pieces.push(StatementPiece { sql, rows: None });
    }
    Ok(())
}

/// Outside of quotes no SQL has a backslash: `SELECT 1 \gexec` is for `psql`.
fn check_backslash(text: &str, sql: &Range<usize>) -> Result<(), MetaCommand> {
    let statement = &text[sql.clone()];
    let is_backslash = |token: &Token| {
        !token.kind.is_trivia()
            && token.kind != TokenKind::String
            && statement[token.range.clone()].starts_with('\\')
    };
    // Most statements have none at all, and need not be lexed once more.
    let found = statement
        .contains('\\')
        .then(|| tokens(statement).into_iter().find(is_backslash));
    match found.flatten() {
        Some(token) => {
            let start = sql.start + token.range.start;
            Err(meta_command(text, start..next_line(text, start)))
        }
        None => Ok(()),
    }
}

/// The next line at or after byte `from` that begins with a backslash, line end included.
fn backslash_line(text: &str, from: usize) -> Option<Range<usize>> {
    let mut start = from;
    while start < text.len() {
        let end = next_line(text, start);
        if text[start..end].trim_start().starts_with('\\') {
            return Some(start..end);
        }
        start = end;
    }
    None
}

/// The byte after the line that byte `at` is on.
fn next_line(text: &str, at: usize) -> usize {
    let newline = text.get(at..).and_then(|rest| rest.find('\n'));
    newline.map_or(text.len(), |newline| at + newline + 1)
}

/// The rows from byte `start` on: up to the line `\.`, or to the end of the file.
fn rows_from(text: &str, start: usize) -> Range<usize> {
    let mut line = start;
    while line < text.len() {
        let end = next_line(text, line);
        // Alone on its line, as `psql` demands.
        if text[line..end].trim_end_matches(['\n', '\r']) == r"\." {
            return start..line;
        }
        line = end;
    }
    start..text.len()
}

/// Whether a text ends inside a string, a quoted name or a comment.
fn is_open(text: &str) -> bool {
    tokens(text)
        .last()
        .is_some_and(|token| token.kind == TokenKind::Unterminated)
}

/// Whether the last statement of a text has no semicolon.
fn is_unfinished(text: &str, found: &[Range<usize>]) -> bool {
    let Some(last) = found.last() else {
        return false;
    };
    let rest = &text[last.end..];
    !tokens(rest)
        .iter()
        .any(|token| token.kind == TokenKind::Semicolon)
}

fn meta_command(text: &str, range: Range<usize>) -> MetaCommand {
    let line = &text[range.clone()];
    let start = range.start + (line.len() - line.trim_start().len());
    let end = range.start + line.trim_end().len();
    let name = text[start..end].split_whitespace().next();
    MetaCommand {
        name: name.unwrap_or(r"\").to_owned(),
        range: start..end,
    }
}

fn is_without_effect(command: &MetaCommand, line: &str) -> bool {
    let argument = line.split_whitespace().nth(1);
    match command.name.as_str() {
        r"\set" => argument.is_some_and(|name| SETTINGS.contains(&name)),
        // A dump says in which encoding it is, and files of a project are UTF-8.
        r"\encoding" => argument.is_some_and(|name| name.eq_ignore_ascii_case("utf8")),
        name => WITHOUT_EFFECT.contains(&name),
    }
}

/// Whether a statement is `COPY … FROM stdin`.
fn reads_rows(statement: &str) -> bool {
    copies(statement, "FROM", "STDIN")
}

/// Whether a statement is `COPY … TO stdout`.
pub(super) fn writes_rows(statement: &str) -> bool {
    copies(statement, "TO", "STDOUT")
}

fn copies(statement: &str, way: &str, end: &str) -> bool {
    // Reads no further than the first word for all other statements.
    // `get`, because byte 4 may be inside a character.
    let first = statement.get(..4);
    if !first.is_some_and(|word| word.eq_ignore_ascii_case("copy")) {
        return false;
    }
    let words = words(statement);
    // `COPY (SELECT … FROM stdin) TO …` has the words inside of brackets.
    let outer: Vec<&Word<'_>> = words.iter().filter(|word| word.depth == 0).collect();
    let mut pairs = outer.windows(2);
    outer.first().is_some_and(|first| first.is("COPY"))
        && pairs.any(|pair| pair[0].is(way) && pair[1].is(end))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::cut_pieces;

    /// Statements, and rows after `<`.
    fn cut(text: &str) -> Vec<String> {
        let pieces = cut_pieces(text).unwrap();
        let shown = pieces.into_iter().map(|piece| match piece.rows {
            None => text[piece.sql].to_owned(),
            Some(rows) => format!("{}<{}", &text[piece.sql], &text[rows]),
        });
        shown.collect()
    }

    fn refused(text: &str) -> (String, usize) {
        let command = cut_pieces(text).unwrap_err();
        (
            command.name,
            text[..command.range.start].matches('\n').count() + 1,
        )
    }

    #[test]
    fn rows_after_a_copy_are_no_sql() {
        let text =
            "CREATE TABLE t (a int);\nCOPY t (a) FROM stdin;\n1; it's\n\\N\n\\.\n\nSELECT 2;\n";
        assert_eq!(
            cut(text),
            [
                "CREATE TABLE t (a int)",
                "COPY t (a) FROM stdin<1; it's\n\\N\n",
                "SELECT 2"
            ]
        );
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(cut(&crlf)[1], "COPY t (a) FROM stdin<1; it's\r\n\\N\r\n");
        assert_eq!(
            cut("copy s.t from STDIN with (format csv); SELECT 1;\na,b"),
            ["copy s.t from STDIN with (format csv)<a,b", "SELECT 1"]
        );
        assert_eq!(
            cut("COPY t FROM stdin;\n\\.\nCOPY u FROM stdin;\n2\n\\.\n"),
            ["COPY t FROM stdin<", "COPY u FROM stdin<2\n"]
        );
    }

    #[test]
    fn a_copy_that_is_quoted_or_of_a_file_has_no_rows() {
        let text = "SELECT 'COPY t FROM stdin;\n\\.\n';\nCOPY t FROM '/stdin';\nCOPY stdin FROM 'f';\nSELECT 3;";
        assert_eq!(cut(text).len(), 4);
        let body = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n\\connect x\nSELECT ''$$;\nSELECT 1;";
        assert_eq!(cut(body).len(), 2);
    }

    #[test]
    fn commands_of_psql_without_effect_are_left_out_and_others_are_errors_at_their_line() {
        let dump = "\\restrict It's\nSELECT 1;\n\\set ON_ERROR_STOP on\n\\unrestrict It's\n";
        assert_eq!(cut(dump), ["SELECT 1"]);
        let connect = "SELECT 1;\n  \\connect other\nSELECT 2;\n";
        assert_eq!(refused(connect), ("\\connect".to_owned(), 2));
        assert_eq!(refused("SELECT 1 \\gexec\n"), ("\\gexec".to_owned(), 1));
        assert_eq!(refused("SELECT 1\n\\echo a\n;"), ("\\echo".to_owned(), 2));
        assert_eq!(refused("\\set name 1\n"), ("\\set".to_owned(), 1));
        assert_eq!(refused("SELECT 1;\n\\.\n"), ("\\.".to_owned(), 2));
    }
}
