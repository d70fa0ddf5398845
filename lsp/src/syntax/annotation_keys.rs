//! The keys of `schema_annotations.yaml` by their indentation, so that they are found in a file that is no YAML yet.

use std::ops::Range;

/// A key with the keys above it: `tables`, `bookmarks`, `columns`, `url`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyPath {
    /// The keys, the outermost first.
    pub(crate) keys: Vec<String>,
    /// Where the last is written; of a line without a key, the word at the offset.
    pub(crate) range: Range<usize>,
}

/// A line with its indentation and key, if it has one.
struct Line<'t> {
    start: usize,
    indent: usize,
    text: &'t str,
    key: Option<(String, Range<usize>)>,
}

fn read_lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let begins = start;
        start += line.len();
        let indent = line.len() - line.trim_start_matches(' ').len();
        Line {
            start: begins,
            indent,
            text: line,
            key: read_key(line, indent)
                .map(|(key, range)| (key, range.start + begins..range.end + begins)),
        }
    })
}

/// `key:`, also in quotes; nothing in a comment or in an element of a list.
fn read_key(line: &str, indent: usize) -> Option<(String, Range<usize>)> {
    let content = line[indent..].trim_end();
    let (end, key) = match content.chars().next()? {
        '#' | '-' | '{' | '[' => return None,
        quote @ ('"' | '\'') => {
            let end = content[1..].find(quote)? + 2;
            (end, content[1..end - 1].to_owned())
        }
        _ => {
            let end = content.find(':')?;
            (end, content[..end].to_owned())
        }
    };
    content[end..]
        .starts_with(':')
        .then(|| (key, indent..indent + end))
}

/// The key path of the line that an offset is in. A line without a key has the path of the keys that its indentation is below.
pub(crate) fn find_key(text: &str, offset: usize) -> KeyPath {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = KeyPath {
        range: offset..offset,
        ..KeyPath::default()
    };
    for line in read_lines(text) {
        let has_offset = line.start <= offset
            && offset <= line.start + line.text.trim_end_matches(['\n', '\r']).len();
        if line.text.trim().is_empty() && !has_offset {
            continue;
        }
        // On an empty line the place of the cursor is the indentation.
        let indent = if line.text.trim().is_empty() {
            offset - line.start
        } else {
            line.indent
        };
        above.retain(|(above, _)| *above < indent);
        if has_offset {
            found.range = line
                .key
                .as_ref()
                .map_or_else(|| word_before(text, offset), |(_, range)| range.clone());
        }
        if let Some((key, _)) = line.key {
            above.push((indent, key));
        }
        if has_offset {
            found.keys = above.into_iter().map(|(_, key)| key).collect();
            return found;
        }
    }
    found
}

fn word_before(text: &str, offset: usize) -> Range<usize> {
    let before = &text[..offset];
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let start = start.map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    });
    start..offset
}

/// The keys directly below a path, each with its place.
pub(crate) fn list_keys(text: &str, path: &[&str]) -> Vec<(String, Range<usize>)> {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut keys = Vec::new();
    for line in read_lines(text) {
        let Some((key, range)) = line.key else {
            continue;
        };
        above.retain(|(above, _)| *above < line.indent);
        if above
            .iter()
            .map(|(_, key)| key.as_str())
            .eq(path.iter().copied())
        {
            keys.push((key.clone(), range));
        }
        above.push((line.indent, key));
    }
    keys
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{find_key, list_keys};

    const TEXT: &str = "\
# docs: none
tables:
  bookmarks:
    description: A saved link: kept.
    columns:
      url: The address.
      \"odd name\":
        tags: [a]

  users:
    columns:
      na
types:
  vector:
    rust_type: x
";

    fn path(needle: &str) -> String {
        let offset = TEXT.find(needle).unwrap() + 1;
        find_key(TEXT, offset).keys.join("/")
    }

    #[test]
    fn a_key_has_the_keys_that_it_is_indented_below() {
        assert_eq!(path("bookmarks"), "tables/bookmarks");
        assert_eq!(path("url"), "tables/bookmarks/columns/url");
        assert_eq!(path("tags"), "tables/bookmarks/columns/odd name/tags");
        assert_eq!(path("users"), "tables/users");
        assert_eq!(path("vector"), "types/vector");
        assert_eq!(path("# docs"), "");
    }

    #[test]
    fn a_line_that_is_half_written_has_the_path_above_it() {
        let offset = TEXT.find("      na\n").unwrap() + 8;
        let found = find_key(TEXT, offset);
        assert_eq!(found.keys.join("/"), "tables/users/columns");
        assert_eq!(&TEXT[found.range], "na");
        let text = "tables:\n  bookmarks:\n    ";
        assert_eq!(
            find_key(text, text.len()).keys.join("/"),
            "tables/bookmarks"
        );
        assert_eq!(find_key("", 0).keys.join("/"), "");
    }

    #[test]
    fn the_keys_below_a_path_are_listed() {
        let names = |path: &[&str]| {
            list_keys(TEXT, path)
                .into_iter()
                .map(|(key, _)| key)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&["tables"]), ["bookmarks", "users"]);
        assert_eq!(
            names(&["tables", "bookmarks", "columns"]),
            ["url", "odd name"]
        );
        assert_eq!(names(&[]), ["tables", "types"]);
    }
}
