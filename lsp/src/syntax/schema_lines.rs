//! Where `schema.sql` or a migration creates a table, view or function, and where its columns are.

use std::ops::Range;
use xact_codegen::sql::lexer::{TokenKind, Word, find_closing, split_elements, words};

/// Places in a file of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaPlace {
    /// The name of the object.
    pub(crate) name: Range<usize>,
    /// The column, if one was asked for and it is in the statement.
    pub(crate) column: Option<Range<usize>>,
}

/// Words between CREATE and the name.
const KINDS: &[&str] = &[
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "FOREIGN",
    "MATERIALIZED",
    "RECURSIVE",
    "IF",
    "NOT",
    "EXISTS",
];

/// Where the relation or function of this name is created, and its column. A column that ALTER TABLE adds is there.
pub(crate) fn find_in_schema(
    text: &str,
    schema: &str,
    name: &str,
    column: Option<&str>,
) -> Option<SchemaPlace> {
    // Most files of a folder of migrations do not name it, and cutting them into words takes longer.
    text.contains(name).then_some(())?;
    let words = words(text);
    let created = (0..words.len()).find_map(|index| read_create(&words, index, schema, name));
    let added = column.and_then(|column| find_added_column(&words, schema, name, column));
    let Some((at, end)) = created else {
        return added;
    };
    let own = column.and_then(|column| find_column(&words, end, column));
    Some(SchemaPlace {
        name: words[at].range.clone(),
        column: own.or_else(|| added.and_then(|added| added.column)),
    })
}

/// The index of the name, and the one behind it, if the word is the CREATE of the object.
fn read_create(
    words: &[Word<'_>],
    index: usize,
    schema: &str,
    name: &str,
) -> Option<(usize, usize)> {
    words[index].is("CREATE").then_some(())?;
    let mut at = index + 1;
    let is_kind = |word: &Word<'_>| KINDS.iter().any(|kind| word.is(kind));
    while words.get(at).is_some_and(is_kind) {
        at += 1;
    }
    let kind = words.get(at)?;
    let is_object = ["TABLE", "VIEW", "FUNCTION", "PROCEDURE"]
        .iter()
        .any(|object| kind.is(object));
    is_object.then_some(())?;
    at += 1;
    while words.get(at).is_some_and(is_kind) {
        at += 1;
    }
    read_name(words, at, schema, name)
}

/// The index of the name, and the one behind it, if the words are that name, with or without its schema.
fn read_name(words: &[Word<'_>], at: usize, schema: &str, name: &str) -> Option<(usize, usize)> {
    let first = words.get(at)?.name()?;
    let is_dotted = words.get(at + 1).is_some_and(|word| word.text == ".");
    let (found_schema, at) = if is_dotted {
        (first, at + 2)
    } else {
        ("public".to_owned(), at)
    };
    let found = words.get(at)?.name()?;
    (found == name && found_schema == schema).then_some((at, at + 1))
}

/// The column of CREATE TABLE or of a view whose columns are named.
fn find_column(words: &[Word<'_>], open: usize, column: &str) -> Option<Range<usize>> {
    words.get(open).filter(|word| word.text == "(")?;
    let close = find_closing(words, open).unwrap_or(words.len());
    let elements = split_elements(&words[open + 1..close]);
    let mut firsts = elements.iter().filter_map(|element| element.first());
    let found = firsts.find(|word| word.name().as_deref() == Some(column))?;
    let is_name = matches!(found.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
    is_name.then(|| found.range.clone())
}

/// `ALTER TABLE notes ADD COLUMN title text`
fn find_added_column(
    words: &[Word<'_>],
    schema: &str,
    name: &str,
    column: &str,
) -> Option<SchemaPlace> {
    for index in 0..words.len() {
        if !(words[index].is("ALTER") && words.get(index + 1).is_some_and(|word| word.is("TABLE")))
        {
            continue;
        }
        let mut at = index + 2;
        while words.get(at).is_some_and(|word| {
            ["IF", "EXISTS", "ONLY"]
                .iter()
                .any(|skipped| word.is(skipped))
        }) {
            at += 1;
        }
        let Some((name_at, end)) = read_name(words, at, schema, name) else {
            continue;
        };
        let statement = words[end..]
            .iter()
            .take_while(|word| word.kind != TokenKind::Semicolon)
            .count();
        let statement = &words[end..end + statement];
        let added = (0..statement.len()).find(|at| {
            let before = statement[..*at].last();
            let is_added = before.is_some_and(|word| {
                ["COLUMN", "ADD", "EXISTS"]
                    .iter()
                    .any(|keyword| word.is(keyword))
            });
            is_added && statement[*at].name().as_deref() == Some(column)
        });
        if let Some(added) = added {
            return Some(SchemaPlace {
                name: words[name_at].range.clone(),
                column: Some(statement[added].range.clone()),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find_in_schema;

    const TEXT: &str = "\
CREATE FUNCTION notes_count(title text) RETURNS int AS $$ CREATE TABLE notes (x int) $$;
-- CREATE TABLE notes (title text)
CREATE TABLE IF NOT EXISTS app.notes (title text);
CREATE UNLOGGED TABLE notes (
    id int PRIMARY KEY,
    \"Title\" text CHECK (length(title) > 3),
    body text
);
ALTER TABLE ONLY notes ADD COLUMN mood text, ADD extra int;
CREATE MATERIALIZED VIEW busy AS SELECT 1;
";

    /// The line of the name and that of the column.
    fn find(schema: &str, name: &str, column: Option<&str>) -> Option<(usize, Option<usize>)> {
        let line = |range: std::ops::Range<usize>| TEXT[..range.start].matches('\n').count() + 1;
        let found = find_in_schema(TEXT, schema, name, column)?;
        Some((line(found.name), found.column.map(line)))
    }

    #[test]
    fn objects_and_columns_are_found_where_they_are_created() {
        assert_eq!(find("public", "notes", None), Some((4, None)));
        assert_eq!(find("app", "notes", Some("title")), Some((3, Some(3))));
        assert_eq!(find("public", "notes", Some("Title")), Some((4, Some(6))));
        assert_eq!(find("public", "notes", Some("body")), Some((4, Some(7))));
        assert_eq!(find("public", "notes", Some("mood")), Some((4, Some(9))));
        assert_eq!(find("public", "notes", Some("extra")), Some((4, Some(9))));
        assert_eq!(find("public", "notes", Some("missing")), Some((4, None)));
        assert_eq!(find("public", "busy", None), Some((10, None)));
        assert_eq!(find("public", "notes_count", None), Some((1, None)));
        assert_eq!(find("public", "tags", None), None);
    }
}
