//! The columns of a SELECT or RETURNING as they are written.

use super::section_words::SectionWords;
use std::ops::Range;
use xact_codegen::sql::clauses::{AFTER_COLUMNS, goes_on};
use xact_codegen::sql::lexer::{TokenKind, Word};

/// One element of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputItem {
    /// The whole element.
    pub(crate) range: Range<usize>,
    /// The name that it has, without quotes and marks; none of an expression without alias.
    pub(crate) name: Option<String>,
    /// Whether it is `*` or `t.*`, which is any number of columns.
    pub(crate) is_star: bool,
}

/// The columns of the statement whose words are `first..end`, outside of further brackets: those of RETURNING, or of its
/// first SELECT.
pub(crate) fn read_outputs(words: &SectionWords<'_>, first: usize, end: usize) -> Vec<OutputItem> {
    let Some(group) = words.words.get(first).map(|_| words.group(first)) else {
        return Vec::new();
    };
    let top =
        |index: &usize, keyword: &str| words.group(*index) == group && words.is(*index, keyword);
    let returning = (first..end).rev().find(|index| top(index, "RETURNING"));
    let select = || (first..end).find(|index| top(index, "SELECT"));
    let Some(keyword) = returning.or_else(select) else {
        return Vec::new();
    };
    let start = skip_distinct(words, keyword + 1);
    let mut items = Vec::new();
    let mut from = start;
    for index in start..=end {
        let ends_list = index == end || ends_columns(words, index, group);
        let is_comma = !ends_list && words.group(index) == group && words.text(index) == ",";
        if ends_list || is_comma {
            items.extend(read_item(words, from, index));
            from = index + 1;
        }
        if ends_list {
            break;
        }
    }
    items
}

fn ends_columns(words: &SectionWords<'_>, index: usize, group: Option<usize>) -> bool {
    let word = &words.words[index];
    let before = index.checked_sub(1).map_or("", |before| words.text(before));
    let is_clause = AFTER_COLUMNS.iter().any(|keyword| word.is(keyword));
    let ends = word.kind == TokenKind::Semicolon || is_clause && !goes_on(before, word.text);
    ends && words.group(index) == group
}

/// Without `DISTINCT`, `DISTINCT ON (…)` or `ALL`.
fn skip_distinct(words: &SectionWords<'_>, index: usize) -> usize {
    if words.is(index, "DISTINCT") && words.is(index + 1, "ON") && words.text(index + 2) == "(" {
        return words.closing(index + 2) + 1;
    }
    let is_skipped = words.is(index, "DISTINCT") || words.is(index, "ALL");
    index + usize::from(is_skipped)
}

fn read_item(words: &SectionWords<'_>, from: usize, to: usize) -> Option<OutputItem> {
    let last = to.checked_sub(1).filter(|last| from <= *last)?;
    let word = words.words.get(last)?;
    let is_star = word.text == "*" && (last == from || words.text(last - 1) == ".");
    Some(OutputItem {
        range: words.range(from, last),
        name: if is_star {
            None
        } else {
            name_item(words, from, last)
        },
        is_star,
    })
}

/// As "SELECT List" of the manual's page on SELECT: the alias, or the name of the column or function.
fn name_item(words: &SectionWords<'_>, from: usize, last: usize) -> Option<String> {
    let word = &words.words[last];
    // Of a bracket that is still open.
    if words.group(last) != words.group(from) {
        return None;
    }
    if word.text == ")" {
        let open = (from..last)
            .rev()
            .find(|index| words.text(*index) == "(" && words.closing(*index) == last)?;
        let name = open.checked_sub(1).filter(|name| *name >= from)?;
        return bare_name(&words.words[name]);
    }
    bare_name(word)
}

/// A name without the mark of an override: `"title?"`, `"total: Money"`.
fn bare_name(word: &Word<'_>) -> Option<String> {
    let name = word.name()?;
    let name = name.split(':').next().unwrap_or(&name);
    Some(name.trim_end_matches(['?', '!']).to_owned())
}

#[cfg(test)]
mod tests {
    use crate::syntax::{read_outputs, read_sections, read_words};

    fn names(sql: &str) -> String {
        let text = format!("-- name: a :many\n{sql}");
        let words = read_words(&text, &read_sections(&text)[0]);
        let items = read_outputs(&words, 0, words.words.len());
        let shown = items
            .into_iter()
            .map(|item| match (item.name, item.is_star) {
                (_, true) => "*".to_owned(),
                (Some(name), _) => name,
                (None, _) => "-".to_owned(),
            });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_have_the_names_that_postgres_gives_them() {
        assert_eq!(
            names("SELECT b.id, title AS t, count(*), b.*, 1 + 2, \"Url\" \"u?\" FROM b"),
            "id t count * - u"
        );
        assert_eq!(
            names(
                "SELECT DISTINCT ON (a, b) a, extract(year FROM c), d IS DISTINCT FROM e AS f FROM t"
            ),
            "a extract f"
        );
        assert_eq!(
            names("WITH x AS (SELECT y, z FROM t) SELECT q FROM x UNION SELECT r FROM x"),
            "q"
        );
        assert_eq!(
            names("INSERT INTO t (a) SELECT b FROM c RETURNING id, a AS \"a: A\""),
            "id a"
        );
    }

    #[test]
    fn a_list_that_is_half_written_has_the_columns_so_far() {
        assert_eq!(names("SELECT a, "), "a");
        assert_eq!(names("SELECT (a, b"), "-");
        assert_eq!(names("SELECT"), "");
        assert_eq!(names("UPDATE t SET a = 1"), "");
    }
}
