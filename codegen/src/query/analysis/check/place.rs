//! Locations in the text of a query, found by its words: the trees of Postgres 17
//! and later no longer say. A part that is not found is at the query's name.

use crate::query::Query;
use crate::query::analysis::Typed;
use crate::report::diagnostic::{Diagnostic, Fix};
use crate::report::source::Span;
use crate::sql::clauses::{AFTER_COLUMNS, goes_on};
use crate::sql::lexer::{self, TokenKind, Word, find_closing, split_elements};
use std::ops::Range;

/// The words of a statement, with their places in the file.
fn words(query: &Query) -> Vec<Word<'_>> {
    let start = query.span.range.start;
    let words = lexer::words(query.span.text()).into_iter();
    words
        // Words are cut from the statement alone, and diagnostics need places in the file.
        .map(|word| Word {
            range: word.range.start + start..word.range.end + start,
            ..word
        })
        .collect()
}

fn span(query: &Query, range: Option<Range<usize>>) -> Span {
    match range {
        Some(range) => Span {
            file: query.span.file.clone(),
            range,
        },
        None => query.name_span.clone(),
    }
}

/// A field of the result, counted from 0, where each is written out.
pub(super) fn output(typed: &Typed, index: usize) -> Span {
    let words = words(&typed.query);
    let column = nth(&words, typed, index);
    let range = column.and_then(|words| Some(words.first()?.range.start..words.last()?.range.end));
    span(&typed.query, range)
}

/// The name of such a field: its alias, or `table.column`.
pub(super) fn output_name(typed: &Typed, index: usize) -> Span {
    let words = words(&typed.query);
    let column = nth(&words, typed, index);
    let range = column.and_then(|words| {
        let last = words.last()?;
        // Every second word is a dot only in `schema.table.column`; otherwise the last word is the
        // alias.
        let path = words.iter().skip(1).step_by(2).all(|word| word.text == ".");
        let first = words.first().filter(|_| path).unwrap_or(last);
        Some(first.range.start..last.range.end)
    });
    span(&typed.query, range)
}

/// The name of a column of the result, counted from 0.
pub(super) fn column_name(typed: &Typed, column: usize) -> Span {
    let outputs = typed.outputs();
    let position = outputs.iter().position(|output| output.has(column));
    // No column has this index, so the span falls back to the query's name.
    output_name(typed, position.unwrap_or(usize::MAX))
}

/// The mark at the end of the name that a diagnostic points at: `?` of `"title?"`.
pub(super) fn find_mark(diagnostic: &Diagnostic, mark: &str) -> Option<Span> {
    let span = diagnostic.span()?;
    let at = span.range.start + span.text().rfind(mark)?;
    let range = at..at + mark.len();
    let file = span.file.clone();
    Some(Span { file, range })
}

/// A comment on a line of its own above the statement.
pub(super) fn above_statement(query: &Query, comment: &str) -> Fix {
    Fix::insert_before(&query.span, format!("{comment}\n"))
}

/// The place of a field of the result that has an alias without AS.
pub(super) fn bare_alias(typed: &Typed, index: usize) -> Option<Span> {
    let words = words(&typed.query);
    let column = nth(&words, typed, index)?;
    let [.., before, alias] = column else {
        return None;
    };
    // After an operator or a bracket, the last word is part of the value or a call, not a forgotten
    // comma.
    let ends_value = before.name().is_some() && !before.is("AS");
    let range = alias.range.clone();
    (ends_value && alias.name().is_some()).then(|| span(&typed.query, Some(range)))
}

fn nth<'w, 'q>(words: &'w [Word<'q>], typed: &Typed, index: usize) -> Option<&'w [Word<'q>]> {
    let columns = split_elements(list(words));
    // A `*` is several columns.
    let all_written = columns.len() == typed.outputs().len();
    columns.get(index).copied().filter(|_| all_written)
}

/// The words of RETURNING, or of the columns of the first SELECT outside of brackets.
fn list<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    let top = |keyword: &'static str| move |word: &Word<'_>| word.depth == 0 && word.is(keyword);
    // A RETURNING in WITH is deeper; that of the statement comes last.
    if let Some(returning) = words.iter().rposition(top("RETURNING")) {
        return &words[returning + 1..];
    }
    let Some(select) = words.iter().position(top("SELECT")) else {
        return &[];
    };
    let words = without_distinct(&words[select + 1..]);
    let ends = |index: usize| {
        let word = &words[index];
        // `IS DISTINCT FROM` has the keyword FROM inside an expression.
        let goes_on = index > 0 && goes_on(words[index - 1].text, word.text);
        word.depth == 0 && !goes_on && AFTER_COLUMNS.iter().any(|end| word.is(end))
    };
    let end = (0..words.len()).find(|index| ends(*index));
    &words[..end.unwrap_or(words.len())]
}

/// Without `DISTINCT`, `DISTINCT ON (…)` or `ALL`.
fn without_distinct<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    match words {
        [distinct, on, rest @ ..] if distinct.is("DISTINCT") && on.is("ON") => {
            let close = find_closing(rest, 0);
            &rest[close.map_or(0, |close| close + 1)..]
        }
        [first, rest @ ..] if first.is("DISTINCT") || first.is("ALL") => rest,
        _ => words,
    }
}

/// The first place of a keyword.
pub(super) fn keyword(query: &Query, keyword: &str) -> Span {
    let words = words(query);
    let found = words.iter().find(|word| word.is(keyword));
    span(query, found.map(|word| word.range.clone()))
}

/// The operator and the NULL of the first comparison with NULL; an assignment of UPDATE looks alike, and comes before WHERE.
pub(super) fn before_null(query: &Query) -> Span {
    let words = words(query);
    let condition = |word: &Word<'_>| {
        ["WHERE", "ON", "HAVING"]
            .iter()
            .any(|keyword| word.is(keyword))
    };
    let start = words.iter().position(condition).unwrap_or(0);
    let mut pairs = words[start..].windows(2);
    let found = pairs.find(|pair| pair[0].kind == TokenKind::Operator && pair[1].is("NULL"));
    span(
        query,
        found.map(|pair| pair[0].range.start..pair[1].range.end),
    )
}

/// The name of a function, or of the alias in front of a list of columns, where it is followed by a parenthesis.
pub(super) fn call(query: &Query, function: &str) -> Span {
    let words = words(query);
    let called = words
        .windows(2)
        .find(|pair| pair[0].name().as_deref() == Some(function) && pair[1].text == "(");
    span(query, called.map(|pair| pair[0].range.clone()))
}

/// A parameter, by its number, after ORDER BY.
pub(super) fn sorting_parameter(query: &Query, number: usize) -> Span {
    let Some(parameter) = number.checked_sub(1).and_then(|n| query.parameters.get(n)) else {
        return query.name_span.clone();
    };
    let wanted = parameter.span.text().trim_end_matches('?');
    let words = words(query);
    let order = words
        .windows(2)
        .position(|pair| pair[0].is("ORDER") && pair[1].is("BY"));
    let after = words.iter().skip(order.unwrap_or(0));
    let found = after
        .filter(|word| matches!(word.kind, TokenKind::Named | TokenKind::Positional))
        // By its text: a parameter used twice has one number but several places, and this one is
        // after ORDER BY.
        .find(|word| word.text.trim_end_matches('?') == wanted);
    let range = found.map_or_else(|| parameter.span.range.clone(), |word| word.range.clone());
    span(query, Some(range))
}

/// Words before which UPDATE is not a statement: `FOR UPDATE`, `FOR NO KEY UPDATE`, `DO UPDATE`.
const NO_STATEMENT: &[&str] = &["FOR", "KEY", "DO", "ON"];

/// How many words may stand between a statement's keyword and its table: `FROM ONLY schema .`
const BEFORE_TABLE: usize = 5;

/// INSERT, UPDATE or DELETE, by the table it writes to.
pub(super) fn statement(query: &Query, keyword: &str, table: &str) -> Span {
    let words = words(query);
    let is_it = |index: usize| {
        let excluded = index > 0 && NO_STATEMENT.iter().any(|word| words[index - 1].is(word));
        let mut next = words[index + 1..].iter().take(BEFORE_TABLE);
        words[index].is(keyword)
            && !excluded
            && next.any(|word| word.name().as_deref() == Some(table))
    };
    let found = (0..words.len()).find(|index| is_it(*index));
    span(query, found.map(|index| words[index].range.clone()))
}
