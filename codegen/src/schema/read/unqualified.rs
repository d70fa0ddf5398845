//! The query of a view from Postgres 15 → as later ones print it.
//!
//! Up to 15 a view's tree has two relations more (OLD and NEW), so its columns are qualified even when
//! it reads from one relation alone. Since 16 they are not, except in nested queries, and in ORDER BY
//! where a result column has the same name. Nothing but such qualifiers is ever taken away.

use std::collections::HashSet;
use std::ops::Range;

use crate::sql::clauses::{AFTER_FROM, SET_OPERATIONS};
use crate::sql::lexer::{TokenKind, tokens};

/// A token that is no blank, and how deep it stands.
struct NestedToken<'a> {
    text: &'a str,
    range: Range<usize>,
    is_name: bool,
    /// Open parentheses around it.
    depth: usize,
    /// Whether it is part of a nested query.
    nested: bool,
}

/// Takes the qualifiers off the columns of a query that reads from one relation.
pub(super) fn unqualified(query: &str) -> String {
    let pieces = pieces(query);
    let Some((from, alias)) = one_relation(&pieces) else {
        return query.to_owned();
    };
    // A bare name in ORDER BY means a result column first ("SELECT", ORDER BY Clause).
    let named: HashSet<&str> = pieces
        .windows(2)
        .filter(|pair| pair[0].text == "AS" && pair[1].depth == 0)
        .map(|pair| pair[1].text)
        .collect();
    let mut text = String::with_capacity(query.len());
    let mut written = 0;
    let mut ordered = false;
    for (place, piece) in pieces.iter().enumerate() {
        ordered = orders(&pieces, place).unwrap_or(ordered);
        if from.contains(&place) || !is_qualifier(&pieces, place, alias) {
            continue;
        }
        let column = &pieces[place + 2];
        if !(ordered && named.contains(column.text)) {
            text.push_str(&query[written..piece.range.start]);
            written = column.range.start;
        }
    }
    text + &query[written..]
}

/// Whether from here on columns are of ORDER BY or DISTINCT ON; `None` where nothing changes.
fn orders(pieces: &[NestedToken<'_>], place: usize) -> Option<bool> {
    let before = |back: usize| {
        place
            .checked_sub(back)
            .map_or("", |place| pieces[place].text)
    };
    match (pieces[place].text, pieces[place].depth) {
        ("ORDER", 0) => Some(true),
        ("ON", 0) if before(1) == "DISTINCT" => Some(true),
        ("FROM" | "LIMIT" | "OFFSET" | "FETCH" | "FOR", 0) => Some(false),
        (_, 0) if before(1) == ")" && before(2) != "ON" && !follows_from(pieces, place) => {
            Some(false)
        }
        _ => None,
    }
}

fn follows_from(pieces: &[NestedToken<'_>], place: usize) -> bool {
    let before = &pieces[..place];
    before
        .iter()
        .any(|piece| piece.text == "FROM" && piece.depth == 0)
}

fn pieces(query: &str) -> Vec<NestedToken<'_>> {
    let tokens = tokens(query).into_iter();
    let tokens: Vec<_> = tokens.filter(|token| !token.kind.is_trivia()).collect();
    let mut open: Vec<bool> = Vec::new();
    let mut pieces = Vec::with_capacity(tokens.len());
    for (place, token) in tokens.iter().enumerate() {
        let text = &query[token.range.clone()];
        if text == ")" {
            open.pop();
        }
        pieces.push(NestedToken {
            text,
            range: token.range.clone(),
            is_name: matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier),
            depth: open.len(),
            nested: open.last().copied().unwrap_or(false),
        });
        if text == "(" {
            let next = tokens.get(place + 1).map(|next| &query[next.range.clone()]);
            let query = matches!(next, Some("SELECT" | "WITH" | "VALUES"));
            open.push(query || open.last().copied().unwrap_or(false));
        }
    }
    pieces
}

/// The position of FROM, and the name of its only relation.
fn one_relation<'a>(pieces: &[NestedToken<'a>]) -> Option<(Range<usize>, &'a str)> {
    let outer = |word: &[&str]| {
        pieces
            .iter()
            .any(|piece| piece.depth == 0 && word.contains(&piece.text))
    };
    // Each arm has relations of its own, which later versions qualify as 15 does.
    if outer(SET_OPERATIONS) {
        return None;
    }
    let is_from = |place: &usize| {
        pieces[*place].text == "FROM"
            && pieces[*place].depth == 0
            && pieces[place - 1].text != "DISTINCT"
    };
    let from = (1..pieces.len()).find(is_from)?;
    let ends = |piece: &NestedToken<'_>| piece.depth == 0 && AFTER_FROM.contains(&piece.text);
    let end = pieces[from..]
        .iter()
        .position(ends)
        .map_or(pieces.len(), |length| from + length);
    let items: Vec<&NestedToken<'_>> = pieces[from + 1..end]
        .iter()
        .filter(|piece| piece.depth == 0)
        .collect();
    if items
        .iter()
        .any(|piece| piece.text == "," || piece.text == "JOIN")
    {
        return None;
    }
    let sampled = items.iter().position(|piece| piece.text == "TABLESAMPLE");
    let items = &items[..sampled.unwrap_or(items.len())];
    // The last name is the alias, or the table's own name without one.
    let alias = items.iter().rev().find(|piece| piece.is_name)?;
    Some((from..end, alias.text))
}

/// Whether this is the relation's name in front of a column: not of a type, collation or function.
fn is_qualifier(pieces: &[NestedToken<'_>], place: usize, alias: &str) -> bool {
    let piece = &pieces[place];
    let at = |place: Option<usize>| place.and_then(|place| pieces.get(place));
    let before = at(place.checked_sub(1)).map_or("", |piece| piece.text);
    let (dot, column, after) = (
        at(Some(place + 1)),
        at(Some(place + 2)),
        at(Some(place + 3)),
    );
    !piece.nested
        && piece.text == alias
        && !matches!(before, "." | "::" | "COLLATE")
        && dot.is_some_and(|dot| dot.text == ".")
        && column.is_some_and(|column| column.is_name)
        && after.is_none_or(|after| after.text != "(" && after.text != ".")
}

#[cfg(test)]
mod tests {
    use super::unqualified;

    #[test]
    fn columns_of_one_relation_lose_their_qualifier() {
        let query =
            " SELECT notes.id,\n    lower(notes.body) AS body\n   FROM notes\n  WHERE notes.id > 3";
        let later = " SELECT id,\n    lower(body) AS body\n   FROM notes\n  WHERE id > 3";
        assert_eq!(unqualified(query), later);
    }

    #[test]
    fn several_relations_keep_theirs() {
        for query in [
            " SELECT a.id\n   FROM a,\n    b",
            " SELECT a.id\n   FROM a\n     JOIN b USING (id)",
            " SELECT a.id\n   FROM a\nUNION\n SELECT b.id\n   FROM b",
            " SELECT 1 AS one",
        ] {
            assert_eq!(unqualified(query), query);
        }
    }

    #[test]
    fn what_only_looks_like_a_qualifier_stays() {
        for query in [
            " SELECT notes.count(notes.*) AS n,\n    'a'::notes.kind AS kind,\n    'a' COLLATE notes.c AS c\n   FROM notes.notes",
            " SELECT ( SELECT notes.id\n           FROM other) AS id\n   FROM notes",
        ] {
            assert_eq!(unqualified(query), query);
        }
    }

    #[test]
    fn a_column_stays_qualified_where_order_by_would_mean_a_result() {
        let query = " SELECT notes.id,\n    lower(notes.body) AS body\n   FROM notes\n  ORDER BY notes.body, notes.id";
        let later =
            " SELECT id,\n    lower(body) AS body\n   FROM notes\n  ORDER BY notes.body, id";
        assert_eq!(unqualified(query), later);
    }
}
