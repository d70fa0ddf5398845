//! Statements that have no pages, and orders that do not identify a row: the diagnostics of `:page`.

use super::layout::{Layout, OrderElement};
use crate::query::Finished;
use crate::query::analysis::{Obstacle, PageOrder, Uniqueness};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::sql::lexer::Word;
use std::ops::Range;

/// How many keys may be NULL: each doubles the statements after and before a cursor.
const MOST_NULLABLE: usize = 3;

/// Refuses a statement that has no pages, whatever its order.
pub(super) fn check_statement(query: &Finished) -> Result<(), Diagnostic> {
    let mut orders = query.page_orders.iter();
    match orders.find_map(|order| order.obstacle) {
        Some(obstacle) => Err(refuse_obstacle(query, obstacle)),
        None if query.page_orders.is_empty() => Err(not_select(query)),
        None => Ok(()),
    }
}

/// The order at this index, if pages can be read by it.
pub(super) fn check_order<'q>(
    query: &'q Finished,
    index: usize,
    layout: &Layout,
) -> Result<&'q PageOrder, Diagnostic> {
    let Some(order) = query.page_orders.get(index) else {
        return Err(not_select(query));
    };
    // Postgres leaves out an element that repeats an earlier one.
    if order.keys.len() != layout.order.len() {
        let message = "ORDER BY has the same column twice";
        let span = span_of(query, &whole_order(layout));
        let help = "remove the second; it sorts nothing";
        return Err(Diagnostic::error("page-order", span, message).help(help));
    }
    let each = order.keys.iter().zip(&layout.order);
    if let Some((_, written)) = each.clone().find(|(key, _)| !key.repeatable) {
        let message = "the value of this may be another each time that it is computed, so it is no place to continue from";
        let help = "sort by columns, or by functions that are STABLE or IMMUTABLE and do not read the clock: `ORDER BY at DESC` \
            for `now() - at`";
        let span = span_of(query, &written.expression);
        return Err(Diagnostic::error("page-order", span, message).help(help));
    }
    let mut nullable = each.filter(|(key, _)| key.nullable);
    if let Some((_, written)) = nullable.nth(MOST_NULLABLE) {
        let message = format!("more than {MOST_NULLABLE} columns of ORDER BY can be NULL");
        let help = "sort by `coalesce(…)` of some of them, or keep NULL out with WHERE or NOT NULL";
        let span = span_of(query, &written.expression);
        return Err(Diagnostic::error("page-order", span, message).help(help));
    }
    match &order.uniqueness {
        Uniqueness::Proved(_) => Ok(order),
        Uniqueness::Missing(columns) => Err(not_unique(query, layout, columns)),
    }
}

fn not_unique(query: &Finished, layout: &Layout, columns: &[String]) -> Diagnostic {
    let sql = &query.query.sql.text;
    let range = whole_order(layout);
    let written = &sql[range.clone()];
    let message = "nothing proves that this order identifies a row: rows that are equal in it could be on two pages or on none";
    let diagnostic = Diagnostic::error("page-order", span_of(query, &range), message);
    if columns.is_empty() {
        let help = "end ORDER BY with the columns of a unique key that are NOT NULL, or, of a query with GROUP BY or DISTINCT, \
            with all columns of these";
        return diagnostic.help(help);
    }
    // In the direction of the last column, so that one index can have all of them.
    let last = layout.order.last();
    let descending = last.is_some_and(|last| {
        let direction = &sql[last.expression.end..last.whole.end];
        direction.to_ascii_uppercase().contains("DESC")
    });
    let direction = if descending { " DESC" } else { "" };
    let added: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{direction}"))
        .collect();
    let added = added.join(", ");
    diagnostic.help(format!(
        "add {}: `ORDER BY {written}, {added}`",
        name_all(columns)
    ))
}

/// `` `b.id` ``, or several.
fn name_all(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    names.join(" and ")
}

fn refuse_obstacle(query: &Finished, obstacle: Obstacle) -> Diagnostic {
    let (message, help) = match obstacle {
        Obstacle::NotSelect => return not_select(query),
        Obstacle::Writes => (
            "a statement in WITH writes, but each page runs the query again",
            "write in a query of its own",
        ),
        Obstacle::Locks => (
            "`:page` reads one row more than a page has, and would lock it too",
            "lock the rows of a page by their keys, in a query of its own: `WHERE id IN (:ids) FOR UPDATE`",
        ),
        Obstacle::DistinctOn => (
            "DISTINCT ON chooses its rows by ORDER BY, which a page reads in both directions",
            "put it into a subquery: `SELECT … FROM (SELECT DISTINCT ON … ORDER BY …) AS chosen ORDER BY …`",
        ),
    };
    form_error(query, message, help)
}

/// The error of a statement that has no pages, at the name of its query.
fn form_error(query: &Finished, message: &str, help: &str) -> Diagnostic {
    let span = query.query.name_span.clone();
    Diagnostic::error("page-form", span, message).help(help)
}

pub(super) fn not_select(query: &Finished) -> Diagnostic {
    let message = "`:page` is for SELECT with ORDER BY";
    form_error(query, message, "use `:many`")
}

pub(super) fn without_order(query: &Finished) -> Diagnostic {
    let message = "pages need an order, but the query has no ORDER BY";
    let help =
        "add ORDER BY with columns that identify a row, outside of all brackets: `ORDER BY id`";
    form_error(query, message, help)
}

pub(super) fn other_columns(query: &Finished) -> Diagnostic {
    let message = "the query gives other columns when it is a subquery";
    form_error(query, message, "give each column a name of its own")
}

/// The error of a word where a page has something of its own.
fn word_error(query: &Finished, word: &Word<'_>, message: String, help: &str) -> Diagnostic {
    let span = span_of(query, &word.range);
    Diagnostic::error("page-form", span, message).help(help)
}

pub(super) fn own_name(query: &Finished, word: &Word<'_>) -> Diagnostic {
    let message = format!(
        "`{}` is a name that the statement of a page itself uses",
        word.text
    );
    word_error(query, word, message, "use another name")
}

pub(super) fn sorts_using(query: &Finished, word: &Word<'_>) -> Diagnostic {
    let message = "pages are in the order of `<` or `>`".to_owned();
    word_error(
        query,
        word,
        message,
        "write ASC or DESC, or sort by an expression",
    )
}

/// OFFSET, FETCH, FOR UPDATE, or a LIMIT that is not a parameter.
pub(super) fn other_end(query: &Finished, word: &Word<'_>) -> Diagnostic {
    let (message, help) = if word.is("OFFSET") {
        (
            "a page begins at a cursor, not at an OFFSET",
            "remove OFFSET",
        )
    } else if word.is("FOR") {
        return refuse_obstacle(query, Obstacle::Locks);
    } else {
        (
            "the caller says how many rows each page has",
            "write `LIMIT :limit` with a parameter of any name, or leave LIMIT out",
        )
    };
    word_error(query, word, message.to_owned(), help)
}

pub(super) fn limit_elsewhere(query: &Finished, word: &Word<'_>) -> Diagnostic {
    let message = "the parameter of LIMIT is the size of a page, which is used here too".to_owned();
    word_error(query, word, message, "give this parameter another name")
}

/// ORDER BY or LIMIT in a part that can be left out.
pub(super) fn in_part(query: &Finished, at: usize) -> Diagnostic {
    let message = "ORDER BY and LIMIT of a page cannot be left out";
    let help = "remove the switch; several orders have names: `-- order name: …`";
    let span = query.query.token_at(at);
    Diagnostic::error("page-form", span, message).help(help)
}

pub(super) fn too_many_choices(query: &Finished) -> Diagnostic {
    let message = "the query has too many parts and orders to be read in pages too";
    form_error(query, message, "write two queries")
}

pub(super) fn not_selected(query: &Finished, written: &OrderElement) -> Diagnostic {
    let message = "the cursor needs this value, but it cannot be selected";
    let help = "select it under a name of its own, and sort by that name";
    let span = span_of(query, &written.expression);
    Diagnostic::error("page-order", span, message).help(help)
}

pub(super) fn anonymous_row(query: &Finished, written: &OrderElement) -> Diagnostic {
    let message = "the value of this is an anonymous row, which Postgres does not take back";
    let help = "sort by its fields one after the other: `ORDER BY a, b`, not `ORDER BY (a, b)`";
    let span = span_of(query, &written.expression);
    Diagnostic::error("page-order", span, message).help(help)
}

fn whole_order(layout: &Layout) -> Range<usize> {
    let first = layout.order.first().map_or(0, |first| first.whole.start);
    let last = layout.order.last().map_or(first, |last| last.whole.end);
    first..last
}

/// The place in the query file of a piece of the wire SQL.
fn span_of(query: &Finished, range: &Range<usize>) -> Span {
    let query = &query.query;
    let start = query.sql.source_of(range.start);
    let last = query
        .sql
        // The last byte and not the end: the end may map to text behind an insertion.
        .source_of(range.end.saturating_sub(1).max(range.start));
    let end = query.token_at(last).range.end.max(start);
    Span {
        file: query.span.file.clone(),
        range: start..end,
    }
}
