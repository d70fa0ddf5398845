//! A query file into its queries. Reports everything wrong with the file, not the first thing.

use super::Query;
use super::annotation::{self, Annotation};
use super::kind::Kind;
use super::parameters;
use super::row_directives;
use super::session::find_change;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{self, Token, TokenKind, tokens};
use std::sync::Arc;

/// Parses one file. Queries that are well formed are given even where others are not.
pub fn parse(file: &Arc<SourceFile>) -> (Vec<Query>, Vec<Diagnostic>) {
    let tokens = lex_sections(&file.text);
    let mut parser = Parser {
        file,
        queries: Vec::new(),
        diagnostics: Vec::new(),
    };
    let starts = annotation_lines(file, &tokens);
    let first = starts.first().copied().unwrap_or(tokens.len());
    parser.refuse_unnamed(&tokens[..first]);
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(tokens.len());
        let docs = docs_above(file, &tokens[..*start]);
        parser.parse_section(docs, &tokens[*start], &tokens[start + 1..end]);
    }
    (parser.queries, parser.diagnostics)
}

/// The tokens of a file. A quote without an end would hide every query after it, so the lexer
/// restarts at the next line that names one.
fn lex_sections(text: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut from = 0;
    loop {
        let shifted = tokens(&text[from..]).into_iter().map(|token| Token {
            range: token.range.start + from..token.range.end + from,
            ..token
        });
        all.extend(shifted);
        let Some(last) = all
            .last_mut()
            .filter(|last| last.kind == TokenKind::Unterminated)
        else {
            return all;
        };
        let Some(next) = text[last.range.clone()].find("\n-- name:") else {
            return all;
        };
        from = last.range.start + next;
        last.range.end = from;
    }
}

/// The indexes of the comments that name a query.
fn annotation_lines(file: &SourceFile, tokens: &[Token]) -> Vec<usize> {
    (0..tokens.len())
        .filter(|&index| {
            let token = &tokens[index];
            matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment)
                && annotation::is_annotation(&file.text[token.range.clone()])
        })
        .collect()
}

/// The comment lines that end directly above a name, without a blank line between.
fn docs_above(file: &SourceFile, before: &[Token]) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in before.rchunks(2) {
        let [comment, space] = pair else { break };
        let one_line_end = file.text[space.range.clone()].matches('\n').count() == 1;
        let is_doc = comment.kind == TokenKind::LineComment && space.kind == TokenKind::Space;
        if !(is_doc && one_line_end) {
            break;
        }
        lines.push(doc_line(&file.text[comment.range.clone()]));
    }
    lines.reverse();
    lines
}

/// The comment lines between the name and the statement, where sqlc's users write them.
fn docs_below(file: &SourceFile, body: &[Token]) -> Vec<String> {
    body.iter()
        .take_while(|token| token.kind.is_trivia())
        .filter(|token| token.kind == TokenKind::LineComment)
        .map(|token| doc_line(&file.text[token.range.clone()]))
        .collect()
}

fn doc_line(comment: &str) -> String {
    comment.trim_start_matches('-').trim().to_owned()
}

/// The beginning of a comment line with a directive for this tool.
const REMARK: &str = "xact:";

/// Whether a comment line is for this tool: `xact: …`, or a directive about the struct of the rows.
fn is_remark(line: &str) -> bool {
    line.starts_with(REMARK) || row_directives::is_directive(line)
}

/// The comment lines above a statement.
struct Comments {
    docs: Vec<String>,
    remarks: Vec<String>,
}

struct Parser<'a> {
    file: &'a Arc<SourceFile>,
    queries: Vec<Query>,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn span_of(&self, tokens: &[Token]) -> Span {
        let start = tokens.first().map_or(0, |token| token.range.start);
        let end = tokens.last().map_or(start, |token| token.range.end);
        Span {
            file: self.file.clone(),
            range: start..end,
        }
    }

    fn push_error(&mut self, code: &'static str, token: &Token, message: &str, help: &str) {
        let span = self.span_of(std::slice::from_ref(token));
        self.diagnostics
            .push(Diagnostic::error(code, span, message).help(help));
    }

    /// Before the first name there may be comments, not statements.
    fn refuse_unnamed(&mut self, tokens: &[Token]) {
        if let Some(token) = tokens.iter().find(|token| !token.kind.is_trivia()) {
            let message = "this statement has no name";
            self.push_error(
                "unnamed-statement",
                token,
                message,
                "write `-- name: bookmarks_list :many` above it",
            );
        }
    }

    /// One name line and everything up to the next.
    fn parse_section(&mut self, mut docs: Vec<String>, name: &Token, body: &[Token]) {
        let annotation =
            match annotation::read_annotation(&self.span_of(std::slice::from_ref(name))) {
                Ok(annotation) => annotation,
                Err(diagnostic) => return self.diagnostics.push(diagnostic),
            };
        docs.extend(docs_below(self.file, body));
        let Some(statement) = self.single_statement(name, body) else {
            return;
        };
        let (remarks, docs) = docs.into_iter().partition(|line| is_remark(line));
        let comments = Comments { docs, remarks };
        match self.build_query(annotation, comments, statement) {
            Ok(query) => self.queries.push(query),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    /// The tokens of the one statement, from its first that matters to its last.
    fn single_statement<'t>(&mut self, name: &Token, body: &'t [Token]) -> Option<&'t [Token]> {
        if let Some(open) = body.iter().find(|t| t.kind == TokenKind::Unterminated) {
            self.push_error(
                "unterminated",
                open,
                "this has no end",
                "close the quote or the comment",
            );
            return None;
        }
        let end = body
            .iter()
            .position(|token| token.kind == TokenKind::Semicolon);
        let (statement, after) = body.split_at(end.unwrap_or(body.len()));
        let second = after
            .iter()
            .find(|t| !t.kind.is_trivia() && t.kind != TokenKind::Semicolon);
        if let Some(second) = second {
            let message = "a second statement under one name";
            self.push_error(
                "second-statement",
                second,
                message,
                "give it a name of its own: `-- name: … :exec`",
            );
            return None;
        }
        let first = statement.iter().position(|token| !token.kind.is_trivia());
        let last = statement.iter().rposition(|token| !token.kind.is_trivia());
        let (Some(first), Some(last)) = (first, last) else {
            self.push_error(
                "empty-query",
                name,
                "there is no statement under this name",
                "write one, or remove the line",
            );
            return None;
        };
        Some(&statement[first..=last])
    }

    fn build_query(
        &self,
        annotation: Annotation,
        comments: Comments,
        statement: &[Token],
    ) -> Result<Query, Diagnostic> {
        let numbered = parameters::number_parameters(self.file, statement)?;
        let span = self.span_of(statement);
        let words = statement
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Punctuation))
            .map(|token| self.file.text[token.range.clone()].to_ascii_uppercase());
        let kind = Kind::from_words(words);
        kind.refuse(&self.span_of(&statement[..1]))?;
        refuse_session(&span)?;
        Ok(Query {
            name: annotation.name,
            name_span: annotation.name_span,
            command: annotation.command,
            docs: comments.docs,
            remarks: comments.remarks,
            span,
            sql: numbered.sql,
            parameters: numbered.parameters,
            embeds: numbered.embeds,
            kind,
        })
    }
}

/// A statement that changes the session by its words alone. Trees, and the settings of scopes, come later.
fn refuse_session(statement: &Span) -> Result<(), Diagnostic> {
    let words = lexer::words(statement.text());
    let Some(change) = find_change(&words, &[]) else {
        return Ok(());
    };
    let (does, why) = change.effect.describe();
    let message = format!("`{}` {does}", change.statement);
    let first = words.first().map_or(0..0, |word| word.range.clone());
    let start = statement.range.start;
    let span = Span {
        file: statement.file.clone(),
        range: start + first.start..start + first.end,
    };
    let diagnostic = Diagnostic::error("session-state", span, message);
    Err(diagnostic.note(why).help(change.help))
}
