//! The clauses of one level of a statement: which keyword begins each, and how its elements are separated.

use super::cells::{Bracket, Cell};
use crate::sql::clauses::goes_on;
use std::ops::Range;

/// How the elements of a clause are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// By AND and OR.
    Logic,
    /// By commas.
    Comma,
    /// By commas, with joins inside of the elements.
    From,
    /// It has no elements.
    None,
}

/// A clause of a level.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) separator: Separator,
    /// The keywords that begin it; none at the beginning of a list in brackets.
    pub(super) opener: Range<usize>,
    /// The cells after the keywords.
    pub(super) body: Range<usize>,
    /// Whether the keywords are left out with the last element.
    pub(super) vanishes: bool,
}

/// The words that begin a query.
const VERBS: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE",
];

/// Whether the cells are a query, and not a list or an expression.
pub(super) fn is_query(cells: &[Cell]) -> bool {
    let first = cells.first();
    first.is_some_and(|cell| cell.is("WITH") || cell.is_any(VERBS))
}

/// The first verb of a query that is not in brackets.
pub(super) fn find_verb(cells: &[Cell]) -> Option<&str> {
    let verb = cells.iter().find(|cell| cell.is_any(VERBS))?;
    verb.word.as_deref()
}

/// The clauses of a level, in order; everything before the first keyword is one without an opener.
pub(super) fn split_clauses(cells: &[Cell], is_query: bool) -> Vec<Clause> {
    let mut starts = Vec::new();
    let mut verb: Option<&str> = None;
    let mut at = 0;
    while at < cells.len() {
        let found = if is_query {
            begin_in_query(cells, at, verb)
        } else {
            begin_in_list(cells, at)
        };
        match found {
            None => at += 1,
            Some(start) => {
                verb = match cells[at].word.as_deref() {
                    // `INSERT … VALUES` is still an INSERT.
                    Some(word) if VERBS.contains(&word) => verb.or(Some(word)),
                    Some("UNION" | "INTERSECT" | "EXCEPT") => None,
                    _ => verb,
                };
                starts.push((at, start));
                at += start.length;
            }
        }
    }
    let mut clauses = Vec::new();
    let first = starts.first().map_or(cells.len(), |(at, _)| *at);
    if first > 0 {
        clauses.push(Clause {
            separator: if is_query {
                Separator::None
            } else {
                separator_of(&cells[..first])
            },
            opener: 0..0,
            body: 0..first,
            vanishes: false,
        });
    }
    for (index, (at, start)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(cells.len(), |(next, _)| *next);
        clauses.push(Clause {
            separator: start.separator,
            opener: *at..at + start.length,
            body: at + start.length..end,
            vanishes: start.vanishes,
        });
    }
    clauses
}

/// Where the elements of the last clause begin that begins before the token `end`. The line on which a statement begins cannot be
/// left out, so a part on it begins here: `UPDATE notes SET title = :title -- if :title`.
pub(super) fn last_list(cells: &[Cell], end: usize) -> Option<usize> {
    let lists = ["WITH", "SET", "WHERE", "HAVING", "GROUP", "ORDER"];
    let clauses = split_clauses(cells, is_query(cells));
    let starts = clauses.iter().filter_map(|clause| {
        let opener = cells[clause.opener.clone()].first()?;
        let first = cells.get(clause.body.start)?.solids.start;
        (opener.is_any(&lists) && first < end).then_some(first)
    });
    starts.max()
}

/// A list in brackets is separated by commas if it has one.
fn separator_of(cells: &[Cell]) -> Separator {
    if cells.iter().any(|cell| cell.is(",")) {
        Separator::Comma
    } else {
        Separator::Logic
    }
}

/// The beginning of a clause.
#[derive(Clone, Copy)]
struct Start {
    separator: Separator,
    /// How many keywords.
    length: usize,
    vanishes: bool,
}

impl Start {
    fn new(separator: Separator, length: usize) -> Self {
        Self {
            separator,
            length,
            vanishes: true,
        }
    }

    /// Without columns a SELECT is still one, and VALUES without a row is an error either way.
    fn staying(separator: Separator, length: usize) -> Self {
        Self {
            separator,
            length,
            vanishes: false,
        }
    }
}

/// A clause that an expression or a list can have: `FILTER (WHERE …)`, `OVER (PARTITION BY … ORDER BY …)`.
fn begin_in_list(cells: &[Cell], at: usize) -> Option<Start> {
    let next_is_by = cells.get(at + 1).is_some_and(|next| next.is("BY"));
    Some(match cells[at].word.as_deref()? {
        "WHERE" if at == 0 => Start::new(Separator::Logic, 1),
        "ORDER" | "PARTITION" if next_is_by => Start::new(Separator::Comma, 2),
        _ => return None,
    })
}

fn begin_in_query(cells: &[Cell], at: usize, verb: Option<&str>) -> Option<Start> {
    let word = cells[at].word.as_deref()?;
    let next = cells.get(at + 1);
    let next_is = |word: &str| next.is_some_and(|next| next.is(word));
    let before = at
        .checked_sub(1)
        .and_then(|before| cells[before].word.as_deref());
    // `DISTINCT FROM` and `FOR UPDATE` contain words that begin clauses elsewhere.
    if before.is_some_and(|before| goes_on(before, word)) {
        return None;
    }
    Some(match word {
        "WITH" if at == 0 => Start::new(Separator::Comma, 1 + usize::from(next_is("RECURSIVE"))),
        "SELECT" => Start::staying(Separator::Comma, 1),
        "VALUES" if next.is_some_and(|next| next.group.is_some()) => {
            Start::staying(Separator::Comma, 1)
        }
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TABLE" if verb.is_none() => {
            Start::staying(Separator::None, 1)
        }
        "UNION" | "INTERSECT" | "EXCEPT" | "LIMIT" | "OFFSET" | "FETCH" | "FOR" => {
            Start::staying(Separator::None, 1)
        }
        "WHEN" if verb == Some("MERGE") => Start::staying(Separator::None, 1),
        "ON" if next_is("CONFLICT") => Start::staying(Separator::None, 2),
        // `DELETE FROM` names the table, which no part can leave out.
        "FROM" if before == Some("DELETE") => return None,
        "FROM" => Start::new(Separator::From, 1),
        "USING" if matches!(verb, Some("DELETE" | "MERGE")) && !is_join_using(cells, at) => {
            Start::new(Separator::From, 1)
        }
        "WHERE" | "HAVING" => Start::new(Separator::Logic, 1),
        "GROUP" | "ORDER" if next_is("BY") => Start::new(Separator::Comma, 2),
        "SET" if matches!(verb, Some("UPDATE" | "INSERT" | "MERGE")) => {
            Start::new(Separator::Comma, 1)
        }
        "WINDOW" | "RETURNING" => Start::new(Separator::Comma, 1),
        _ => return None,
    })
}

/// `JOIN t USING (id)`, not `DELETE … USING t`.
fn is_join_using(cells: &[Cell], at: usize) -> bool {
    let next = cells.get(at + 1).and_then(|next| next.group.as_ref());
    let in_brackets = next.is_some_and(|group| group.bracket == Bracket::Round);
    in_brackets && cells[..at].iter().any(|cell| cell.is("JOIN"))
}

/// The words that can come before JOIN.
const JOIN_WORDS: &[&str] = &[
    "NATURAL", "INNER", "CROSS", "LEFT", "RIGHT", "FULL", "OUTER",
];

/// Where each join of an element of FROM begins.
pub(super) fn find_joins(cells: &[Cell]) -> Vec<usize> {
    let joins = (0..cells.len()).filter(|&at| cells[at].is("JOIN"));
    joins
        .map(|at| {
            let before = cells[..at].iter().rev();
            at - before.take_while(|cell| cell.is_any(JOIN_WORDS)).count()
        })
        .collect()
}

/// The connectors of a list, by their indexes.
pub(super) fn find_connectors(cells: &[Cell], separator: Separator) -> Vec<usize> {
    let mut between = false;
    let mut found = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        match separator {
            Separator::None => {}
            Separator::Comma | Separator::From => found.extend(cell.is(",").then_some(at)),
            // The AND of BETWEEN separates its bounds.
            Separator::Logic if cell.is("BETWEEN") => between = true,
            Separator::Logic if cell.is("AND") && between => between = false,
            Separator::Logic => found.extend(cell.is_any(&["AND", "OR"]).then_some(at)),
        }
    }
    found
}
