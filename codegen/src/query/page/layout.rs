//! Where the clauses of a query are that is read in pages, by its words outside of brackets.

use super::refuse;
use crate::query::Finished;
use crate::report::diagnostic::Diagnostic;
use crate::sql::clauses::{AFTER_COLUMNS, SET_OPERATIONS, goes_on};
use crate::sql::lexer::{TokenKind, Word, split_elements, words};
use std::ops::Range;

/// The clauses of `[WITH …] SELECT … ORDER BY … [LIMIT $n]`, as byte ranges of its wire SQL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Where the main SELECT begins.
    pub(super) main: usize,
    /// Where the columns of the main SELECT end; none of a statement to which no column can be added.
    pub(super) columns_end: Option<usize>,
    /// Where the last clause before ORDER BY ends.
    pub(super) body_end: usize,
    /// The elements of ORDER BY.
    pub(super) order: Vec<OrderElement>,
    /// The number of the parameter that is LIMIT.
    pub(super) limit: Option<usize>,
}

/// An element of ORDER BY.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrderElement {
    /// All of it.
    pub(super) whole: Range<usize>,
    /// Without its direction.
    pub(super) expression: Range<usize>,
}

/// The clauses behind ORDER BY.
const AFTER_ORDER: &[&str] = &["LIMIT", "OFFSET", "FETCH", "FOR"];

impl Layout {
    /// Reads the clauses of a query.
    pub(super) fn read(query: &Finished) -> Result<Self, Diagnostic> {
        let sql = &query.query.sql.text;
        let words = words(sql);
        if let Some(own) = words.iter().find(|word| is_own(word)) {
            return Err(refuse::own_name(query, own));
        }
        let top = |from: usize, keywords: &[&str]| {
            (from..words.len()).find(|&at| {
                words[at].depth == 0 && keywords.iter().any(|keyword| words[at].is(keyword))
            })
        };
        // `(SELECT …) UNION (SELECT …) ORDER BY …`: the first bracket belongs to the statement.
        let is_wrapped = words.first().is_some_and(|first| first.text == "(");
        let main = if is_wrapped {
            Some(0)
        } else {
            top(0, &["SELECT", "VALUES", "TABLE"])
        };
        let Some(main) = main else {
            return Err(refuse::not_select(query));
        };
        // The last one outside of brackets: ORDER BY of a UNION comes after all its arms.
        let order = (main..words.len()).rev().find(|&at| {
            let next = words.get(at + 1);
            words[at].depth == 0 && words[at].is("ORDER") && next.is_some_and(|by| by.is("BY"))
        });
        let Some(order) = order else {
            return Err(refuse::without_order(query));
        };
        let end = top(order, AFTER_ORDER).unwrap_or(words.len());
        // A column added to one arm of a UNION would be missing in the others.
        let columns_end = words[main].is("SELECT") && top(main, SET_OPERATIONS).is_none();
        Ok(Self {
            main: words[main].range.start,
            columns_end: columns_end.then(|| find_columns_end(&words, main)),
            body_end: words[order - 1].range.end,
            order: read_elements(query, &words[order + 2..end])?,
            limit: read_limit(query, &words, end)?,
        })
    }
}

/// Whether a word is a name of the statements of pages themselves.
fn is_own(word: &Word<'_>) -> bool {
    let name = word.name().unwrap_or_default();
    name == "xact_page" || name.starts_with("xact_key_")
}

/// Where the columns of the SELECT at `main` end.
fn find_columns_end(words: &[Word<'_>], main: usize) -> usize {
    let ends = |at: &usize| {
        let (before, word) = (&words[at - 1], &words[*at]);
        // After a dot or AS, a keyword is a name.
        let is_name = before.text == "." || before.is("AS");
        let goes_on = is_name || goes_on(before.text, word.text);
        word.depth == 0 && !goes_on && AFTER_COLUMNS.iter().any(|end| word.is(end))
    };
    let end = (main + 1..words.len()).find(ends).unwrap_or(words.len());
    words[end - 1].range.end
}

fn read_elements(query: &Finished, list: &[Word<'_>]) -> Result<Vec<OrderElement>, Diagnostic> {
    let elements = split_elements(list).into_iter().map(|element| {
        let depth = list[0].depth;
        // USING names an operator, whose direction the words do not show.
        if let Some(using) = element
            .iter()
            .find(|word| word.depth == depth && word.is("USING"))
        {
            return Err(refuse::sorts_using(query, using));
        }
        let mut expression = element;
        while let [rest @ .., last] = expression
            && DIRECTIONS.iter().any(|word| last.is(word))
            // A column may be called `first`.
            && !rest.is_empty()
            && rest.last().is_none_or(|before| before.text != ".")
        {
            expression = rest;
        }
        let range = |words: &[Word<'_>]| match words {
            [first, .., end] => first.range.start..end.range.end,
            [only] => only.range.clone(),
            [] => 0..0,
        };
        Ok(OrderElement {
            whole: range(element),
            expression: range(expression),
        })
    });
    elements.collect()
}

/// The words of a direction. Only ASC and DESC are reserved, but an expression cannot end with one of the others behind it.
const DIRECTIONS: &[&str] = &["ASC", "DESC", "NULLS", "FIRST", "LAST"];

/// The number of the parameter that is LIMIT, with which the statement has to end.
fn read_limit(
    query: &Finished,
    words: &[Word<'_>],
    at: usize,
) -> Result<Option<usize>, Diagnostic> {
    let Some(limit) = words.get(at) else {
        return Ok(None);
    };
    let number = match &words[at..] {
        // LIMIT has to be the end, because the page writes its own.
        [limit, size] if limit.is("LIMIT") && size.kind == TokenKind::Positional => {
            size.text.get(1..).and_then(|number| number.parse().ok())
        }
        _ => None,
    };
    let Some(number) = number else {
        let others = ["OFFSET", "FETCH", "FOR"];
        let other = words[at..]
            .iter()
            .find(|word| word.depth == 0 && others.iter().any(|other| word.is(other)));
        return Err(refuse::other_end(query, other.unwrap_or(limit)));
    };
    let written = format!("${number}");
    let elsewhere = words[..at].iter().find(|word| word.text == written);
    match elsewhere {
        Some(elsewhere) => Err(refuse::limit_elsewhere(query, elsewhere)),
        None => Ok(Some(number)),
    }
}
