//! The relations that the columns of a place can be of: FROM, JOIN, INTO, UPDATE, USING, and WITH.

use super::outputs::read_outputs;
use super::section_words::SectionWords;
use std::collections::BTreeMap;
use std::ops::Range;
use xact_codegen::sql::lexer::{TokenKind, Word};

/// A relation as a statement names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RelationItem {
    /// `schema`, if it is written, and the name; empty for a subquery or a call.
    pub(crate) path: Vec<String>,
    /// Where it is written.
    pub(crate) range: Range<usize>,
    /// The name by which columns refer to it.
    pub(crate) alias: Option<String>,
    /// Where that name is written.
    pub(crate) alias_range: Range<usize>,
    /// The columns of a subquery, as far as they have names.
    pub(crate) columns: Option<Vec<String>>,
    /// The bracket that it is in.
    group: Option<usize>,
}

/// All relations of a section.
#[derive(Debug)]
pub(crate) struct Relations {
    pub(crate) items: Vec<RelationItem>,
    /// The columns of each query of WITH, and the place of its name.
    pub(crate) with: BTreeMap<String, (Range<usize>, Vec<String>)>,
}

impl Relations {
    /// The relations that a place can refer to, those of the innermost query first.
    pub(crate) fn visible(&self, words: &SectionWords<'_>, offset: usize) -> Vec<&RelationItem> {
        let mut visible = Vec::new();
        for group in words.groups_around(offset) {
            visible.extend(self.items.iter().filter(|item| item.group == group));
        }
        visible
    }
}

/// Reads the relations of a section.
pub(crate) fn read_relations(words: &SectionWords<'_>) -> Relations {
    let mut items = Vec::new();
    for index in 0..words.words.len() {
        if !begins_relation(words, index) {
            continue;
        }
        items.extend(read_item(words, index + 1));
        // `excluded` is the row that INSERT could not insert: "ON CONFLICT Clause".
        if words.is(index, "INTO")
            && let Some(target) = items.last()
        {
            let alias = Some("excluded".to_owned());
            let excluded = RelationItem {
                alias,
                ..target.clone()
            };
            let is_used = words.words.iter().any(|word| word.is("CONFLICT"));
            items.extend(is_used.then_some(excluded));
        }
    }
    Relations {
        items,
        with: read_with(words),
    }
}

/// Whether a relation follows the word.
fn begins_relation(words: &SectionWords<'_>, index: usize) -> bool {
    let word = &words.words[index];
    let before = |keyword: &str| index > 0 && words.is(index - 1, keyword);
    if word.is("FROM") {
        // `extract(year FROM t)`, `a IS DISTINCT FROM b`
        return !before("DISTINCT") && is_in_query(words, index);
    }
    if word.is("USING") {
        // `JOIN t USING (id)` has columns behind it.
        return words.text(index + 1) != "(" || is_query_start(words, index + 2);
    }
    if word.is("UPDATE") {
        // `FOR UPDATE`, `FOR NO KEY UPDATE`, `DO UPDATE`
        return !["FOR", "KEY", "DO", "ON", "THEN"].into_iter().any(before);
    }
    word.is("JOIN") || word.is("INTO") || word.text == "," && is_in_list(words, index)
}

/// The keywords that begin a clause, of which FROM and USING have relations between their commas.
const CLAUSES: &[&str] = &[
    "SELECT",
    "FROM",
    "USING",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "SET",
    "VALUES",
    "RETURNING",
    "WITH",
];

/// Whether a comma is one of those between the relations of FROM or USING.
fn is_in_list(words: &SectionWords<'_>, comma: usize) -> bool {
    let group = words.group(comma);
    let clause = (0..comma).rev().find(|index| {
        let is_clause = CLAUSES.iter().any(|keyword| words.is(*index, keyword));
        let has_relations = ["FROM", "USING"]
            .iter()
            .any(|keyword| words.is(*index, keyword));
        words.group(*index) == group
            && is_clause
            && (!has_relations || begins_relation(words, *index))
    });
    clause.is_some_and(|clause| words.is(clause, "FROM") || words.is(clause, "USING"))
}

/// Whether the brackets around a word have a query in them, and not the arguments of a function.
fn is_in_query(words: &SectionWords<'_>, index: usize) -> bool {
    let group = words.group(index);
    group.is_none_or(|open| is_query_start(words, open + 1))
}

fn is_query_start(words: &SectionWords<'_>, index: usize) -> bool {
    let starts = [
        "SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "(",
    ];
    starts
        .iter()
        .any(|start| words.is(index, start) || words.text(index) == *start)
}

/// Words that follow a relation, and are no alias of it.
const NO_ALIAS: &[&str] = &[
    "AS",
    "CROSS",
    "DEFAULT",
    "DO",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "OVERRIDING",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "TABLESAMPLE",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
];

fn is_name(word: &Word<'_>) -> bool {
    word.name().is_some() && !NO_ALIAS.iter().any(|keyword| word.is(keyword))
}

/// The relation at a word.
fn read_item(words: &SectionWords<'_>, at: usize) -> Option<RelationItem> {
    let mut at = at;
    while words.is(at, "ONLY") || words.is(at, "LATERAL") {
        at += 1;
    }
    let first = words.words.get(at)?;
    let (mut path, mut columns) = (Vec::new(), None);
    let mut end = at;
    if first.text == "(" {
        end = words.closing(at);
        if is_query_start(words, at + 1) {
            let outputs = read_outputs(words, at + 1, end);
            columns = Some(outputs.into_iter().filter_map(|item| item.name).collect());
        } else {
            // `FROM (a JOIN b ON …)`: the first of the relations in the brackets; the others follow a keyword.
            return read_item(words, at + 1);
        }
    } else if is_name(first) {
        path.push(first.name()?);
        while words.text(end + 1) == "." && words.words.get(end + 2).is_some_and(is_name) {
            path.push(words.words[end + 2].name()?);
            end += 2;
        }
        if words.text(end + 1) == "(" && !words.is(at.checked_sub(1)?, "INTO") {
            end = words.closing(end + 1);
            columns = Some(Vec::new());
            path.clear();
        }
    } else {
        return None;
    }
    let last = end.min(words.words.len() - 1);
    let name_range = words.range(at, last);
    let own_name = path.last().cloned();
    let as_keyword = usize::from(words.is(end + 1, "AS"));
    let alias = words
        .words
        .get(end + 1 + as_keyword)
        .filter(|word| is_name(word));
    let item = RelationItem {
        alias: alias.and_then(Word::name).or(own_name),
        alias_range: alias.map_or_else(|| name_range.clone(), |word| word.range.clone()),
        range: name_range,
        path,
        columns,
        group: words.group(at),
    };
    Some(item)
}

/// `WITH name (columns) AS (…)`, and those behind its commas.
fn read_with(words: &SectionWords<'_>) -> BTreeMap<String, (Range<usize>, Vec<String>)> {
    let mut with = BTreeMap::new();
    for (index, word) in words.words.iter().enumerate().skip(1) {
        let before = ["WITH", "RECURSIVE"]
            .iter()
            .any(|keyword| words.is(index - 1, keyword));
        if !(before || words.text(index - 1) == ",") || word.kind == TokenKind::Punctuation {
            continue;
        }
        let mut at = index + 1;
        let listed = (words.text(at) == "(").then(|| {
            let close = words.closing(at);
            let names = words.words[at + 1..close.min(words.words.len())].iter();
            at = close + 1;
            names.filter_map(Word::name).collect::<Vec<_>>()
        });
        if !words.is(at, "AS") {
            continue;
        }
        at += 1;
        while words.is(at, "NOT") || words.is(at, "MATERIALIZED") {
            at += 1;
        }
        if let Some(name) = word
            .name()
            .filter(|_| words.text(at) == "(" && is_query_start(words, at + 1))
        {
            let outputs = || read_outputs(words, at + 1, words.closing(at)).into_iter();
            let columns =
                listed.unwrap_or_else(|| outputs().filter_map(|item| item.name).collect());
            with.insert(name, (word.range.clone(), columns));
        }
    }
    with
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use crate::syntax::{read_relations, read_sections, read_words};

    /// The aliases that are visible at the `|`, each with its relation or columns.
    fn visible(sql: &str) -> String {
        let text = format!("-- name: a :many\n{sql}");
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        let words = read_words(&text, &read_sections(&text)[0]);
        let relations = read_relations(&words);
        let shown = relations.visible(&words, offset).into_iter().map(|item| {
            let alias = item.alias.clone().unwrap_or_default();
            match &item.columns {
                Some(columns) => format!("{alias}({})", columns.join(" ")),
                None => format!("{alias}={}", item.path.join(".")),
            }
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn relations_are_those_of_the_query_and_of_the_queries_around_it() {
        assert_eq!(
            visible("SELECT | FROM bookmarks b LEFT JOIN app.jobs AS j ON true, tags"),
            "b=bookmarks, j=app.jobs, tags=tags"
        );
        assert_eq!(
            visible(
                "SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE |) AND c IN (SELECT 1 FROM d)"
            ),
            "b=b, a=a"
        );
        assert_eq!(
            visible("SELECT | FROM (SELECT x, y AS z FROM t) s, f(1) g"),
            "s(x z), g()"
        );
        assert_eq!(
            visible("SELECT extract(year FROM d), |, a IS DISTINCT FROM b FROM t"),
            "t=t"
        );
    }

    #[test]
    fn statements_that_write_have_their_table() {
        assert_eq!(visible("INSERT INTO t (|) VALUES (1)"), "t=t");
        assert_eq!(
            visible("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = |"),
            "t=t, excluded=t"
        );
        assert_eq!(visible("UPDATE ONLY t AS u SET a = | FROM v"), "u=t, v=v");
        assert_eq!(visible("DELETE FROM t USING v WHERE |"), "t=t, v=v");
        assert_eq!(
            visible("SELECT | FROM t JOIN v USING (id) FOR UPDATE"),
            "t=t, v=v"
        );
    }

    #[test]
    fn a_statement_that_is_half_written_has_the_relations_so_far() {
        assert_eq!(visible("SELECT b.| FROM bookmarks b WHERE"), "b=bookmarks");
        assert_eq!(visible("SELECT * FROM |"), "");
        assert_eq!(
            visible("SELECT * FROM t WHERE id IN (SELECT | FROM u"),
            "u=u, t=t"
        );
        assert_eq!(visible("SELECT 1 FROM (|"), "");
    }

    #[test]
    fn queries_of_with_have_their_columns() {
        let text = "-- name: a :many\nWITH RECURSIVE x AS (SELECT p, q FROM t), y (r) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM x, y";
        let words = read_words(text, &read_sections(text)[0]);
        let with = read_relations(&words).with;
        let shown: Vec<String> = with
            .iter()
            .map(|(name, (_, columns))| format!("{name}({})", columns.join(" ")))
            .collect();
        assert_eq!(shown, ["x(p q)", "y(r)"]);
    }
}
