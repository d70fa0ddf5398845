//! `xact describe`: everything known of all queries, or of those on standard input, as JSON on standard output.

use crate::{PROJECT, report};
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use xact_codegen::config::Paths;
use xact_codegen::explanation::{self, Explanations};
use xact_codegen::query::{is_annotation, lex_sections};
use xact_codegen::report::diagnostic::{Diagnostic, Place};
use xact_codegen::report::source::{SourceFile, Span};
use xact_codegen::sql::lexer::words;
use xact_codegen::workspace::Workspace;
use xact_codegen::{Failure, Stop};

#[derive(Debug, clap::Args)]
pub(crate) struct DescribeArguments {
    /// `-` for the SQL on standard input, in place of the query files: queries with their names, or one statement.
    #[arg(value_parser = ["-"])]
    input: Option<String>,

    /// The query file whose unsaved text is on standard input: `queries/notes.sql`.
    #[arg(long, value_name = "FILE", requires = "input")]
    path: Option<String>,
}

/// Prints the document. It contains the diagnostics, and errors set the exit code.
pub(super) async fn run_describe(
    project: &Path,
    server: Option<&str>,
    arguments: &DescribeArguments,
) -> ExitCode {
    let explained = match &arguments.input {
        None => xact_codegen::explain(project, server).await,
        Some(_) => Box::pin(explain_input(project, server, arguments.path.as_deref())).await,
    };
    let explanations = match explained {
        Ok(explanations) => explanations,
        Err(Stop::Diagnostics(found)) => Explanations::none(found),
        Err(Stop::Failure(failure)) => return report::print_failure(&failure),
    };
    let printed = explanation::json(&explanations).and_then(|text| report::print_result(&text));
    if let Err(failure) = printed {
        return report::print_failure(&failure);
    }
    if explanations.has_errors() {
        ExitCode::from(PROJECT)
    } else {
        ExitCode::SUCCESS
    }
}

/// Explains the queries on standard input, as if they were a file of the project.
async fn explain_input(
    project: &Path,
    server: Option<&str>,
    path: Option<&str>,
) -> Result<Explanations, Stop> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(Failure::io("read", "standard input"))?;
    let queries = Paths::read(project).queries;
    let path = as_query_file(&queries, path.unwrap_or("-.sql"));
    let line = write_name_line(&text);
    let mut workspace = Workspace::open(project, server);
    workspace.set_text(&path, format!("{line}{text}"));
    let checked = Box::pin(workspace.check()).await;
    workspace.stop().await?;
    let checked = checked?;
    let mut explanations = explanation::explain_checked(&checked);
    explanations.queries.retain(|query| query.file == path);
    let found = explanations.diagnostics.into_iter();
    let own = found.filter(|diagnostic| is_in(diagnostic, &path) || checked.stale.is_some());
    explanations.diagnostics = own
        .map(|found| without_name_line(found, line.len(), &text))
        .collect();
    if !line.is_empty() {
        for query in &mut explanations.queries {
            query.line = 1;
        }
    }
    Ok(explanations)
}

/// The path below the project, also if it is given from inside of the folder.
fn as_query_file(queries: &str, path: &str) -> String {
    match path.strip_prefix(queries) {
        Some(rest) if rest.starts_with('/') => path.to_owned(),
        _ => format!("{queries}/{}", path.trim_start_matches("./")),
    }
}

/// The line with a name that one statement without a name needs; empty if there is a name. Whether the statement has rows
/// is told by its words, because the line has to say it before Postgres does.
fn write_name_line(text: &str) -> String {
    let is_name = |range: std::ops::Range<usize>| is_annotation(&text[range]);
    let mut tokens = lex_sections(text).into_iter();
    if tokens.any(|token| token.kind.is_trivia() && is_name(token.range)) {
        return String::new();
    }
    let words = words(text);
    let has_rows = |word: &xact_codegen::sql::lexer::Word<'_>| {
        let begins = ["SELECT", "VALUES", "TABLE"]
            .iter()
            .any(|keyword| word.is(keyword));
        begins || word.is("RETURNING")
    };
    let top = words.iter().filter(|word| word.depth == 0);
    let first = words
        .first()
        .filter(|first| !first.is("INSERT") && !first.is("CREATE"));
    let is_insert = first.is_none();
    let gives_rows = { top }.any(|word| word.is("RETURNING") || !is_insert && has_rows(word));
    let command = if gives_rows { "many" } else { "exec" };
    format!("-- name: statement :{command}\n")
}

fn is_in(diagnostic: &Diagnostic, path: &str) -> bool {
    match &diagnostic.place {
        Place::Span(span) => span.file.path == path,
        Place::File { path: found, .. } => found == path,
    }
}

/// The diagnostic at its place in the text that was given.
fn without_name_line(diagnostic: Diagnostic, added: usize, text: &str) -> Diagnostic {
    let place = match diagnostic.place {
        Place::Span(span) if added > 0 => {
            let path = span.file.path.clone();
            let text = text.to_owned();
            let range =
                span.range.start.saturating_sub(added)..span.range.end.saturating_sub(added);
            let file = Arc::new(SourceFile::new(path, text));
            Place::Span(Span { file, range })
        }
        place => place,
    };
    Diagnostic {
        place,
        ..diagnostic
    }
}

#[cfg(test)]
mod tests {
    use super::write_name_line;

    #[test]
    fn a_statement_without_a_name_gets_a_line_that_says_whether_it_has_rows() {
        for (sql, line) in [
            ("SELECT 1", "-- name: statement :many\n"),
            (
                "WITH a AS (SELECT 1) SELECT * FROM a",
                "-- name: statement :many\n",
            ),
            ("INSERT INTO t SELECT 1", "-- name: statement :exec\n"),
            (
                "INSERT INTO t VALUES (1) RETURNING id",
                "-- name: statement :many\n",
            ),
            (
                "DELETE FROM t WHERE id IN (SELECT 1)",
                "-- name: statement :exec\n",
            ),
            ("-- name: a :one\nSELECT 1", ""),
        ] {
            assert_eq!(write_name_line(sql), line, "{sql}");
        }
    }
}
