//! A query file into its queries. Reports everything wrong with the file, not the first thing.

use super::Query;
use super::annotation::{self, Annotation};
use super::directives::{self, DIRECTIVE};
use super::kind::Kind;
use super::parameters;
use super::quoted::warn_of_quoted;
use super::row_directives;
use super::session::find_change;
use super::shapes::{self, Shape};
use super::similar::warn_of_similar;
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
pub fn lex_sections(text: &str) -> Vec<Token> {
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
        // The name line is a comment, and a string that holds one would be cut; that string has no
        // end anyway.
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
    // Comments and the blanks behind them alternate, since the lexer joins blanks to one token.
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
        .map(|token| &file.text[token.range.clone()])
        // A switch belongs to the part below it, and so does all that follows.
        .take_while(|comment| !shapes::is_switch(comment))
        .map(doc_line)
        .collect()
}

fn doc_line(comment: &str) -> String {
    comment.trim_start_matches('-').trim().to_owned()
}

/// Whether a comment line is for this tool: `xact: …`, or a directive about the struct of the rows.
fn is_remark(line: &str) -> bool {
    line.starts_with(DIRECTIVE) || row_directives::is_directive(line)
}

/// The comment lines above a statement.
struct StatementComments {
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
        let name_line = self.span_of(std::slice::from_ref(name));
        let annotation = annotation::read_annotation(&name_line);
        docs.extend(docs_below(self.file, body));
        // Before everything that can be wrong with the query, whose faults are the reason to skip it.
        if let Some(reason) = directives::find_skip(&docs) {
            let name = annotation::find_name(&name_line);
            let skipped = directives::warn_of_skip(name, reason);
            return self.diagnostics.push(skipped);
        }
        let annotation = match annotation {
            Ok(annotation) => annotation,
            Err(diagnostic) => return self.diagnostics.push(diagnostic),
        };
        let unknown = directives::refuse_unknown(&docs, &annotation.name_span);
        self.diagnostics.extend(unknown);
        let Some(statement) = self.single_statement(name, body) else {
            return;
        };
        let (remarks, docs) = docs.into_iter().partition(|line| is_remark(line));
        let comments = StatementComments { docs, remarks };
        self.diagnostics
            .extend(warn_of_quoted(self.file, statement));
        let with_comments = self.with_comments(body);
        match self.build_query(annotation, comments, statement, &with_comments) {
            Ok(query) => {
                self.diagnostics.extend(warn_of_similar(&query.parameters));
                self.queries.push(query);
            }
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    /// The tokens of the one statement, from its first that matters to its last.
    fn single_statement<'t>(&mut self, name: &Token, body: &'t [Token]) -> Option<&'t [Token]> {
        if let Some(open) = body.iter().find(|t| t.kind == TokenKind::Unterminated) {
            let (message, help) = describe_unterminated(&self.file.text[open.range.clone()]);
            self.push_error("unterminated", open, message, help);
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
        // Without comments around it, because the wire SQL is hashed and sent as it is.
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

    /// The tokens of a statement with the comments around it that can be switches: those above it, below it, and behind its
    /// semicolon on the same line.
    fn with_comments(&self, body: &[Token]) -> Vec<Token> {
        let end = body
            .iter()
            .position(|token| token.kind == TokenKind::Semicolon);
        let (statement, after) = body.split_at(end.unwrap_or(body.len()));
        let same_line = after.iter().skip(1).take_while(|token| {
            token.kind.is_trivia() && !self.file.text[token.range.clone()].contains('\n')
        });
        statement.iter().chain(same_line).cloned().collect()
    }

    fn build_query(
        &self,
        annotation: Annotation,
        comments: StatementComments,
        statement: &[Token],
        with_comments: &[Token],
    ) -> Result<Query, Diagnostic> {
        let numbered = parameters::number_parameters(self.file, statement)?;
        let shape = shapes::read_shape(self.file, with_comments)?;
        let span = self.span_of(statement);
        let words = statement
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Punctuation))
            .map(|token| self.file.text[token.range.clone()].to_ascii_uppercase());
        let kind = Kind::from_words(words);
        kind.refuse(&self.span_of(&statement[..1]))?;
        refuse_session(&span)?;
        let query = Query {
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
            shape: None,
            variant: None,
        };
        match shape {
            None => Ok(query),
            Some((shape, embeds)) => with_shape(&Query { embeds, ..query }, shape),
        }
    }
}

/// The query with its parts and orders; its statement is the one with every part, in the default order.
fn with_shape(query: &Query, shape: Shape) -> Result<Query, Diagnostic> {
    let refuse = |message: &str, help: &str| {
        let switch = shape.switches.first().map(|switch| switch.span.clone());
        let order = shape.orders.first().map(|order| order.span.clone());
        let span = switch.or(order).unwrap_or_else(|| query.name_span.clone());
        Err(Diagnostic::error("part-form", span, message).help(help))
    };
    // The join with the slice edits one text; of a shape there are many.
    if query.command.is_bulk() {
        return refuse(
            "a statement for a slice of rows cannot have parts",
            "write two queries, or use `:execrows` for one row at a time",
        );
    }
    if query.kind != Kind::Analysed {
        return refuse(
            "only SELECT, INSERT, UPDATE, DELETE and MERGE can have parts",
            "write two queries",
        );
    }
    let whole = shape.whole();
    let written = query.as_variant(&shape, whole);
    Ok(Query {
        shape: Some(Arc::new(shape)),
        ..written
    })
}

/// The message and the help for a token without an end.
fn describe_unterminated(open: &str) -> (&'static str, &'static str) {
    match open.as_bytes() {
        [b'"', ..] => (
            "this name in double quotes has no end",
            "close it with `\"`",
        ),
        [b'/', ..] => (
            "this comment has no end",
            "close it with `*/`; comments nest",
        ),
        [b'$', ..] => (
            "this string has no end",
            "close it with the tag that it begins with",
        ),
        _ => (
            "this string has no end",
            "close it with `'`; a quote inside of a string is written twice: `'it''s'`",
        ),
    }
}

/// A statement that changes the session by its words alone. Trees, and the settings of scopes, come later.
fn refuse_session(statement: &Span) -> Result<(), Diagnostic> {
    let words = lexer::words(statement.text());
    // Without the settings of scopes, so that a file can be judged before the configuration and the
    // database are known.
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
